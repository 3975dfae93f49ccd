#include "csat_c/score.h"

#include <cstddef>
#include <string>
#include <utility>

#include "buffer_handle.h"
#include "csat/scoring/plan.h"
#include "csat/scoring/score.h"
#include "csat/scoring/words.h"
#include "guard.h"
#include "plan_handle.h"
#include "record_handle.h"
#include "score_handle.h"
#include "score_json.h"

using csat::capi::Access;
using csat::capi::AccessText;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;
using csat::capi::MakeHandle;
using csat::capi::ScoreContent;

namespace {

// The header's numbers are those of the C++ enumerations.
using Kind = csat::LedgerLine::Kind;
using Basis = csat::LedgerLine::Basis;
static_assert(static_cast<int>(csat::Outcome::kScored) == CSAT_OUTCOME_SCORED);
static_assert(static_cast<int>(csat::Outcome::kVetoed) == CSAT_OUTCOME_VETOED);
static_assert(static_cast<int>(csat::Outcome::kInsufficient) == CSAT_OUTCOME_INSUFFICIENT);
static_assert(static_cast<int>(csat::Outcome::kRefused) == CSAT_OUTCOME_REFUSED);
static_assert(static_cast<int>(Kind::kIndicator) == CSAT_LEDGER_INDICATOR);
static_assert(static_cast<int>(Kind::kRounding) == CSAT_LEDGER_ROUNDING);
static_assert(static_cast<int>(Kind::kBonus) == CSAT_LEDGER_BONUS);
static_assert(static_cast<int>(Kind::kBonusCap) == CSAT_LEDGER_BONUS_CAP);
static_assert(static_cast<int>(Kind::kCap) == CSAT_LEDGER_CAP);
static_assert(static_cast<int>(Kind::kScale) == CSAT_LEDGER_SCALE);
static_assert(static_cast<int>(Kind::kVeto) == CSAT_LEDGER_VETO);
static_assert(static_cast<int>(Basis::kGiven) == CSAT_BASIS_GIVEN);
static_assert(static_cast<int>(Basis::kWorst) == CSAT_BASIS_WORST);
static_assert(static_cast<int>(Basis::kLeftOut) == CSAT_BASIS_LEFT_OUT);
static_assert(static_cast<int>(Basis::kLastKnown) == CSAT_BASIS_LAST_KNOWN);
static_assert(static_cast<int>(Basis::kVetoed) == CSAT_BASIS_VETOED);
static_assert(static_cast<int>(Basis::kRefused) == CSAT_BASIS_REFUSED);
static_assert(static_cast<int>(Basis::kInsufficient) == CSAT_BASIS_INSUFFICIENT);

// Sizes of the structs in release 0.1, below which no caller can be.
constexpr size_t kFirstSummary = offsetof(csat_summary, without_veto_micros) + sizeof(int64_t);
constexpr size_t kFirstLedgerLine = offsetof(csat_ledger_line, amount_micros) + sizeof(int64_t);

void Give(const csat::Summary& summary, csat_summary* out) {
  csat_summary full = CSAT_SUMMARY_INIT;
  full.outcome = static_cast<int32_t>(summary.outcome);
  full.grade = summary.grade;
  full.reason = summary.reason;
  full.flags = summary.has_base ? CSAT_SUMMARY_HAS_BASE : 0;
  full.score_micros = summary.score.micros();
  full.base_micros = summary.base.micros();
  full.without_veto_micros = summary.without_veto.micros();
  csat::capi::CopyOut(full, out);
}

bool TakesSummary(const csat_summary* out) {
  return out != nullptr && out->struct_size >= kFirstSummary && out->struct_size <= CSAT_MAX_SIZE;
}

absl::Status CheckSummary(const csat_summary* out) {
  return out == nullptr ? CheckPointer(out, "out")
                        : csat::capi::CheckStructSize(out->struct_size, kFirstSummary, "csat_summary");
}

template <typename List>
size_t Count(const csat_score* score, List list) {
  return Access(score, size_t{0}, [&](const ScoreContent& content) { return (content.score.*list).size(); });
}

template <typename Field>
csat_string_view Text(const csat_score* score, Field field) {
  return AccessText(score,
                    [&](const ScoreContent& content) { return std::string_view(content.score.*field); });
}

csat_string_view TextAt(const csat_score* score, size_t index,
                        std::vector<std::string_view> csat::Score::*list) {
  return AccessText(score, [&](const ScoreContent& content) {
    const std::vector<std::string_view>& all = content.score.*list;
    return index < all.size() ? all[index] : std::string_view();
  });
}

}  // namespace

csat_status csat_plan_score(const csat_plan* plan, const csat_record* record, csat_summary* out,
                            csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (!csat::capi::Lives(plan) || !csat::capi::Lives(record) || !TakesSummary(out) ||
        !csat::capi::Belongs(record, plan)) {
      return First(csat::capi::CheckPair(plan, record), CheckSummary(out));
    }
    csat::Summary summary;
    absl::Status status = plan->rep.Evaluate(record->rep.record(), &summary);
    if (status.ok()) Give(summary, out);
    return status;
  });
}

