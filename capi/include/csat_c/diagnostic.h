/* Diagnostics: findings about a policy document, each with its place, a counterexample and a remedy, in
 * English ("en") and Chinese ("zh"). */
#ifndef CSAT_C_DIAGNOSTIC_H_
#define CSAT_C_DIAGNOSTIC_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A list of findings in the order of the document's text. Immutable. */
typedef struct csat_diagnostics csat_diagnostics;

/** Severity of a finding. A document with an error is not used. */
enum { CSAT_SEVERITY_ERROR = 0, CSAT_SEVERITY_WARNING = 1, CSAT_SEVERITY_NOTE = 2 };

/** Frees a list. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_diagnostics_free(csat_diagnostics* diagnostics);

/** Number of findings.
 *
 * @since 0.1 */
CSAT_API size_t csat_diagnostics_count(const csat_diagnostics* diagnostics);

/** CSAT_SEVERITY_... of a finding; -1: no such finding.
 *
 * @since 0.1 */
CSAT_API int32_t csat_diagnostics_severity(const csat_diagnostics* diagnostics, size_t index);

/** Stable name of the kind of finding, such as "unknown-key"; programs may compare it.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_diagnostics_code(const csat_diagnostics* diagnostics, size_t index);

/** Place in the document's structure, such as "scorecards[0].vetoes[1].when". Empty: the document itself.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_diagnostics_path(const csat_diagnostics* diagnostics, size_t index);

/** Line of the document's text, from 1. 0: not known.
 *
 * @since 0.1 */
CSAT_API int32_t csat_diagnostics_line(const csat_diagnostics* diagnostics, size_t index);

/** Column in characters, from 1. 0: not known.
 *
 * @since 0.1 */
CSAT_API int32_t csat_diagnostics_column(const csat_diagnostics* diagnostics, size_t index);

/** What is wrong, on one line.
 *
 * @param language  "zh" for Chinese; any other, or empty, for English.
 * @since 0.1 */
CSAT_API csat_string_view csat_diagnostics_message(const csat_diagnostics* diagnostics, size_t index,
                                                   const char* language, size_t language_size);

/** What to write instead; may be empty. `language` as for csat_diagnostics_message().
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_diagnostics_remedy(const csat_diagnostics* diagnostics, size_t index,
                                                  const char* language, size_t language_size);

/** A value that shows the defect, such as "89.5" for a gap between grade bands; may be empty.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_diagnostics_witness(const csat_diagnostics* diagnostics, size_t index);

/** Writes a finding as one line, the way compilers do.
 *
 * @param language   As for csat_diagnostics_message().
 * @param file       Name of the file to begin with; may be empty.
 * @param out        Receives the line.
 * @return CSAT_OK, or CSAT_OUT_OF_RANGE: no such finding.
 * @since 0.1 */
CSAT_API csat_status csat_diagnostics_line_text(const csat_diagnostics* diagnostics, size_t index,
                                                const char* language, size_t language_size, const char* file,
                                                size_t file_size, csat_buffer** out, csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_DIAGNOSTIC_H_ */
