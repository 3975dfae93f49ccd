#include "survey/rule_judge.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/row_ranges.h"
#include "csat/model/foreign_text.h"
#include "csat/survey/cleaning.h"
#include "measure/group_coder.h"
#include "survey/id_order.h"
#include "survey/mahalanobis.h"
#include "survey/predicate_mask.h"

namespace csat::survey {
namespace {

constexpr std::uint8_t kFalse = 0, kUnknown = 1, kTrue = 2;
// Groups of duplicates that a table may have.
constexpr std::uint32_t kMostDirect = 1U << 20;

// Calls work(from, n) for the tiles of all rows.
absl::Status ForEachTile(const ResponseColumns& columns, const std::function<void(std::int64_t, int)>& work) {
  return ForEachRange(columns.rows(), kTile, columns.threads(),
                      [&](int, std::int64_t from, std::int64_t to) -> absl::Status {
                        for (std::int64_t row = from; row < to; row += kTile)
                          work(row, static_cast<int>(std::min(kTile, to - row)));
                        return absl::OkStatus();
                      });
}

absl::Status CheckDegrees(const RealColumn& column, const std::string& name, double most) {
  for (std::size_t row = 0; row < column.values.size(); ++row) {
    if (column.has[row] == 0 || (column.values[row] >= -most && column.values[row] <= most)) continue;
    return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(name), ": ",
                                                   column.values[row], " degrees lie outside [-", most, ", ",
                                                   most, "]"));
  }
  return absl::OkStatus();
}

// A text without a letter is what files make of no value.
bool IsGiven(const Column& column, std::int64_t row) {
  if (!column.HasValue(row)) return false;
  if (column.type == ColumnType::kDictionary) return IsGiven(*column.of, column.DictionaryIndex(row));
  return !IsText(column.type) || !column.Text(row).empty();
}

}  // namespace

absl::StatusOr<std::optional<Gap>> RuleJudge::Judge(const CleaningRule& rule, Judged* out) {
  const auto rows = static_cast<std::size_t>(columns_.rows());
  out->truth.assign(rows, kUnknown);
  gap_.reset();
  absl::Status status = std::visit([&](const auto& form) { return Form(form, out); }, rule.form);
  if (!status.ok())
    return absl::Status(status.code(), absl::StrCat(status.message(), " (rule ", Quoted(rule.id), ")"));
  return gap_;
}

absl::StatusOr<Items> RuleJudge::ItemsOf(const std::vector<std::string>& ids, bool one_scale) {
  Items items;
  for (const std::string& id : ids) {
    const absl::StatusOr<const ItemColumn*> item = columns_.Item(id);
    if (!item.ok()) return item.status();
    if (one_scale && !items.empty() &&
        ((*item)->low != items[0]->low || (*item)->levels != items[0]->levels)) {
      return absl::InvalidArgumentError(
          absl::StrCat("items ", Quoted(ids[0]), " and ", Quoted(id), " are not on one scale"));
    }
    items.push_back(*item);
  }
  return items;
}

void RuleJudge::AddValues(Judged* out) const {
  out->value.assign(static_cast<std::size_t>(columns_.rows()), 0);
  out->has_value.assign(static_cast<std::size_t>(columns_.rows()), 0);
}

absl::Status RuleJudge::Form(const ContradictionRule& rule, Judged* out) {
  absl::StatusOr<std::vector<std::uint8_t>> mask = MaskOf(rule.when, &columns_);
  if (mask.ok()) out->truth = *std::move(mask);
  return mask.status();
}

absl::Status RuleJudge::Form(const TestRecordRule& rule, Judged* out) {
  int kind = 0;
  const absl::StatusOr<FieldColumn> field = columns_.Whole(rule.field, &kind);
  if (!field.ok()) return field.status();
  for (std::size_t row = 0; row < out->truth.size(); ++row)
    out->truth[row] = field->has[row] != 0 && field->values[row] != 0 ? kTrue : kFalse;
  return absl::OkStatus();
}

