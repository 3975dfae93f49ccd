#include "measure/level_kernels.h"

namespace csat {

CountLanes FindCountLanes(int items) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0) {
    return CountLanesVbmi;
  }
  if (__builtin_cpu_supports("avx2") != 0 && items <= kMostItemsAvx2) return CountLanesAvx2;
#endif
  return nullptr;
}

}  // namespace csat
