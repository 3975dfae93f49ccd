/* Sampling: how many are asked, how many of each stratum, and who: by chance that anyone can check.
 *
 * Who is drawn follows from a seed and the ids alone. The number of an id is the SHA-256 of "csat.selection.v1", a
 * zero byte, the seed, a zero byte and the id; drawn are those with the least numbers. The order of the list, the
 * machine and the time have no part in it. Publish csat_sampling_commitment() of the seed before the draw and the
 * seed after it, and whoever has the list can draw again:
 *
 *     printf 'csat.selection.v1\0wave-7\0customer-0' | sha256sum */
#ifndef CSAT_C_SAMPLING_H_
#define CSAT_C_SAMPLING_H_

#include "csat_c/base.h"
#include "csat_c/buffer.h"
#include "csat_c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a share is to be known by. Set up with CSAT_SAMPLING_SIZE_INPUTS_INIT: 5 points at 95 %. */
typedef struct csat_sampling_size_inputs {
  size_t struct_size;
  /** Quantile of the normal distribution, 1.96 for 95 %. Above 0, at most 10. */
  int64_t z_micros;
  /** Half-width of the interval; 0.05 is 5 points. Above 0, at most 1. */
  int64_t margin_micros;
  /** The share that is expected, within (0, 1); 0.5 is the safe one. */
  int64_t share_micros;
  /** 1 to 10^9; 0: large. */
  int64_t population;
  /** Variance under the design over that of a simple random sample. Above 0, at most 100. */
  int64_t design_effect_micros;
  /** Share of those asked who answer, 0.001 to 1. */
  int64_t response_rate_micros;
} csat_sampling_size_inputs;

#define CSAT_SAMPLING_SIZE_INPUTS_INIT \
  { sizeof(csat_sampling_size_inputs), 1960000, 50000, 500000, 0, 1000000, 1000000 }

/** How many are needed. Set struct_size before the call: CSAT_SAMPLING_SIZE_INIT. */
typedef struct csat_sampling_size_result {
  size_t struct_size;
  /** Before rounding up, as the nearest double. */
  double unrounded;
  /** Answers needed: rounded up, at most the population. */
  int64_t answers;
  /** Answers over the response rate, rounded up; above the population they are not to be had. */
  int64_t invitations;
} csat_sampling_size_result;

#define CSAT_SAMPLING_SIZE_INIT \
  { sizeof(csat_sampling_size_result), 0, 0, 0 }

/** Answers that a share needs: n0 = z^2 p (1 - p) / e^2 times the design effect, and n0 / (1 + (n0 - 1) / N) of a
 * population of N: Cochran, Sampling Techniques, 3rd ed. 1977, 4.4. Rounded up exactly.
 *
 * @param inputs  NULL for CSAT_SAMPLING_SIZE_INPUTS_INIT.
 * @param out     Receives the sizes; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: an input lies outside of its range.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_size(const csat_sampling_size_inputs* inputs,
                                        csat_sampling_size_result* out, csat_error** error);

/** How a sample is shared out among strata. */
enum {
  /** In proportion to size, by the largest remainder; equal remainders to the stratum that comes first. */
  CSAT_ALLOCATE_PROPORTIONAL = 0,
  /** The same for each (a quota); what a stratum is too small for goes to the others. */
  CSAT_ALLOCATE_EQUAL = 1,
  /** Neyman's: in proportion to size times standard deviation, within the sizes. */
  CSAT_ALLOCATE_OPTIMAL = 2
};

/** Shares out a sample. None gets more than its size; the shares sum to the sample.
 *
 * @param method             CSAT_ALLOCATE_...
 * @param sizes              Sizes of the strata, `count` of them.
 * @param deviations_micros  Their standard deviations, for CSAT_ALLOCATE_OPTIMAL; NULL otherwise.
 * @param sample             0 to the sum of the sizes.
 * @param out_shares         Receives `count` shares; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: no stratum, a size or a deviation below 0, another method, deviations
 *         missing or given where none belong, a sample that the sizes cannot hold.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_allocate(int32_t method, const int64_t* sizes,
                                            const int64_t* deviations_micros, size_t count, int64_t sample,
                                            int64_t* out_shares, csat_error** error);

/** Draws `sample` of `count` ids without replacement, in the order of their numbers: the first k are the sample of k,
 * and those that follow are the replacements in their order.
 *
 * @param seed         UTF-8 without a zero byte, not empty.
 * @param stratum      NULL: the list has no strata. Otherwise its name: then the seed is the seed, "/" and the name.
 * @param ids          UTF-8 without a zero byte, not empty, each once.
 * @param sample       0 to `count`.
 * @param out_indices  Receives `sample` indices into `ids`; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a seed or an id that is none, an id twice, more than there are.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_draw(const char* seed, size_t seed_size, const csat_string_view* stratum,
                                        const csat_string_view* ids, size_t count, size_t sample,
                                        size_t* out_indices, csat_error** error);

/** The number of an id, in 64 hexadecimal digits.
 *
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a seed or an id that is none.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_number(const char* seed, size_t seed_size, const char* id, size_t id_size,
                                          csat_buffer** out, csat_error** error);

/** Whether an id is invited with a probability: its number, as a fraction of 2^64 from its first eight bytes, is below
 * it. The same id gets the same answer on every replay.
 *
 * @param probability_micros  0 to 1000000.
 * @param out                 Receives 1 or 0; untouched on failure.
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: a probability outside of its range, a seed or an id that is none.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_invites(const char* seed, size_t seed_size, const char* id, size_t id_size,
                                           int64_t probability_micros, int32_t* out, csat_error** error);

/** SHA-256 of the seed in hexadecimal: published before the draw, it binds who draws.
 *
 * @return CSAT_OK, or CSAT_INVALID_ARGUMENT: an empty seed.
 * @since 0.1 */
CSAT_API csat_status csat_sampling_commitment(const char* seed, size_t seed_size, csat_buffer** out,
                                              csat_error** error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_SAMPLING_H_ */
