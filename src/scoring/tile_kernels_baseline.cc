// The tile kernels for the least machine of the architecture. See cmake/Flags.cmake.
#define CSAT_TILE_KERNEL RunTileBaseline
#include "scoring/tile_kernels.inc"
