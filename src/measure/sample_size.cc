#include "csat/measure/sample_size.h"

#include "measure/exact_difference.h"

namespace csat {
namespace {

constexpr std::int64_t kMostPeople = 1'000'000'000;

bool Within(Decimal value, Decimal above, Decimal most) { return value > above && value <= most; }

}  // namespace

Measured<SampleSize> SampleSizeOfShare(const SampleSizeInputs& inputs) {
  const Decimal nothing, one = Decimal::FromInteger(1);
  if (!Within(inputs.z, nothing, Decimal::FromInteger(10)) || !Within(inputs.margin, nothing, one) ||
      !Within(inputs.share, nothing, one) || inputs.share == one ||
      !Within(inputs.design_effect, nothing, Decimal::FromInteger(100)) ||
      !Within(inputs.response_rate, Decimal::FromMicros(999), one) || inputs.population < 0 ||
      inputs.population > kMostPeople) {
    return Gap::Reason::kInvalid;
  }
  // n0 = top / bottom, at most 2.5e33 and 1e30.
  const absl::int128 z = inputs.z.micros(), margin = inputs.margin.micros(), part = inputs.share.micros();
  const absl::int128 top = z * z * (part * (Decimal::kOne - part)) * inputs.design_effect.micros();
  const absl::int128 bottom = margin * margin * 1'000'000'000'000 * Decimal::kOne;
  const double n0 = Nearest(top) / Nearest(bottom);
  SampleSize size;
  if (inputs.population == 0) {
    size.unrounded = n0;
    size.answers = static_cast<std::int64_t>((top + bottom - 1) / bottom);
  } else {
    const auto population = static_cast<double>(inputs.population);
    size.unrounded = n0 * population / (population + n0 - 1);
    // The smallest m with m (N - 1) >= n0 (N - m).
    std::int64_t low = 0, high = inputs.population;
    while (low + 1 < high) {
      const std::int64_t m = low + (high - low) / 2;
      const bool enough =
          ExactDifference(absl::int128(m) * (inputs.population - 1), bottom, top, inputs.population - m) >= 0;
      (enough ? high : low) = m;
    }
    size.answers = high;
  }
  const std::int64_t rate = inputs.response_rate.micros();
  size.invitations =
      static_cast<std::int64_t>((absl::int128(size.answers) * Decimal::kOne + rate - 1) / rate);
  return size;
}

}  // namespace csat
