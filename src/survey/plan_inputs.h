// The inputs of a sampling rule, each read as what the rule needs.
#ifndef CSAT_SRC_SURVEY_PLAN_INPUTS_H_
#define CSAT_SRC_SURVEY_PLAN_INPUTS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "csat/model/calendar.h"
#include "csat/survey/sampling_plan.h"

namespace csat::survey {

// All errors are InvalidArgument and name what is wrong.
class PlanInputs {
 public:
  // Borrows all. `schema` and `array` nullptr: there is no table. `zone`: in which instants have their day.
  static absl::StatusOr<PlanInputs> Open(const SamplingGiven& given, const ArrowSchema* schema,
                                         const ArrowArray* array, std::string_view zone);

  // Given values. nullopt: not given.
  absl::StatusOr<std::optional<CalendarDate>> Day(const std::string& name);
  absl::StatusOr<std::optional<Decimal>> Number(const std::string& name);
  absl::StatusOr<std::optional<std::string>> Word(const std::string& name);
  absl::StatusOr<std::optional<std::vector<std::string>>> Words(const std::string& name);
  absl::StatusOr<CalendarDate> NeededDay(const std::string& name);
  // A whole number of 0 or more.
  absl::StatusOr<std::optional<std::int64_t>> Count(const std::string& name);
  absl::StatusOr<std::int64_t> NeededCount(const std::string& name);
  // Something was given that was not read.
  absl::Status Finish() const;

  // Columns. A row without a value is nullopt. An empty vector: there is no such column, which is an error if it is
  // `needed`.
  bool has_table() const { return table_.has_value(); }
  std::size_t rows() const { return table_.has_value() ? static_cast<std::size_t>(table_->rows()) : 0; }
  bool HasColumn(const std::string& name) const;
  absl::StatusOr<std::vector<std::optional<std::string>>> TextColumn(const std::string& name, bool needed);
  absl::StatusOr<std::vector<std::optional<CalendarDate>>> DayColumn(const std::string& name, bool needed);
  absl::StatusOr<std::vector<std::optional<bool>>> FlagColumn(const std::string& name, bool needed);
  // Exactly, or, where it may be `rounded`, to the millionth.
  absl::StatusOr<std::vector<std::optional<Decimal>>> NumberColumn(const std::string& name, bool needed,
                                                                   bool rounded = false);

 private:
  explicit PlanInputs(const SamplingGiven& given) : given_(&given) {}
  absl::StatusOr<std::optional<Column>> Find(const std::string& name, bool needed) const;
  // Each cell as `read` has it, which gives nullopt for what the error says that it `is_not`.
  template <typename T, typename Read>
  absl::StatusOr<std::vector<std::optional<T>>> ReadColumn(const std::string& name, const Column& column,
                                                           Read read, std::string_view is_not) const;
  absl::StatusOr<std::vector<std::optional<CalendarDate>>> DaysOfInstants(const std::string& name) const;

  // Of a column of instants without a zone; 0: they have one.
  std::int64_t UnitsOfDay(const std::string& name) const;

  const SamplingGiven* given_;
  const ArrowSchema* schema_ = nullptr;
  const ArrowArray* array_ = nullptr;
  std::string_view zone_;
  std::set<std::string> read_;
  std::optional<Table> table_;
};

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_PLAN_INPUTS_H_
