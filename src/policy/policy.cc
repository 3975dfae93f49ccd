#include "csat/policy/policy.h"

#include <algorithm>
#include <utility>

#include "csat/v1/policy.pb.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "policy/check_policy.h"
#include "policy/json_document.h"
#include "policy/message_reader.h"
#include "policy/policy_builder.h"
#include "policy/policy_content.h"

namespace csat {
namespace {

[[maybe_unused]] const bool kSchemaBuilt = policy::BuildSchema(v1::Policy::descriptor()->file());

Diagnostic VersionError(std::string code, size_t version, Diagnostic::Words message, Diagnostic::Words remedy,
                        std::string witness) {
  Diagnostic found;
  found.code = std::move(code);
  found.path = "versions[" + std::to_string(version) + "]";
  found.message = std::move(message);
  found.remedy = std::move(remedy);
  found.witness = std::move(witness);
  return found;
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(std::string_view json, std::vector<Diagnostic>* diagnostics) {
  // On an arena, so that nothing leaks when memory runs out half-way: Protobuf's messages on the heap do not
  // stand an exception.
  google::protobuf::Arena arena;
  v1::Policy& message = *google::protobuf::Arena::CreateMessage<v1::Policy>(&arena);
  std::vector<Diagnostic> findings;
  policy::Places places;
  if (policy::ReadMessage(json, &message, &findings, &places))
    policy::CheckPolicy(message, places, &findings);
  SortByPlace(&findings);
  if (diagnostics != nullptr) *diagnostics = findings;
  for (const Diagnostic& found : findings) {
    if (found.code == policy::kOutOfMemory) return absl::ResourceExhaustedError(found.message.en);
    if (found.severity == Diagnostic::Severity::kError) {
      return absl::InvalidArgumentError(ToLine(found, Language::kEnglish));
    }
  }
  return PolicyBuilder::Build(message, std::move(findings));
}

const std::string& Policy::id() const { return content_->id; }
const std::string& Policy::version() const { return content_->version; }
CalendarDate Policy::effective_from() const { return *content_->effective_from; }
const std::string& Policy::zone() const { return content_->zone; }
const Label& Policy::label() const { return content_->label; }
const std::string& Policy::digest() const { return content_->digest; }
const std::string& Policy::canonical_json() const { return content_->canonical_json; }
const std::vector<Metric>& Policy::metrics() const { return content_->metrics; }
const std::vector<Scorecard>& Policy::scorecards() const { return content_->scorecards; }
const std::vector<Target>& Policy::targets() const { return content_->targets; }
const std::vector<Measure>& Policy::measures() const { return content_->measures; }
const std::optional<Cleaning>& Policy::cleaning() const { return content_->cleaning; }
const SamplingPlan& Policy::sampling() const { return content_->sampling; }
const std::vector<Questionnaire>& Policy::questionnaires() const { return content_->questionnaires; }
const std::vector<PolicyCase>& Policy::cases() const { return content_->cases; }
const std::vector<AssumedValue>& Policy::assumed_values() const { return content_->assumed_values; }
const std::vector<std::string>& Policy::clauses() const { return content_->clauses; }
const std::vector<Diagnostic>& Policy::Check() const { return content_->diagnostics; }

const Metric* Policy::FindMetric(std::string_view id) const {
  const auto found = content_->metric_index.find(id);
  return found == content_->metric_index.end() ? nullptr : &content_->metrics[found->second];
}

const Measure* Policy::FindMeasure(std::string_view id) const {
  const auto found = content_->measure_index.find(id);
  return found == content_->measure_index.end() ? nullptr : &content_->measures[found->second];
}

const Questionnaire* Policy::FindQuestionnaire(std::string_view id) const {
  const auto found = std::find_if(content_->questionnaires.begin(), content_->questionnaires.end(),
                                  [id](const Questionnaire& known) { return known.id == id; });
  return found == content_->questionnaires.end() ? nullptr : &*found;
}

const Scorecard* Policy::FindScorecard(std::string_view id) const {
  const auto found = content_->scorecard_index.find(id);
  return found == content_->scorecard_index.end() ? nullptr : &content_->scorecards[found->second];
}

std::vector<Diagnostic> CheckVersions(const std::vector<Policy>& versions) {
  std::vector<Diagnostic> findings;
  for (size_t i = 1; i < versions.size(); ++i) {
    const Policy& before = versions[i - 1];
    const Policy& after = versions[i];
    if (after.id() != before.id()) {
      findings.push_back(
          VersionError("versions-of-different-policies", i,
                       {"policy '" + after.id() + "' stands among versions of '" + before.id() + "'",
                        "策略“" + after.id() + "”混在“" + before.id() + "”的各版本之中"},
                       {"keep versions of one policy together", "只放同一策略的版本"}, after.id()));
      continue;
    }
    for (size_t earlier = 0; earlier < i; ++earlier) {
      if (versions[earlier].version() != after.version()) continue;
      findings.push_back(VersionError(
          "duplicate-version", i,
          {"version '" + after.version() + "' stands twice, also at versions[" + std::to_string(earlier) +
               "]",
           "版本“" + after.version() + "”出现两次，另见 versions[" + std::to_string(earlier) + "]"},
          {"give each version its own text", "为每个版本写不同的版本号"}, after.version()));
    }
    if (before.effective_from() < after.effective_from()) continue;
    const std::string day = after.effective_from().ToString(),
                      day_before = before.effective_from().ToString();
    findings.push_back(VersionError(
        "effective-date-order", i,
        {"version '" + after.version() + "' takes effect on " + day + ", not after version '" +
             before.version() + "', which takes effect on " + day_before,
         "版本“" + after.version() + "”自 " + day + " 生效，不晚于前一版本“" + before.version() + "”的 " +
             day_before},
        {"give the later version a later effective_from", "后一版本的 effective_from 应更晚"}, day));
  }
  return findings;
}

absl::StatusOr<Policy> InForce(const std::vector<Policy>& versions, CalendarDate day) {
  std::vector<Policy> by_date = versions;
  std::stable_sort(by_date.begin(), by_date.end(),
                   [](const Policy& a, const Policy& b) { return a.effective_from() < b.effective_from(); });
  for (const Diagnostic& found : CheckVersions(by_date)) {
    if (found.code != "duplicate-version") return absl::InvalidArgumentError(found.message.en);
  }
  const Policy* in_force = nullptr;
  for (const Policy& version : by_date) {
    if (version.effective_from() <= day) in_force = &version;
  }
  if (in_force == nullptr) {
    return absl::NotFoundError(by_date.empty()
                                   ? "no version is given"
                                   : "policy '" + by_date.front().id() + "': no version is in force on " +
                                         day.ToString() + ", the first takes effect on " +
                                         by_date.front().effective_from().ToString());
  }
  return *in_force;
}

}  // namespace csat
