#include "survey/answer_indices.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/numeric/int128.h"

// Item by item over the rows of a tile: the inner loops run over bytes side by side, and each row has one order of
// operations.
namespace csat::survey {
namespace {

constexpr std::uint8_t kFalse = 0, kUnknown = 1, kTrue = 2;

bool IsAnswer(std::uint8_t step) { return step < kOffScale; }

const std::uint8_t* StepsOf(const ItemColumn* item, std::int64_t from) {
  return item->steps.data() + static_cast<std::size_t>(from);
}

void SetValue(std::int64_t row, double value, Judged* out) {
  out->value[static_cast<std::size_t>(row)] = value;
  out->has_value[static_cast<std::size_t>(row)] = 1;
}

// sum / answers, answers above 0.
struct Mean {
  std::int64_t sum = 0, answers = 1;
};

// Of pairs of numbers, each column times a positive factor: n sum(x y) - sum(x) sum(y), and the same of x x and y y.
struct Moments {
  double xy = 0, xx = 0, yy = 0;
  // The same as integers; 0 where they are not exact.
  absl::int128 whole_xy = 0, whole_xx = 0, whole_yy = 0;
};

// How far the means lie from the first one, times their common denominator. False where it or one of them is large.
bool Deviations(const std::vector<Mean>& means, std::size_t n, std::int64_t* out) {
  constexpr std::int64_t kMostMultiple = std::int64_t{1} << 20, kMost = std::int64_t{1} << 40;
  std::int64_t multiple = 1;
  for (std::size_t i = 0; i < n; ++i) {
    multiple = std::lcm(multiple, means[i].answers);
    if (multiple > kMostMultiple) return false;
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = means[i].sum * (multiple / means[i].answers) - means[0].sum * (multiple / means[0].answers);
    if (std::abs(out[i]) > kMost) return false;
  }
  return true;
}

template <typename Number, typename Value>
void AddMoments(const Value* x, const Value* y, std::size_t n, Number* xy, Number* xx, Number* yy) {
  Number sx = 0, sy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sx += x[i];
    sy += y[i];
    *xy += Number(x[i]) * y[i];
    *xx += Number(x[i]) * x[i];
    *yy += Number(y[i]) * y[i];
  }
  const auto count = static_cast<Number>(static_cast<std::int64_t>(n));
  *xy = *xy * count - sx * sy;
  *xx = *xx * count - sx * sx;
  *yy = *yy * count - sy * sy;
}

// The means of odd and of even items over the parts of one response.
struct Halves {
  explicit Halves(std::size_t parts) : x(parts), y(parts), dx(parts), dy(parts), fx(parts), fy(parts) {}

  std::size_t used = 0;
  std::vector<Mean> x, y;
  std::vector<std::int64_t> dx, dy;
  std::vector<double> fx, fy;
};

Moments MomentsOf(Halves* halves) {
  Moments made;
  const std::size_t n = halves->used;
  if (Deviations(halves->x, n, halves->dx.data()) && Deviations(halves->y, n, halves->dy.data())) {
    AddMoments(halves->dx.data(), halves->dy.data(), n, &made.whole_xy, &made.whole_xx, &made.whole_yy);
    made.xy = static_cast<double>(made.whole_xy);
    made.xx = static_cast<double>(made.whole_xx);
    made.yy = static_cast<double>(made.whole_yy);
    return made;
  }
  const auto off = [](const std::vector<Mean>& of, std::size_t i) {
    return static_cast<double>(of[i].sum) / static_cast<double>(of[i].answers) -
           static_cast<double>(of[0].sum) / static_cast<double>(of[0].answers);
  };
  for (std::size_t i = 0; i < n; ++i) {
    halves->fx[i] = off(halves->x, i);
    halves->fy[i] = off(halves->y, i);
  }
  AddMoments(halves->fx.data(), halves->fy.data(), n, &made.xy, &made.xx, &made.yy);
  return made;
}

// Whether 2 r / (1 + r), held at -1, lies strictly below the limit: r (2 - limit) < limit, compared with its square
// where that has room, so that no rounding decides.
bool IsBelow(const Moments& moments, double consistency, Decimal limit) {
  if (limit.micros() <= -Decimal::kOne) return false;
  if (limit.micros() > Decimal::kOne) return true;
  const absl::int128 below = limit.micros(), rest = absl::int128(2) * Decimal::kOne - below;
  const bool whole = moments.whole_xx > 0;
  if (whole && (below == 0 || (moments.whole_xy < 0) != (below < 0))) return moments.whole_xy < below;
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (!whole || moments.whole_xx > kMost || moments.whole_yy > kMost) {
    return consistency < limit.ToDouble();
  }
  const absl::int128 ours = moments.whole_xy * moments.whole_xy * rest * rest,
                     theirs = below * below * moments.whole_xx * moments.whole_yy;
  return below < 0 ? ours > theirs : ours < theirs;
}

}  // namespace

