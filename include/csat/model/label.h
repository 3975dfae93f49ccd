// Names of things in the languages of the people who read them.
#ifndef CSAT_MODEL_LABEL_H_
#define CSAT_MODEL_LABEL_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace csat {

// A name by language tag ("en", "zh"). Absent languages fall back to English, then to any, then to the id
// that the caller gives.
class Label {
 public:
  Label() = default;
  explicit Label(std::map<std::string, std::string> by_language) : by_language_(std::move(by_language)) {}

  std::string_view In(std::string_view language, std::string_view otherwise) const {
    for (const std::string_view wanted : {language, std::string_view("en")}) {
      const auto found = by_language_.find(std::string(wanted));
      if (found != by_language_.end()) return found->second;
    }
    return by_language_.empty() ? otherwise : std::string_view(by_language_.begin()->second);
  }
  const std::map<std::string, std::string>& by_language() const { return by_language_; }

 private:
  std::map<std::string, std::string> by_language_;
};

}  // namespace csat

#endif  // CSAT_MODEL_LABEL_H_
