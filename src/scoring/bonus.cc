#include <algorithm>

#include "scoring/evaluate.h"

namespace csat {
namespace {

// each * max(0, count - excluded) as a quotient of integers: percent or points, in millionths of one.
absl::Status Amount(const CompiledPlan& plan, const CompiledBonusSource& source, const Record& record,
                    absl::int128* numerator, absl::int128* denominator, bool* missing) {
  *numerator = 0;
  *denominator = 1;
  Figure count, excluded;
  if (absl::Status status =
          ReadFigure(plan, plan.metrics[static_cast<std::size_t>(source.metric)], record, &count);
      !status.ok())
    return status;
  if (source.excluding >= 0) {
    if (absl::Status status =
            ReadFigure(plan, plan.metrics[static_cast<std::size_t>(source.excluding)], record, &excluded);
        !status.ok())
      return status;
  }
  // Praise that cannot be told from paid praise earns nothing.
  *missing = count.missing || (source.excluding >= 0 && excluded.missing);
  if (*missing) return absl::OkStatus();
  absl::int128 top = count.numerator, bottom = count.denominator;
  if (source.excluding >= 0) {
    top = top * excluded.denominator - excluded.numerator * bottom;
    bottom *= excluded.denominator;
  }
  if (top <= 0) return absl::OkStatus();
  top *= source.source->each.micros();
  if (source.source->cap.has_value() && top > absl::int128(source.source->cap->micros()) * bottom) {
    top = source.source->cap->micros();
    bottom = 1;
  }
  *numerator = top;
  *denominator = bottom;
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyBonus(const CompiledPlan& plan, const CompiledCard& card, const Record& record,
                        Draft* draft) {
  draft->after_bonus = draft->base;
  if (card.bonus.empty()) return absl::OkStatus();
  const Bonus& bonus = *card.card->bonus;
  const bool relative = bonus.mode == Bonus::Mode::kRelative;
  constexpr std::int64_t kPercent = 100 * Decimal::kOne;
  const absl::int128 base = draft->base.micros();
  // Amounts are rounded to millionths of a percent or a point, then added: the sum does not hang on the order.
  std::int64_t sum = 0;
  draft->bonus.clear();
  for (const CompiledBonusSource& source : card.bonus) {
    absl::int128 numerator = 0, denominator = 1;
    BonusResult result;
    if (absl::Status status = Amount(plan, source, record, &numerator, &denominator, &result.missing);
        !status.ok())
      return status;
    absl::int128 amount = DivideHalfEven(numerator, denominator);
    // Nothing above the cap of the sum changes the result; it keeps the arithmetic in range.
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    amount = std::min<absl::int128>(amount, kMost);
    sum += static_cast<std::int64_t>(amount);
    const absl::int128 points = relative ? DivideHalfEven(base * amount, kPercent) : amount;
    result.points = Points::FromMicros(static_cast<std::int64_t>(points));
    draft->bonus.push_back(result);
  }
  const std::int64_t capped = std::min(sum, bonus.cap.micros());
  const auto in_points = [&](std::int64_t amount) {
    return Points::FromMicros(relative ? static_cast<std::int64_t>(DivideHalfEven(base * amount, kPercent))
                                       : amount);
  };
  draft->bonus_sum = in_points(sum);
  draft->bonus_total = in_points(capped);
  draft->after_bonus = draft->base + draft->bonus_total;
  return absl::OkStatus();
}

}  // namespace csat
