#include "csat/measure/measure_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "arrow/import.h"
#include "arrow/stream.h"
#include "csat/model/foreign_text.h"
#include "measure/derived_columns.h"
#include "measure/measure_figures.h"
#include "measure/measure_layout.h"
#include "measure/metric_columns.h"
#include "measure/time_buckets.h"

namespace csat {
namespace {

// Rows that are derived and added together: what is derived stays in the caches, and takes little memory.
constexpr std::int64_t kSliceRows = 1 << 18;

void NotOwned(ArrowSchema* schema) { schema->release = nullptr; }
void NotOwned(ArrowArray* array) { array->release = nullptr; }

// A struct array put together from borrowed columns and columns of ours, for as long as it stands.
class Assembled {
 public:
  explicit Assembled(std::int64_t rows) : rows_(rows) {}
  Assembled(const Assembled&) = delete;
  Assembled& operator=(const Assembled&) = delete;

  // Column `index` of a struct array, its rows from `from` on.
  void Borrow(const ArrowSchema& schema, const ArrowArray& array, std::int64_t index, std::int64_t from) {
    schemas_.push_back(*schema.children[index]);
    schemas_.back().release = NotOwned;
    arrays_.push_back(*array.children[index]);
    ArrowArray& made = arrays_.back();
    made.offset += array.offset + from;
    made.length = rows_;
    made.null_count = made.null_count == 0 ? 0 : -1;
    made.release = NotOwned;
  }
  void Add(const std::string& name, const std::vector<std::int64_t>& values) {
    AddArray(name, "l", {nullptr, values.data()}, nullptr);
  }
  void Add(const std::string& name, BucketColumn buckets) {
    Words& words = *words_.emplace_back(std::make_unique<Words>());
    words.codes = std::move(buckets.codes);
    words.valid.assign(static_cast<std::size_t>(rows_ + 7) / 8, 0);
    for (std::size_t i = 0; i < words.codes.size(); ++i) {
      if (words.codes[i] >= 0)
        words.valid[i / 8] = static_cast<std::uint8_t>(words.valid[i / 8] | 1u << i % 8);
      words.codes[i] = std::max(words.codes[i], 0);
    }
    words.offsets.push_back(0);
    for (const std::string& one : buckets.names) {
      words.text += one;
      words.offsets.push_back(static_cast<std::int32_t>(words.text.size()));
    }
    words.buffers = {nullptr, words.offsets.data(), words.text.data()};
    words.schema.format = "u";
    words.schema.name = "";
    words.schema.flags = ARROW_FLAG_NULLABLE;
    words.schema.release = NotOwned;
    words.array.length = static_cast<std::int64_t>(buckets.names.size());
    words.array.n_buffers = 3;
    words.array.buffers = words.buffers.data();
    words.array.release = NotOwned;
    AddArray(name, "i", {words.valid.data(), words.codes.data()}, &words);
  }

  // Both stay valid until the next column, or the end of this.
  void Finish(ArrowSchema* schema, ArrowArray* array) {
    schema_pointers_.clear();
    array_pointers_.clear();
    for (ArrowSchema& one : schemas_) schema_pointers_.push_back(&one);
    for (ArrowArray& one : arrays_) array_pointers_.push_back(&one);
    *schema = ArrowSchema{};
    schema->format = "+s";
    schema->name = "";
    schema->n_children = static_cast<std::int64_t>(schemas_.size());
    schema->children = schema_pointers_.data();
    schema->release = NotOwned;
    *array = ArrowArray{};
    array->length = rows_;
    array->n_buffers = 1;
    array->buffers = no_buffer_;
    array->n_children = static_cast<std::int64_t>(arrays_.size());
    array->children = array_pointers_.data();
    array->release = NotOwned;
  }

 private:
  struct Words {
    std::vector<std::int32_t> codes, offsets;
    std::vector<std::uint8_t> valid;
    std::string text;
    std::vector<const void*> buffers;
    ArrowSchema schema{};
    ArrowArray array{};
  };

  void AddArray(const std::string& name, const char* format, std::vector<const void*> buffers, Words* words) {
    names_.push_back(std::make_unique<std::string>(name));
    buffers_.push_back(std::make_unique<std::vector<const void*>>(std::move(buffers)));
    ArrowSchema schema{};
    schema.format = format;
    schema.name = names_.back()->c_str();
    schema.flags = ARROW_FLAG_NULLABLE;
    schema.dictionary = words == nullptr ? nullptr : &words->schema;
    schema.release = NotOwned;
    schemas_.push_back(schema);
    ArrowArray array{};
    array.length = rows_;
    array.null_count = words == nullptr ? 0 : -1;
    array.n_buffers = 2;
    array.buffers = buffers_.back()->data();
    array.dictionary = words == nullptr ? nullptr : &words->array;
    array.release = NotOwned;
    arrays_.push_back(array);
  }

