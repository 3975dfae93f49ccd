// Weights: how much an indicator counts beside its siblings.
#ifndef CSAT_MODEL_WEIGHT_H_
#define CSAT_MODEL_WEIGHT_H_

#include <cstdint>
#include <optional>

#include "csat/model/decimal.h"

namespace csat {

// Parts of a whole that its siblings' weights make up: 30 beside 70 is 30 %, and so is 3 beside 7. A weight of 0
// is informational: shown, not counted. Never negative.
class Weight {
 public:
  static constexpr std::int64_t kMostParts = 1'000'000;

  // One part, as where no weights are given.
  constexpr Weight() = default;
  // nullopt: below 0 or above kMostParts.
  static constexpr std::optional<Weight> Create(Decimal parts) {
    if (parts < Decimal() || parts > Decimal::FromInteger(kMostParts)) return std::nullopt;
    return Weight(parts);
  }
  // A constant; one outside of the range does not compile.
  template <std::int64_t parts>
  static constexpr Weight Of() {
    static_assert(parts >= 0 && parts <= kMostParts, "a weight lies in 0..1000000");
    return Weight(Decimal::FromInteger(parts));
  }

  constexpr Decimal parts() const { return parts_; }
  // Implicit: wherever a number is read, a weight is one.
  constexpr operator Decimal() const { return parts_; }  // NOLINT(google-explicit-constructor)

 private:
  explicit constexpr Weight(Decimal parts) : parts_(parts) {}
  Decimal parts_ = Decimal::FromInteger(1);
};

}  // namespace csat

#endif  // CSAT_MODEL_WEIGHT_H_
