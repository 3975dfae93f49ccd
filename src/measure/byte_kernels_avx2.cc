// The byte kernels for the instruction set of the name. See cmake/Flags.cmake.
#if defined(__AVX2__)
#define CSAT_BYTE_KERNELS kByteKernelsAvx2
#include "measure/byte_kernels.inc"
#endif
