#include "csat/survey/allocation.h"

#include <algorithm>
#include <numeric>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 62;

absl::Status Check(const std::vector<std::int64_t>& sizes, std::int64_t sample) {
  if (sizes.empty()) return absl::InvalidArgumentError("strata: there is none");
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0)
      return absl::InvalidArgumentError(absl::StrCat("stratum ", i, ": the size ", sizes[i], " is below 0"));
    if (sizes[i] > kMost - sum) return absl::InvalidArgumentError("strata: their sizes sum beyond 2^62");
    sum += sizes[i];
  }
  if (sample < 0 || sample > sum)
    return absl::InvalidArgumentError(
        absl::StrCat("sample: ", sample, " lies outside [0, ", sum, "], the size of the frame"));
  return absl::OkStatus();
}

// Shares of `sample` in proportion to `weights`, not all 0, by the largest remainder. Weights sum below 2^126 / sample.
std::vector<std::int64_t> ByLargestRemainder(const std::vector<absl::uint128>& weights, std::int64_t sample) {
  absl::uint128 sum = 0;
  for (const absl::uint128 weight : weights) sum += weight;
  std::vector<std::int64_t> shares;
  std::vector<absl::uint128> rests;
  std::int64_t given = 0;
  for (const absl::uint128 weight : weights) {
    const absl::uint128 exact = weight * static_cast<std::uint64_t>(sample);
    shares.push_back(static_cast<std::int64_t>(exact / sum));
    rests.push_back(exact % sum);
    given += shares.back();
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  for (std::size_t i = 0; given < sample; ++i, ++given) ++shares[order[i]];
  return shares;
}

// Shares in proportion to `weights` with no more than its size for any stratum. Full strata are set aside and the rest
// is shared out anew until none is too small.
std::vector<std::int64_t> Within(const std::vector<std::int64_t>& sizes, std::vector<absl::uint128> weights,
                                 std::int64_t sample) {
  std::vector<std::int64_t> shares(sizes.size());
  std::vector<bool> full(sizes.size());
  std::int64_t left = sample;
  while (left > 0) {
    absl::uint128 any = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (full[i]) weights[i] = 0;
      any += weights[i];
    }
    if (any == 0) {  // Only strata without weight are left: by size.
      for (std::size_t i = 0; i < sizes.size(); ++i)
        weights[i] = full[i] ? 0 : static_cast<std::uint64_t>(sizes[i]);
    }
    const std::vector<std::int64_t> tried = ByLargestRemainder(weights, left);
    bool too_small = false;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (full[i] || tried[i] <= sizes[i]) continue;
      too_small = true;
      full[i] = true;
      shares[i] = sizes[i];
    }
    if (!too_small) {
      for (std::size_t i = 0; i < sizes.size(); ++i) shares[i] = full[i] ? sizes[i] : tried[i];
      return shares;
    }
    left = sample;
    for (std::size_t i = 0; i < sizes.size(); ++i) left -= full[i] ? sizes[i] : 0;
  }
  return shares;
}

}  // namespace

absl::StatusOr<std::vector<std::int64_t>> AllocateProportionally(const std::vector<std::int64_t>& sizes,
                                                                 std::int64_t sample) {
  if (absl::Status status = Check(sizes, sample); !status.ok()) return status;
  if (sample == 0) return std::vector<std::int64_t>(sizes.size());
  std::vector<absl::uint128> weights;
  for (const std::int64_t size : sizes) weights.push_back(static_cast<std::uint64_t>(size));
  return ByLargestRemainder(weights, sample);
}

absl::StatusOr<std::vector<std::int64_t>> AllocateEqually(const std::vector<std::int64_t>& sizes,
                                                          std::int64_t sample) {
  if (absl::Status status = Check(sizes, sample); !status.ok()) return status;
  return Within(sizes, std::vector<absl::uint128>(sizes.size(), 1), sample);
}

absl::StatusOr<std::vector<std::int64_t>> AllocateOptimally(const std::vector<std::int64_t>& sizes,
                                                            const std::vector<Decimal>& deviations,
                                                            std::int64_t sample) {
  if (absl::Status status = Check(sizes, sample); !status.ok()) return status;
  if (deviations.size() != sizes.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("deviations: ", deviations.size(), " for ", sizes.size(), " strata"));
  }
  std::vector<absl::uint128> weights;
  absl::uint128 sum = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (deviations[i] < Decimal()) {
      return absl::InvalidArgumentError(
          absl::StrCat("stratum ", i, ": the deviation ", deviations[i].ToString(), " is below 0"));
    }
    weights.push_back(absl::uint128(static_cast<std::uint64_t>(sizes[i])) *
                      static_cast<std::uint64_t>(deviations[i].micros()));
    sum += weights.back();
    if (sum >> 64 != 0 && sample > 0 && sum > absl::Uint128Max() / static_cast<std::uint64_t>(sample))
      return absl::InvalidArgumentError(
          absl::StrCat("stratum ", i, ": size * deviation is beyond exact arithmetic"));
  }
  return Within(sizes, std::move(weights), sample);
}

}  // namespace csat
