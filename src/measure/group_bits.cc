#include "measure/group_bits.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace csat {
namespace {

constexpr int kTotalOrder = 16, kSpreadOrder = 3;

// What a number is measured by: the rows of its group; the rows themselves by the group.
std::int64_t RowsFor(std::size_t number, const FlatNumbers& group) {
  return number == 0 ? 1 : static_cast<std::int64_t>(group[0]);
}

}  // namespace

GroupBits::GroupBits(const AggregateLayout& layout, std::size_t groups, FlatNumbers totals)
    : layout_(&layout), totals_(std::move(totals)) {
  models_.reserve(totals_.size());
  for (const absl::int128 total : totals_) {
    models_.emplace_back(
        total, models_.empty() ? static_cast<std::int64_t>(groups) : static_cast<std::int64_t>(totals_[0]));
  }
}

std::optional<GroupBits> GroupBits::OfHead(const AggregateLayout& layout, std::size_t groups,
                                           std::string_view head) {
  NumberReader reader(head);
  const std::size_t whole = layout.counts() + layout.sums();
  bool has_partial = false;
  if (layout.partial() > 0 && !reader.GetBit(&has_partial)) return std::nullopt;
  FlatNumbers totals;
  std::vector<absl::uint128> spreads;
  for (std::size_t i = 0; i < whole + (has_partial ? layout.partial() : 0); ++i) {
    absl::uint128 total = 0, spread = 0;
    if (!reader.Get(kTotalOrder, &total) || !reader.Get(kSpreadOrder, &spread)) return std::nullopt;
    totals.push_back(static_cast<absl::int128>(UnfoldSign(total)));
    spreads.push_back(spread);
  }
  if (!reader.AtEnd() || totals[0] < 1 || totals[0] > layout.most_rows()) return std::nullopt;
  GroupBits bits(layout, groups, std::move(totals));
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    if (!bits.models_[i].SetSpread(spreads[i])) return std::nullopt;
  }
  return bits;
}

void GroupBits::Look(const FlatNumbers& group) {
  for (std::size_t i = 0; i < group.size(); ++i) models_[i].Look(group[i], RowsFor(i, group));
}

void GroupBits::Settle() {
  for (NumberModel& model : models_) model.Settle();
}

std::string GroupBits::Head() const {
  NumberWriter writer;
  if (layout_->partial() > 0) writer.PutBit(totals_.size() > whole());
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    writer.Put(FoldSign(totals_[i]), kTotalOrder);
    writer.Put(models_[i].spread(), kSpreadOrder);
  }
  return writer.Finish();
}

std::string GroupBits::Write(const FlatNumbers& group) const {
  NumberWriter writer;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (i == whole()) writer.PutBit(true);
    models_[i].Write(group[i], RowsFor(i, group), &writer);
  }
  if (group.size() == whole() && layout_->partial() > 0) writer.PutBit(false);
  return writer.Finish();
}

bool GroupBits::Read(std::string_view bits, FlatNumbers* group) const {
  NumberReader reader(bits);
  group->assign(1, 0);
  if (!models_[0].Read(1, &reader, &group->front())) return false;
  if (group->front() < 1 || group->front() > totals_[0]) return false;
  std::size_t size = whole();
  for (std::size_t i = 1; i < size; ++i) {
    group->push_back(0);
    if (!models_[i].Read(RowsFor(i, *group), &reader, &group->back())) return false;
    bool has_partial = false;
    if (i + 1 == whole() && layout_->partial() > 0 && !reader.GetBit(&has_partial)) return false;
    if (has_partial) size = models_.size();
  }
  const auto is_0 = [](absl::int128 number) { return number == 0; };
  const auto partial = group->begin() + static_cast<std::ptrdiff_t>(whole());
  return reader.AtEnd() && (size == whole() || !std::all_of(partial, group->end(), is_0));
}

}  // namespace csat
