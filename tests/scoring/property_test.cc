// The engine against a second scorer (reference_scorer.h), bit for bit, on random policies and records.
// CSAT_PROPERTY_RECORDS says how many records; 100,000 unless it is set.
// P2-44, P2-45, P2-46, P2-47, P2-48, P2-49, P2-123

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "csat/scoring/plan.h"
#include "gtest/gtest.h"
#include "scoring/random_policy.h"
#include "scoring/reference_scorer.h"

namespace csat {
namespace {

constexpr int kRecordsOfAPolicy = 200;
constexpr int kFailuresShown = 5;

int Records() {
  const char* wanted = std::getenv("CSAT_PROPERTY_RECORDS");
  return wanted == nullptr ? 100000 : std::atoi(wanted);
}

std::string Show(const FieldValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return absl::StrCat(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return absl::StrCat(decimal->ToString(), "m");
  char text[40];
  if (const auto* real = std::get_if<double>(&value)) {
    std::snprintf(text, sizeof text, "%.17g", *real);
    return text;
  }
  if (const auto* word = std::get_if<std::string>(&value)) return absl::StrCat("'", *word, "'");
  std::string list;
  if (const auto* events = std::get_if<std::vector<double>>(&value)) {
    for (const double event : *events) {
      std::snprintf(text, sizeof text, "%.17g ", event);
      list += text;
    }
  }
  return absl::StrCat("[", list, "]");
}

std::string Show(const FieldValues& record) {
  std::string out;
  for (const auto& [field, value] : record) absl::StrAppend(&out, field, "=", Show(value), " ");
  return out;
}

// Borrows from `values`.
Record Fill(const Plan& plan, const FieldValues& values) {
  Record record = plan.NewRecord();
  for (const auto& [field, value] : values) {
    const int found = plan.FindField(field);
    if (found < 0) continue;
    const std::size_t slot = static_cast<std::size_t>(found);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) record.SetInteger(slot, *whole);
    if (const auto* decimal = std::get_if<Decimal>(&value)) record.SetDecimal(slot, *decimal);
    if (const auto* real = std::get_if<double>(&value)) record.SetDouble(slot, *real);
    if (const auto* word = std::get_if<std::string>(&value)) record.SetText(slot, *word);
    if (const auto* events = std::get_if<std::vector<double>>(&value)) record.SetEvents(slot, *events);
  }
  return record;
}

// Collects what differs.
class Differences {
 public:
  template <typename T>
  void Expect(const T& wanted, const T& got, absl::string_view what) {
    if (!(wanted == got)) absl::StrAppend(&text_, what, ": wanted ", Word(wanted), ", got ", Word(got), "\n");
  }
  const std::string& text() const { return text_; }

