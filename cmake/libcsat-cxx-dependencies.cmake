# What csat::csat needs of its user: the static dependencies that script/bootstrap builds (put their prefix,
# ~/.cache/libcsat/deps-2, on CMAKE_PREFIX_PATH), or the system's.
include(CMakeFindDependencyMacro)
foreach(csat_dependency absl protobuf simdjson)
  find_package(${csat_dependency} CONFIG QUIET)
  if(NOT ${csat_dependency}_FOUND)
    set(libcsat_FOUND FALSE)
    set(libcsat_NOT_FOUND_MESSAGE "csat::csat needs ${csat_dependency}, which CMAKE_PREFIX_PATH does not lead to: add the prefix \
of the static dependencies that script/bootstrap of libcsat builds (~/.cache/libcsat/deps-2 unless CSAT_DEPS says otherwise). \
csat::csat_c, the C library, needs none.")
    return()
  endif()
endforeach()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
find_dependency(OpenSSL COMPONENTS Crypto)
set(libcsat_cxx_dependencies_FOUND TRUE)