void JudgeStraightLine(const Items& items, int least_answers, std::int64_t from, int n, Judged* out) {
  std::uint8_t least[kTile], most[kTile];
  std::uint16_t answers[kTile];
  std::fill(least, least + n, std::uint8_t{255});
  std::fill(most, most + n, std::uint8_t{0});
  std::fill(answers, answers + n, std::uint16_t{0});
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = StepsOf(item, from);
    for (int i = 0; i < n; ++i) {
      const bool answer = IsAnswer(steps[i]);
      least[i] = answer && steps[i] < least[i] ? steps[i] : least[i];
      most[i] = answer && steps[i] > most[i] ? steps[i] : most[i];
      answers[i] = static_cast<std::uint16_t>(answers[i] + answer);
    }
  }
  std::uint8_t* const truth = out->truth.data() + from;
  for (int i = 0; i < n; ++i) {
    truth[i] = answers[i] == 0                                      ? kUnknown
               : answers[i] >= least_answers && least[i] == most[i] ? kTrue
                                                                    : kFalse;
  }
}

void JudgeAllExtreme(const Items& items, int least_answers, std::int64_t from, int n, Judged* out) {
  std::uint16_t answers[kTile], lowest[kTile], highest[kTile];
  std::fill(answers, answers + n, std::uint16_t{0});
  std::fill(lowest, lowest + n, std::uint16_t{0});
  std::fill(highest, highest + n, std::uint16_t{0});
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = StepsOf(item, from);
    const auto top = static_cast<std::uint8_t>(item->levels - 1);
    for (int i = 0; i < n; ++i) {
      answers[i] = static_cast<std::uint16_t>(answers[i] + IsAnswer(steps[i]));
      lowest[i] = static_cast<std::uint16_t>(lowest[i] + (steps[i] == 0));
      highest[i] = static_cast<std::uint16_t>(highest[i] + (steps[i] == top));
    }
  }
  std::uint8_t* const truth = out->truth.data() + from;
  for (int i = 0; i < n; ++i) {
    const bool extreme = lowest[i] == answers[i] || highest[i] == answers[i];
    truth[i] = answers[i] == 0 ? kUnknown : answers[i] >= least_answers && extreme ? kTrue : kFalse;
  }
}

void JudgeLongString(const Items& items, int at_least, std::int64_t from, int n, Judged* out) {
  std::uint16_t run[kTile], longest[kTile];
  std::fill(run, run + n, std::uint16_t{0});
  std::fill(longest, longest + n, std::uint16_t{0});
  const std::uint8_t* before = nullptr;
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = StepsOf(item, from);
    for (int i = 0; i < n; ++i) {
      const bool same = before != nullptr && before[i] == steps[i];
      const int now = !IsAnswer(steps[i]) ? 0 : same ? run[i] + 1 : 1;
      run[i] = static_cast<std::uint16_t>(now);
      longest[i] = std::max(longest[i], run[i]);
    }
    before = steps;
  }
  for (int i = 0; i < n; ++i) {
    out->truth[static_cast<std::size_t>(from + i)] = longest[i] == 0          ? kUnknown
                                                     : longest[i] >= at_least ? kTrue
                                                                              : kFalse;
    if (longest[i] > 0) SetValue(from + i, longest[i], out);
  }
}

void JudgeVariability(const Items& items, const VariabilityRule& rule, std::int64_t from, int n,
                      Judged* out) {
  std::int32_t answers[kTile], sum[kTile], squares[kTile];
  std::fill(answers, answers + n, 0);
  std::fill(sum, sum + n, 0);
  std::fill(squares, squares + n, 0);
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = StepsOf(item, from);
    for (int i = 0; i < n; ++i) {
      const std::int32_t answer = IsAnswer(steps[i]) ? 1 : 0, step = answer * steps[i];
      answers[i] += answer;
      sum[i] += step;
      squares[i] += step * step;
    }
  }
  const auto square = [](Decimal limit) { return absl::int128(limit.micros()) * limit.micros(); };
  for (int i = 0; i < n; ++i) {
    const std::int64_t count = answers[i];
    if (count < 2) {
      out->truth[static_cast<std::size_t>(from + i)] = kUnknown;
      continue;
    }
    // Variance = deviation / parts; the limits are compared with it squared, without a root.
    const std::int64_t deviation = count * squares[i] - std::int64_t{sum[i]} * sum[i],
                       parts = count * (count - 1);
    const absl::int128 scaled = absl::int128(deviation) * Decimal::kOne * Decimal::kOne;
    const bool met = (rule.below.has_value() && scaled < square(*rule.below) * parts) ||
                     (rule.above.has_value() && scaled > square(*rule.above) * parts);
    out->truth[static_cast<std::size_t>(from + i)] = met ? kTrue : kFalse;
    SetValue(from + i, std::sqrt(static_cast<double>(deviation) / static_cast<double>(parts)), out);
  }
}

