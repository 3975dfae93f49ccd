// The columns of a table of responses, read once: items as steps above the least rank of their scale, other figures as
// exact numbers, and the fields that rules name.
#ifndef CSAT_SRC_SURVEY_RESPONSE_COLUMNS_H_
#define CSAT_SRC_SURVEY_RESPONSE_COLUMNS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "csat/arrow/c_data.h"
#include "csat/model/metric.h"

namespace csat::survey {

// In place of a step.
inline constexpr std::uint8_t kNoAnswer = 255, kOffScale = 254;
// Rows that are worked on together.
inline constexpr std::int64_t kTile = 2048;

// The answers to an item: rank low + step, or kNoAnswer.
struct ItemColumn {
  std::int64_t low = 0;
  int levels = 0;
  std::vector<std::uint8_t> steps;  // kOffScale only where `off_scale`.
  bool off_scale = false;
};

// Figures in billionths.
struct NumberColumn {
  std::vector<absl::int128> nanos;
  std::vector<std::uint8_t> has;
};

// Figures of the fields of rules. Instants are in nanoseconds.
struct FieldColumn {
  std::vector<absl::int128> values;
  std::vector<std::uint8_t> has;
};
struct RealColumn {
  std::vector<double> values;
  std::vector<std::uint8_t> has;
};

// All functions: InvalidArgument names column and row. What was read stays where it is until the object goes.
class ResponseColumns {
 public:
  static absl::StatusOr<ResponseColumns> Bind(const std::vector<Metric>& metrics, const ArrowSchema& schema,
                                              const ArrowArray& array, int threads);

  std::int64_t rows() const { return table_.rows(); }
  int threads() const { return threads_; }

  // Items whose answers may lie off their scale. Said before they are read.
  void AllowOffScale(const std::string& item) { off_scale_.insert(item); }

  // A number metric with a scale of whole ranks, at most 250 of them.
  absl::StatusOr<const ItemColumn*> Item(const std::string& metric);
  // Any number metric. What lies off its range counts as missing where that is allowed, and is refused otherwise.
  absl::StatusOr<const NumberColumn*> Number(const std::string& metric);
  // Whether the text metric has each of its values, for `word`: 0 no, 1 missing, 2 yes.
  absl::StatusOr<std::vector<std::uint8_t>> TextEquals(const std::string& metric, std::string_view word);
  absl::StatusOr<std::vector<std::uint8_t>> Answered(const std::string& metric);

  // A column by its name.
  absl::StatusOr<Column> Field(const std::string& name) const;
  // Integers, bools and instants; `kind` receives 0 for plain numbers, 1 for instants without a zone, 2 with one.
  absl::StatusOr<FieldColumn> Whole(const std::string& name, int* kind) const;
  absl::StatusOr<RealColumn> Real(const std::string& name) const;

  const Metric* FindMetric(std::string_view id) const;

 private:
  ResponseColumns(const std::vector<Metric>& metrics, const ArrowSchema& schema, Table table, int threads);
  std::string FormatOf(const std::string& name) const;

  const std::vector<Metric>* metrics_;
  const ArrowSchema* schema_;
  Table table_;
  int threads_;
  std::map<std::string_view, const Metric*> by_id_;
  std::set<std::string> off_scale_;
  std::map<std::string, ItemColumn> items_;
  std::map<std::string, NumberColumn> numbers_;
};

// Whether a metric can be an item: number, whole ranks, at most 250.
bool IsItem(const Metric& metric);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_RESPONSE_COLUMNS_H_
