// Publications: results that were given out, and the amended ones chained to them.
#ifndef CSAT_SCORING_PUBLICATION_H_
#define CSAT_SCORING_PUBLICATION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/scoring/plan.h"

namespace csat {

// A result as it was published for a subject and a period. Never changed: an amended result is a new one that
// names the one before by its digest, so both stay and an outsider can check the chain. The digest proves that
// the record was not changed after it was written, not that it was true.
struct Publication {
  std::string subject, period, scorecard;
  std::string policy_id, policy_version, policy_digest;
  // 1, 2, ... within a subject, period and scorecard.
  std::int64_t sequence = 1;
  // UTC milliseconds, given by the host.
  std::int64_t published_at = 0;
  Outcome outcome = Outcome::kRefused;
  Points score, base, without_veto;
  bool has_base = false;
  std::string grade, reason;
  // Why it was amended; "" for the first.
  std::string amendment;
  // Digest of the one before; "" for the first.
  std::string previous;
  // SHA-256 of the canonical JSON (RFC 8785) of everything above, 64 hex digits.
  std::string digest;
};

// The first publication of a result. InvalidArgument: an empty subject or period, or one
// that is not UTF-8.
absl::StatusOr<Publication> Publish(const Plan& plan, std::string_view subject, std::string_view period,
                                    const Score& score, std::int64_t published_at);

// An amended result. InvalidArgument: no reason given, another scorecard, earlier than the one before, or a
// digest that does not match. FailedPrecondition: nothing changed.
absl::StatusOr<Publication> Amend(const Publication& previous, const Plan& plan, const Score& score,
                                  std::string_view why, std::int64_t published_at);

// The canonical JSON that the digest covers.
std::string CanonicalJson(const Publication& publication);

// The same object with its digest: the form to store and to hand out. base and without_veto are there with
// has_base only, score only for results that have one; sequence and published_at are texts.
std::string ToJson(const Publication& publication);
// From what ToJson() gave. Whether the digest fits is for VerifyChain() to say: a record that was changed can
// still be read. InvalidArgument: not one JSON object with exactly these members.
absl::StatusOr<Publication> ParsePublication(std::string_view json);

// DataLoss: names the first publication of the chain that was changed, dropped or put elsewhere. That the last ones
// are missing only shows to somebody who knows of them.
absl::Status VerifyChain(const std::vector<Publication>& chain);

}  // namespace csat

#endif  // CSAT_SCORING_PUBLICATION_H_
