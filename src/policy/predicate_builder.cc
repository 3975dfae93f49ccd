#include "policy/predicate_builder.h"

#include "policy/model_words.h"

namespace csat::policy {

Predicate BuildPredicate(const v1::Predicate& predicate) {
  Predicate built;
  switch (predicate.form_case()) {
    case v1::Predicate::kAll:
    case v1::Predicate::kAny: {
      const bool all = predicate.form_case() == v1::Predicate::kAll;
      built.kind = all ? Predicate::Kind::kAll : Predicate::Kind::kAny;
      for (const v1::Predicate& part : (all ? predicate.all() : predicate.any()).of())
        built.of.push_back(BuildPredicate(part));
      return built;
    }
    case v1::Predicate::kNot:
      built.kind = Predicate::Kind::kNot;
      built.of.push_back(BuildPredicate(predicate.not_()));
      return built;
    case v1::Predicate::kAnswered:
      built.kind = Predicate::Kind::kAnswered;
      built.metric = predicate.answered();
      return built;
    case v1::Predicate::kAtLeast:
      built.kind = Predicate::Kind::kAtLeast;
      built.count = predicate.at_least().count();
      for (const v1::Predicate& part : predicate.at_least().of()) built.of.push_back(BuildPredicate(part));
      return built;
    default: {
      const v1::Comparison& compare = predicate.compare();
      built.kind =
          compare.operand_case() == v1::Comparison::kText ? Predicate::Kind::kText : Predicate::Kind::kNumber;
      built.metric = compare.metric();
      built.op = ToModel(compare.op());
      built.value = ToModel(compare.value());
      built.text = compare.text();
      return built;
    }
  }
}

}  // namespace csat::policy
