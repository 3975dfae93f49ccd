// Chance that anyone can check: who is drawn follows from a published seed and the ids alone, by SHA-256. No generator,
// no state, no order of the list.
#ifndef CSAT_SURVEY_SELECTION_H_
#define CSAT_SURVEY_SELECTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// The number drawn for an id: SHA-256 of "csat.selection.v1", a zero byte, the seed, a zero byte and the id; 32 bytes.
// Seeds and ids hold no zero byte.
absl::StatusOr<std::string> SelectionNumber(std::string_view seed, std::string_view id);

// Draws `count` of `ids` without replacement: those with the least numbers, compared as bytes. Gives their indices in
// the order of their numbers: the first k are the sample of k, and what follows are the replacements in their order.
// InvalidArgument: an id that is empty, there twice or holds a zero byte, an empty seed, more than there are.
absl::StatusOr<std::vector<std::size_t>> Select(std::string_view seed, const std::vector<std::string>& ids,
                                                std::size_t count);

// Whether an id is invited with the probability: its number, read as a fraction of 2^64 from its first eight bytes, is
// below it. The same id gets the same answer on every replay. P2-30. InvalidArgument: a probability outside of [0, 1].
absl::StatusOr<bool> IsInvited(std::string_view seed, std::string_view id, Decimal probability);

// SHA-256 of the seed in hexadecimal: published before the draw, it binds who draws; the seed is published after it.
std::string SeedCommitment(std::string_view seed);

// A draw by strata: stratum of each id and how many of each are to be drawn. The seed of a stratum is the seed, "/" and
// the name of the stratum.
struct Stratum {
  std::string name;
  std::vector<std::string> ids;
  std::size_t count = 0;
};
// Indices into the ids of each stratum, as Select() gives them.
absl::StatusOr<std::vector<std::vector<std::size_t>>> SelectByStratum(std::string_view seed,
                                                                      const std::vector<Stratum>& strata);

}  // namespace csat

#endif  // CSAT_SURVEY_SELECTION_H_
