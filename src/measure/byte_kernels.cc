#include "measure/byte_kernels.h"

namespace csat {

const ByteKernels& FindByteKernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("popcnt") != 0) {
    return kByteKernelsAvx512;
  }
  if (__builtin_cpu_supports("avx2") != 0) return kByteKernelsAvx2;
#endif
  return kByteKernelsBaseline;
}

}  // namespace csat
