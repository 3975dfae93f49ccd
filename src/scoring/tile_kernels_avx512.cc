// The tile kernels for AVX-512 (F, DQ, VL, BW). See cmake/Flags.cmake.
#if defined(__AVX512F__)
#define CSAT_TILE_KERNEL RunTileAvx512
#include "scoring/tile_kernels.inc"
#endif
