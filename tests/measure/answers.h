// Answers of several items as plain columns, and the exact aggregates counted from them row by row.
#ifndef CSAT_TESTS_MEASURE_ANSWERS_H_
#define CSAT_TESTS_MEASURE_ANSWERS_H_

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "csat/measure/co_moments.h"
#include "csat/measure/frequencies.h"

namespace csat {

constexpr std::int64_t kNoAnswer = std::numeric_limits<std::int64_t>::min();

// answers[item][row], in ticks.
using Answers = std::vector<std::vector<std::int64_t>>;

inline Frequencies FrequenciesOf(const std::vector<std::int64_t>& column, std::int64_t unit = 1) {
  std::map<std::int64_t, std::int64_t> counts;
  for (const std::int64_t value : column) {
    if (value != kNoAnswer) ++counts[value];
  }
  Frequencies frequencies;
  frequencies.unit = unit;
  for (const auto& [value, count] : counts) frequencies.levels.push_back({value, count});
  return frequencies;
}

inline Moments MomentsOfColumn(const std::vector<std::int64_t>& column, std::int64_t unit = 1) {
  Moments moments;
  moments.unit = unit;
  for (const std::int64_t value : column) {
    if (value == kNoAnswer) continue;
    ++moments.n;
    moments.sum += value;
    moments.square_sum += absl::int128(value) * value;
  }
  return moments;
}

// In sums of T, which has to hold them.
template <typename T>
CoMoments PairwiseMomentsIn(const Answers& answers, std::int64_t unit) {
  const std::size_t k = answers.size(), rows = k == 0 ? 0 : answers[0].size();
  CoMoments moments;
  moments.items = static_cast<int>(k);
  moments.rows = static_cast<std::int64_t>(rows);
  moments.units.assign(k, unit);
  moments.n.resize(k * k);
  moments.sum.resize(k * k);
  moments.square.resize(k * k);
  moments.product.resize(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      std::int64_t n = 0;
      T sum = 0, square = 0, product = 0;
      const std::int64_t *of_x = answers[i].data(), *of_y = answers[j].data();
      for (std::size_t row = 0; row < rows; ++row) {
        const std::int64_t x = of_x[row], y = of_y[row];
        if (x == kNoAnswer || y == kNoAnswer) continue;
        ++n;
        sum += x;
        square += T(x) * x;
        product += T(x) * y;
      }
      moments.n[i * k + j] = n;
      moments.sum[i * k + j] = sum;
      moments.square[i * k + j] = square;
      moments.product[i * k + j] = product;
    }
  }
  return moments;
}

inline CoMoments PairwiseMomentsOf(const Answers& answers, std::int64_t unit = 1) {
  bool small = answers.empty() || answers[0].size() < (1u << 20);
  for (const auto& column : answers) {
    for (const std::int64_t x : column)
      small = small && (x == kNoAnswer || (x < (1 << 20) && x > -(1 << 20)));
  }
  return small ? PairwiseMomentsIn<std::int64_t>(answers, unit)
               : PairwiseMomentsIn<absl::int128>(answers, unit);
}

inline Answers CompleteRows(const Answers& answers) {
  Answers complete(answers.size());
  for (std::size_t row = 0; !answers.empty() && row < answers[0].size(); ++row) {
    bool whole = true;
    for (const auto& column : answers) whole = whole && column[row] != kNoAnswer;
    for (std::size_t i = 0; whole && i < answers.size(); ++i) complete[i].push_back(answers[i][row]);
  }
  return complete;
}

inline CoMoments ListwiseMomentsOf(const Answers& answers, std::int64_t unit = 1) {
  return PairwiseMomentsOf(CompleteRows(answers), unit);
}

}  // namespace csat

#endif  // CSAT_TESTS_MEASURE_ANSWERS_H_
