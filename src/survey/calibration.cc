#include "csat/survey/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <tuple>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 62;

// Rows of the same categories and base weight have the same weight.
struct Cell {
  const std::vector<int>* categories;
  double base;
  double rows;
  std::vector<std::size_t> members;  // By id.
  double weight;                     // Of one row, the mean being 1; before the limits.
};

struct Limits {
  double least, greatest;
  double operator()(double weight) const { return std::fmin(std::fmax(weight, least), greatest); }
};

std::string Place(const PopulationMargin& margin, std::size_t category) {
  return absl::StrCat("margin ", Quoted(margin.name), ", category ",
                      Quoted(margin.categories[category].name));
}

absl::Status CheckMargins(const std::vector<PopulationMargin>& margins) {
  if (margins.empty()) return absl::InvalidArgumentError("margins: there is none");
  for (std::size_t m = 0; m < margins.size(); ++m) {
    const PopulationMargin& margin = margins[m];
    for (std::size_t other = 0; other < m; ++other) {
      if (margins[other].name == margin.name)
        return absl::InvalidArgumentError(
            absl::StrCat("margin ", Quoted(margin.name), ": there are two of it"));
    }
    std::int64_t sum = 0;
    std::vector<std::string_view> names;
    for (std::size_t c = 0; c < margin.categories.size(); ++c) {
      const std::int64_t target = margin.categories[c].target.micros();
      if (target < 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            Place(margin, c), ": the target ", margin.categories[c].target.ToString(), " is below 0"));
      }
      if (target > kMost - sum) {
        return absl::InvalidArgumentError(
            absl::StrCat("margin ", Quoted(margin.name), ": its targets sum beyond 2^62 millionths"));
      }
      sum += target;
      names.push_back(margin.categories[c].name);
    }
    if (sum == 0)
      return absl::InvalidArgumentError(
          absl::StrCat("margin ", Quoted(margin.name), ": no target is above 0"));
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("margin ", Quoted(margin.name), ": there are two categories ", Quoted(*twice)));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRows(const std::vector<PopulationMargin>& margins, const std::vector<SampledRow>& rows) {
  if (rows.empty()) return absl::InvalidArgumentError("rows: there is none");
  std::vector<std::string_view> ids;
  for (const SampledRow& row : rows) {
    ids.push_back(row.id);
    if (row.categories.size() != margins.size()) {
      return absl::InvalidArgumentError(absl::StrCat("row ", Quoted(row.id), ": ", row.categories.size(),
                                                     " categories for ", margins.size(), " margins"));
    }
    for (std::size_t m = 0; m < margins.size(); ++m) {
      const int category = row.categories[m];
      if (category < 0 || static_cast<std::size_t>(category) >= margins[m].categories.size()) {
        return absl::InvalidArgumentError(absl::StrCat("row ", Quoted(row.id), ": there is no category ",
                                                       category, " in margin ", Quoted(margins[m].name)));
      }
    }
    if (row.base <= Decimal()) {
      return absl::InvalidArgumentError(
          absl::StrCat("row ", Quoted(row.id), ": the base weight ", row.base.ToString(), " is not above 0"));
    }
  }
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end())
    return absl::InvalidArgumentError(absl::StrCat("row ", Quoted(*twice), ": there are two of it"));
  return absl::OkStatus();
}

