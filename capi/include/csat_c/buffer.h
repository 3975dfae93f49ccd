/* Buffers: text, or bytes, that the library wrote for the caller. */
#ifndef CSAT_C_BUFFER_H_
#define CSAT_C_BUFFER_H_

#include "csat_c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Text that the library wrote. Immutable. */
typedef struct csat_buffer csat_buffer;

/** Frees a buffer. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_buffer_free(csat_buffer* buffer);

/** The text. Ended by a NUL as well.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_buffer_view(const csat_buffer* buffer);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_BUFFER_H_ */
