#include "csat_c/publication.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/scoring/publication.h"
#include "guard.h"
#include "score_handle.h"

using csat::Publication;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Give;
using csat::capi::Guard;
using csat::capi::MakeHandle;

struct csat_publication : csat::capi::Handle<Publication, csat::capi::HandleTag::kPublication> {
  using Handle::Handle;
};

namespace {}  // namespace

csat_status csat_score_publish(const csat_score* score, const char* subject, size_t subject_size,
                               const char* period, size_t period_size, int64_t published_at,
                               csat_publication** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(score, "score"), CheckText(subject, subject_size, "subject"),
                               CheckText(period, period_size, "period"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(csat::Publish(score->rep.plan, FromC(subject, subject_size), FromC(period, period_size),
                              score->rep.score, published_at),
                out);
  });
}

csat_status csat_publication_amend(const csat_publication* previous, const csat_score* score, const char* why,
                                   size_t why_size, int64_t published_at, csat_publication** out,
                                   csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(previous, "previous"), CheckHandle(score, "score"),
                               CheckText(why, why_size, "why"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(
        csat::Amend(previous->rep, score->rep.plan, score->rep.score, FromC(why, why_size), published_at),
        out);
  });
}

csat_status csat_publication_parse(const char* json, size_t json_size, csat_publication** out,
                                   csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckText(json, json_size, "json"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    return Give(csat::ParsePublication(FromC(json, json_size)), out);
  });
}

csat_status csat_publication_to_json(const csat_publication* publication, csat_buffer** out,
                                     csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(publication, "publication"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(csat::ToJson(publication->rep));
    return absl::OkStatus();
  });
}

void csat_publication_free(csat_publication* publication) { csat::capi::FreeHandle(publication); }

csat_status csat_publications_verify(const csat_publication* const* publications, size_t count,
                                     csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    std::vector<Publication> chain;
    absl::Status wrong = csat::capi::ReadHandles(
        publications, count, "publications", [](const Publication& publication) { return publication; },
        &chain);
    return wrong.ok() && count != 0 ? csat::VerifyChain(chain) : wrong;
  });
}
