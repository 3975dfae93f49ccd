#include "policy/sources.h"

#include <algorithm>

#include "policy/message_walk.h"

namespace csat::policy {

Sources CollectSources(const v1::Policy& message) {
  Sources collected;
  std::string path;
  WalkMessages(message, &path, [&collected](const google::protobuf::Message& at, const std::string& place) {
    if (at.GetDescriptor() == v1::Case::descriptor()) {
      const v1::Case& example = static_cast<const v1::Case&>(at);
      collected.clauses.insert(collected.clauses.end(), example.clauses().begin(), example.clauses().end());
    }
    if (at.GetDescriptor() != v1::Source::descriptor()) return;
    const v1::Source& source = static_cast<const v1::Source&>(at);
    const std::vector<std::string> clauses(source.clauses().begin(), source.clauses().end());
    collected.clauses.insert(collected.clauses.end(), clauses.begin(), clauses.end());
    // The fields named are those of the message around the source: "a.b.source" speaks of "a.b".
    const size_t dot = place.rfind('.');
    for (const std::string& field : source.assumed()) {
      std::string assumed = dot == std::string::npos ? "" : place.substr(0, dot);
      AppendKey(field, &assumed);
      collected.assumed_values.push_back({std::move(assumed), clauses});
    }
  });
  std::sort(collected.clauses.begin(), collected.clauses.end());
  collected.clauses.erase(std::unique(collected.clauses.begin(), collected.clauses.end()),
                          collected.clauses.end());
  return collected;
}

}  // namespace csat::policy
