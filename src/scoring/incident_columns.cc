// Incident figures as columns beside the rows of a table.
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "arrow/import.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/incident.h"
#include "scoring/compiled_plan.h"
#include "scoring/incident_days.h"

namespace csat {
namespace {

void CollectMetrics(const Predicate& predicate, std::vector<std::string>* out) {
  if (!predicate.metric.empty()) {
    for (const std::string& known : *out) {
      if (known == predicate.metric) return;
    }
    out->push_back(predicate.metric);
  }
  for (const Predicate& part : predicate.of) CollectMetrics(part, out);
}

// The field that the veto's condition reads.
absl::StatusOr<std::string> FieldOf(const Policy& policy, const Veto& veto) {
  std::vector<std::string> metrics;
  CollectMetrics(veto.when, &metrics);
  if (metrics.size() == 1) {
    const Metric* metric = policy.FindMetric(metrics[0]);
    const auto* number = metric == nullptr ? nullptr : std::get_if<NumberForm>(&metric->form);
    if (number != nullptr) return number->field;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("veto '", veto.id, "' is fed by incidents, and its condition reads ",
                   metrics.size() == 1 ? absl::StrCat("metric '", metrics[0], "', which is no number")
                                       : absl::StrCat(metrics.size(), " metrics instead of one")));
}

absl::StatusOr<Column> KeyColumn(const Table& table, std::string_view name) {
  const std::int64_t index = table.Find(name);
  if (index >= 0) return table.View(index);
  return absl::InvalidArgumentError(
      absl::StrCat("key column ", Quoted(name), " is ", index == -1 ? "missing" : "there twice"));
}

const Column& Values(const Column& column) {
  return column.type == ColumnType::kDictionary ? *column.of : column;
}

std::int64_t Place(const Column& column, std::int64_t row) {
  return column.type == ColumnType::kDictionary ? column.DictionaryIndex(row) : row;
}

std::string IntegerText(const Column& column, std::int64_t row) {
  const std::int64_t at = column.offset + row;
  switch (column.type) {
    case ColumnType::kInt8: return absl::StrCat(int{LoadValue<std::int8_t>(column.values, at)});
    case ColumnType::kInt16: return absl::StrCat(LoadValue<std::int16_t>(column.values, at));
    case ColumnType::kInt32: return absl::StrCat(LoadValue<std::int32_t>(column.values, at));
    case ColumnType::kUInt8: return absl::StrCat(int{LoadValue<std::uint8_t>(column.values, at)});
    case ColumnType::kUInt16: return absl::StrCat(LoadValue<std::uint16_t>(column.values, at));
    case ColumnType::kUInt32: return absl::StrCat(LoadValue<std::uint32_t>(column.values, at));
    case ColumnType::kUInt64: return absl::StrCat(LoadValue<std::uint64_t>(column.values, at));
    default: return absl::StrCat(LoadValue<std::int64_t>(column.values, at));
  }
}

// The subject of each row.
class Subjects {
 public:
  static absl::StatusOr<Subjects> Bind(const Table& table, std::string_view name) {
    absl::StatusOr<Column> column = KeyColumn(table, name);
    if (!column.ok()) return column.status();
    const ColumnType type = Values(*column).type;
    if (!IsText(type) && !IsInteger(type) && type != ColumnType::kNull) {
      return absl::InvalidArgumentError(
          absl::StrCat("key column ", Quoted(name), " holds no subjects: words or integers are wanted"));
    }
    return Subjects(*std::move(column));
  }
  // nullopt: the row has none. Borrowed until the next call.
  std::optional<std::string_view> Of(std::int64_t row) {
    if (!column_.HasValue(row)) return std::nullopt;
    const Column& values = Values(column_);
    const std::int64_t place = Place(column_, row);
    if (!values.HasValue(place)) return std::nullopt;
    if (IsText(values.type)) return values.Text(place);
    number_ = IntegerText(values, place);
    return number_;
  }

