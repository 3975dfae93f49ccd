# The libraries inside libcsat. By default the hidden static ones that script/bootstrap builds; with
# CSAT_SYSTEM_DEPS=ON the system's own (for a service that embeds csat::csat from source).
option(CSAT_SYSTEM_DEPS "Use the system's Abseil and Protobuf instead of the hidden static ones" OFF)

# Also in the project that embeds this one by add_subdirectory.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

if(NOT CSAT_SYSTEM_DEPS)
  if(DEFINED ENV{CSAT_DEPS})
    set(csat_default_deps "$ENV{CSAT_DEPS}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(csat_default_deps "$ENV{XDG_CACHE_HOME}/libcsat/deps-2")
  else()
    set(csat_default_deps "$ENV{HOME}/.cache/libcsat/deps-2")
  endif()
  if("$CACHE{CSAT_DEPS}" MATCHES "/libcsat/deps-[0-9]+$")
    unset(CSAT_DEPS CACHE)  # The default of an older checkout in the same build folder.
  endif()
  set(CSAT_DEPS "${csat_default_deps}" CACHE PATH "Prefix of the static dependencies (script/bootstrap makes it)")
  if(NOT EXISTS "${CSAT_DEPS}/.complete")
    message(FATAL_ERROR "no static dependencies in CSAT_DEPS=${CSAT_DEPS}: run script/bootstrap, or set CSAT_SYSTEM_DEPS=ON")
  endif()
  list(PREPEND CMAKE_PREFIX_PATH "${CSAT_DEPS}")
  foreach(package absl protobuf simdjson)
    set(${package}_DIR "${CSAT_DEPS}/lib/cmake/${package}" CACHE PATH "" FORCE)
  endforeach()
  find_package(absl CONFIG REQUIRED)
  find_package(protobuf CONFIG REQUIRED)
  find_package(simdjson CONFIG REQUIRED)
else()
  find_package(absl CONFIG REQUIRED)
  find_package(Protobuf MODULE REQUIRED)
  find_package(simdjson CONFIG REQUIRED)
endif()
find_program(CSAT_PROTOC protoc REQUIRED)

# Headers alone, included by two sources of src/measure and by nothing that is installed: users of csat::csat need
# neither.
find_package(Eigen3 3.4 CONFIG REQUIRED)
find_package(Boost 1.74 CONFIG REQUIRED)
set(csat_header_libraries $<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>
                          $<TARGET_PROPERTY:Boost::headers,INTERFACE_INCLUDE_DIRECTORIES>)

# SHA-256 of libcrypto, from the static archive so that libcsat.so needs nothing of the host's OpenSSL.
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_library(CSAT_LIBCRYPTO_STATIC NAMES libcrypto.a)
add_library(csat_crypto INTERFACE)
if(CSAT_LIBCRYPTO_STATIC AND NOT CSAT_SYSTEM_DEPS)
  target_include_directories(csat_crypto INTERFACE $<BUILD_INTERFACE:${OPENSSL_INCLUDE_DIR}>)
  target_link_libraries(csat_crypto INTERFACE $<BUILD_INTERFACE:${CSAT_LIBCRYPTO_STATIC}>
                        $<INSTALL_INTERFACE:OpenSSL::Crypto> ${CMAKE_DL_LIBS} Threads::Threads)
else()
  target_link_libraries(csat_crypto INTERFACE OpenSSL::Crypto)
endif()
