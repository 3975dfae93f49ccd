# Exactness: no contraction to fused multiply-add anywhere, no fast-math; the same bits on every machine.
function(csat_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter -ffp-contract=off
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique> $<$<BOOL:${CSAT_WERROR}>:-Werror> $<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
                        VISIBILITY_INLINES_HIDDEN ON)
  if(CSAT_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${CSAT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${CSAT_SANITIZE})
  endif()
endfunction()

# The tile kernels are one source compiled for several instruction sets; batch.cc picks one at run time. That
# comparisons do not trap and sqrt sets no errno changes no value.
function(csat_kernels target)
  set(kernel_flags "-O3;-fno-trapping-math;-fno-math-errno")
  set(kernel_flags_avx2 "-mavx2")
  set(kernel_flags_avx512 "-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mprefer-vector-width=512")
  foreach(set baseline avx2 avx512)
    set(flags ${kernel_flags})
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
      list(APPEND flags ${kernel_flags_${set}})
    endif()
    set_source_files_properties(${PROJECT_SOURCE_DIR}/src/scoring/tile_kernels_${set}.cc PROPERTIES
                                COMPILE_OPTIONS "${flags}" OBJECT_DEPENDS ${PROJECT_SOURCE_DIR}/src/scoring/tile_kernels.inc)
  endforeach()
  # The headers of GCC 12's intrinsics start values from themselves, which it takes for a mistake.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    foreach(kernel "level_kernels_vbmi|-mavx512f;-mavx512bw;-mavx512vl;-mavx512vbmi"
                   "product_kernels_vnni|-mavx512f;-mavx512bw;-mavx512vnni" "product_kernels_avx2|-mavx2"
                   "byte_kernels_avx2|-mavx2" "level_kernels_avx2|-mavx2" "byte_kernels_avx512|-mpopcnt;-mavx512f;-mavx512bw;-mavx512vl;-mprefer-vector-width=512")
      string(REPLACE "|" ";" kernel "${kernel}")
      list(POP_FRONT kernel name)
      set_source_files_properties(${PROJECT_SOURCE_DIR}/src/measure/${name}.cc PROPERTIES COMPILE_OPTIONS "-O3;-Wno-maybe-uninitialized;${kernel}")
    endforeach()
  endif()
endfunction()