 private:
  explicit Subjects(Column column) : column_(std::move(column)) {}
  Column column_;
  std::string number_;
};

// The period of each row.
class Periods {
 public:
  static absl::StatusOr<Periods> Bind(const Table& table, std::string_view name, const Scorecard& card) {
    absl::StatusOr<Column> column = KeyColumn(table, name);
    if (!column.ok()) return column.status();
    const ColumnType type = Values(*column).type;
    const bool dates = type == ColumnType::kDate32 || type == ColumnType::kDate64;
    if (!dates && !IsText(type) && type != ColumnType::kNull) {
      return absl::InvalidArgumentError(absl::StrCat(
          "key column ", Quoted(name), " holds no periods: words such as '2025-03' or dates are wanted"));
    }
    if (dates && !card.period.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat("key column ", Quoted(name),
                                                     " holds dates, and scorecard '", card.id,
                                                     "' does not say which period is meant"));
    }
    return Periods(*std::move(column), card.period);
  }
  // nullopt: the row has none. InvalidArgument: it is no period.
  absl::StatusOr<std::optional<Period>> Of(std::int64_t row) {
    if (!column_.HasValue(row)) return std::nullopt;
    const Column& values = Values(column_);
    const std::int64_t place = Place(column_, row);
    if (!values.HasValue(place)) return std::nullopt;
    std::optional<Period> period;
    std::string_view word;
    if (IsText(values.type)) {
      word = values.Text(place);
      if (last_.has_value() && word == last_word_) return last_;
      period = Period::Parse(word);
    } else {
      const std::int64_t at = values.offset + place;
      constexpr std::int64_t kDay = 86'400'000;
      const std::int64_t days = values.type == ColumnType::kDate32
                                    ? LoadValue<std::int32_t>(values.values, at)
                                    : LoadValue<std::int64_t>(values.values, at) / kDay;
      const std::optional<CalendarDate> day = CalendarDate::FromDayNumber(days);
      if (day.has_value()) period = Period::Containing(*day, *kind_);
    }
    if (!period.has_value()) {
      return absl::InvalidArgumentError(
          IsText(values.type)
              ? absl::StrCat(
                    "row ", row, ": period ", Quoted(word),
                    " is none; '2025-03-14', '2025-W11', '2025-03', '2025-Q1', '2025-H1' and '2025' are")
              : absl::StrCat("row ", row, ": the date lies outside the years 1 to 9999"));
    }
    last_ = period;
    last_word_ = std::string(word);
    return period;
  }

 private:
  Periods(Column column, std::optional<PeriodKind> kind) : column_(std::move(column)), kind_(kind) {}
  Column column_;
  std::optional<PeriodKind> kind_;
  // The word read last, and its period: rows of one period mostly follow one another.
  std::string last_word_;
  std::optional<Period> last_;
};

// Keys are borrowed from the incidents.
using DaysBySubject = std::unordered_map<std::string_view, std::vector<CalendarDate>>;

absl::StatusOr<DaysBySubject> CountedDays(const Policy& policy, const IncidentFigure& figure,
                                          const std::vector<Incident>& incidents) {
  DaysBySubject days;
  for (const Veto* veto : figure.vetoes) {
    if (absl::Status status = CheckIncidents(*veto, incidents); !status.ok()) return status;
    for (const Incident& incident : incidents) {
      const absl::StatusOr<std::optional<CalendarDate>> day = CountedDay(policy, *veto, incident);
      if (!day.ok()) return day.status();
      if (day->has_value()) days[incident.subject()].push_back(**day);
    }
  }
  return days;
}

}  // namespace

