#include "csat_c/plan.h"

#include <string_view>
#include <variant>
#include <vector>

#include "csat/scoring/plan.h"
#include "guard.h"
#include "plan_handle.h"
#include "policy_handle.h"

using csat::Plan;
using csat::capi::Access;
using csat::capi::AccessText;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Give;
using csat::capi::Guard;

namespace {

// The header's numbers are those of FieldType.
static_assert(static_cast<int>(csat::FieldType::kNumber) == CSAT_FIELD_NUMBER);
static_assert(static_cast<int>(csat::FieldType::kText) == CSAT_FIELD_TEXT);
static_assert(static_cast<int>(csat::FieldType::kEvents) == CSAT_FIELD_EVENTS);

// nullptr: no such element.
template <typename T>
const T* At(const std::vector<T>& list, int32_t index) {
  return index >= 0 && static_cast<size_t>(index) < list.size() ? &list[static_cast<size_t>(index)] : nullptr;
}

std::string_view TextAt(const std::vector<std::string>& list, int32_t index) {
  const std::string* text = At(list, index);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

template <typename T>
std::string_view LabelOf(const T& thing, std::string_view language) {
  return thing.label.In(language, thing.id);
}

// Empty: no element has this id.
template <typename T>
std::string_view LabelIn(const std::vector<T>& things, std::string_view id, std::string_view language) {
  for (const T& thing : things) {
    if (thing.id == id) return LabelOf(thing, language);
  }
  return {};
}

const csat::Indicator* FindIndicator(const std::vector<csat::Indicator>& indicators, std::string_view id) {
  for (const csat::Indicator& indicator : indicators) {
    if (indicator.id == id) return &indicator;
    if (const auto* children = std::get_if<csat::FromChildren>(&indicator.form)) {
      if (const csat::Indicator* found = FindIndicator(children->indicators, id)) return found;
    }
  }
  return nullptr;
}

std::string_view LabelInCard(const csat::Scorecard& card, int32_t kind, std::string_view id,
                             std::string_view language) {
  switch (kind) {
    case CSAT_ID_INDICATOR: {
      const csat::Indicator* indicator = FindIndicator(card.indicators, id);
      return indicator == nullptr ? std::string_view() : LabelOf(*indicator, language);
    }
    case CSAT_ID_GRADE:
      return card.grading.has_value() ? LabelIn(card.grading->bands, id, language) : std::string_view();
    case CSAT_ID_VETO: return LabelIn(card.vetoes, id, language);
    case CSAT_ID_CAP: return LabelIn(card.caps, id, language);
    case CSAT_ID_BONUS_SOURCE:
      return card.bonus.has_value() ? LabelIn(card.bonus->sources, id, language) : std::string_view();
    case CSAT_ID_PROFILE: return LabelIn(card.profiles, id, language);
    default: return {};
  }
}

std::string_view Label(const Plan& plan, int32_t kind, std::string_view id, std::string_view language) {
  switch (kind) {
    case CSAT_ID_SCORECARD: return LabelIn(plan.policy().scorecards(), id, language);
    case CSAT_ID_METRIC: return LabelIn(plan.policy().metrics(), id, language);
    case CSAT_ID_TARGET: return LabelIn(plan.policy().targets(), id, language);
    default:
      return plan.scorecard() == nullptr ? std::string_view()
                                         : LabelInCard(*plan.scorecard(), kind, id, language);
  }
}

}  // namespace

csat_status csat_plan_compile(const csat_policy* policy, const char* scorecard, size_t scorecard_size,
                              csat_plan** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"),
                               CheckText(scorecard, scorecard_size, "scorecard"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(Plan::Compile(policy->rep.policy, FromC(scorecard, scorecard_size)), out);
  });
}

csat_status csat_plan_compile_metrics(const csat_policy* policy, csat_plan** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(Plan::CompileMetrics(policy->rep.policy), out);
  });
}

void csat_plan_free(csat_plan* plan) { csat::capi::FreeHandle(plan); }

csat_string_view csat_plan_scorecard_id(const csat_plan* plan) {
  return AccessText(plan, [](const Plan& p) {
    return p.scorecard() == nullptr ? std::string_view() : std::string_view(p.scorecard()->id);
  });
}

csat_string_view csat_plan_policy_digest(const csat_plan* plan) {
  return AccessText(plan, [](const Plan& p) { return std::string_view(p.policy().digest()); });
}

