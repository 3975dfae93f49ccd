#include "csat_c/policy.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/policy.h"
#include "diagnostic_handle.h"
#include "guard.h"
#include "policy_handle.h"
#include "policy_schema.h"

using csat::Policy;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;
using csat::capi::MakeHandle;
using csat::capi::PolicyContent;

namespace {

template <typename Field>
csat_string_view Text(const csat_policy* policy, Field field) {
  return csat::capi::AccessText(
      policy, [&](const PolicyContent& content) { return std::string_view(field(content.policy)); });
}

// Number of elements of a list of the policy.
template <typename List>
size_t Count(const csat_policy* policy, List list) {
  return Access(policy, size_t{0}, [&](const PolicyContent& content) { return list(content.policy).size(); });
}

// Text of an element of such a list.
template <typename List, typename Field>
csat_string_view TextAt(const csat_policy* policy, size_t index, List list, Field field) {
  return Text(policy, [&](const Policy& p) {
    const auto& all = list(p);
    return index < all.size() ? std::string_view(field(all[index])) : std::string_view();
  });
}

const auto kScorecards = [](const Policy& p) -> const auto& { return p.scorecards(); };
const auto kMetrics = [](const Policy& p) -> const auto& { return p.metrics(); };
const auto kAssumed = [](const Policy& p) -> const auto& { return p.assumed_values(); };
const auto kClauses = [](const Policy& p) -> const auto& { return p.clauses(); };

// The versions behind the caller's list of handles.
absl::Status ReadVersions(const csat_policy* const* versions, size_t count, std::vector<Policy>* out) {
  return csat::capi::ReadHandles(
      versions, count, "versions", [](const PolicyContent& content) { return content.policy; }, out);
}

}  // namespace

