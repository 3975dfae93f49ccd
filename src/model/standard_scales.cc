#include "csat/model/standard_scales.h"

#include <string>
#include <utility>
#include <vector>

namespace csat {
namespace {

Scale::RankLabel Named(int rank, std::string en, std::string zh, std::vector<std::string> aliases = {}) {
  return {rank, Label({{"en", std::move(en)}, {"zh", std::move(zh)}}), std::move(aliases), std::nullopt};
}

Scale Ranks(std::string id, int min, int max, std::vector<Scale::RankLabel> labels) {
  return *Scale::Create(std::move(id), Decimal::FromInteger(min), Decimal::FromInteger(max), true,
                        Direction::kHigherIsBetter, std::move(labels));
}

}  // namespace

Scale Likert5() {
  return Ranks("likert5", 1, 5,
               {Named(5, "very satisfied", "非常满意", {"很满意", "非常滿意", "很滿意"}),
                Named(4, "satisfied", "满意",
                      {"fairly satisfied", "较满意", "比较满意", "滿意", "較滿意", "比較滿意"}),
                Named(3, "neutral", "一般", {"average", "neither satisfied nor dissatisfied"}),
                Named(2, "dissatisfied", "不满意", {"较不满意", "不滿意", "較不滿意"}),
                Named(1, "very dissatisfied", "非常不满意", {"很不满意", "非常不滿意", "很不滿意"})});
}

Scale Star5() {
  return Ranks("star5", 1, 5,
               {Named(5, "5 stars", "五星", {"★★★★★"}), Named(4, "4 stars", "四星", {"★★★★"}),
                Named(3, "3 stars", "三星", {"★★★"}), Named(2, "2 stars", "二星", {"★★", "两星"}),
                Named(1, "1 star", "一星", {"★"})});
}

Scale Recommend10() {
  return Ranks("recommend10", 0, 10,
               {Named(10, "extremely likely", "非常愿意", {"非常願意"}),
                Named(0, "not at all likely", "完全不愿意", {"完全不願意"})});
}

}  // namespace csat
