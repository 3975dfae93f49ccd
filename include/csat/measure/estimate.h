// How every figure of this room comes: as a value, or as the reason why there is none. Never NaN, never an infinity,
// never a number that stands for "could not be computed".
#ifndef CSAT_MEASURE_ESTIMATE_H_
#define CSAT_MEASURE_ESTIMATE_H_

#include <cassert>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace csat {

// Why there is no figure: what the procedures call "not measurable", by its cause. `items` are the indices of the
// items, strata, groups or positions at fault, ascending; empty where none in particular is.
struct Gap {
  enum class Reason : std::uint8_t {
    kEmpty,          // Nothing was counted; of items: none of the rows answers them.
    kTooFew,         // Fewer rows, items or groups than the definition takes.
    kConstant,       // Nothing varies.
    kDuplicate,      // Two items say the same, up to scale and offset.
    kSingular,       // An item is a linear combination of others.
    kIndefinite,     // Pairwise figures that no data without gaps could have.
    kNotMeasurable,  // The definition has no value here: 0 / 0.
    kNoConvergence,  // The iteration did not settle.
    kInvalid,        // An argument outside of its range, or aggregates that contradict themselves.
    kNoMethod,       // There is a figure, and no way here to say how sure it is.
  };
  Reason reason = Reason::kNotMeasurable;
  std::vector<int> items;

  friend bool operator==(const Gap& a, const Gap& b) { return a.reason == b.reason && a.items == b.items; }
};

// Stable: "empty", "too_few", "constant", "duplicate", "singular", "indefinite", "not_measurable",
// "no_convergence", "invalid", "no_method".
constexpr std::string_view Word(Gap::Reason reason) {
  switch (reason) {
    case Gap::Reason::kEmpty: return "empty";
    case Gap::Reason::kTooFew: return "too_few";
    case Gap::Reason::kConstant: return "constant";
    case Gap::Reason::kDuplicate: return "duplicate";
    case Gap::Reason::kSingular: return "singular";
    case Gap::Reason::kIndefinite: return "indefinite";
    case Gap::Reason::kNotMeasurable: return "not_measurable";
    case Gap::Reason::kNoConvergence: return "no_convergence";
    case Gap::Reason::kInvalid: return "invalid";
    case Gap::Reason::kNoMethod: return "no_method";
  }
  return "";
}

// A T, or the gap where it would be.
template <typename T>
class Measured {
 public:
  // Implicit: a function returns its value or its gap.
  Measured(T value) : value_(std::move(value)) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_floating_point_v<T>) assert(std::isfinite(*value_));
  }
  Measured(Gap gap) : gap_(std::move(gap)) {}         // NOLINT(google-explicit-constructor)
  Measured(Gap::Reason reason) : gap_{reason, {}} {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return value_.has_value(); }
  // With a value only.
  const T& operator*() const {
    assert(has_value());
    return *value_;
  }
  const T* operator->() const { return &**this; }
  // Without a value only.
  const Gap& gap() const {
    assert(!has_value());
    return gap_;
  }

 private:
  std::optional<T> value_;
  Gap gap_;
};

// A finite number.
using Estimate = Measured<double>;

// A confidence interval. `level` is the coverage that it is made for: 0.95.
struct Interval {
  double low = 0, high = 0;
  double level = 0.95;
};

}  // namespace csat

#endif  // CSAT_MEASURE_ESTIMATE_H_
