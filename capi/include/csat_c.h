/* libcsat's C interface: customer-satisfaction scores from a policy file, exact and explained.
 *
 * This header includes all others. What holds for every function is said here, once; a function's own comment
 * says the rest.
 *
 * From a policy to a score:
 *
 *     csat_policy* policy = NULL;
 *     csat_plan* plan = NULL;
 *     csat_record* record = NULL;
 *     csat_error* error = NULL;
 *     csat_summary summary = CSAT_SUMMARY_INIT;
 *     if (csat_policy_parse(json, json_size, &policy, NULL, &error) == CSAT_OK &&
 *         csat_plan_compile(policy, "service", 7, &plan, &error) == CSAT_OK &&
 *         csat_record_create(plan, &record, &error) == CSAT_OK &&
 *         csat_record_set_json(record, "{\"reply_minutes\": 12}", 21, &error) == CSAT_OK &&
 *         csat_plan_score(plan, record, &summary, &error) == CSAT_OK) {
 *       ...
 *     }
 *     csat_error_free(error);
 *     csat_record_free(record);
 *     csat_plan_free(plan);
 *     csat_policy_free(policy);
 *
 * Ownership. What a function gives through a T** is the caller's, to be freed with csat_<object>_free();
 * csat_<object>_free(NULL) does nothing. A T** receives NULL when the function fails. A csat_string_view
 * and a handle that an accessor returns are borrowed: they die with the object they came from. An argument
 * is read during the call only; an object that needs another one later keeps it alive by itself, so handles
 * may be freed in any order.
 *
 * Errors. A function that can fail returns a csat_status with the numbers of Abseil and gRPC, and takes a
 * csat_error** last, which may be NULL. On failure it receives an error to free with csat_error_free(); on
 * success it is left alone. Every such function can return
 *   CSAT_INVALID_ARGUMENT    NULL where none is allowed, a handle that was freed or is of another kind, a
 *                            struct_size below that of the first release, a size above CSAT_MAX_SIZE;
 *   CSAT_RESOURCE_EXHAUSTED  no memory: nothing was changed and nothing leaked;
 *   CSAT_INTERNAL            a defect of the library.
 * An accessor without a csat_error** given a wrong handle or an index outside of its range returns 0, -1,
 * NULL or an empty text, as its type allows; nothing is read beyond an end. A freed handle is recognised as
 * long as its kind saw fewer than 256 further frees. The library prints nothing, never exits, and lets no
 * exception out.
 *
 * Threads. A const handle may be shared between threads; any other may be used by one thread at a time.
 * That is the whole rule. No function keeps anything per thread.
 *
 * Processes. Nothing is held outside of the handles but memory of released results, at most 128 MiB in pieces of
 * 4 MiB and more, kept for the next batch: no thread outlives a call, and no file, lock, clock,
 * environment variable or locale is read, but for the tz database of the system, which is read once for each
 * zone where incidents are counted. A child made by fork() may use and free its copies of all handles. A call
 * must not be left by longjmp(); a callback in an ArrowArrayStream must return. The library stays in memory
 * after dlclose(), since arrays and streams that it made may still have to be released.
 *
 * Text is UTF-8 as pointer and size in bytes, without a NUL. NULL with size 0 is the empty text.
 *
 * Decimals. Every figure is exact: an int64_t of millionths ("micros"), 75.5 being 75500000.
 *
 * Structs that begin with `size_t struct_size` are set up by their CSAT_..._INIT macro. The library reads and
 * writes no more than struct_size bytes of them, so a program and a library of different releases agree.
 *
 * Releases. A symbol that has shipped keeps its meaning; each function says since when it exists. */
#ifndef CSAT_C_H_
#define CSAT_C_H_

#include "csat_c/aggregate.h"
#include "csat_c/base.h"
#include "csat_c/batch.h"
#include "csat_c/buffer.h"
#include "csat_c/cases.h"
#include "csat_c/cleaning.h"
#include "csat_c/diagnostic.h"
#include "csat_c/error.h"
#include "csat_c/figures.h"
#include "csat_c/incident.h"
#include "csat_c/least_change.h"
#include "csat_c/measure.h"
#include "csat_c/plan.h"
#include "csat_c/policy.h"
#include "csat_c/publication.h"
#include "csat_c/questionnaire.h"
#include "csat_c/record.h"
#include "csat_c/response_check.h"
#include "csat_c/sampling.h"
#include "csat_c/sampling_plan.h"
#include "csat_c/score.h"
#include "csat_c/simulation.h"
#include "csat_c/survey.h"

#endif /* CSAT_C_H_ */
