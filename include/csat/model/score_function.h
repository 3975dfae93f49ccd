// From a raw figure to points. Each function is total on the figures its metric allows, and its result is
// rounded once, half-even at the sixth place.
#ifndef CSAT_MODEL_SCORE_FUNCTION_H_
#define CSAT_MODEL_SCORE_FUNCTION_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

struct Anchor {
  Decimal at;
  Points points;
};

// Straight lines through anchors in rising order of `at`, level beyond the ends. Two anchors make a line.
class Piecewise {
 public:
  // InvalidArgument: fewer than two anchors, or an `at` not above the one before.
  static absl::StatusOr<Piecewise> Create(std::vector<Anchor> anchors);
  const std::vector<Anchor>& anchors() const { return anchors_; }

 private:
  std::vector<Anchor> anchors_;
};

// Full marks up to a limit, then a loss for each further step, down to a floor (P2-49).
class StepDeduction {
 public:
  enum class Steps { kFull, kStarted };
  enum class Beyond { kAbove, kBelow };
  // InvalidArgument: a step or loss not above 0, a floor above full points or below 0.
  static absl::StatusOr<StepDeduction> Create(Points full, Decimal limit, Decimal step, Points loss_per_step,
                                              Steps steps, Points floor, Beyond beyond);
  Points full() const { return full_; }
  Decimal limit() const { return limit_; }
  Decimal step() const { return step_; }
  Points loss_per_step() const { return loss_per_step_; }
  Steps steps() const { return steps_; }
  Points floor() const { return floor_; }
  Beyond beyond() const { return beyond_; }

 private:
  StepDeduction() = default;
  Points full_, loss_per_step_, floor_;
  Decimal limit_, step_;
  Steps steps_ = Steps::kFull;
  Beyond beyond_ = Beyond::kAbove;
};

// The points of the highest `at` at or below the figure. The first band also takes what lies below it.
class BandPoints {
 public:
  // InvalidArgument: no band, or an `at` not above the one before.
  static absl::StatusOr<BandPoints> Create(std::vector<Anchor> bands);
  const std::vector<Anchor>& bands() const { return bands_; }

 private:
  std::vector<Anchor> bands_;
};

// full * min(1, figure / target); 0 below 0 (P2-50).
class ShareOfTarget {
 public:
  // InvalidArgument: a target not above 0, full points below 0.
  static absl::StatusOr<ShareOfTarget> Create(Decimal target, Points full);
  Decimal target() const { return target_; }
  Points full() const { return full_; }

 private:
  ShareOfTarget() = default;
  Decimal target_;
  Points full_;
};

// Points of a word.
class Lookup {
 public:
  struct Entry {
    std::string text;
    Points points;
  };
  // InvalidArgument: no entry, or one word twice.
  static absl::StatusOr<Lookup> Create(std::vector<Entry> entries);
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// The figure is the points (0..max).
struct Direct {};

// Likert conversions are Piecewise (of max: 0 to max; min-max: min to max) or BandPoints (label table) on the
// ranks of the scale.
using ScoreFunction = std::variant<Direct, Piecewise, StepDeduction, BandPoints, ShareOfTarget, Lookup>;

}  // namespace csat

#endif  // CSAT_MODEL_SCORE_FUNCTION_H_
