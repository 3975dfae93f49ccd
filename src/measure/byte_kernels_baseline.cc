// The byte kernels for the instruction set of the name. See cmake/Flags.cmake.
#define CSAT_BYTE_KERNELS kByteKernelsBaseline
#include "measure/byte_kernels.inc"