absl::Status RuleJudge::Form(const OutOfRangeRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, false);
  if (!items.ok()) return items.status();
  return ForEachTile(columns_, [&](std::int64_t from, int n) { JudgeOffScale(*items, from, n, out); });
}

absl::Status RuleJudge::Form(const StraightLineRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, true);
  if (!items.ok()) return items.status();
  return ForEachTile(columns_, [&](std::int64_t from, int n) {
    JudgeStraightLine(*items, rule.least_answers, from, n, out);
  });
}

absl::Status RuleJudge::Form(const AllExtremeRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, false);
  if (!items.ok()) return items.status();
  return ForEachTile(
      columns_, [&](std::int64_t from, int n) { JudgeAllExtreme(*items, rule.least_answers, from, n, out); });
}

absl::Status RuleJudge::Form(const LongStringRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, true);
  if (!items.ok()) return items.status();
  AddValues(out);
  return ForEachTile(columns_,
                     [&](std::int64_t from, int n) { JudgeLongString(*items, rule.at_least, from, n, out); });
}

absl::Status RuleJudge::Form(const VariabilityRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, true);
  if (!items.ok()) return items.status();
  AddValues(out);
  return ForEachTile(columns_,
                     [&](std::int64_t from, int n) { JudgeVariability(*items, rule, from, n, out); });
}

absl::Status RuleJudge::Form(const EvenOddRule& rule, Judged* out) {
  std::vector<EvenOddPart> parts;
  for (const std::vector<std::string>& ids : rule.parts) {
    absl::StatusOr<Items> items = ItemsOf(ids, true);
    if (!items.ok()) return items.status();
    EvenOddPart& part = parts.emplace_back();
    part.items = *std::move(items);
    for (const std::string& id : ids)
      part.reversed.push_back(std::find(rule.reversed.begin(), rule.reversed.end(), id) !=
                              rule.reversed.end());
  }
  AddValues(out);
  return ForEachTile(columns_,
                     [&](std::int64_t from, int n) { JudgeEvenOdd(parts, rule.below, from, n, out); });
}

absl::Status RuleJudge::Form(const MahalanobisRule& rule, Judged* out) {
  const absl::StatusOr<Items> items = ItemsOf(rule.items, false);
  if (!items.ok()) return items.status();
  AddValues(out);
  absl::StatusOr<std::optional<Gap>> gap =
      JudgeMahalanobis(*items, rule.confidence, counts_, columns_.threads(), out);
  if (gap.ok()) gap_ = *std::move(gap);
  return gap.status();
}

absl::Status RuleJudge::Form(const SpeedRule& rule, Judged* out) {
  int kind = 0;
  const absl::StatusOr<FieldColumn> duration = columns_.Whole(rule.field, &kind);
  if (!duration.ok()) return duration.status();
  if (kind != 0)
    return absl::InvalidArgumentError(
        absl::StrCat("column ", Quoted(rule.field), " holds instants, not a duration"));
  const auto rows = out->truth.size();
  constexpr std::int64_t kNoLimitKnown = -1;
  std::vector<std::int64_t> limits(rows, rule.below_ms.value_or(kNoLimitKnown));
  if (!rule.instrument.empty() && !rule.by_instrument.empty()) {
    const absl::StatusOr<Column> instrument = columns_.Field(rule.instrument);
    if (!instrument.ok()) return instrument.status();
    const Column& words = instrument->type == ColumnType::kDictionary ? *instrument->of : *instrument;
    if (!IsText(words.type) && instrument->type != ColumnType::kNull)
      return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(rule.instrument), " holds no words"));
    for (std::size_t row = 0; row < rows; ++row) {
      auto at = static_cast<std::int64_t>(row);
      if (!instrument->HasValue(at)) continue;
      if (instrument->type == ColumnType::kDictionary) at = instrument->DictionaryIndex(at);
      if (!words.HasValue(at)) continue;
      const auto found = rule.by_instrument.find(std::string(words.Text(at)));
      if (found != rule.by_instrument.end()) limits[row] = found->second;
    }
  }
  AddValues(out);
  for (std::size_t row = 0; row < rows; ++row) {
    if (duration->has[row] != 0) {
      if (duration->values[row] < 0)
        return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(rule.field), ": ",
                                                       static_cast<std::int64_t>(duration->values[row]),
                                                       " ms are no duration"));
      out->value[row] = static_cast<double>(duration->values[row]);
      out->has_value[row] = 1;
    }
    out->truth[row] = limits[row] == 0                                          ? kFalse
                      : limits[row] == kNoLimitKnown || duration->has[row] == 0 ? kUnknown
                      : duration->values[row] < limits[row]                     ? kTrue
                                                                                : kFalse;
  }
  return absl::OkStatus();
}

