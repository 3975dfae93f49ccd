#include "measure/aggregate_layout.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"

namespace csat {
namespace {

constexpr std::size_t kMostItems = 256, kMostSets = 16, kMostKeys = 8, kMostItemsOfSet = 64,
                      kMostMissing = 64, kMostLabels = 1000;
constexpr std::int64_t kMostTicks = std::int64_t{1} << 40, kMostTicksOfSet = std::int64_t{1} << 15;

absl::Status Refuse(std::string_view what, std::string_view id, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(what), " ", Quoted(id), ": ", why));
}

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Whether `value` lies on the grid, however far out.
bool IsTick(Decimal value, std::int64_t unit) {
  return absl::int128(value.micros()) * unit % Decimal::kOne == 0;
}

// `value` in ticks. false: it lies between two, or beyond what any item reaches.
bool ExactTicks(Decimal value, std::int64_t unit, std::int64_t* ticks) {
  const absl::int128 scaled = absl::int128(value.micros()) * unit;
  if (scaled % Decimal::kOne != 0) return false;
  const absl::int128 whole = scaled / Decimal::kOne;
  if (whole > kMostTicks * 2 || whole < -kMostTicks * 2) return false;
  *ticks = static_cast<std::int64_t>(whole);
  return true;
}

}  // namespace

absl::StatusOr<AggregateLayout> AggregateLayout::Create(AggregateSpec spec) {
  AggregateLayout layout;
  layout.spec_ = std::move(spec);
  const AggregateSpec& made = layout.spec_;
  if (made.by.size() > kMostKeys)
    return absl::InvalidArgumentError(absl::StrCat("keys: ", made.by.size(), " are more than ", kMostKeys));
  if (made.items.size() > kMostItems)
    return absl::InvalidArgumentError(
        absl::StrCat("items: ", made.items.size(), " are more than ", kMostItems));
  if (made.sets.size() > kMostSets)
    return absl::InvalidArgumentError(absl::StrCat("sets: ", made.sets.size(), " are more than ", kMostSets));
  std::set<std::string_view> ids;
  for (const std::string& key : made.by) {
    if (key.empty()) return absl::InvalidArgumentError("a key column has no name");
    if (!ids.insert(key).second) return Refuse("key", key, "is there twice");
  }
  ids.clear();
  for (const AggregateItem& item : made.items) {
    if (!IsId(item.id)) return Refuse("item", item.id, "the id is not [a-z0-9_]{1,64}");
    if (!ids.insert(item.id).second) return Refuse("item", item.id, "is there twice");
    if (absl::Status status = layout.AddItem(item); !status.ok()) return status;
  }
  ids.clear();
  for (const AggregateItemSet& set : made.sets) {
    if (!IsId(set.id)) return Refuse("set", set.id, "the id is not [a-z0-9_]{1,64}");
    if (!ids.insert(set.id).second) return Refuse("set", set.id, "is there twice");
    if (absl::Status status = layout.AddSet(set); !status.ok()) return status;
  }
  return layout;
}

absl::Status AggregateLayout::AddItem(const AggregateItem& item) {
  ItemLayout made;
  if (item.decimal_places < 0 || item.decimal_places > 6) {
    return Refuse("item", item.id,
                  absl::StrCat("decimal_places ", item.decimal_places, " lies outside [0, 6]"));
  }
  made.unit = PowerOfTen(item.decimal_places);
  if (!IsTick(item.min, made.unit) || !IsTick(item.max, made.unit)) {
    return Refuse("item", item.id,
                  absl::StrCat("the range [", item.min.ToString(), ", ", item.max.ToString(),
                               "] has more than ", item.decimal_places, " decimal places"));
  }
  if (item.min >= item.max)
    return Refuse("item", item.id,
                  absl::StrCat("the range [", item.min.ToString(), ", ", item.max.ToString(), "] is empty"));
  if (!ExactTicks(item.min, made.unit, &made.low) || !ExactTicks(item.max, made.unit, &made.high) ||
      made.low < -kMostTicks || made.high > kMostTicks) {
    return Refuse("item", item.id,
                  absl::StrCat("the range [", item.min.ToString(), ", ", item.max.ToString(),
                               "] reaches beyond ", kMostTicks, " ticks"));
  }
  if (item.missing_values.size() > kMostMissing || item.labels.size() > kMostLabels) {
    return Refuse("item", item.id,
                  absl::StrCat("more than ", kMostMissing, " missing values or ", kMostLabels, " labels"));
  }
  for (const Decimal value : item.missing_values) {
    std::int64_t ticks = 0;
    if (!ExactTicks(value, made.unit, &ticks)) {
      return Refuse("item", item.id, absl::StrCat("the missing value ", value.ToString(), " is no tick"));
    }
    made.missing.push_back(ticks);
  }
  std::set<std::string_view> words;
  for (const auto& [word, value] : item.labels) {
    if (!words.insert(word).second)
      return Refuse("item", item.id, absl::StrCat("the label ", Quoted(word), " is there twice"));
    std::int64_t ticks = 0;
    const bool is_missing = ExactTicks(value, made.unit, &ticks) &&
                            std::find(made.missing.begin(), made.missing.end(), ticks) != made.missing.end();
    if (!is_missing && (value < item.min || value > item.max || !ExactTicks(value, made.unit, &ticks))) {
      return Refuse("item", item.id,
                    absl::StrCat("the label ", Quoted(word), " stands for ", value.ToString(),
                                 ", which is not a tick of the range"));
    }
  }
  made.counts = counts_;
  if (made.high - made.low < kMostLevels) {
    made.levels = static_cast<int>(made.high - made.low + 1);
    counts_ += static_cast<std::size_t>(made.levels);
  } else {
    counts_ += 1;
    made.sums = sums_;
    sums_ += 2;
  }
  items_.push_back(std::move(made));
  return absl::OkStatus();
}

absl::Status AggregateLayout::AddSet(const AggregateItemSet& set) {
  if (set.items.size() < 2 || set.items.size() > kMostItemsOfSet) {
    return Refuse("set", set.id,
                  absl::StrCat(set.items.size(), " items lie outside [2, ", kMostItemsOfSet, "]"));
  }
  SetLayout made;
  std::int64_t widest = 1;
  for (const std::string& id : set.items) {
    const auto found = std::find_if(spec_.items.begin(), spec_.items.end(),
                                    [&](const AggregateItem& item) { return item.id == id; });
    if (found == spec_.items.end()) return Refuse("set", set.id, absl::StrCat(Quoted(id), " is no item"));
    const int index = static_cast<int>(found - spec_.items.begin());
    if (std::find(made.items.begin(), made.items.end(), index) != made.items.end())
      return Refuse("set", set.id, absl::StrCat("the item ", Quoted(id), " is there twice"));
    const ItemLayout& item = items_[static_cast<std::size_t>(index)];
    if (item.low < -kMostTicksOfSet || item.high > kMostTicksOfSet) {
      return Refuse("set", set.id,
                    absl::StrCat("the item ", Quoted(id), " reaches beyond ", kMostTicksOfSet, " ticks"));
    }
    made.items.push_back(index);
    widest = std::max(widest, item.high - item.low);
  }
  most_rows_ = std::min(most_rows_, (std::int64_t{1} << 62) / (widest * widest));
  made.complete = counts_;
  counts_ += 1 + set.items.size() + Triangle(made.k());
  made.partial = partial_;
  partial_ += 2 * (Triangle(made.k()) + set.items.size() * set.items.size());
  sets_.push_back(std::move(made));
  return absl::OkStatus();
}

}  // namespace csat
