# libcsat.a: the C library for static linking, one object with its dependencies inside and only csat_* outside,
# so that it can stand beside any other Abseil, Protobuf or OpenSSL. Its users link -lstdc++ -lm -pthread.
add_executable(csat_c_relocatable $<TARGET_OBJECTS:csat_c>)
target_link_libraries(csat_c_relocatable PRIVATE csat absl::strings)
set_target_properties(csat_c_relocatable PROPERTIES OUTPUT_NAME csat_c_relocatable.o)
# Groups are resolved here: a local copy of an inline function must not be dropped for somebody else's.
target_link_options(csat_c_relocatable PRIVATE -r -nostdlib -Wl,-d -Wl,--force-group-allocation)
set(csat_c_archive ${PROJECT_BINARY_DIR}/libcsat.a)
add_custom_command(OUTPUT ${csat_c_archive}
  COMMAND ${CMAKE_OBJCOPY} --wildcard "--keep-global-symbol=csat_*" --strip-unneeded
          $<TARGET_FILE:csat_c_relocatable> ${PROJECT_BINARY_DIR}/libcsat.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${csat_c_archive}
  COMMAND ${CMAKE_AR} qcs ${csat_c_archive} ${PROJECT_BINARY_DIR}/libcsat.o
  DEPENDS csat_c_relocatable VERBATIM)
add_custom_target(csat_c_static ALL DEPENDS ${csat_c_archive})