void JudgeEvenOdd(const std::vector<EvenOddPart>& parts, Decimal below, std::int64_t from, int n,
                  Judged* out) {
  struct Half {
    std::int32_t sum, answers;
  };
  std::vector<Half> odd(parts.size() * static_cast<std::size_t>(n)), even(odd);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (std::size_t j = 0; j < parts[p].items.size(); ++j) {
      const ItemColumn* const item = parts[p].items[j];
      const std::uint8_t* const steps = StepsOf(item, from);
      const std::int32_t turn = parts[p].reversed[j] ? item->levels - 1 : 0;
      Half* const half = &(j % 2 == 0 ? odd : even)[p * static_cast<std::size_t>(n)];
      for (int i = 0; i < n; ++i) {
        const std::int32_t answer = IsAnswer(steps[i]) ? 1 : 0;
        half[i].sum += answer * (turn > 0 ? turn - steps[i] : steps[i]);
        half[i].answers += answer;
      }
    }
  }
  Halves halves(parts.size());
  for (int i = 0; i < n; ++i) {
    halves.used = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const Half a = odd[p * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)];
      const Half b = even[p * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)];
      if (a.answers == 0 || b.answers == 0) continue;
      // Ranks, not steps: parts may have scales that begin elsewhere.
      const std::int64_t low = parts[p].items[0]->low;
      halves.x[halves.used] = {a.sum + low * a.answers, a.answers};
      halves.y[halves.used] = {b.sum + low * b.answers, b.answers};
      ++halves.used;
    }
    const Moments moments = MomentsOf(&halves);
    if (moments.xx <= 0 || moments.yy <= 0) {
      out->truth[static_cast<std::size_t>(from + i)] = kUnknown;
      continue;
    }
    const double r = std::clamp(moments.xy / std::sqrt(moments.xx * moments.yy), -1.0, 1.0);
    // 2 r / (1 + r) falls below -1 from r = -1/3 on.
    const double consistency = r <= -1.0 / 3 ? -1.0 : 2 * r / (1 + r);
    out->truth[static_cast<std::size_t>(from + i)] = IsBelow(moments, consistency, below) ? kTrue : kFalse;
    SetValue(from + i, consistency, out);
  }
}

void JudgeDefaultAnswers(const Items& items, const std::vector<std::uint8_t>& defaults,
                         const DefaultAnswerRule& rule, std::int64_t from, int n, Judged* out) {
  std::uint16_t answers[kTile], left[kTile];
  std::fill(answers, answers + n, std::uint16_t{0});
  std::fill(left, left + n, std::uint16_t{0});
  for (std::size_t j = 0; j < items.size(); ++j) {
    const std::uint8_t* const steps = StepsOf(items[j], from);
    for (int i = 0; i < n; ++i) {
      answers[i] = static_cast<std::uint16_t>(answers[i] + IsAnswer(steps[i]));
      left[i] = static_cast<std::uint16_t>(left[i] + (steps[i] == defaults[j]));
    }
  }
  for (int i = 0; i < n; ++i) {
    if (answers[i] == 0) {
      out->truth[static_cast<std::size_t>(from + i)] = kUnknown;
      continue;
    }
    const bool met = answers[i] >= rule.least_answers &&
                     std::int64_t{left[i]} * Decimal::kOne >= rule.at_least.micros() * answers[i];
    out->truth[static_cast<std::size_t>(from + i)] = met ? kTrue : kFalse;
    SetValue(from + i, static_cast<double>(left[i]) / answers[i], out);
  }
}

void JudgeOffScale(const Items& items, std::int64_t from, int n, Judged* out) {
  std::uint8_t* const truth = out->truth.data() + from;
  std::fill(truth, truth + n, kFalse);
  for (const ItemColumn* item : items) {
    const std::uint8_t* const steps = StepsOf(item, from);
    for (int i = 0; i < n; ++i) truth[i] = steps[i] == kOffScale ? kTrue : truth[i];
  }
}

}  // namespace csat::survey