csat_status csat_policy_parse(const char* json, size_t json_size, csat_policy** out,
                              csat_diagnostics** diagnostics, csat_error** error) {
  return Guard(error, out, [&](csat::capi::Place& place) -> absl::Status {
    if (diagnostics != nullptr) *diagnostics = nullptr;
    absl::Status wrong = First(CheckText(json, json_size, "json"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;

    std::vector<csat::Diagnostic> findings;
    absl::StatusOr<Policy> policy = Policy::Parse(FromC(json, json_size), &findings);
    if (!policy.ok()) {
      const auto first = std::find_if(findings.begin(), findings.end(), [](const csat::Diagnostic& found) {
        return found.severity == csat::Diagnostic::Severity::kError;
      });
      if (first != findings.end()) place = {first->path, first->line, first->column};
      if (diagnostics != nullptr) *diagnostics = MakeHandle<csat_diagnostics>(std::move(findings));
      return policy.status();
    }
    struct Free {
      void operator()(csat_policy* made) const { csat_policy_free(made); }
    };
    std::string effective_from = policy->effective_from().ToString();
    std::unique_ptr<csat_policy, Free> made(
        MakeHandle<csat_policy>(*std::move(policy), std::move(effective_from)));
    if (diagnostics != nullptr) *diagnostics = MakeHandle<csat_diagnostics>(std::move(findings));
    *out = made.release();
    return absl::OkStatus();
  });
}

void csat_policy_free(csat_policy* policy) { csat::capi::FreeHandle(policy); }

csat_status csat_policy_check(const csat_policy* policy, csat_diagnostics** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(policy, "policy"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_diagnostics>(policy->rep.policy.Check());
    return absl::OkStatus();
  });
}

csat_string_view csat_policy_id(const csat_policy* policy) {
  return Text(policy, [](const Policy& p) -> const std::string& { return p.id(); });
}

csat_string_view csat_policy_version(const csat_policy* policy) {
  return Text(policy, [](const Policy& p) -> const std::string& { return p.version(); });
}

csat_string_view csat_policy_effective_from(const csat_policy* policy) {
  return csat::capi::AccessText(
      policy, [](const PolicyContent& content) { return std::string_view(content.effective_from); });
}

csat_string_view csat_policy_zone(const csat_policy* policy) {
  return Text(policy, [](const Policy& p) -> const std::string& { return p.zone(); });
}

csat_string_view csat_policy_label(const csat_policy* policy, const char* language, size_t language_size) {
  return Text(policy, [&](const Policy& p) { return p.label().In(FromC(language, language_size), p.id()); });
}

csat_string_view csat_policy_digest(const csat_policy* policy) {
  return Text(policy, [](const Policy& p) -> const std::string& { return p.digest(); });
}

csat_string_view csat_policy_canonical_json(const csat_policy* policy) {
  return Text(policy, [](const Policy& p) -> const std::string& { return p.canonical_json(); });
}

size_t csat_policy_scorecard_count(const csat_policy* policy) { return Count(policy, kScorecards); }

csat_string_view csat_policy_scorecard_id(const csat_policy* policy, size_t index) {
  return TextAt(policy, index, kScorecards,
                [](const csat::Scorecard& card) -> const std::string& { return card.id; });
}

csat_string_view csat_policy_scorecard_label(const csat_policy* policy, size_t index, const char* language,
                                             size_t language_size) {
  return TextAt(policy, index, kScorecards, [&](const csat::Scorecard& card) {
    return card.label.In(FromC(language, language_size), card.id);
  });
}

size_t csat_policy_metric_count(const csat_policy* policy) { return Count(policy, kMetrics); }

csat_string_view csat_policy_metric_id(const csat_policy* policy, size_t index) {
  return TextAt(policy, index, kMetrics,
                [](const csat::Metric& metric) -> const std::string& { return metric.id; });
}

csat_string_view csat_policy_metric_label(const csat_policy* policy, size_t index, const char* language,
                                          size_t language_size) {
  return TextAt(policy, index, kMetrics, [&](const csat::Metric& metric) {
    return metric.label.In(FromC(language, language_size), metric.id);
  });
}

csat_string_view csat_policy_metric_unit(const csat_policy* policy, size_t index) {
  return TextAt(policy, index, kMetrics,
                [](const csat::Metric& metric) -> const std::string& { return metric.unit; });
}

size_t csat_policy_assumed_count(const csat_policy* policy) { return Count(policy, kAssumed); }

csat_string_view csat_policy_assumed_path(const csat_policy* policy, size_t index) {
  return TextAt(policy, index, kAssumed,
                [](const csat::AssumedValue& value) -> const std::string& { return value.path; });
}

size_t csat_policy_assumed_clause_count(const csat_policy* policy, size_t index) {
  return Access(policy, size_t{0}, [&](const PolicyContent& content) {
    const auto& all = content.policy.assumed_values();
    return index < all.size() ? all[index].clauses.size() : size_t{0};
  });
}

csat_string_view csat_policy_assumed_clause(const csat_policy* policy, size_t index, size_t clause) {
  return TextAt(policy, index, kAssumed, [&](const csat::AssumedValue& value) {
    return clause < value.clauses.size() ? std::string_view(value.clauses[clause]) : std::string_view();
  });
}

size_t csat_policy_clause_count(const csat_policy* policy) { return Count(policy, kClauses); }

csat_string_view csat_policy_clause(const csat_policy* policy, size_t index) {
  return TextAt(policy, index, kClauses,
                [](const std::string& clause) -> const std::string& { return clause; });
}

csat_status csat_policy_check_versions(const csat_policy* const* versions, size_t count,
                                       csat_diagnostics** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    std::vector<Policy> policies;
    absl::Status wrong = First(CheckPointer(out, "out"), ReadVersions(versions, count, &policies));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_diagnostics>(csat::CheckVersions(policies));
    return absl::OkStatus();
  });
}

csat_status csat_policy_in_force(const csat_policy* const* versions, size_t count, const char* day,
                                 size_t day_size, size_t* out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::vector<Policy> policies;
    absl::Status wrong = First(CheckText(day, day_size, "day"), CheckPointer(out, "out"),
                               ReadVersions(versions, count, &policies));
    if (!wrong.ok()) return wrong;
    const std::string_view text = FromC(day, day_size);
    const std::optional<csat::CalendarDate> date = csat::CalendarDate::Parse(text);
    if (!date.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("day ", csat::Quoted(text), " is no day of the form YYYY-MM-DD"));
    }
    const absl::StatusOr<Policy> chosen = csat::InForce(policies, *date);
    if (!chosen.ok()) return chosen.status();
    // Two versions of one date were refused, so the date tells which one it is.
    const auto found = std::find_if(policies.begin(), policies.end(), [&](const Policy& policy) {
      return policy.effective_from() == chosen->effective_from();
    });
    *out = static_cast<size_t>(found - policies.begin());
    return absl::OkStatus();
  });
}

csat_status csat_policy_json_schema(csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = CheckPointer(out, "out");
    if (wrong.ok()) *out = MakeHandle<csat_buffer>(csat::capi::PolicySchema());
    return wrong;
  });
}