absl::StatusOr<std::vector<IncidentFigure>> IncidentFigures(const Plan& plan) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone has no vetoes");
  std::vector<IncidentFigure> figures;
  for (const CompiledCard& card : plan.compiled().cards) {
    for (const Veto& veto : card.card->vetoes) {
      if (veto.incident.empty()) continue;
      absl::StatusOr<std::string> field = FieldOf(plan.policy(), veto);
      if (!field.ok()) return field.status();
      IncidentFigure* known = nullptr;
      for (IncidentFigure& figure : figures) known = figure.field == *field ? &figure : known;
      if (known == nullptr) known = &figures.emplace_back(IncidentFigure{*std::move(field), {}});
      // Vetoes of one incident code on one field are fed once, and so have to count alike.
      bool fed = false;
      for (const Veto* other : known->vetoes) {
        if (other->incident != veto.incident) continue;
        if (other->needs_approval != veto.needs_approval || other->period != veto.period) {
          return absl::InvalidArgumentError(
              absl::StrCat("vetoes '", other->id, "' and '", veto.id, "' read field '", known->field,
                           "' and count incidents '", veto.incident, "' in different ways"));
        }
        fed = true;
      }
      if (!fed) known->vetoes.push_back(&veto);
    }
  }
  return figures;
}

absl::Status ApplyIncidents(const Plan& plan, const std::vector<Incident>& incidents,
                            const ArrowSchema& schema, const ArrowArray& array,
                            std::string_view subject_column, std::string_view period_column,
                            ArrowSchema* out_schema, ArrowArray* out_array) {
  const absl::StatusOr<std::vector<IncidentFigure>> figures = IncidentFigures(plan);
  if (!figures.ok()) return figures.status();
  std::vector<DaysBySubject> counted;
  for (const IncidentFigure& figure : *figures) {
    absl::StatusOr<DaysBySubject> days = CountedDays(plan.policy(), figure, incidents);
    if (!days.ok()) return days.status();
    counted.push_back(*std::move(days));
  }
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  absl::StatusOr<Subjects> subjects = Subjects::Bind(*table, subject_column);
  if (!subjects.ok()) return subjects.status();
  absl::StatusOr<Periods> periods = Periods::Bind(*table, period_column, *plan.scorecard());
  if (!periods.ok()) return periods.status();

  const std::size_t rows = static_cast<std::size_t>(table->rows()), bits = (rows + 7) / 8;
  std::vector<OutColumn> columns(figures->size());
  bool made = true;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = (*figures)[i].field;
    columns[i].format = "l";
    columns[i].length = table->rows();
    columns[i].values = Buffer::Allocate(rows * sizeof(std::int64_t));
    columns[i].validity = Buffer::Allocate(bits);
    made = made && columns[i].values.data() != nullptr && columns[i].validity.data() != nullptr;
    if (made) std::memset(columns[i].validity.data(), 0xFF, bits);
  }
  for (std::int64_t row = 0; made && row < table->rows(); ++row) {
    const std::optional<std::string_view> subject = subjects->Of(row);
    const absl::StatusOr<std::optional<Period>> period = periods->Of(row);
    if (!period.ok()) return period.status();
    const bool known = subject.has_value() && period->has_value();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::int64_t& count = columns[i].values.as<std::int64_t>()[row];
      count = 0;
      if (!known) {
        std::uint8_t& byte = columns[i].validity.as<std::uint8_t>()[row >> 3];
        byte = static_cast<std::uint8_t>(byte & ~(1 << (row & 7)));
        ++columns[i].null_count;
        continue;
      }
      const auto days = counted[i].find(*subject);
      if (days == counted[i].end()) continue;
      for (const CalendarDate day : days->second) count += (*period)->Contains(day) ? 1 : 0;
    }
  }
  for (OutColumn& column : columns) {
    if (column.null_count == 0) column.validity = Buffer();
  }
  if (!made || !ExportStruct(std::move(columns), table->rows(), out_schema, out_array)) {
    return absl::ResourceExhaustedError("no memory for the figures of incidents");
  }
  return absl::OkStatus();
}

}  // namespace csat
