#include "survey/answer_indices.h"

#include <algorithm>
#include <cmath>

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
  std::vector<double> x(parts.size()), y(parts.size());
  const double limit = below.ToDouble();
  for (int i = 0; i < n; ++i) {
    std::size_t used = 0;
    Half first_odd{}, first_even{};
    bool odd_varies = false, even_varies = false;
    double mean_x = 0, mean_y = 0;
    const auto differ = [](Half a, Half b) { return a.sum * b.answers != b.sum * a.answers; };
    for (std::size_t p = 0; p < parts.size(); ++p) {
      Half a = odd[p * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)];
      Half b = even[p * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)];
      if (a.answers == 0 || b.answers == 0) continue;
      // Ranks, not steps: parts may have scales that begin elsewhere.
      const auto low = static_cast<std::int32_t>(parts[p].items[0]->low);
      a.sum += low * a.answers;
      b.sum += low * b.answers;
      if (used == 0) {
        first_odd = a;
        first_even = b;
      }
      odd_varies |= differ(a, first_odd);
      even_varies |= differ(b, first_even);
      x[used] = static_cast<double>(a.sum) / a.answers;
      y[used] = static_cast<double>(b.sum) / b.answers;
      mean_x += x[used];
      mean_y += y[used];
      ++used;
    }
    if (!odd_varies || !even_varies) {
      out->truth[static_cast<std::size_t>(from + i)] = kUnknown;
      continue;
    }
    mean_x /= static_cast<double>(used);
    mean_y /= static_cast<double>(used);
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t p = 0; p < used; ++p) {
      const double dx = x[p] - mean_x, dy = y[p] - mean_y;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
    const double r = std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
    // 2 r / (1 + r) falls below -1 from r = -1/3 on.
    const double consistency = r <= -1.0 / 3 ? -1.0 : 2 * r / (1 + r);
    out->truth[static_cast<std::size_t>(from + i)] = consistency < limit ? kTrue : kFalse;
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
