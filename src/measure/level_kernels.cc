#include "measure/level_kernels.h"

namespace csat {

CountLanes FindCountLanes() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0) {
    return CountLanesVbmi;
  }
#endif
  return nullptr;
}

}  // namespace csat
