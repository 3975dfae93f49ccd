#include "survey/predicate_mask.h"

#include <algorithm>

namespace csat::survey {
namespace {

using Mask = std::vector<std::uint8_t>;

static_assert(static_cast<int>(Truth::kFalse) == 0 && static_cast<int>(Truth::kUnknown) == 1 &&
              static_cast<int>(Truth::kTrue) == 2);

absl::StatusOr<Mask> Compare(const Predicate& predicate, ResponseColumns* columns) {
  const absl::StatusOr<const NumberColumn*> numbers = columns->Number(predicate.metric);
  if (!numbers.ok()) return numbers.status();
  const absl::int128 limit = absl::int128(predicate.value.micros()) * 1000;
  Mask mask((*numbers)->has.size(), 1);
  for (std::size_t row = 0; row < mask.size(); ++row) {
    if ((*numbers)->has[row] == 0) continue;
    const absl::int128 value = (*numbers)->nanos[row];
    mask[row] = Holds(value < limit ? -1 : value > limit ? 1 : 0, predicate.op) ? 2 : 0;
  }
  return mask;
}

}  // namespace

absl::StatusOr<Mask> MaskOf(const Predicate& predicate, ResponseColumns* columns) {
  const auto rows = static_cast<std::size_t>(columns->rows());
  switch (predicate.kind) {
    case Predicate::Kind::kNumber: return Compare(predicate, columns);
    case Predicate::Kind::kText: {
      absl::StatusOr<Mask> mask = columns->TextEquals(predicate.metric, predicate.text);
      if (mask.ok() && predicate.op == ComparisonOp::kNotEqual) {
        for (std::uint8_t& one : *mask) one = static_cast<std::uint8_t>(2 - one);
      }
      return mask;
    }
    case Predicate::Kind::kAnswered: return columns->Answered(predicate.metric);
    case Predicate::Kind::kNot: {
      absl::StatusOr<Mask> mask = MaskOf(predicate.of.front(), columns);
      if (!mask.ok()) return mask.status();
      for (std::uint8_t& one : *mask) one = static_cast<std::uint8_t>(2 - one);
      return mask;
    }
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny: {
      const bool all = predicate.kind == Predicate::Kind::kAll;
      Mask whole(rows, all ? 2 : 0);
      for (const Predicate& part : predicate.of) {
        const absl::StatusOr<Mask> mask = MaskOf(part, columns);
        if (!mask.ok()) return mask.status();
        for (std::size_t row = 0; row < rows; ++row)
          whole[row] = all ? std::min(whole[row], (*mask)[row]) : std::max(whole[row], (*mask)[row]);
      }
      return whole;
    }
    case Predicate::Kind::kAtLeast: {
      std::vector<int> sure(rows), possible(rows);
      for (const Predicate& part : predicate.of) {
        const absl::StatusOr<Mask> mask = MaskOf(part, columns);
        if (!mask.ok()) return mask.status();
        for (std::size_t row = 0; row < rows; ++row) {
          sure[row] += (*mask)[row] == 2;
          possible[row] += (*mask)[row] != 0;
        }
      }
      Mask whole(rows);
      for (std::size_t row = 0; row < rows; ++row)
        whole[row] = sure[row] >= predicate.count ? 2 : possible[row] >= predicate.count ? 1 : 0;
      return whole;
    }
  }
  return Mask(rows, 1);
}

}  // namespace csat::survey
