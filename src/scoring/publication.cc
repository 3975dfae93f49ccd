#include "csat/scoring/publication.h"

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/canonical_object.h"
#include "scoring/json_members.h"

namespace csat {
namespace {

Publication Fill(const Plan& plan, const Score& score, std::int64_t published_at) {
  Publication made;
  made.scorecard = plan.scorecard()->id;
  made.policy_id = plan.policy().id();
  made.policy_version = plan.policy().version();
  made.policy_digest = plan.policy().digest();
  made.published_at = published_at;
  made.outcome = score.summary.outcome;
  made.score = score.summary.score;
  made.base = score.summary.base;
  made.without_veto = score.summary.without_veto;
  made.has_base = score.summary.has_base;
  made.grade = std::string(score.grade);
  made.reason = plan.reasons()[static_cast<std::size_t>(score.summary.reason)];
  return made;
}

bool HasScore(Outcome outcome) { return outcome == Outcome::kScored || outcome == Outcome::kVetoed; }

bool SameResult(const Publication& a, const Publication& b) {
  return a.outcome == b.outcome && a.score == b.score && a.has_base == b.has_base && a.base == b.base &&
         a.without_veto == b.without_veto && a.grade == b.grade && a.reason == b.reason &&
         a.policy_digest == b.policy_digest;
}

std::string Named(const Publication& publication) {
  return absl::StrCat("publication ", publication.sequence, " of ", Quoted(publication.subject), " in ",
                      publication.period);
}

std::string Write(const Publication& publication, bool with_digest) {
  CanonicalObject json;
  json.Text("amendment", publication.amendment);
  if (publication.has_base) json.Number("base", publication.base);
  if (with_digest) json.Text("digest", publication.digest);
  json.Text("grade", publication.grade);
  json.Text("outcome", OutcomeName(publication.outcome));
  json.Text("period", publication.period);
  json.Text("policy_digest", publication.policy_digest);
  json.Text("policy_id", publication.policy_id);
  json.Text("policy_version", publication.policy_version);
  json.Text("previous", publication.previous);
  json.Integer("published_at", publication.published_at);
  json.Text("reason", publication.reason);
  if (HasScore(publication.outcome)) json.Number("score", publication.score);
  json.Text("scorecard", publication.scorecard);
  json.Integer("sequence", publication.sequence);
  json.Text("subject", publication.subject);
  if (publication.has_base) json.Number("without_veto", publication.without_veto);
  return json.Close();
}

std::string DigestOf(const Publication& publication) { return Sha256Hex(CanonicalJson(publication)); }

}  // namespace

std::string CanonicalJson(const Publication& publication) { return Write(publication, false); }

std::string ToJson(const Publication& publication) { return Write(publication, true); }

absl::StatusOr<Publication> ParsePublication(std::string_view json) {
  absl::StatusOr<JsonMembers> read = JsonMembers::Read(json, "publication");
  if (!read.ok()) return read.status();
  Publication made;
  const std::string outcome = read->Text("outcome");
  bool known = false;
  for (const Outcome each : {Outcome::kScored, Outcome::kVetoed, Outcome::kInsufficient, Outcome::kRefused}) {
    if (outcome != OutcomeName(each)) continue;
    made.outcome = each;
    known = true;
  }
  if (!known) read->Refuse(absl::StrCat("outcome ", Quoted(outcome), " is none"));
  made.amendment = read->Text("amendment");
  made.has_base = read->Has("base");
  if (made.has_base) {
    made.base = read->Number("base");
    made.without_veto = read->Number("without_veto");
  }
  made.digest = read->Text("digest");
  made.grade = read->Text("grade");
  made.period = read->Text("period");
  made.policy_digest = read->Text("policy_digest");
  made.policy_id = read->Text("policy_id");
  made.policy_version = read->Text("policy_version");
  made.previous = read->Text("previous");
  made.published_at = read->Integer("published_at");
  made.reason = read->Text("reason");
  if (HasScore(made.outcome)) made.score = read->Number("score");
  made.scorecard = read->Text("scorecard");
  made.sequence = read->Integer("sequence");
  made.subject = read->Text("subject");
  if (absl::Status status = read->Finish(); !status.ok()) return status;
  return made;
}

absl::StatusOr<Publication> Publish(const Plan& plan, std::string_view subject, std::string_view period,
                                    const Score& score, std::int64_t published_at) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (subject.empty()) return absl::InvalidArgumentError("publication: the subject is empty");
  if (period.empty()) return absl::InvalidArgumentError("publication: the period is empty");
  Publication made = Fill(plan, score, published_at);
  made.subject = std::string(subject);
  made.period = std::string(period);
  if (absl::Status status = CheckUtf8(CanonicalJson(made), "publication"); !status.ok()) return status;
  made.digest = DigestOf(made);
  return made;
}

absl::StatusOr<Publication> Amend(const Publication& previous, const Plan& plan, const Score& score,
                                  std::string_view why, std::int64_t published_at) {
  if (why.empty())
    return absl::InvalidArgumentError(absl::StrCat(Named(previous), ": an amendment needs a reason"));
  if (plan.scorecard() == nullptr || plan.scorecard()->id != previous.scorecard) {
    return absl::InvalidArgumentError(absl::StrCat(Named(previous), " is of scorecard ",
                                                   Quoted(previous.scorecard), ", not of the plan's"));
  }
  if (DigestOf(previous) != previous.digest)
    return absl::InvalidArgumentError(absl::StrCat(Named(previous), " does not match its digest"));
  if (published_at < previous.published_at) {
    return absl::InvalidArgumentError(absl::StrCat(Named(previous), ": amended at ", published_at,
                                                   ", before it was published at ", previous.published_at));
  }
  Publication made = Fill(plan, score, published_at);
  if (SameResult(made, previous))
    return absl::FailedPreconditionError(absl::StrCat(Named(previous), ": nothing changed"));
  made.subject = previous.subject;
  made.period = previous.period;
  made.sequence = previous.sequence + 1;
  made.amendment = std::string(why);
  made.previous = previous.digest;
  if (absl::Status status = CheckUtf8(CanonicalJson(made), "publication"); !status.ok()) return status;
  made.digest = DigestOf(made);
  return made;
}

absl::Status VerifyChain(const std::vector<Publication>& chain) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Publication& at = chain[i];
    if (DigestOf(at) != at.digest)
      return absl::DataLossError(absl::StrCat(Named(at), " was changed: its digest does not match"));
    if (at.sequence != static_cast<std::int64_t>(i) + 1) {
      return absl::DataLossError(
          absl::StrCat("publication ", i + 1, " of the chain is missing; ", Named(at), " stands there"));
    }
    const std::string_view expected = i == 0 ? std::string_view() : std::string_view(chain[i - 1].digest);
    const bool same_chain = i == 0 || (at.subject == chain[0].subject && at.period == chain[0].period &&
                                       at.scorecard == chain[0].scorecard);
    if (at.previous != expected || !same_chain)
      return absl::DataLossError(absl::StrCat(Named(at), " does not follow the one before it"));
  }
  return absl::OkStatus();
}

}  // namespace csat
