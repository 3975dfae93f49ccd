# What csat::csat needs of its user: the static dependencies that script/bootstrap builds (put their prefix,
# ~/.cache/libcsat/deps-2, on CMAKE_PREFIX_PATH), or the system's.
include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
find_dependency(absl CONFIG)
find_dependency(protobuf CONFIG)
find_dependency(simdjson CONFIG)
find_dependency(OpenSSL COMPONENTS Crypto)
set(libcsat_cxx_dependencies_FOUND TRUE)
