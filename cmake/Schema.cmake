# include/csat/v1/*.proto -> generated C++, seen by src/policy alone.
file(GLOB csat_protos CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/csat/v1/*.proto)
set(csat_generated_dir ${PROJECT_BINARY_DIR}/generated)
set(csat_generated)
foreach(proto ${csat_protos})
  get_filename_component(name ${proto} NAME_WE)
  set(out ${csat_generated_dir}/csat/v1/${name}.pb)
  add_custom_command(OUTPUT ${out}.cc ${out}.h
    COMMAND ${CMAKE_COMMAND} -E make_directory ${csat_generated_dir}
    COMMAND ${CSAT_PROTOC} --cpp_out=${csat_generated_dir} -I ${PROJECT_SOURCE_DIR}/include ${proto}
    DEPENDS ${csat_protos} VERBATIM)
  list(APPEND csat_generated ${out}.cc)
endforeach()
add_library(csat_schema STATIC ${csat_generated})
target_include_directories(csat_schema SYSTEM PUBLIC $<BUILD_INTERFACE:${csat_generated_dir}>)
target_link_libraries(csat_schema PUBLIC protobuf::libprotobuf)
csat_compile_options(csat_schema)
if(CSAT_SANITIZE)  # Half a minute of optimising what is not under test.
  target_compile_options(csat_schema PRIVATE -O0)
endif()