csat_status csat_plan_explain(const csat_plan* plan, const csat_record* record, csat_score** out,
                              csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(csat::capi::CheckPair(plan, record), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    absl::StatusOr<csat::Score> score = plan->rep.Explain(record->rep.record());
    if (!score.ok()) return score.status();
    *out = MakeHandle<csat_score>(plan->rep, *std::move(score));
    return absl::OkStatus();
  });
}

void csat_score_free(csat_score* score) { csat::capi::FreeHandle(score); }

csat_status csat_score_summary(const csat_score* score, csat_summary* out) {
  if (!csat::capi::Lives(score) || !TakesSummary(out)) return CSAT_INVALID_ARGUMENT;
  Give(score->rep.score.summary, out);
  return CSAT_OK;
}

csat_string_view csat_score_outcome(const csat_score* score) {
  return AccessText(
      score, [](const ScoreContent& content) { return csat::OutcomeName(content.score.summary.outcome); });
}

csat_string_view csat_score_grade(const csat_score* score) { return Text(score, &csat::Score::grade); }

csat_string_view csat_score_profile(const csat_score* score) { return Text(score, &csat::Score::profile); }

csat_string_view csat_score_refusal(const csat_score* score) { return Text(score, &csat::Score::refusal); }

size_t csat_score_ledger_count(const csat_score* score) { return Count(score, &csat::Score::ledger); }

csat_status csat_score_ledger_line(const csat_score* score, size_t index, csat_ledger_line* out) {
  if (!csat::capi::Lives(score) || out == nullptr || out->struct_size < kFirstLedgerLine ||
      out->struct_size > CSAT_MAX_SIZE) {
    return CSAT_INVALID_ARGUMENT;
  }
  const std::vector<csat::LedgerLine>& ledger = score->rep.score.ledger;
  if (index >= ledger.size()) return CSAT_OUT_OF_RANGE;
  const csat::LedgerLine& line = ledger[index];
  csat_ledger_line full = CSAT_LEDGER_LINE_INIT;
  full.kind = static_cast<int32_t>(line.kind);
  full.basis = static_cast<int32_t>(line.basis);
  full.depth = line.depth;
  full.flags = (line.gated ? CSAT_LEDGER_GATED : 0) | (line.binding ? CSAT_LEDGER_BINDING : 0) |
               (line.has_value ? CSAT_LEDGER_HAS_VALUE : 0);
  full.level = line.level;
  full.id = csat::capi::ToC(line.id);
  full.value_micros = line.value.micros();
  full.points_micros = line.points.micros();
  full.max_points_micros = line.max_points.micros();
  full.weight_micros = line.weight.micros();
  full.weight_sum_micros = line.weight_sum.micros();
  full.amount_micros = line.amount.micros();
  csat::capi::CopyOut(full, out);
  return CSAT_OK;
}

size_t csat_score_reason_count(const csat_score* score) { return Count(score, &csat::Score::reasons); }

csat_string_view csat_score_reason_id(const csat_score* score, size_t index) {
  return AccessText(score, [&](const ScoreContent& content) {
    const std::vector<csat::Reason>& reasons = content.score.reasons;
    return index < reasons.size() ? reasons[index].id : std::string_view();
  });
}

int64_t csat_score_reason_lost_micros(const csat_score* score, size_t index) {
  return Access(score, int64_t{0}, [&](const ScoreContent& content) {
    const std::vector<csat::Reason>& reasons = content.score.reasons;
    return index < reasons.size() ? reasons[index].lost.micros() : int64_t{0};
  });
}

size_t csat_score_veto_count(const csat_score* score) { return Count(score, &csat::Score::vetoes); }

csat_string_view csat_score_veto_id(const csat_score* score, size_t index) {
  return TextAt(score, index, &csat::Score::vetoes);
}

size_t csat_score_failed_condition_count(const csat_score* score) {
  return Count(score, &csat::Score::failed_conditions);
}

csat_string_view csat_score_failed_condition(const csat_score* score, size_t index) {
  return TextAt(score, index, &csat::Score::failed_conditions);
}

csat_status csat_score_words(const csat_score* score, const char* language, size_t language_size,
                             csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(score, "score"), CheckText(language, language_size, "language"),
                               CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(
        csat::InWords(score->rep.plan, score->rep.score, FromC(language, language_size)));
    return absl::OkStatus();
  });
}

csat_status csat_score_to_json(const csat_score* score, csat_buffer** out, csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(score, "score"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = MakeHandle<csat_buffer>(csat::capi::ScoreToJson(score->rep.plan, score->rep.score));
    return absl::OkStatus();
  });
}
