// The tile kernels for AVX2. See cmake/Flags.cmake.
#if defined(__AVX2__)
#define CSAT_TILE_KERNEL RunTileAvx2
#include "scoring/tile_kernels.inc"
#endif
