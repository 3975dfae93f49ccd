#include "csat/model/scale.h"

#include <map>
#include <set>
#include <utility>

namespace csat {

absl::StatusOr<Scale> Scale::Create(std::string id, Decimal min, Decimal max, bool integer,
                                    Direction direction, std::vector<RankLabel> labels) {
  const auto refuse = [&id](const std::string& what) {
    return absl::InvalidArgumentError("scale '" + id + "': " + what);
  };
  if (id.empty()) return refuse("the id is empty");
  if (!(min < max)) return refuse("min " + min.ToString() + " is not below max " + max.ToString());
  Content content{id, min, max, integer, direction, std::move(labels)};
  std::set<int> ranks;
  std::map<std::string, int> spellings;
  for (const RankLabel& label : content.labels) {
    const std::string rank = std::to_string(label.rank);
    const Decimal at = Decimal::FromInteger(label.rank);
    if (at < min || max < at) {
      return refuse("label rank " + rank + " lies outside [" + min.ToString() + ", " + max.ToString() + "]");
    }
    if (!ranks.insert(label.rank).second) return refuse("rank " + rank + " has two labels");
    std::set<std::string> own(label.aliases.begin(), label.aliases.end());
    for (const auto& [language, text] : label.label.by_language()) own.insert(text);
    for (const std::string& text : own) {
      if (!spellings.emplace(text, label.rank).second)
        return refuse("label '" + text + "' stands for two ranks");
    }
  }
  return Scale(std::move(content));
}

std::optional<int> Scale::RankOf(std::string_view text) const {
  for (const RankLabel& label : labels()) {
    for (const auto& [language, spelling] : label.label.by_language()) {
      if (spelling == text) return label.rank;
    }
    for (const std::string& alias : label.aliases) {
      if (alias == text) return label.rank;
    }
  }
  return std::nullopt;
}

}  // namespace csat