absl::Status CheckRules(const CalibrationRules& rules, std::size_t rows) {
  const Decimal one = Decimal::FromInteger(1);
  const std::int64_t total = rules.total.has_value() ? rules.total->micros() : 0;
  if (rules.total.has_value() && (total > kMost || total < static_cast<std::int64_t>(rows))) {
    return absl::InvalidArgumentError(absl::StrCat("total: ", rules.total->ToString(), " lies outside of [",
                                                   rows, " millionths, 2^62 millionths]"));
  }
  if (rules.least.has_value() && (*rules.least < Decimal() || *rules.least > one)) {
    return absl::InvalidArgumentError(
        absl::StrCat("least: ", rules.least->ToString(), " lies outside of [0, 1]"));
  }
  if (rules.greatest.has_value() && *rules.greatest < one)
    return absl::InvalidArgumentError(absl::StrCat("greatest: ", rules.greatest->ToString(), " is below 1"));
  if (!(rules.tolerance >= 1e-12 && rules.tolerance <= 0.01))
    return absl::InvalidArgumentError(
        absl::StrCat("tolerance: ", rules.tolerance, " lies outside of [1e-12, 0.01]"));
  if (rules.most_cycles < 1 || rules.most_cycles > 100'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("most_cycles: ", rules.most_cycles, " lies outside of [1, 100000]"));
  }
  return absl::OkStatus();
}

// In an order that depends on no order of the rows.
std::vector<Cell> CellsOf(const std::vector<SampledRow>& rows) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&rows](std::size_t a, std::size_t b) {
    return std::make_tuple(std::cref(rows[a].categories), rows[a].base.micros(),
                           std::string_view(rows[a].id)) < std::make_tuple(std::cref(rows[b].categories),
                                                                           rows[b].base.micros(),
                                                                           std::string_view(rows[b].id));
  });
  std::vector<Cell> cells;
  const SampledRow* last = nullptr;
  for (const std::size_t i : order) {
    const SampledRow& row = rows[i];
    if (last == nullptr || last->categories != row.categories || last->base != row.base)
      cells.push_back({&row.categories, static_cast<double>(row.base.micros()), 0, {}, 0});
    cells.back().rows += 1;
    cells.back().members.push_back(i);
    last = &row;
  }
  double sum = 0;
  for (const Cell& cell : cells) sum += cell.rows * cell.base;
  for (Cell& cell : cells) cell.weight = cell.base / (sum / static_cast<double>(rows.size()));
  return cells;
}

// A category of a margin: what its rows shall weigh, the mean weight being 1, and the cells they are in.
struct Part {
  std::size_t margin, category;
  double target, rows;
  std::vector<Cell*> cells;
};