  const std::int64_t rows_;
  std::vector<ArrowSchema> schemas_;
  std::vector<ArrowArray> arrays_;
  std::vector<ArrowSchema*> schema_pointers_;
  std::vector<ArrowArray*> array_pointers_;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<std::unique_ptr<std::vector<const void*>>> buffers_;
  std::vector<std::unique_ptr<Words>> words_;
  const void* no_buffer_[1] = {nullptr};
};

void AddWithParts(const Policy& policy, const Measure& measure, std::vector<const Measure*>* out) {
  if (std::find(out->begin(), out->end(), &measure) != out->end()) return;
  for (const std::string& id : PartsOf(measure)) {
    const Measure* part = policy.FindMeasure(id);
    if (part != nullptr && part < &measure) AddWithParts(policy, *part, out);
  }
  out->push_back(&measure);
}

}  // namespace

struct MeasurePlan::Content {
  explicit Content(Policy of) : policy(std::move(of)) {}
  Policy policy;
  MeasureLayout layout;
  std::vector<std::size_t> asked;  // Measures of the layout.
  std::vector<std::string> keys, columns;
  std::string time_column;
  TimeBucket bucket = TimeBucket::kMonth;
  absl::TimeZone zone;
};

absl::StatusOr<MeasurePlan> MeasurePlan::Compile(const Policy& policy, const MeasureOptions& options) {
  auto content = std::make_shared<Content>(policy);
  std::vector<const Measure*> asked, needed;
  for (const std::string& id : options.measures) {
    const Measure* measure = content->policy.FindMeasure(id);
    if (measure == nullptr) {
      return absl::NotFoundError(
          absl::StrCat("policy ", Quoted(policy.id()), " has no measure ", Quoted(id)));
    }
    if (std::find(asked.begin(), asked.end(), measure) != asked.end())
      return absl::InvalidArgumentError(absl::StrCat("measure ", Quoted(id), " is asked for twice"));
    asked.push_back(measure);
  }
  if (options.measures.empty()) {
    for (const Measure& measure : content->policy.measures()) asked.push_back(&measure);
  }
  if (asked.empty())
    return absl::InvalidArgumentError(absl::StrCat("policy ", Quoted(policy.id()), " has no measures"));
  for (const Measure* measure : asked) AddWithParts(content->policy, *measure, &needed);
  for (const Measure* measure : asked) {
    const auto found = std::find(needed.begin(), needed.end(), measure);
    content->asked.push_back(static_cast<std::size_t>(found - needed.begin()));
  }
  absl::StatusOr<MeasureLayout> layout = LayOutMeasures(content->policy, std::move(needed));
  if (!layout.ok()) return layout.status();
  content->layout = *std::move(layout);
  content->keys = options.by;
  if (!options.time_column.empty()) {
    content->keys.emplace_back("period");
    content->time_column = options.time_column;
    content->bucket = options.bucket;
    const std::string& zone = content->policy.zone();
    if (!absl::LoadTimeZone(zone, &content->zone))
      return absl::NotFoundError(absl::StrCat("zone ", Quoted(zone), " is not in the tz database"));
  }
  content->layout.spec.by = content->keys;
  const auto add_column = [&](const std::string& name) {
    std::vector<std::string>& columns = content->columns;
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  };
  for (const std::string& key : options.by) add_column(key);
  if (!options.time_column.empty()) add_column(options.time_column);
  // Derived items have no field.
  for (const AggregateItem& item : content->layout.spec.items) {
    if (!item.field.empty()) add_column(item.field);
  }
  for (const Metric* metric : content->layout.read) add_column(FieldOf(*metric));
  const absl::StatusOr<Aggregates> made = Aggregates::Create(content->layout.spec);
  if (!made.ok()) return made.status();
  return MeasurePlan(std::move(content));
}

std::vector<const Measure*> MeasurePlan::measures() const {
  std::vector<const Measure*> measures;
  for (const std::size_t index : content_->asked) measures.push_back(content_->layout.measures[index]);
  return measures;
}

const std::vector<std::string>& MeasurePlan::keys() const { return content_->keys; }
const std::vector<std::string>& MeasurePlan::columns() const { return content_->columns; }

absl::StatusOr<Aggregates> MeasurePlan::NewAggregates() const {
  return Aggregates::Create(content_->layout.spec);
}

bool MeasurePlan::Owns(const Aggregates& aggregates) const {
  return aggregates.spec() == content_->layout.spec;
}

absl::Status MeasurePlan::CheckOwner(const Aggregates& aggregates) const {
  if (Owns(aggregates)) return absl::OkStatus();
  return absl::InvalidArgumentError("the aggregates are of other measures");
}

absl::Status MeasurePlan::Add(const ArrowSchema& schema, const ArrowArray& array,
                              const Aggregates::AddOptions& options, Aggregates* into) const {
  const MeasureLayout& layout = content_->layout;
  const bool timed = !content_->time_column.empty();
  if (absl::Status status = CheckOwner(*into); !status.ok()) return status;
  if (layout.guard < 0 && !timed) return into->Add(schema, array, options);
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  // Columns that are aggregated as they stand, and the names of those that are derived.
  std::vector<std::int64_t> borrowed;
  std::vector<std::string> derived;
  const auto borrow = [&](const std::string& name, const std::string& wanted_by) -> absl::Status {
    const std::int64_t at = table->Find(name);
    if (at < 0) {
      return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(name), " of ", wanted_by,
                                                     at == -2 ? " is there more than once" : " is missing"));
    }
    if (std::find(borrowed.begin(), borrowed.end(), at) == borrowed.end()) borrowed.push_back(at);
    return absl::OkStatus();
  };
  for (const std::string& key : layout.spec.by) {
    if (timed && key == "period") continue;
    if (absl::Status status = borrow(key, "a key"); !status.ok()) return status;
  }
  for (const MeasureSlots& slots : layout.slots) {
    for (const DerivedColumn& column : slots.derived) derived.push_back(column.item);
  }
  if (layout.guard >= 0) derived.push_back(layout.spec.items[static_cast<std::size_t>(layout.guard)].id);
  for (const AggregateItem& item : layout.spec.items) {
    if (std::find(derived.begin(), derived.end(), item.id) != derived.end()) continue;
    if (absl::Status status = borrow(item.field, absl::StrCat("metric '", item.id, "'")); !status.ok())
      return status;
  }
  absl::StatusOr<Aggregates> sum = NewAggregates();
  if (!sum.ok()) return sum.status();
  const bool refuse = options.bad_rows == Aggregates::AddOptions::BadRows::kRefuse;
  for (std::int64_t from = 0; from == 0 || from < table->rows(); from += kSliceRows) {
    const std::int64_t rows = std::min(kSliceRows, table->rows() - from);
    Aggregates::AddOptions numbered = options;
    numbered.first_row += from;
    // All columns of these rows, under their own names.
    Assembled slice(rows);
    for (std::int64_t i = 0; i < schema.n_children; ++i) slice.Borrow(schema, array, i, from);
    ArrowSchema slice_schema;
    ArrowArray slice_array;
    slice.Finish(&slice_schema, &slice_array);
    const absl::StatusOr<Table> slice_table = Table::Import(slice_schema, slice_array);
    if (!slice_table.ok()) return slice_table.status();
    Assembled ready(rows);
    for (const std::int64_t column : borrowed) ready.Borrow(schema, array, column, from);
    std::vector<std::vector<std::int64_t>> columns;
    if (layout.guard >= 0) {
      const absl::Status status =
          DeriveColumns(layout, *slice_table, options.threads, refuse, numbered.first_row, &columns);
      if (!status.ok()) return status;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) ready.Add(derived[i], columns[i]);
    if (timed) {
      BucketColumn buckets;
      const absl::Status status = BucketTimes(slice_schema, slice_array, content_->time_column,
                                              content_->bucket, content_->zone, numbered.first_row, &buckets);
      if (!status.ok()) return status;
      ready.Add("period", std::move(buckets));
    }
    ArrowSchema ready_schema;
    ArrowArray ready_array;
    ready.Finish(&ready_schema, &ready_array);
    if (absl::Status status = sum->Add(ready_schema, ready_array, numbered); !status.ok()) return status;
  }
  return into->Merge(*sum);
}

