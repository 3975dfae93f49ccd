/* Errors: why a call failed, in words, and where in the caller's data. */
#ifndef CSAT_C_ERROR_H_
#define CSAT_C_ERROR_H_

#include "csat_c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Why a call failed. Immutable. */
typedef struct csat_error csat_error;

/** Frees an error. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_error_free(csat_error* error);

/** The status that the failed call returned; CSAT_OK for NULL.
 *
 * @since 0.1 */
CSAT_API csat_status csat_error_code(const csat_error* error);

/** One line in English that names the thing, the value and the limit. Ended by a NUL as well.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_error_message(const csat_error* error);

/** Place of the fault in a document's structure, such as "scorecards[0].vetoes[1].when". Empty: not known.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_error_path(const csat_error* error);

/** Line of the fault in a document's text, from 1. 0: not known.
 *
 * @since 0.1 */
CSAT_API int32_t csat_error_line(const csat_error* error);

/** Column of the fault in a document's text, in characters from 1. 0: not known.
 *
 * @since 0.1 */
CSAT_API int32_t csat_error_column(const csat_error* error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_ERROR_H_ */