absl::StatusOr<std::vector<Part>> PartsOf(const std::vector<PopulationMargin>& margins,
                                          std::vector<Cell>* cells, double n, const Limits& limits) {
  std::vector<Part> parts;
  for (std::size_t m = 0; m < margins.size(); ++m) {
    const auto& categories = margins[m].categories;
    std::int64_t sum = 0;
    for (const auto& category : categories) sum += category.target.micros();
    std::vector<Part> of_margin(categories.size());
    for (Cell& cell : *cells) {
      Part& part = of_margin[static_cast<std::size_t>((*cell.categories)[m])];
      part.rows += cell.rows;
      part.cells.push_back(&cell);
    }
    for (std::size_t c = 0; c < categories.size(); ++c) {
      Part& part = of_margin[c];
      const Decimal target = categories[c].target;
      part.margin = m;
      part.category = c;
      part.target = n * (static_cast<double>(target.micros()) / static_cast<double>(sum));
      if (part.cells.empty() && target == Decimal()) continue;
      if (part.cells.empty()) {
        return absl::FailedPreconditionError(
            absl::StrCat(Place(margins[m], c), ": the target ", target.ToString(), " and no row"));
      }
      if (target == Decimal()) {
        return absl::FailedPreconditionError(
            absl::StrCat(Place(margins[m], c), ": ", part.rows, " rows and the target 0"));
      }
      const double least = part.rows * limits.least, greatest = part.rows * limits.greatest;
      if (part.target < least * (1 - 1e-12) || part.target > greatest * (1 + 1e-12)) {
        return absl::FailedPreconditionError(absl::StrCat(
            Place(margins[m], c), ": the target is ", part.target / n, " of the total, the limits leave [",
            least / n, ", ", std::fmin(greatest / n, 1), "] to its ", part.rows, " rows"));
      }
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

double SumOf(const Part& part, const Limits& limits, double factor = 1) {
  double sum = 0;
  for (const Cell* cell : part.cells) sum += cell->rows * limits(cell->weight * factor);
  return sum;
}

// Where all rows of a part have to be at one limit, the least change that brings them there.
std::optional<double> FactorToLimit(const Part& part, const Limits& limits) {
  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  for (const Cell* cell : part.cells) {
    least = std::fmin(least, limits.least / cell->weight);
    greatest = std::fmax(greatest, limits.greatest / cell->weight);
  }
  if (part.target >= part.rows * limits.greatest * (1 - 1e-12)) return greatest;
  if (part.target <= part.rows * limits.least * (1 + 1e-12)) return least;
  return std::nullopt;
}

// The factor with which the part meets its target. Newton's method, which ends after one step where no limit
// is in the way, kept within a bracket: the sum rises with the factor, by straight pieces.
double FactorOf(const Part& part, const Limits& limits) {
  if (const std::optional<double> to_limit = FactorToLimit(part, limits); to_limit.has_value())
    return *to_limit;
  double low = 0, high = std::numeric_limits<double>::infinity(), factor = 1;
  for (int i = 0; i < 200; ++i) {
    double sum = 0, slope = 0;
    for (const Cell* cell : part.cells) {
      const double weight = cell->weight * factor, within = limits(weight);
      sum += cell->rows * within;
      if (weight == within) slope += cell->rows * cell->weight;
    }
    if (sum == part.target) break;
    (sum < part.target ? low : high) = factor;
    double next = factor + (part.target - sum) / slope;
    if (!(next > low && next < high)) next = std::isinf(high) ? factor * 2 : low / 2 + high / 2;
    if (std::fabs(next - factor) <= 1e-15 * factor) break;
    factor = next;
  }
  return factor;
}

// The part that is furthest from its target.
std::pair<double, const Part*> Furthest(const std::vector<Part>& parts, double n, const Limits& limits) {
  std::pair<double, const Part*> furthest{-1, nullptr};
  for (const Part& part : parts) {
    const double distance = std::fabs(SumOf(part, limits) - part.target) / n;
    if (!(distance <= furthest.first)) furthest = {distance, &part};
  }
  return furthest;
}

double Nearly(absl::uint128 x) {
  return static_cast<double>(absl::Uint128High64(x)) * 18446744073709551616.0 +
         static_cast<double>(absl::Uint128Low64(x));
}

// The weights of the cells shared out among the rows in millionths, by the largest remainder.
std::vector<Decimal> Rounded(const std::vector<Cell>& cells, const Limits& limits, std::size_t n,
                             std::int64_t total) {
  struct Share {
    std::size_t row;
    std::int64_t whole;
    absl::uint128 rest;
  };
  // Weights as integers that sum to about 2^62.
  std::vector<std::uint64_t> parts;
  absl::uint128 sum = 0;
  for (const Cell& cell : cells) {
    parts.push_back(
        static_cast<std::uint64_t>(limits(cell.weight) / static_cast<double>(n) * 4611686018427387904.0));
    sum += absl::uint128(parts.back()) * cell.members.size();
  }
  std::vector<Share> shares;
  std::int64_t left = total;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const absl::uint128 exact = absl::uint128(parts[k]) * static_cast<std::uint64_t>(total);
    for (const std::size_t row : cells[k].members) {
      shares.push_back({row, static_cast<std::int64_t>(exact / sum), exact % sum});
      left -= shares.back().whole;
    }
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.rest > b.rest; });
  std::vector<Decimal> weights(n);
  for (const Share& share : shares)
    weights[share.row] = Decimal::FromMicros(share.whole + (left-- > 0 ? 1 : 0));
  return weights;
}

void Sum(const std::vector<PopulationMargin>& margins, const std::vector<SampledRow>& rows,
         std::int64_t total, CalibratedWeights* result) {
  for (std::size_t m = 0; m < margins.size(); ++m) {
    std::vector<std::int64_t> sums(margins[m].categories.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      sums[static_cast<std::size_t>(rows[i].categories[m])] += result->weights[i].micros();
    std::int64_t whole = 0;
    for (const auto& category : margins[m].categories) whole += category.target.micros();
    std::vector<Decimal> achieved;
    for (std::size_t c = 0; c < sums.size(); ++c) {
      achieved.push_back(Decimal::FromMicros(sums[c]));
      const absl::int128 distance =
          absl::int128(sums[c]) * whole - absl::int128(total) * margins[m].categories[c].target.micros();
      const double deviation = Nearly(static_cast<absl::uint128>(distance < 0 ? -distance : distance)) /
                               (static_cast<double>(total) * static_cast<double>(whole));
      result->largest_deviation = std::fmax(result->largest_deviation, deviation);
    }
    result->achieved.push_back(std::move(achieved));
  }
  absl::uint128 squares = 0;
  for (const Decimal weight : result->weights) {
    const auto micros = static_cast<std::uint64_t>(weight.micros());
    squares += absl::uint128(micros) * micros;
  }
  const auto sum = static_cast<double>(total);
  result->design_effect = Nearly(squares) / sum * (static_cast<double>(rows.size()) / sum);
}

}  // namespace

absl::StatusOr<CalibratedWeights> Calibrate(const std::vector<PopulationMargin>& margins,
                                            const std::vector<SampledRow>& rows,
                                            const CalibrationRules& rules) {
  if (absl::Status status = CheckMargins(margins); !status.ok()) return status;
  if (absl::Status status = CheckRows(margins, rows); !status.ok()) return status;
  if (absl::Status status = CheckRules(rules, rows.size()); !status.ok()) return status;
  const auto n = static_cast<double>(rows.size());
  const std::int64_t total =
      rules.total.value_or(Decimal::FromInteger(static_cast<std::int64_t>(rows.size()))).micros();
  const Limits limits{
      rules.least.has_value() ? rules.least->ToDouble() : 0,
      rules.greatest.has_value() ? rules.greatest->ToDouble() : std::numeric_limits<double>::infinity()};

  std::vector<Cell> cells = CellsOf(rows);
  absl::StatusOr<std::vector<Part>> parts = PartsOf(margins, &cells, n, limits);
  if (!parts.ok()) return parts.status();
  CalibratedWeights result;
  std::pair<double, const Part*> furthest;
  do {
    ++result.cycles;
    for (const Part& part : *parts) {
      const double factor = FactorOf(part, limits);
      // Where margins and limits contradict each other, factors grow without end.
      for (Cell* cell : part.cells) cell->weight = std::fmin(std::fmax(cell->weight * factor, 1e-200), 1e200);
    }
    furthest = Furthest(*parts, n, limits);
  } while (!(furthest.first <= rules.tolerance) && result.cycles < rules.most_cycles);
  if (!(furthest.first <= rules.tolerance)) {
    const Part& part = *furthest.second;
    return absl::FailedPreconditionError(
        absl::StrCat(Place(margins[part.margin], part.category), ": after ", result.cycles, " cycles still ",
                     furthest.first, " of the total off its target, the tolerance is ", rules.tolerance));
  }

  result.weights = Rounded(cells, limits, rows.size(), total);
  for (const Cell& cell : cells) {
    if ((rules.least.has_value() && cell.weight <= limits.least) || cell.weight >= limits.greatest)
      result.trimmed += static_cast<std::int64_t>(cell.members.size());
    for (const std::size_t i : cell.members) {
      if (result.weights[i] > Decimal()) continue;
      return absl::FailedPreconditionError(absl::StrCat(
          "row ", Quoted(rows[i].id), ": its weight is below a millionth; a limit `least` keeps it"));
    }
  }
  Sum(margins, rows, total, &result);
  return result;
}

}  // namespace csat
