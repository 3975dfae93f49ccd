# What `cmake --install` puts down, in two components:
#   shared  the C library: libcsat.so and libcsat.a (both hold their dependencies, hidden), csat_c headers,
#           pkg-config, schema, policies. Mentions no dependency.
#   static  the C++ source API: libcsat_cxx.a, csat headers; its users find Abseil, Protobuf and simdjson.
# Either brings the CMake package: find_package(libcsat) gives csat::csat_c, csat::csat, or both.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(csat_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/libcsat)
set(csat_data_dir ${CMAKE_INSTALL_DATADIR}/libcsat)
set(csat_policies_dir ${csat_data_dir}/policies)

configure_package_config_file(cmake/libcsatConfig.cmake.in ${PROJECT_BINARY_DIR}/libcsatConfig.cmake
                              INSTALL_DESTINATION ${csat_cmake_dir} PATH_VARS csat_policies_dir NO_SET_AND_CHECK_MACRO)
# 0.x: a minor version may break the C++ API.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/libcsatConfigVersion.cmake COMPATIBILITY SameMinorVersion)
foreach(component shared static)
  install(FILES ${PROJECT_BINARY_DIR}/libcsatConfig.cmake ${PROJECT_BINARY_DIR}/libcsatConfigVersion.cmake
          DESTINATION ${csat_cmake_dir} COMPONENT ${component})
  install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${component})
  install(DIRECTORY include/csat/v1 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/csat COMPONENT ${component}
          FILES_MATCHING PATTERN *.proto PATTERN *.json)
  install(DIRECTORY policies DESTINATION ${csat_data_dir} COMPONENT ${component} FILES_MATCHING PATTERN *.json)
endforeach()
if(NOT CSAT_SYSTEM_DEPS)
  install(DIRECTORY ${CSAT_DEPS}/licences DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT shared)
endif()

# The C++ source API.
install(TARGETS csat csat_schema csat_crypto EXPORT libcsat-cxx
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT static)
install(EXPORT libcsat-cxx NAMESPACE csat:: DESTINATION ${csat_cmake_dir} COMPONENT static)
install(FILES cmake/libcsat-cxx-dependencies.cmake DESTINATION ${csat_cmake_dir} COMPONENT static)
install(DIRECTORY include/csat DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT static FILES_MATCHING PATTERN *.h)

# The C library.
if(TARGET csat_c)
  install(TARGETS csat_c EXPORT libcsat-c
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT shared NAMELINK_COMPONENT shared)
  install(EXPORT libcsat-c NAMESPACE csat:: DESTINATION ${csat_cmake_dir} COMPONENT shared)
  install(DIRECTORY capi/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT shared FILES_MATCHING PATTERN *.h)
  file(RELATIVE_PATH csat_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" csat_pc_prefix "${csat_pc_prefix}")
  configure_file(cmake/libcsat.pc.in ${PROJECT_BINARY_DIR}/libcsat.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/libcsat.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT shared)
  install(FILES ${PROJECT_BINARY_DIR}/libcsat.a DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT shared OPTIONAL)
endif()