absl::Status RuleJudge::Form(const DuplicateRule& rule, Judged* out) {
  std::vector<Column> keys;
  for (const std::string& name : rule.keys) {
    absl::StatusOr<Column> key = columns_.Field(name);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  const absl::StatusOr<KeyColumns> bound = KeyColumns::Bind(keys, kMostDirect, 0);
  if (!bound.ok()) return bound.status();
  std::optional<FieldColumn> order;
  if (!rule.order.empty()) {
    int kind = 0;
    absl::StatusOr<FieldColumn> read = columns_.Whole(rule.order, &kind);
    if (!read.ok()) return read.status();
    order = *std::move(read);
  }
  const auto rows = static_cast<std::int64_t>(out->truth.size());
  const auto has_keys = [&](std::int64_t row) {
    return std::all_of(keys.begin(), keys.end(), [&](const Column& key) { return IsGiven(key, row); });
  };
  // A response without a place in the order is never the one that counts, unless no other is there.
  const bool first = rule.keep == DuplicateRule::Keep::kFirst;
  const auto better = [&](std::int64_t a, std::int64_t b) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    if (order.has_value()) {
      if (order->has[i] != order->has[j]) return order->has[i] > order->has[j];
      if (order->values[i] != order->values[j])
        return first ? order->values[i] < order->values[j] : order->values[i] > order->values[j];
    }
    return first ? IdBefore(ids_[i], ids_[j]) : IdBefore(ids_[j], ids_[i]);
  };
  GroupCoder coder(*bound);
  std::vector<std::uint32_t> groups(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; row += kTile)
    coder.Code(row, static_cast<int>(std::min(kTile, rows - row)), &groups[static_cast<std::size_t>(row)]);
  std::vector<std::int64_t> best(coder.groups(), -1);
  std::vector<std::uint8_t> several(coder.groups(), 0);
  for (std::int64_t row = 0; row < rows; ++row) {
    if (counts_[static_cast<std::size_t>(row)] == 0 || !has_keys(row)) continue;
    const std::uint32_t group = groups[static_cast<std::size_t>(row)];
    if (best[group] >= 0) several[group] = 1;
    if (best[group] < 0 || better(row, best[group])) best[group] = row;
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (!has_keys(row)) continue;  // Unknown.
    const std::uint32_t group = groups[at];
    const bool counts = best[group] == row && rule.keep != DuplicateRule::Keep::kNone;
    out->truth[at] = several[group] != 0 && !counts ? kTrue : kFalse;
  }
  return absl::OkStatus();
}

