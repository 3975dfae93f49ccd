/* What all objects share: visibility, status codes, texts, release. */
#ifndef CSAT_C_BASE_H_
#define CSAT_C_BASE_H_

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(CSAT_BUILDING_C_LIBRARY)
#define CSAT_API __declspec(dllexport)
#else
#define CSAT_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define CSAT_API __attribute__((visibility("default")))
#else
#define CSAT_API
#endif

/* Release of these headers; csat_version() gives that of the library. */
#define CSAT_VERSION_MAJOR 0
#define CSAT_VERSION_MINOR 1
#define CSAT_VERSION_PATCH 0

/* Largest size of a text in bytes, and of a list in elements. */
#define CSAT_MAX_SIZE ((size_t)0x7fffffff)

#ifdef __cplusplus
extern "C" {
#endif

/** Result of a call: CSAT_OK or the reason of its failure. Numbers of absl::StatusCode. */
typedef int32_t csat_status;

enum {
  CSAT_OK = 0,
  CSAT_INVALID_ARGUMENT = 3,
  CSAT_NOT_FOUND = 5,
  CSAT_RESOURCE_EXHAUSTED = 8,
  CSAT_FAILED_PRECONDITION = 9,
  CSAT_OUT_OF_RANGE = 11,
  CSAT_UNIMPLEMENTED = 12,
  CSAT_INTERNAL = 13,
  CSAT_DATA_LOSS = 15
};

/** Borrowed text: UTF-8, not ended by a NUL. `data` is never NULL in what the library returns. */
typedef struct csat_string_view {
  const char* data;
  size_t size;
} csat_string_view;

/** Release of the library, such as "0.1.0"; ended by a NUL, never freed.
 *
 * @since 0.1 */
CSAT_API const char* csat_version(void);

/** Name of a status, such as "INVALID_ARGUMENT"; "UNKNOWN" for a number that is none. Ended by a NUL, never
 * freed.
 *
 * @since 0.1 */
CSAT_API const char* csat_status_name(csat_status status);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_BASE_H_ */
