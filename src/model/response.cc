#include "csat/model/response.h"

#include <set>

#include "csat/model/foreign_text.h"
#include "csat/model/id.h"

namespace csat {
namespace {

absl::Status RefuseAnswer(const std::string& item, const std::string& what) {
  return absl::InvalidArgumentError("item " + Quoted(item) + ": " + what);
}

absl::StatusOr<Decimal> OnScale(const ScaleItem& item, const std::variant<Decimal, std::string>& answer) {
  const Scale& scale = item.scale;
  if (const auto* label = std::get_if<std::string>(&answer)) {
    const std::optional<int> rank = scale.RankOf(*label);
    if (!rank.has_value())
      return RefuseAnswer(item.id, Quoted(*label) + " is no label of scale '" + scale.id() + "'");
    return Decimal::FromInteger(*rank);
  }
  const Decimal number = std::get<Decimal>(answer);
  if (!scale.Contains(number)) {
    return RefuseAnswer(item.id, "answer " + number.ToString() + " lies outside " +
                                     (scale.integer() ? "the whole numbers of " : "") + "[" +
                                     scale.min().ToString() + ", " + scale.max().ToString() + "] of scale '" +
                                     scale.id() + "'");
  }
  return number;
}

}  // namespace

absl::StatusOr<ItemList> ItemList::Create(std::vector<ScaleItem> items) {
  if (items.empty()) return absl::InvalidArgumentError("items: 1 item is the least");
  std::set<std::string_view> ids;
  for (const ScaleItem& item : items) {
    if (!IsId(item.id))
      return absl::InvalidArgumentError("item " + Quoted(item.id) + " is not [a-z0-9_]{1,64}");
    if (!ids.insert(item.id).second)
      return absl::InvalidArgumentError("item " + Quoted(item.id) + " stands twice");
  }
  return ItemList(std::move(items));
}

absl::StatusOr<ItemList> ItemList::Create(const Scale& scale, const std::vector<std::string>& ids) {
  std::vector<ScaleItem> items;
  items.reserve(ids.size());
  for (const std::string& id : ids) items.push_back({id, scale});
  return Create(std::move(items));
}

std::optional<std::size_t> ItemList::Find(std::string_view id) const {
  for (std::size_t i = 0; i < items_->size(); ++i) {
    if ((*items_)[i].id == id) return i;
  }
  return std::nullopt;
}

absl::StatusOr<Response> Response::Create(ItemList items, const std::vector<Given>& given) {
  Response response(std::move(items));
  for (const Given& one : given) {
    const std::optional<std::size_t> at = response.items_.Find(one.item);
    if (!at.has_value()) return RefuseAnswer(one.item, "not on the list");
    if (response.answers_[*at].has_value()) return RefuseAnswer(one.item, "answered twice");
    const absl::StatusOr<Decimal> answer = OnScale(response.items_[*at], one.answer);
    if (!answer.ok()) return answer.status();
    response.answers_[*at] = *answer;
  }
  return response;
}

std::optional<Decimal> Response::AnswerTo(std::string_view item) const {
  const std::optional<std::size_t> at = items_.Find(item);
  return at.has_value() ? answers_[*at] : std::nullopt;
}

std::size_t Response::answered() const {
  std::size_t count = 0;
  for (const std::optional<Decimal>& answer : answers_) count += answer.has_value();
  return count;
}

std::size_t Response::CountAtLeastAsGoodAs(Decimal rank) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    if (!answers_[i].has_value()) continue;
    const bool less_is_better = items_[i].scale.direction() == Direction::kLowerIsBetter;
    count += less_is_better ? *answers_[i] <= rank : *answers_[i] >= rank;
  }
  return count;
}

}  // namespace csat
