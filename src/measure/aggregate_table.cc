#include "csat/measure/aggregate_table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "measure/group_table.h"

namespace csat {

absl::Status ExportGroups(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array) {
  const std::size_t size = aggregates.groups();
  std::vector<std::size_t> groups(size);
  for (std::size_t group = 0; group < size; ++group) groups[group] = group;
  std::vector<OutColumn> columns;
  if (absl::Status status = KeyTable(aggregates).AddTo(groups, &columns); !status.ok()) return status;
  const std::size_t keys = columns.size();
  TypedColumn<std::int64_t> rows("rows", "l", size, false);
  if (!rows.ok()) return NoMemoryForTable();
  for (std::size_t group = 0; group < size; ++group) rows.Set(group, aggregates.Rows(group));
  columns.push_back(rows.Take());
  for (std::size_t i = 0; i < aggregates.spec().items.size(); ++i) {
    const std::string& id = aggregates.spec().items[i].id;
    TypedColumn<std::int64_t> n(absl::StrCat(id, ".n"), "l", size, false);
    TypedColumn<std::int64_t> missing(absl::StrCat(id, ".missing"), "l", size, false);
    TypedColumn<double> mean(absl::StrCat(id, ".mean"), "g", size, true);
    TypedColumn<double> sd(absl::StrCat(id, ".sd"), "g", size, true);
    if (!n.ok() || !missing.ok() || !mean.ok() || !sd.ok()) return NoMemoryForTable();
    for (std::size_t group = 0; group < size; ++group) {
      const Moments moments = aggregates.MomentsOf(group, static_cast<int>(i));
      n.Set(group, moments.n);
      missing.Set(group, aggregates.Rows(group) - moments.n);
      SetEstimate(Mean(moments), group, &mean);
      SetEstimate(StandardDeviation(moments), group, &sd);
    }
    columns.push_back(n.Take());
    columns.push_back(missing.Take());
    columns.push_back(mean.Take());
    columns.push_back(sd.Take());
  }
  return FinishTable(std::move(columns), keys, size, schema, array);
}

absl::Status ExportLevels(const Aggregates& aggregates, ArrowSchema* schema, ArrowArray* array) {
  struct Row {
    int item;
    std::int64_t micros, count;
  };
  std::vector<std::size_t> groups;
  std::vector<Row> rows;
  std::vector<std::string> ids;
  std::vector<int> items;
  for (std::size_t i = 0; i < aggregates.spec().items.size(); ++i) {
    if (!aggregates.HasLevels(static_cast<int>(i))) continue;
    items.push_back(static_cast<int>(i));
    ids.push_back(aggregates.spec().items[i].id);
  }
  for (std::size_t group = 0; group < aggregates.groups(); ++group) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Frequencies frequencies = aggregates.FrequenciesOf(group, items[i]);
      for (const Frequencies::Level& level : frequencies.levels) {
        if (level.count == 0) continue;
        groups.push_back(group);
        rows.push_back({static_cast<int>(i), level.value * (Decimal::kOne / frequencies.unit), level.count});
      }
    }
  }
  std::vector<OutColumn> columns;
  if (absl::Status status = KeyTable(aggregates).AddTo(groups, &columns); !status.ok()) return status;
  const std::size_t keys = columns.size(), size = rows.size();
  TypedColumn<std::int32_t> item("item", "i", size, false);
  TypedColumn<Decimal128> value("value", "d:19,6", size, false);
  TypedColumn<std::int64_t> count("count", "l", size, false);
  if (!item.ok() || !value.ok() || !count.ok()) return NoMemoryForTable();
  for (std::size_t row = 0; row < size; ++row) {
    item.Set(row, rows[row].item);
    value.Set(row, {rows[row].micros, rows[row].micros < 0 ? -1 : 0});
    count.Set(row, rows[row].count);
  }
  columns.push_back(item.Take());
  columns.back().has_dictionary = true;
  columns.back().dictionary = std::move(ids);
  columns.push_back(value.Take());
  columns.push_back(count.Take());
  return FinishTable(std::move(columns), keys, size, schema, array);
}

}  // namespace csat