absl::Status RuleJudge::Form(const StayRule& rule, Judged* out) {
  const std::string* const names[] = {&rule.submitted, &rule.from, &rule.until};
  FieldColumn read[3];
  int kinds[3];
  for (int i = 0; i < 3; ++i) {
    absl::StatusOr<FieldColumn> column = columns_.Whole(*names[i], &kinds[i]);
    if (!column.ok()) return column.status();
    read[i] = *std::move(column);
    if (kinds[i] != kinds[0])
      return absl::InvalidArgumentError(absl::StrCat(
          "columns ", Quoted(*names[0]), " and ", Quoted(*names[i]), " cannot be compared: one has ",
          kinds[i] == 0 || kinds[0] == 0 ? "numbers" : "a zone", " and the other none"));
  }
  for (std::size_t row = 0; row < out->truth.size(); ++row) {
    if (read[1].has[row] != 0 && read[2].has[row] != 0 && read[2].values[row] < read[1].values[row])
      return absl::InvalidArgumentError(absl::StrCat("row ", row, ": the stay ends in column ",
                                                     Quoted(rule.until), " before it begins in column ",
                                                     Quoted(rule.from)));
    if (read[0].has[row] == 0) continue;
    const absl::int128 submitted = read[0].values[row];
    // One end of the stay may be enough to know.
    const bool before = read[1].has[row] != 0 && submitted < read[1].values[row];
    const bool after = read[2].has[row] != 0 && submitted > read[2].values[row];
    if (before || after) {
      out->truth[row] = kTrue;
    } else if (read[1].has[row] != 0 && read[2].has[row] != 0) {
      out->truth[row] = kFalse;
    }
  }
  return absl::OkStatus();
}

absl::Status RuleJudge::Form(const DistanceRule& rule, Judged* out) {
  const std::string* const names[] = {&rule.latitude, &rule.longitude, &rule.store_latitude,
                                      &rule.store_longitude};
  RealColumn read[4];
  for (int i = 0; i < 4; ++i) {
    absl::StatusOr<RealColumn> column = columns_.Real(*names[i]);
    if (!column.ok()) return column.status();
    read[i] = *std::move(column);
    if (absl::Status status = CheckDegrees(read[i], *names[i], i % 2 == 0 ? 90 : 360); !status.ok())
      return status;
  }
  std::optional<RealColumn> radius;
  if (!rule.radius_field.empty()) {
    absl::StatusOr<RealColumn> column = columns_.Real(rule.radius_field);
    if (!column.ok()) return column.status();
    radius = *std::move(column);
    for (std::size_t row = 0; row < radius->values.size(); ++row) {
      if (radius->has[row] != 0 && !(radius->values[row] >= 0))
        return absl::InvalidArgumentError(absl::StrCat("row ", row, ": column ", Quoted(rule.radius_field),
                                                       ": ", radius->values[row], " m are no radius"));
    }
  }
  AddValues(out);
  const double fixed = rule.radius_m.value_or(Decimal()).ToDouble();
  for (std::size_t row = 0; row < out->truth.size(); ++row) {
    if (!std::all_of(read, read + 4, [row](const RealColumn& column) { return column.has[row] != 0; }))
      continue;
    const double metres =
        GreatCircleMetres(read[0].values[row], read[1].values[row], read[2].values[row], read[3].values[row]);
    out->value[row] = metres;
    out->has_value[row] = 1;
    const bool own = radius.has_value() && radius->has[row] != 0;
    if (!own && !rule.radius_m.has_value()) continue;
    out->truth[row] = metres > (own ? radius->values[row] : fixed) ? kTrue : kFalse;
  }
  return absl::OkStatus();
}

absl::Status RuleJudge::Form(const DefaultAnswerRule& rule, Judged* out) {
  std::vector<std::string> ids;
  for (const auto& [id, answer] : rule.defaults) ids.push_back(id);
  const absl::StatusOr<Items> items = ItemsOf(ids, false);
  if (!items.ok()) return items.status();
  std::vector<std::uint8_t> defaults;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t step = rule.defaults.at(ids[i]).micros() / Decimal::kOne - (*items)[i]->low;
    if (step < 0 || step >= (*items)[i]->levels)
      return absl::InvalidArgumentError(
          absl::StrCat("the default of item ", Quoted(ids[i]), " is off its scale"));
    defaults.push_back(static_cast<std::uint8_t>(step));
  }
  AddValues(out);
  return ForEachTile(
      columns_, [&](std::int64_t from, int n) { JudgeDefaultAnswers(*items, defaults, rule, from, n, out); });
}

}  // namespace csat::survey
