#include "csat/measure/measure_table.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "measure/group_table.h"

namespace csat {
namespace {

// A column of few words, each kept once.
class WordColumn {
 public:
  WordColumn(std::string name, std::size_t rows, bool nullable)
      : codes_(std::move(name), "i", rows, nullable) {}
  bool ok() const { return codes_.ok(); }
  void Set(std::size_t row, std::string_view word) {
    const auto [at, inserted] =
        places_.try_emplace(std::string(word), static_cast<std::int32_t>(words_.size()));
    if (inserted) words_.emplace_back(word);
    codes_.Set(row, at->second);
  }
  void Clear(std::size_t row) { codes_.Clear(row); }
  OutColumn Take() {
    OutColumn made = codes_.Take();
    made.has_dictionary = true;
    made.dictionary = std::move(words_);
    return made;
  }

 private:
  TypedColumn<std::int32_t> codes_;
  std::vector<std::string> words_;
  std::unordered_map<std::string, std::int32_t> places_;  // Of Abseil's, a failing allocation leaves pieces.
};

std::string_view IntervalOf(const Measure& measure) {
  if (!measure.weight.empty()) return "effective_size";
  if (std::holds_alternative<DifferenceMeasure>(measure.form)) return "mover";
  if (std::holds_alternative<ShareMeasure>(measure.form)) return "wilson";
  return std::holds_alternative<NpsMeasure>(measure.form) ? "score" : "student_t";
}

// Groups of the table: those of the aggregates, or the one of a plan without keys.
struct Groups {
  const MeasurePlan& plan;
  const Aggregates& aggregates;

  bool none() const { return aggregates.groups() == 0 && plan.keys().empty(); }
  std::size_t size() const { return none() ? 1 : aggregates.groups(); }
  MeasureFigure Figure(std::size_t group, std::size_t measure, std::optional<double> level) const {
    return none() ? plan.FigureOfNone(measure) : plan.FigureOf(aggregates, group, measure, level);
  }
};

}  // namespace

absl::Status ExportFigures(const MeasurePlan& plan, const Aggregates& aggregates, double level,
                           ArrowSchema* schema, ArrowArray* array) {
  if (!(level > 0 && level < 1))
    return absl::InvalidArgumentError(absl::StrCat("level ", level, " lies outside (0, 1)"));
  if (absl::Status status = plan.CheckOwner(aggregates); !status.ok()) return status;
  const Groups groups{plan, aggregates};
  const std::vector<const Measure*> measures = plan.measures();
  const std::size_t rows = groups.size() * measures.size();
  std::vector<std::size_t> group_of_row;
  for (std::size_t row = 0; row < rows; ++row) group_of_row.push_back(row / measures.size());
  std::vector<OutColumn> columns;
  if (!plan.keys().empty()) {
    if (absl::Status status = KeyTable(aggregates).AddTo(group_of_row, &columns); !status.ok()) return status;
  }
  const std::size_t keys = columns.size();
  WordColumn measure("measure", rows, false), interval("interval", rows, true), shown("shown", rows, false),
      target("target", rows, true), reason("reason", rows, true), none("no_interval", rows, true);
  TypedColumn<std::int64_t> n("n", "l", rows, false);
  TypedColumn<double> value("value", "g", rows, true), low("low", "g", rows, true),
      high("high", "g", rows, true), design("design_effect", "g", rows, true);
  if (!measure.ok() || !interval.ok() || !shown.ok() || !target.ok() || !reason.ok() || !none.ok() ||
      !n.ok() || !value.ok() || !low.ok() || !high.ok() || !design.ok())
    return NoMemoryForTable();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t index = row % measures.size();
    const MeasureFigure figure = groups.Figure(group_of_row[row], index, level);
    measure.Set(row, measures[index]->id);
    n.Set(row, figure.n);
    SetEstimate(figure.value, row, &value);
    SetEstimate(figure.design_effect, row, &design);
    shown.Set(row, figure.shown);
    if (figure.target == TargetStatus::kNoTarget) {
      target.Clear(row);
    } else {
      target.Set(row, TargetStatusName(figure.target));
    }
    if (figure.value.has_value()) {
      reason.Clear(row);
    } else {
      reason.Set(row, Word(figure.value.gap().reason));
    }
    if (figure.interval.has_value()) {
      low.Set(row, figure.interval->low);
      high.Set(row, figure.interval->high);
      interval.Set(row, IntervalOf(*measures[index]));
      none.Clear(row);
    } else {
      low.Clear(row);
      high.Clear(row);
      interval.Clear(row);
      none.Set(row, Word(figure.interval.gap().reason));
    }
  }
  columns.push_back(measure.Take());
  columns.push_back(n.Take());
  for (TypedColumn<double>* column : {&value, &low, &high}) columns.push_back(column->Take());
  columns.push_back(interval.Take());
  columns.push_back(design.Take());
  columns.push_back(shown.Take());
  columns.push_back(target.Take());
  columns.push_back(reason.Take());
  columns.push_back(none.Take());
  return FinishTable(std::move(columns), keys, rows, schema, array);
}

absl::Status ExportFigureColumns(const MeasurePlan& plan, const Aggregates& aggregates, ArrowSchema* schema,
                                 ArrowArray* array) {
  if (absl::Status status = plan.CheckOwner(aggregates); !status.ok()) return status;
  const Groups groups{plan, aggregates};
  const std::vector<const Measure*> measures = plan.measures();
  std::vector<std::size_t> all;
  for (std::size_t group = 0; group < groups.size(); ++group) all.push_back(group);
  std::vector<OutColumn> columns;
  if (!plan.keys().empty()) {
    if (absl::Status status = KeyTable(aggregates).AddTo(all, &columns); !status.ok()) return status;
  }
  const std::size_t keys = columns.size();
  for (std::size_t i = 0; i < measures.size(); ++i) {
    TypedColumn<Decimal128> value(measures[i]->id, "d:38,6", all.size(), true);
    TypedColumn<std::int64_t> n(absl::StrCat(measures[i]->id, ".n"), "l", all.size(), false);
    if (!value.ok() || !n.ok()) return NoMemoryForTable();
    for (const std::size_t group : all) {
      const MeasureFigure figure = groups.Figure(group, i, std::nullopt);
      n.Set(group, figure.n);
      if (!figure.value.has_value()) {
        value.Clear(group);
        continue;
      }
      const double micros = *figure.value * static_cast<double>(Decimal::kOne);
      if (!(std::fabs(micros) < 9e18)) {
        return absl::OutOfRangeError(
            absl::StrCat("measure '", measures[i]->id, "': the figure is beyond 64 bits of millionths"));
      }
      const std::int64_t exact =
          figure.exact.has_value() ? figure.exact->ToDecimal().micros() : std::llrint(micros);
      value.Set(group, {exact, exact < 0 ? -1 : 0});
    }
    columns.push_back(value.Take());
    columns.push_back(n.Take());
  }
  return FinishTable(std::move(columns), keys, all.size(), schema, array);
}

}  // namespace csat
