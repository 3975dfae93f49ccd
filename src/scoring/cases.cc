#include "csat/scoring/cases.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "csat/model/foreign_text.h"
#include "csat/scoring/owned_record.h"
#include "csat/scoring/plan.h"
#include "csat/survey/cleaning.h"
#include "csat/survey/interview.h"
#include "scoring/case_table.h"

namespace csat {
namespace {

absl::StatusOr<Plan> CompileFor(const Policy& policy, const std::string& scorecard) {
  return scorecard.empty() ? Plan::CompileMetrics(policy) : Plan::Compile(policy, scorecard);
}

// Compares what a case shows of its table with what it expects, and collects what differs.
void RunTable(const Policy& policy, const PolicyCase& example, std::vector<std::string>* failures) {
  const absl::StatusOr<std::map<std::string, MeasureFigure>> figures = MeasureCase(policy, example);
  if (!example.error.empty()) {
    const std::string message(figures.status().message());
    if (figures.ok() || message.find(example.error) == std::string::npos) {
      failures->push_back(absl::StrCat("error: expected one with the words '", example.error, "', got ",
                                       figures.ok() ? "none" : "'" + message + "'"));
    }
    return;
  }
  if (!figures.ok()) {
    failures->push_back(absl::StrCat("error in measures: ", std::string(figures.status().message())));
    return;
  }
  for (const auto& [id, expected] : example.measures) {
    const std::string& found = figures->at(id).shown;
    if (found != expected)
      failures->push_back(absl::StrCat("measure '", id, "' as shown: expected ", expected, ", got ", found));
  }
  for (const auto& [id, expected] : example.targets) {
    const std::string found(TargetStatusName(figures->at(id).target));
    if (found != expected)
      failures->push_back(absl::StrCat("target of measure '", id, "': expected ", expected, ", got ", found));
  }
}

std::string Joined(const std::vector<std::string>& names) {
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

Answers AnswersOf(const PolicyCase& example) {
  Answers answers;
  for (const auto& [field, given] : example.record) {
    Answer& answer = answers[field];
    if (const auto* number = std::get_if<Decimal>(&given.value)) answer = *number;
    if (const auto* text = std::get_if<std::string>(&given.value)) answer = *text;
    if (const auto* list = std::get_if<std::vector<std::string>>(&given.value)) answer = *list;
    // An empty list is one of numbers as well.
    if (const auto* list = std::get_if<std::vector<Decimal>>(&given.value); list != nullptr) {
      if (list->empty()) {
        answer = std::vector<std::string>();
      } else {
        answer = ListOfNumbers();
      }
    }
  }
  return answers;
}

// Compares what a questionnaire says of the answers of a case with what it expects, and collects what differs.
void RunAnswers(const Policy& policy, const PolicyCase& example, std::vector<std::string>* failures) {
  const auto compare = [failures](std::string_view what, const std::string& expected,
                                  const std::string& found) {
    if (expected != found)
      failures->push_back(absl::StrCat(std::string(what), ": expected ", expected, ", got ", found));
  };
  const Answers answers = AnswersOf(example);
  if (example.offered.has_value()) {
    std::vector<std::string> offered;
    const absl::StatusOr<Offers> offers = OfferedOn(policy.questionnaires(), example.event, answers);
    if (!offers.ok()) {
      failures->push_back(absl::StrCat("error in offered: ", std::string(offers.status().message())));
      return;
    }
    for (const std::size_t i : offers->offered) offered.push_back(policy.questionnaires()[i].id);
    compare("offered", Joined(*example.offered), Joined(offered));
  }
  if (example.questionnaire.empty()) return;
  const Questionnaire* questionnaire = policy.FindQuestionnaire(example.questionnaire);
  if (questionnaire == nullptr)
    return failures->push_back(absl::StrCat("there is no questionnaire ", Quoted(example.questionnaire)));
  if (example.next.has_value()) {
    std::vector<std::string> next;
    for (const std::size_t i : NextItems(*questionnaire, answers)) next.push_back(questionnaire->items[i].id);
    compare("next", Joined(*example.next), Joined(next));
  }
  const AnswersReport report = CheckAnswers(*questionnaire, answers);
  if (example.answers.has_value()) compare("answers", *example.answers, std::string(Word(report.state)));
  for (const auto& [field, expected] : example.problems) {
    std::string found = "none";
    for (const AnswerProblem& problem : report.problems) {
      if (problem.field == field) found = std::string(Word(problem.kind));
    }
    compare(absl::StrCat("problem of '", field, "'"), expected, found);
  }
}

std::string ShownVerdict(const CleaningResult& result, std::size_t row) {
  std::string words(Word(result.verdicts[row]));
  const int rule = result.deciding[row];
  if (rule >= 0) words += ": " + result.rule_ids[static_cast<std::size_t>(rule)];
  return words;
}

// Compares what cleaning makes of the table of a case with what it expects, and collects what differs.
void RunCleaning(const Policy& policy, const PolicyCase& example, std::vector<std::string>* failures) {
  const absl::StatusOr<CleaningResult> result = CleanCase(policy, example);
  const absl::Status status = result.ok() ? result->MayBeScored() : result.status();
  const std::string message(status.message());
  if (!example.error.empty() && (status.ok() || message.find(example.error) == std::string::npos)) {
    failures->push_back(absl::StrCat("error: expected one with the words '", example.error, "', got ",
                                     status.ok() ? "none" : "'" + message + "'"));
  }
  if (!result.ok()) {
    if (example.error.empty()) failures->push_back(absl::StrCat("error in cleaning: ", message));
    return;
  }
  for (std::size_t i = 0; i < example.verdicts.size(); ++i) {
    const std::string found = i < result->verdicts.size() ? ShownVerdict(*result, i) : "no record";
    if (found != example.verdicts[i]) {
      failures->push_back(absl::StrCat("verdict of record ", i + 1, ": expected ",
                                       Quoted(example.verdicts[i]), ", got ", Quoted(found)));
    }
  }
  for (const auto& [verdict, expected] : example.counts) {
    const auto found = std::count_if(result->verdicts.begin(), result->verdicts.end(),
                                     [&of = verdict](Verdict each) { return Word(each) == of; });
    if (Decimal::FromInteger(found) != expected) {
      failures->push_back(
          absl::StrCat("number of ", Quoted(verdict), ": expected ", expected.ToString(), ", got ", found));
    }
  }
  if (example.reviewed.has_value()) {
    const std::int64_t found =
        result->review.has_value() ? result->review->drawn[0] + result->review->drawn[1] : 0;
    if (Decimal::FromInteger(found) != *example.reviewed) {
      failures->push_back(
          absl::StrCat("records to review: expected ", example.reviewed->ToString(), ", got ", found));
    }
  }
}

// Compares what a rule of sampling says of a case with what it expects, and collects what differs.
void RunSampling(const Policy& policy, const PolicyCase& example, std::vector<std::string>* failures) {
  const absl::StatusOr<SamplingResult> result = SampleCase(policy, example);
  const std::string message(result.status().message());
  if (!example.error.empty()) {
    if (result.ok() || message.find(example.error) == std::string::npos) {
      failures->push_back(absl::StrCat("error: expected one with the words '", example.error, "', got ",
                                       result.ok() ? "none" : "'" + message + "'"));
    }
    return;
  }
  if (!result.ok()) {
    failures->push_back(absl::StrCat("error in sampling: ", message));
    return;
  }
  const auto compare = [&](const std::string& what, const std::string& expected, const std::string& found) {
    if (found != expected)
      failures->push_back(absl::StrCat(what, ": expected ", Quoted(expected), ", got ", Quoted(found)));
  };
  if (example.outcome.has_value()) compare("outcome", *example.outcome, result->outcome);
  for (const auto& [name, expected] : example.counts) {
    const auto found = result->counts.find(name);
    compare("number of " + Quoted(name), expected.ToString(),
            found == result->counts.end() ? "none" : absl::StrCat(found->second));
  }
  for (const auto& [name, expected] : example.shown) {
    const auto found = result->shares.find(name);
    compare("share " + Quoted(name), expected,
            found == result->shares.end() ? "none" : found->second.ToString(1, 100));
  }
  for (const auto& [name, expected] : example.lists) {
    const auto found = result->lists.find(name);
    compare("list " + Quoted(name), absl::StrJoin(expected, ", "),
            found == result->lists.end() ? "none" : absl::StrJoin(found->second, ", "));
  }
}

// Compares one case, and collects what differs.
class CaseRun {
 public:
  CaseRun(const PolicyCase& example, const Plan& plan, std::vector<std::string>* failures)
      : example_(example), plan_(plan), failures_(failures) {}

  void Run() {
    for (const auto& [field, value] : example_.record) {
      if (plan_.FindField(field) < 0) return Fail(absl::StrCat("no metric reads field ", Quoted(field)));
    }
    OwnedRecord owned(plan_);
    const absl::Status filled = owned.SetCase(example_);
    const Record& record = owned.record();
    if (!example_.error.empty()) return ExpectError(filled.ok() ? Evaluate(record) : filled);
    if (!filled.ok()) return Fail(absl::StrCat("error: ", std::string(filled.message())));
    if (plan_.scorecard() != nullptr) CompareScore(record);
    if (!example_.targets.empty()) CompareTargets(record);
    if (!example_.shown.empty()) CompareShown(record);
  }

 private:
  void Fail(std::string what) { failures_->push_back(std::move(what)); }

  void Compare(std::string_view what, std::string_view expected, std::string_view found) {
    if (expected == found) return;
    Fail(absl::StrCat(std::string(what), ": expected ", expected.empty() ? "none" : std::string(expected),
                      ", got ", found.empty() ? "none" : std::string(found)));
  }

  void Compare(std::string_view what, const std::optional<Decimal>& expected, std::optional<Decimal> found) {
    if (expected.has_value()) Compare(what, expected->ToString(), found.has_value() ? found->ToString() : "");
  }

  absl::Status Evaluate(const Record& record) {
    if (plan_.scorecard() == nullptr) return plan_.Measure(record).status();
    Summary summary;
    return plan_.Evaluate(record, &summary);
  }

  void ExpectError(const absl::Status& status) {
    const std::string message(status.message());
    if (message.find(example_.error) != std::string::npos) return;
    Fail(absl::StrCat("error: expected one with the words '", example_.error, "', got ",
                      status.ok() ? "none" : "'" + message + "'"));
  }

  void CompareScore(const Record& record) {
    const absl::StatusOr<Score> score = plan_.Explain(record);
    if (!score.ok()) {
      Fail(absl::StrCat("error: ", std::string(score.status().message())));
      return;
    }
    const Summary& summary = score->summary;
    const bool has_score = summary.outcome == Outcome::kScored || summary.outcome == Outcome::kVetoed;
    if (example_.outcome.has_value()) Compare("outcome", *example_.outcome, OutcomeName(summary.outcome));
    Compare("score", example_.score, has_score ? std::optional(summary.score) : std::nullopt);
    Compare("base", example_.base, summary.has_base ? std::optional(summary.base) : std::nullopt);
    Compare("without_veto", example_.without_veto,
            summary.has_base ? std::optional(summary.without_veto) : std::nullopt);
    if (example_.grade.has_value()) Compare("grade", *example_.grade, score->grade);
    CompareLedger(*score);
    if (example_.vetoes.has_value()) CompareVetoes(score->vetoes);
    for (std::size_t i = 0; i < example_.reasons.size(); ++i) {
      const std::string_view found = i < score->reasons.size() ? score->reasons[i].id : std::string_view();
      Compare(absl::StrCat("reason ", i + 1), example_.reasons[i], found);
    }
  }

  void CompareLedger(const Score& score) {
    std::map<std::string_view, const LedgerLine*> lines;
    for (const LedgerLine& line : score.ledger) {
      if (line.kind == LedgerLine::Kind::kIndicator) lines.emplace(line.id, &line);
    }
    for (const auto& [id, points] : example_.points) {
      const auto line = lines.find(id);
      Compare("points of '" + id + "'", points,
              line == lines.end() ? std::nullopt : std::optional(line->second->points));
    }
    for (const auto& [id, level] : example_.levels) {
      const auto line = lines.find(id);
      const int index = line == lines.end() ? -1 : line->second->level;
      Compare("level of '" + id + "'", level,
              index < 0 ? std::string_view() : plan_.levels(id)[static_cast<std::size_t>(index)]);
    }
  }

  void CompareVetoes(const std::vector<std::string_view>& fired) {
    std::string expected, found;
    for (const std::string& id : *example_.vetoes)
      absl::StrAppend(&expected, expected.empty() ? "" : ", ", id);
    for (const std::string_view id : fired)
      absl::StrAppend(&found, found.empty() ? "" : ", ", std::string(id));
    Compare("vetoes", expected, found);
  }

  void CompareTargets(const Record& record) {
    const absl::StatusOr<std::vector<TargetResult>> results = plan_.EvaluateTargets(record);
    if (!results.ok()) {
      Fail(absl::StrCat("error in targets: ", std::string(results.status().message())));
      return;
    }
    for (const auto& [id, status] : example_.targets) {
      std::string_view found;
      for (const TargetResult& result : *results) {
        if (result.id == id) found = TargetStatusName(result.status);
      }
      Compare("target '" + id + "'", status, found);
    }
  }

  void CompareShown(const Record& record) {
    const absl::StatusOr<std::vector<MetricResult>> results = plan_.Measure(record);
    if (!results.ok()) {
      Fail(absl::StrCat("error in metrics: ", std::string(results.status().message())));
      return;
    }
    for (const auto& [id, shown] : example_.shown) {
      std::string_view found;
      for (const MetricResult& result : *results) {
        if (result.id == id) found = result.shown;
      }
      Compare("metric '" + id + "' as shown", shown, found);
    }
  }

  const PolicyCase& example_;
  const Plan& plan_;
  std::vector<std::string>* failures_;
};

}  // namespace

std::vector<CaseFailure> RunCases(const Policy& policy) {
  std::vector<CaseFailure> failures;
  std::map<std::string, absl::StatusOr<Plan>> plans;
  for (std::size_t i = 0; i < policy.cases().size(); ++i) {
    const PolicyCase& example = policy.cases()[i];
    auto plan = plans.find(example.scorecard);
    if (plan == plans.end()) {
      plan = plans.emplace(example.scorecard, CompileFor(policy, example.scorecard)).first;
    }
    std::vector<std::string> found;
    if (example.cleans()) RunCleaning(policy, example, &found);
    if (!example.sampling.empty()) {
      RunSampling(policy, example, &found);
    } else if (!example.measures.empty() || (!example.table.empty() && !example.cleans())) {
      RunTable(policy, example, &found);
    } else if (!example.questionnaire.empty() || example.offered.has_value()) {
      RunAnswers(policy, example, &found);
    } else if (example.cleans()) {
      // Nothing else is expected.
    } else if (plan->second.ok()) {
      CaseRun(example, *plan->second, &found).Run();
    } else {
      found.emplace_back(plan->second.status().message());
    }
    for (const std::string& what : found) {
      failures.push_back({i, absl::StrCat("case ", Quoted(example.name), ": ", what)});
    }
  }
  return failures;
}

}  // namespace csat