absl::Status MeasurePlan::AddStream(ArrowArrayStream* stream, const Aggregates::AddOptions& options,
                                    Aggregates* into) const {
  if (absl::Status status = CheckOwner(*into); !status.ok()) return status;
  absl::StatusOr<Aggregates> sum = NewAggregates();
  if (!sum.ok()) return sum.status();
  const auto add = [&](const ArrowSchema& schema, const ArrowArray& array, std::int64_t rows_before) {
    Aggregates::AddOptions numbered = options;
    numbered.first_row += rows_before;
    return Add(schema, array, numbered, &*sum);
  };
  if (absl::Status status = ForEachArray(stream, add); !status.ok()) return status;
  return into->Merge(*sum);
}

MeasureFigure MeasurePlan::FigureOf(const Aggregates& aggregates, std::size_t group, std::size_t index,
                                    std::optional<double> level) const {
  return ReadMeasure(content_->layout, aggregates, static_cast<std::ptrdiff_t>(group), content_->asked[index],
                     level);
}

MeasureFigure MeasurePlan::FigureOfNone(std::size_t index) const {
  const absl::StatusOr<Aggregates> none = NewAggregates();
  if (!none.ok()) return MeasureFigure();
  return ReadMeasure(content_->layout, *none, -1, content_->asked[index], std::nullopt);
}

}  // namespace csat