int64_t csat_plan_max_score_micros(const csat_plan* plan) {
  return Access(plan, int64_t{0}, [](const Plan& p) {
    return p.scorecard() == nullptr ? int64_t{0} : p.scorecard()->max_score.micros();
  });
}

int32_t csat_plan_field_count(const csat_plan* plan) {
  return Access(plan, int32_t{0}, [](const Plan& p) { return p.fields().size(); });
}

csat_string_view csat_plan_field_name(const csat_plan* plan, int32_t slot) {
  return AccessText(plan, [&](const Plan& p) {
    const csat::Field* field = At(p.fields(), slot);
    return field == nullptr ? std::string_view() : std::string_view(field->name);
  });
}

int32_t csat_plan_field_type(const csat_plan* plan, int32_t slot) {
  return Access(plan, int32_t{-1}, [&](const Plan& p) {
    const csat::Field* field = At(p.fields(), slot);
    return field == nullptr ? -1 : static_cast<int>(field->type);
  });
}

int32_t csat_plan_field_required(const csat_plan* plan, int32_t slot) {
  return Access(plan, int32_t{-1}, [&](const Plan& p) {
    const csat::Field* field = At(p.fields(), slot);
    return field == nullptr ? -1 : field->required ? 1 : 0;
  });
}

int32_t csat_plan_find_field(const csat_plan* plan, const char* name, size_t name_size) {
  return Access(plan, int32_t{-1}, [&](const Plan& p) { return p.FindField(FromC(name, name_size)); });
}

int32_t csat_plan_grade_count(const csat_plan* plan) {
  return Access(plan, int32_t{0}, [](const Plan& p) { return p.grades().size(); });
}

csat_string_view csat_plan_grade(const csat_plan* plan, int32_t grade) {
  return AccessText(plan, [&](const Plan& p) { return TextAt(p.grades(), grade); });
}

int32_t csat_plan_reason_count(const csat_plan* plan) {
  return Access(plan, int32_t{0}, [](const Plan& p) { return p.reasons().size(); });
}

csat_string_view csat_plan_reason(const csat_plan* plan, int32_t reason) {
  return AccessText(plan, [&](const Plan& p) { return TextAt(p.reasons(), reason); });
}

int32_t csat_plan_indicator_count(const csat_plan* plan) {
  return Access(plan, int32_t{0}, [](const Plan& p) {
    return p.scorecard() == nullptr ? size_t{0} : p.scorecard()->indicators.size();
  });
}

csat_string_view csat_plan_indicator(const csat_plan* plan, int32_t index) {
  return AccessText(plan, [&](const Plan& p) {
    const csat::Indicator* indicator =
        p.scorecard() == nullptr ? nullptr : At(p.scorecard()->indicators, index);
    return indicator == nullptr ? std::string_view() : std::string_view(indicator->id);
  });
}

int32_t csat_plan_level_count(const csat_plan* plan, const char* indicator, size_t indicator_size) {
  return Access(plan, int32_t{0},
                [&](const Plan& p) { return p.levels(FromC(indicator, indicator_size)).size(); });
}

csat_string_view csat_plan_level(const csat_plan* plan, const char* indicator, size_t indicator_size,
                                 int32_t level) {
  return AccessText(plan,
                    [&](const Plan& p) { return TextAt(p.levels(FromC(indicator, indicator_size)), level); });
}

csat_string_view csat_plan_label(const csat_plan* plan, int32_t kind, const char* id, size_t id_size,
                                 const char* language, size_t language_size) {
  return AccessText(plan, [&](const Plan& p) {
    return Label(p, kind, FromC(id, id_size), FromC(language, language_size));
  });
}

csat_string_view csat_plan_level_label(const csat_plan* plan, const char* indicator, size_t indicator_size,
                                       int32_t level, const char* language, size_t language_size) {
  return AccessText(plan, [&](const Plan& p) -> std::string_view {
    if (p.scorecard() == nullptr) return {};
    const csat::Indicator* found = FindIndicator(p.scorecard()->indicators, FromC(indicator, indicator_size));
    if (found == nullptr || !found->levels.has_value()) return {};
    const csat::GradeBand* band = At(found->levels->bands, level);
    return band == nullptr ? std::string_view() : LabelOf(*band, FromC(language, language_size));
  });
}