 private:
  static std::string Word(Decimal value) { return value.ToString(); }
  static std::string Word(const std::string& value) { return value; }
  static std::string Word(std::int64_t value) { return std::to_string(value); }
  std::string text_;
};

void CompareLine(const Plan& plan, const ReferenceLine& wanted, const LedgerLine& got, const std::string& at,
                 Differences* out) {
  const auto code = [](auto value) { return static_cast<std::int64_t>(value); };
  out->Expect(code(wanted.kind), code(got.kind), at + " kind");
  out->Expect(wanted.id, std::string(got.id), at + " id");
  out->Expect(code(wanted.basis), code(got.basis), at + " basis");
  out->Expect(code(wanted.depth), code(got.depth), at + " depth");
  out->Expect(code(wanted.gated), code(got.gated), at + " gated");
  out->Expect(code(wanted.binding), code(got.binding), at + " binding");
  out->Expect(code(wanted.has_value), code(got.has_value), at + " has_value");
  out->Expect(wanted.value, got.value, at + " value");
  out->Expect(wanted.points, got.points, at + " points");
  out->Expect(wanted.max_points, got.max_points, at + " max_points");
  out->Expect(wanted.weight, got.weight, at + " weight");
  out->Expect(wanted.weight_sum, got.weight_sum, at + " weight_sum");
  out->Expect(wanted.amount, got.amount, at + " amount");
  const std::string level = got.level < 0 ? "" : plan.levels(got.id)[static_cast<std::size_t>(got.level)];
  out->Expect(wanted.level, level, at + " level");
}

std::string Words(const std::vector<std::string_view>& words) {
  return absl::StrJoin(std::vector<std::string>(words.begin(), words.end()), ",");
}

void CompareSummary(const Plan& plan, const ReferenceScore& wanted, const Summary& got, Differences* out) {
  out->Expect(std::string(OutcomeName(wanted.outcome)), std::string(OutcomeName(got.outcome)), "outcome");
  out->Expect(wanted.grade,
              got.grade < 0 ? std::string() : plan.grades()[static_cast<std::size_t>(got.grade)], "grade");
  out->Expect(wanted.reason, plan.reasons()[static_cast<std::size_t>(got.reason)], "reason");
  out->Expect(std::int64_t{wanted.has_base}, std::int64_t{got.has_base}, "has_base");
  out->Expect(wanted.score, got.score, "score");
  out->Expect(wanted.base, got.base, "base");
  out->Expect(wanted.without_veto, got.without_veto, "without_veto");
}

void CompareScore(const Plan& plan, const ReferenceScore& wanted, const Score& got, Differences* out) {
  CompareSummary(plan, wanted, got.summary, out);
  out->Expect(absl::StrJoin(wanted.vetoes, ","), Words(got.vetoes), "vetoes");
  out->Expect(absl::StrJoin(wanted.failed_conditions, ","), Words(got.failed_conditions),
              "failed conditions");
  out->Expect(wanted.profile, std::string(got.profile), "profile");
  out->Expect(wanted.grade, std::string(got.grade), "grade id");
  std::string wanted_reasons, got_reasons;
  for (const auto& [id, lost] : wanted.reasons)
    absl::StrAppend(&wanted_reasons, id, " ", lost.ToString(), ",");
  for (const Reason& reason : got.reasons)
    absl::StrAppend(&got_reasons, std::string(reason.id), " ", reason.lost.ToString(), ",");
  out->Expect(wanted_reasons, got_reasons, "reasons");
  out->Expect(static_cast<std::int64_t>(wanted.ledger.size()), static_cast<std::int64_t>(got.ledger.size()),
              "lines");
  for (std::size_t i = 0; i < std::min(wanted.ledger.size(), got.ledger.size()); ++i) {
    CompareLine(plan, wanted.ledger[i], got.ledger[i],
                absl::StrCat("line ", i, " '", wanted.ledger[i].id, "'"), out);
  }
}

// Lines of depth 0 sum to the score; those below a line to its points, unless the line has no points.
void CheckSums(const Score& score, Differences* out) {
  Points sum;
  for (std::size_t i = 0; i < score.ledger.size(); ++i) {
    const LedgerLine& line = score.ledger[i];
    if (line.depth == 0) sum = sum + line.amount;
    Points inner;
    bool any = false;
    for (std::size_t j = i + 1; j < score.ledger.size() && score.ledger[j].depth > line.depth; ++j) {
      if (score.ledger[j].depth != line.depth + 1) continue;
      inner = inner + score.ledger[j].amount;
      any = true;
    }
    if (any) out->Expect(line.points, inner, absl::StrCat("sum below line ", i));
  }
  out->Expect(score.summary.score, sum, "sum of the ledger");
}

// What differs for one record; "": nothing.
std::string Compare(const Policy& policy, const Plan& plan, const FieldValues& values,
                    const ReferenceScore& wanted) {
  Differences out;
  const Record record = Fill(plan, values);
  Summary summary;
  const absl::Status status = plan.Evaluate(record, &summary);
  const absl::StatusOr<Score> score = plan.Explain(record);
  if (!wanted.bad_field.empty() || !status.ok() || !score.ok()) {
    out.Expect(std::int64_t{wanted.bad_field.empty()}, std::int64_t{status.ok()},
               absl::StrCat("ok, for field '", wanted.bad_field, "' and ", status.ToString()));
    out.Expect(status.ToString(), score.status().ToString(), "status");
    return out.text();
  }
  CompareSummary(plan, wanted, summary, &out);
  CompareScore(plan, wanted, *score, &out);
  CheckSums(*score, &out);
  return out.text();
}

// The n-th random policy that the checker lets pass.
struct Made {
  RandomPolicy source;
  Policy policy;
  Plan plan;
};
std::optional<Made> Make(std::uint64_t seed, std::map<std::string, int>* refused) {
  RandomPolicy source(seed);
  absl::StatusOr<Policy> policy = Policy::Parse(source.json());
  if (!policy.ok()) {
    const std::string message(policy.status().message());
    const std::size_t open = message.find('['), close = message.find(']');
    ++(*refused)[open == std::string::npos || close == std::string::npos
                     ? message
                     : message.substr(open, close - open + 1)];
    return std::nullopt;
  }
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, source.scorecard());
  if (!plan.ok()) {
    ++(*refused)[std::string(plan.status().message())];
    return std::nullopt;
  }
  return Made{std::move(source), *std::move(policy), *std::move(plan)};
}

TEST(PropertyTest, TheEngineIsTheReferenceBitForBit) {
  std::map<std::string, int> refused, outcomes;
  int records = 0, policies = 0, tried = 0, failures = 0;
  for (std::uint64_t seed = 1; records < Records() && failures < kFailuresShown; ++seed, ++tried) {
    const std::optional<Made> made = Make(seed, &refused);
    if (!made.has_value()) continue;
    ++policies;
    Random random(seed * 1000003);
    for (int i = 0; i < kRecordsOfAPolicy; ++i, ++records) {
      FieldValues values = made->source.NewRecord(&random);
      if (random.Chance(5)) made->source.Spoil(&random, &values);
      const ReferenceScore wanted = ScoreByReference(made->policy, made->source.scorecard(), values);
      ++outcomes[wanted.bad_field.empty() ? std::string(OutcomeName(wanted.outcome)) : "bad"];
      const std::string differences = Compare(made->policy, made->plan, values, wanted);
      if (differences.empty()) continue;
      ADD_FAILURE() << "policy " << seed << ", record " << i << "\n"
                    << differences << Show(values) << "\n"
                    << made->source.json();
      ++failures;
      break;
    }
  }
  for (const auto& [outcome, count] : outcomes) {
    RecordProperty(outcome, count);
    EXPECT_GT(count, records / 200) << outcome;
  }
  EXPECT_EQ(outcomes.size(), 5u);
  for (const auto& [why, count] : refused)
    std::printf("  refused by the checker: %d times %s\n", count, why.c_str());
  std::printf("  %d records of %d policies:", records, policies);
  for (const auto& [outcome, count] : outcomes) std::printf(" %s %d", outcome.c_str(), count);
  std::printf("\n");
  // Most policies that are made are good ones.
  EXPECT_GT(policies * 2, tried);
}

// Points that rise never lower a score: a better figure, read by nothing but score functions, gives at least as much.
TEST(PropertyTest, ABetterFigureNeverLowersTheScore) {
  std::map<std::string, int> refused;
  int pairs = 0, raised = 0;
  for (std::uint64_t seed = 1; pairs < Records() / 10; ++seed) {
    const std::optional<Made> made = Make(seed, &refused);
    if (!made.has_value()) continue;
    Random random(seed * 7919);
    for (int i = 0; i < kRecordsOfAPolicy; ++i) {
      const FieldValues values = made->source.NewRecord(&random);
      FieldValues better = values;
      if (!made->source.Improve(&random, &better)) continue;
      Summary before, after;
      if (!made->plan.Evaluate(Fill(made->plan, values), &before).ok()) continue;
      const absl::Status status = made->plan.Evaluate(Fill(made->plan, better), &after);
      SCOPED_TRACE(
          absl::StrCat("policy ", seed, "\n", Show(values), "\n", Show(better), "\n", made->source.json()));
      // Read to the places of its metric, the better figure may lie beyond the limit.
      if (!status.ok()) {
        EXPECT_NE(status.message().find("lies outside"), absl::string_view::npos) << status;
        continue;
      }
      EXPECT_EQ(before.outcome, after.outcome);
      EXPECT_LE(before.base, after.base);
      EXPECT_LE(before.score, after.score);
      if (HasFailure()) return;
      ++pairs;
      raised += before.score < after.score ? 1 : 0;
    }
  }
  EXPECT_GT(raised, pairs / 20);
}

}  // namespace
}  // namespace csat
