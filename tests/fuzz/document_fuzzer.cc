// Any bytes as the small JSON documents that a host keeps and hands over one by one: a record, an incident, a
// published result. Each is refused in one line or read; what is read comes back the same from what it writes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "csat/policy/diagnostic.h"
#include "csat/policy/policy.h"
#include "csat/scoring/incident.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/plan.h"
#include "csat/scoring/publication.h"

namespace {

csat::Plan MakePlan() {
  std::ifstream in(CSAT_SOURCE_DIR "/tests/fuzz/corpus/policy/every_form.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const absl::StatusOr<csat::Policy> policy = csat::Policy::Parse(text);
  if (!policy.ok()) std::abort();
  absl::StatusOr<csat::Plan> plan = csat::Plan::Compile(*policy, "card");
  if (!plan.ok()) std::abort();
  return *std::move(plan);
}

// Names what did not hold, then ends the run.
void Require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void RequireRefusal(const absl::Status& status) {
  Require(status.code() == absl::StatusCode::kInvalidArgument, "a document is refused as an argument");
  Require(!status.message().empty(), "a refusal says why");
  Require(status.message().find('\n') == absl::string_view::npos, "a refusal is one line");
}

void ReadRecord(std::string_view json) {
  static const csat::Plan* const plan = new csat::Plan(MakePlan());
  csat::OwnedRecord record(*plan);
  csat::Diagnostic fault;
  const absl::Status status = record.SetJson(json, &fault);
  csat::Summary summary;
  if (!status.ok()) {
    RequireRefusal(status);
    Require(fault.line > 0 && fault.column > 0, "a fault has a place");
    for (std::size_t slot = 0; slot < record.size(); ++slot) {
      Require(record.record()[slot].kind == csat::Cell::Kind::kMissing, "nothing of it was kept");
    }
    return;
  }
  const absl::Status scored = plan->Evaluate(record.record(), &summary);
  if (!scored.ok()) RequireRefusal(scored);
}

void ReadIncident(std::string_view json) {
  const absl::StatusOr<csat::Incident> incident = csat::Incident::FromJson(json);
  if (!incident.ok()) return RequireRefusal(incident.status());
  const absl::StatusOr<csat::Incident> again = csat::Incident::FromJson(incident->ToJson());
  Require(again.ok() && again->ToJson() == incident->ToJson(), "an incident comes back the same");
}

void ReadPublication(std::string_view json) {
  const absl::StatusOr<csat::Publication> publication = csat::ParsePublication(json);
  if (!publication.ok()) return RequireRefusal(publication.status());
  const absl::StatusOr<csat::Publication> again = csat::ParsePublication(csat::ToJson(*publication));
  Require(again.ok() && csat::ToJson(*again) == csat::ToJson(*publication),
          "a published result comes back the same");
  (void)csat::VerifyChain({*publication});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  ReadRecord(json);
  ReadIncident(json);
  ReadPublication(json);
  return 0;
}
