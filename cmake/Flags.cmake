# Exactness: no contraction to fused multiply-add anywhere, no fast-math; the same bits on every machine.
function(csat_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter -ffp-contract=off
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique> $<$<BOOL:${CSAT_WERROR}>:-Werror> $<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
  set_target_properties(${target} PROPERTIES C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
                        VISIBILITY_INLINES_HIDDEN ON)
  if(CSAT_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${CSAT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${CSAT_SANITIZE})
    target_compile_options(${target} PRIVATE $<$<BOOL:${CSAT_BUILD_FUZZERS}>:-fsanitize=fuzzer-no-link>)
  endif()
endfunction()

# The batch kernels are one source compiled for several instruction sets; batch.cc picks one at run time.
function(csat_kernels target)
  foreach(set baseline avx2 avx512)
    set(file ${PROJECT_SOURCE_DIR}/src/scoring/batch_kernels_${set}.cc)
    if(EXISTS ${file} AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
      if(set STREQUAL avx2)
        set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-mavx2;-O3")
      elseif(set STREQUAL avx512)
        set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS
          "-mavx512f;-mavx512dq;-mavx512vl;-mavx512bw;-mprefer-vector-width=512;-O3")
      else()
        set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "-O3")
      endif()
    endif()
  endforeach()
endfunction()
