// Responses: what one person answered to the rated items of a questionnaire.
#ifndef CSAT_MODEL_RESPONSE_H_
#define CSAT_MODEL_RESPONSE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"
#include "csat/model/scale.h"

namespace csat {

// One question that is answered on a scale.
struct ScaleItem {
  std::string id;
  Scale scale;
};

// The rated items of a questionnaire in their order. A value: immutable, cheap to copy, safe to share between
// threads.
class ItemList {
 public:
  // InvalidArgument: no item, a malformed id, or one id twice.
  static absl::StatusOr<ItemList> Create(std::vector<ScaleItem> items);
  // Items that share one scale, such as seven questions from very dissatisfied to very satisfied (P3-26).
  static absl::StatusOr<ItemList> Create(const Scale& scale, const std::vector<std::string>& ids);

  std::size_t size() const { return items_->size(); }
  const ScaleItem& operator[](std::size_t index) const { return (*items_)[index]; }
  std::optional<std::size_t> Find(std::string_view id) const;

 private:
  explicit ItemList(std::vector<ScaleItem> items)
      : items_(std::make_shared<const std::vector<ScaleItem>>(std::move(items))) {}
  std::shared_ptr<const std::vector<ScaleItem>> items_;
};

// Every answer lies on the scale of its item; an item may be left blank. A value: immutable after Create().
class Response {
 public:
  // An answer as it was given: a number, or a label in any language of the scale.
  struct Given {
    std::string item;
    std::variant<Decimal, std::string> answer;
  };

  // InvalidArgument names the item, the answer and the limit: an item that is not on the list or is answered
  // twice, a number off its scale, a label the scale does not know.
  static absl::StatusOr<Response> Create(ItemList items, const std::vector<Given>& given);

  const ItemList& items() const { return items_; }
  // By position in items(); nullopt: left blank.
  std::optional<Decimal> answer(std::size_t index) const { return answers_[index]; }
  // nullopt: left blank, or no such item.
  std::optional<Decimal> AnswerTo(std::string_view item) const;
  std::size_t answered() const;
  // How many answers are at least as good as `rank` on their own scale's direction. A blank is not: five of seven
  // satisfied and two blanks are five (P3-26).
  std::size_t CountAtLeastAsGoodAs(Decimal rank) const;

 private:
  explicit Response(ItemList items) : items_(std::move(items)), answers_(items_.size()) {}
  ItemList items_;
  std::vector<std::optional<Decimal>> answers_;
};

}  // namespace csat

#endif  // CSAT_MODEL_RESPONSE_H_
