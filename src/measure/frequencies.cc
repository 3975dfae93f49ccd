#include "csat/measure/frequencies.h"

#include <cmath>

#include "measure/exact_difference.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

// The number of values, or what is wrong with the table.
Measured<std::int64_t> Count(const Frequencies& frequencies) {
  if (frequencies.unit < 1) return Gap::Reason::kInvalid;
  std::int64_t n = 0;
  for (std::size_t i = 0; i < frequencies.levels.size(); ++i) {
    const Frequencies::Level& level = frequencies.levels[i];
    const bool ascending = i == 0 || frequencies.levels[i - 1].value < level.value;
    if (!ascending || level.value > kMost || level.value < -kMost || level.count < 0 ||
        level.count > kMost - n) {
      return Gap{Gap::Reason::kInvalid, {static_cast<int>(i)}};
    }
    n += level.count;
  }
  if (n == 0) return Gap::Reason::kEmpty;
  return n;
}

// A limit beyond every value is as good as the one just beyond.
std::int64_t Held(absl::int128 limit) {
  if (limit > kMost) return kMost + 1;
  return limit < -kMost ? -kMost - 1 : static_cast<std::int64_t>(limit);
}

// The value at `position` of all values in ascending order, 0-based, in ticks.
double OrderStatistic(const Frequencies& frequencies, std::int64_t position) {
  std::int64_t below = 0;
  for (const Frequencies::Level& level : frequencies.levels) {
    below += level.count;
    if (position < below) return static_cast<double>(level.value);
  }
  return 0;
}

// Sums of squares, cubes and fourth powers of deviations from the mean, divided by n, in ticks.
struct CentralMoments {
  double second, third, fourth;
};

Measured<CentralMoments> CentralMomentsOf(const Frequencies& frequencies) {
  const Measured<Moments> moments = MomentsOf(frequencies);
  if (!moments.has_value()) return moments.gap();
  const auto n = static_cast<double>(moments->n);
  double second = 0, third = 0, fourth = 0;
  for (const Frequencies::Level& level : frequencies.levels) {
    // n times the deviation is an exact integer.
    const double deviation = Nearest(absl::int128(level.value) * moments->n - moments->sum) / n;
    const double square = deviation * deviation, share = static_cast<double>(level.count) / n;
    second += share * square;
    third += share * (square * deviation);
    fourth += share * (square * square);
  }
  if (second == 0) return Gap::Reason::kConstant;
  return CentralMoments{second, third, fourth};
}

}  // namespace

Measured<Moments> MomentsOf(const Frequencies& frequencies) {
  const Measured<std::int64_t> n = Count(frequencies);
  if (!n.has_value()) return n.gap();
  Moments moments;
  moments.n = *n;
  moments.unit = frequencies.unit;
  for (const Frequencies::Level& level : frequencies.levels) {
    const absl::int128 sum = absl::int128(level.value) * level.count;
    moments.sum += sum;
    moments.square_sum += sum * level.value;
  }
  return moments;
}

Measured<std::vector<double>> Modes(const Frequencies& frequencies) {
  const Measured<std::int64_t> n = Count(frequencies);
  if (!n.has_value()) return n.gap();
  std::int64_t most = 0;
  for (const Frequencies::Level& level : frequencies.levels) most = level.count > most ? level.count : most;
  std::vector<double> modes;
  for (const Frequencies::Level& level : frequencies.levels) {
    if (level.count == most) {
      modes.push_back(static_cast<double>(level.value) / static_cast<double>(frequencies.unit));
    }
  }
  return modes;
}

Estimate Quantile(const Frequencies& frequencies, double p) {
  const Measured<std::int64_t> n = Count(frequencies);
  if (!n.has_value()) return n.gap();
  if (!(p >= 0 && p <= 1)) return Gap::Reason::kInvalid;
  const double place = static_cast<double>(*n - 1) * p, whole = std::floor(place);
  const auto position = static_cast<std::int64_t>(whole);
  const double low = OrderStatistic(frequencies, position);
  const double high = position + 1 < *n ? OrderStatistic(frequencies, position + 1) : low;
  return (low + (place - whole) * (high - low)) / static_cast<double>(frequencies.unit);
}

Estimate Median(const Frequencies& frequencies) { return Quantile(frequencies, 0.5); }

Estimate Skewness(const Frequencies& frequencies) {
  const Measured<CentralMoments> m = CentralMomentsOf(frequencies);
  if (!m.has_value()) return m.gap();
  return m->third / (m->second * std::sqrt(m->second));
}

Estimate ExcessKurtosis(const Frequencies& frequencies) {
  const Measured<CentralMoments> m = CentralMomentsOf(frequencies);
  if (!m.has_value()) return m.gap();
  return m->fourth / (m->second * m->second) - 3;
}

Measured<Proportion> AtLeast(const Frequencies& frequencies, std::int64_t value) {
  const Measured<std::int64_t> n = Count(frequencies);
  if (!n.has_value()) return n.gap();
  Proportion proportion{0, *n};
  for (const Frequencies::Level& level : frequencies.levels) {
    if (level.value >= value) proportion.count += level.count;
  }
  return proportion;
}

Measured<Proportion> AtMost(const Frequencies& frequencies, std::int64_t value) {
  const Measured<std::int64_t> n = Count(frequencies);
  if (!n.has_value()) return n.gap();
  Proportion proportion{0, *n};
  for (const Frequencies::Level& level : frequencies.levels) {
    if (level.value <= value) proportion.count += level.count;
  }
  return proportion;
}

Measured<Proportion> TopBox(const Frequencies& frequencies, std::int64_t highest, int boxes) {
  if (boxes < 1) return Gap::Reason::kInvalid;
  return AtLeast(frequencies, Held(absl::int128(highest) - absl::int128(boxes - 1) * frequencies.unit));
}

Measured<Proportion> BottomBox(const Frequencies& frequencies, std::int64_t lowest, int boxes) {
  if (boxes < 1) return Gap::Reason::kInvalid;
  return AtMost(frequencies, Held(absl::int128(lowest) + absl::int128(boxes - 1) * frequencies.unit));
}

}  // namespace csat
