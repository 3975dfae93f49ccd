// Rating scales: likert5, star5, 0..10 and the like.
#ifndef CSAT_MODEL_SCALE_H_
#define CSAT_MODEL_SCALE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "csat/model/decimal.h"
#include "csat/model/label.h"

namespace csat {

// Which way is better for the customer.
enum class Direction { kHigherIsBetter, kLowerIsBetter, kNeutral };

// A rating scale is a bounded range of answers, in ranks (whole numbers) or any number, with labels for its
// ranks in any language. A value: immutable after Create(), cheap to copy, safe to share between threads.
class Scale {
 public:
  struct RankLabel {
    int rank = 0;
    Label label;
    std::vector<std::string> aliases;
    // Points of this label under the conversion "label table".
    std::optional<Points> points;
  };

  // InvalidArgument names the field at fault: an empty id, min not below max, a label off the scale, two
  // labels of one rank, one spelling for two ranks.
  static absl::StatusOr<Scale> Create(std::string id, Decimal min, Decimal max, bool integer,
                                      Direction direction, std::vector<RankLabel> labels = {});

  const std::string& id() const { return content_->id; }
  Decimal min() const { return content_->min; }
  Decimal max() const { return content_->max; }
  bool integer() const { return content_->integer; }
  Direction direction() const { return content_->direction; }
  const std::vector<RankLabel>& labels() const { return content_->labels; }

  bool Contains(Decimal answer) const {
    return min() <= answer && answer <= max() && (!integer() || answer.micros() % Decimal::kOne == 0);
  }
  // The rank that a label in any language, or an alias of it, stands for.
  std::optional<int> RankOf(std::string_view label) const;

 private:
  struct Content {
    std::string id;
    Decimal min, max;
    bool integer;
    Direction direction;
    std::vector<RankLabel> labels;
  };
  explicit Scale(Content content) : content_(std::make_shared<const Content>(std::move(content))) {}
  std::shared_ptr<const Content> content_;
};

}  // namespace csat

#endif  // CSAT_MODEL_SCALE_H_
