#include "survey/predicate_mask.h"

#include "csat/model/truths.h"

namespace csat::survey {
namespace {

using Mask = std::vector<std::uint8_t>;

absl::StatusOr<Mask> Compare(const Predicate& predicate, ResponseColumns* columns) {
  const absl::StatusOr<const NumberColumn*> numbers = columns->Number(predicate.metric);
  if (!numbers.ok()) return numbers.status();
  const absl::int128 limit = absl::int128(predicate.value.micros()) * 1000;
  Mask mask((*numbers)->has.size(), static_cast<std::uint8_t>(Truth::kUnknown));
  for (std::size_t row = 0; row < mask.size(); ++row) {
    if ((*numbers)->has[row] == 0) continue;
    const absl::int128 value = (*numbers)->nanos[row];
    mask[row] = TruthOf(Holds(value < limit ? -1 : value > limit ? 1 : 0, predicate.op));
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
    case Predicate::Kind::kNot:
    case Predicate::Kind::kAll:
    case Predicate::Kind::kAny:
    case Predicate::Kind::kAtLeast: {
      Mask whole(rows);
      TruthCombiner combiner(predicate.kind, predicate.count, rows, whole.data());
      for (const Predicate& part : predicate.of) {
        const absl::StatusOr<Mask> mask = MaskOf(part, columns);
        if (!mask.ok()) return mask.status();
        combiner.Add(mask->data());
      }
      combiner.Finish();
      return whole;
    }
  }
  return Mask(rows, static_cast<std::uint8_t>(Truth::kUnknown));
}

}  // namespace csat::survey
