#include "score_json.h"

#include "json_writer.h"

namespace csat::capi {
namespace {

std::string_view KindName(LedgerLine::Kind kind) {
  switch (kind) {
    case LedgerLine::Kind::kIndicator: return "indicator";
    case LedgerLine::Kind::kRounding: return "rounding";
    case LedgerLine::Kind::kBonus: return "bonus";
    case LedgerLine::Kind::kBonusCap: return "bonus_cap";
    case LedgerLine::Kind::kCap: return "cap";
    case LedgerLine::Kind::kScale: return "scale";
    case LedgerLine::Kind::kVeto: return "veto";
  }
  return "";
}

std::string_view BasisName(LedgerLine::Basis basis) {
  switch (basis) {
    case LedgerLine::Basis::kGiven: return "given";
    case LedgerLine::Basis::kWorst: return "worst";
    case LedgerLine::Basis::kLeftOut: return "left_out";
    case LedgerLine::Basis::kLastKnown: return "last_known";
    case LedgerLine::Basis::kVetoed: return "vetoed";
    case LedgerLine::Basis::kRefused: return "refused";
    case LedgerLine::Basis::kInsufficient: return "insufficient";
  }
  return "";
}

void WriteLine(const Plan& plan, const LedgerLine& line, JsonWriter* json) {
  json->BeginObject().Key("kind").Text(KindName(line.kind)).Key("id").Text(line.id);
  json->Key("depth").Integer(line.depth).Key("amount").Number(line.amount);
  if (line.kind == LedgerLine::Kind::kIndicator) {
    json->Key("basis").Text(BasisName(line.basis));
    json->Key("points").Number(line.points).Key("max_points").Number(line.max_points);
    json->Key("weight").Number(line.weight).Key("weight_sum").Number(line.weight_sum);
    json->Key("gated").Truth(line.gated);
    if (line.level >= 0) {
      json->Key("level").Text(plan.levels(line.id)[static_cast<std::size_t>(line.level)]);
    }
  }
  if (line.kind == LedgerLine::Kind::kVeto || line.kind == LedgerLine::Kind::kCap) {
    json->Key("binding").Truth(line.binding);
  }
  json->Key("value");
  if (line.has_value) {
    json->Number(line.value);
  } else {
    json->Null();
  }
  json->EndObject();
}

void WriteIds(std::string_view key, const std::vector<std::string_view>& ids, JsonWriter* json) {
  json->Key(key).BeginArray();
  for (const std::string_view id : ids) json->Text(id);
  json->EndArray();
}

void WritePoints(std::string_view key, bool there, Points points, JsonWriter* json) {
  json->Key(key);
  if (there) {
    json->Number(points);
  } else {
    json->Null();
  }
}

}  // namespace

std::string ScoreToJson(const Plan& plan, const Score& score) {
  const Summary& summary = score.summary;
  const bool scored = summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed;
  JsonWriter json;
  json.BeginObject().Key("policy").BeginObject();
  json.Key("id").Text(plan.policy().id()).Key("version").Text(plan.policy().version());
  json.Key("digest").Text(plan.policy().digest()).EndObject();
  json.Key("scorecard").Text(plan.scorecard() == nullptr ? std::string_view() : plan.scorecard()->id);
  json.Key("outcome").Text(OutcomeName(summary.outcome));
  WritePoints("score", scored, summary.score, &json);
  json.Key("grade").Text(score.grade);
  json.Key("reason").Text(plan.reasons()[static_cast<std::size_t>(summary.reason)]);
  WritePoints("base", summary.has_base, summary.base, &json);
  WritePoints("without_veto", summary.has_base, summary.without_veto, &json);
  json.Key("profile").Text(score.profile).Key("refusal").Text(score.refusal);
  json.Key("ledger").BeginArray();
  for (const LedgerLine& line : score.ledger) WriteLine(plan, line, &json);
  json.EndArray().Key("reasons").BeginArray();
  for (const Reason& reason : score.reasons) {
    json.BeginObject().Key("id").Text(reason.id).Key("lost").Number(reason.lost).EndObject();
  }
  json.EndArray();
  WriteIds("vetoes", score.vetoes, &json);
  WriteIds("failed_conditions", score.failed_conditions, &json);
  return json.EndObject().Take();
}

}  // namespace csat::capi
