// The byte kernels for the instruction set of the name. See cmake/Flags.cmake.
#if defined(__AVX512BW__)
#define CSAT_BYTE_KERNELS kByteKernelsAvx512
#include "measure/byte_kernels.inc"
#endif
