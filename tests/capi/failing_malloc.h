/* The program's own malloc() and its kin, of which the n-th call can be made to fail. It stands before the C library's,
 * so operator new inside libcsat ends here too. For one source file of a program. */
#ifndef CSAT_TESTS_CAPI_FAILING_MALLOC_H_
#define CSAT_TESTS_CAPI_FAILING_MALLOC_H_

#include <stddef.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* block, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* block);

static long allocations; /* Since armed. */
static long fail_at;     /* 1: the next. 0: none. */
static int fail_on;      /* And all that follow. */
static long living;      /* Blocks not yet freed. */
static int failed;       /* One was refused since armed. */

/* Counts an allocation; 1: it has to fail. */
static int refuse(void) {
  ++allocations;
  if (fail_at == 0 || (fail_on ? allocations < fail_at : allocations != fail_at)) return 0;
  failed = 1;
  return 1;
}

void* malloc(size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
  if (refuse()) return NULL;
  if (block == NULL) ++living;
  return __libc_realloc(block, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  if (refuse()) return NULL;
  ++living;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  if (refuse()) return 12; /* ENOMEM */
  *out = __libc_memalign(alignment, size);
  if (*out != NULL) ++living;
  return *out == NULL ? 12 : 0;
}

void free(void* block) {
  if (block != NULL) --living;
  __libc_free(block);
}

#endif /* CSAT_TESTS_CAPI_FAILING_MALLOC_H_ */
