#include "csat/survey/sampling_plan.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/measure/sample_size.h"
#include "csat/model/foreign_text.h"
#include "csat/survey/allocation.h"
#include "csat/survey/coverage.h"
#include "csat/survey/scheme.h"
#include "csat/survey/selection.h"
#include "csat/survey/wave.h"
#include "survey/plan_inputs.h"

namespace csat {
namespace {

using survey::PlanInputs;
using Texts = std::vector<std::optional<std::string>>;
using Days = std::vector<std::optional<CalendarDate>>;
using Flags = std::vector<std::optional<bool>>;

// Of all subjects together.
constexpr std::size_t kMostPeriods = 1'000'000;

absl::Status Refuse(const std::string& why) { return absl::InvalidArgumentError(why); }
absl::Status RefuseRow(std::size_t row, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("row ", row, ": ", std::string(why)));
}

// Whom each row is about; nullopt: there is no such column.
absl::StatusOr<std::optional<std::vector<std::string>>> ReadSubjects(PlanInputs* inputs) {
  if (!inputs->HasColumn("subject")) return std::optional<std::vector<std::string>>();
  absl::StatusOr<Texts> texts = inputs->TextColumn("subject", true);
  if (!texts.ok()) return texts.status();
  std::vector<std::string> subjects;
  for (std::size_t row = 0; row < texts->size(); ++row) {
    if (!(*texts)[row].has_value() || (*texts)[row]->empty())
      return RefuseRow(row, "column 'subject': no value");
    subjects.push_back(*std::move((*texts)[row]));
  }
  return std::optional<std::vector<std::string>>(std::move(subjects));
}

SamplingResult WithLists(std::initializer_list<const char*> names) {
  SamplingResult result;
  for (const char* const name : names) result.lists[name];
  return result;
}

void PutShare(const char* name, std::int64_t part, std::int64_t whole, SamplingResult* result) {
  if (const std::optional<Ratio> share = Ratio::Create(part, whole); share.has_value())
    result->shares.emplace(name, *share);
}

// Of a rule that asks for what may be missing of so many subjects or events.
void SettleOutcome(const SamplingRule& rule, std::int64_t asked_for, std::int64_t missing, std::int64_t open,
                   SamplingResult* result) {
  result->outcome = asked_for == 0 ? "none"
                    : missing > 0  ? (rule.advised ? "advised" : "missing")
                    : open > 0     ? "open"
                                   : "complete";
}

// The surveys of each subject, in the order of their names.
struct Surveys {
  std::map<std::string, std::vector<std::size_t>> rows;  // By subject; all rows.
  Days dates;
  std::optional<Flags> valid;
  bool one_subject = false;

  // Days of those that are known to be valid and had taken place by `as_of`.
  std::vector<CalendarDate> DaysOf(const std::vector<std::size_t>& of, CalendarDate as_of) const {
    std::vector<CalendarDate> days;
    for (const std::size_t row : of) {
      if (dates[row].has_value() && !(as_of < *dates[row]) &&
          (!valid.has_value() || (*valid)[row].value_or(false)))
        days.push_back(*dates[row]);
    }
    return days;
  }
};

absl::StatusOr<Surveys> ReadSurveys(PlanInputs* inputs) {
  Surveys surveys;
  absl::StatusOr<Days> dates = inputs->DayColumn("date", true);
  if (!dates.ok()) return dates.status();
  surveys.dates = *std::move(dates);
  if (inputs->HasColumn("valid")) {
    absl::StatusOr<Flags> valid = inputs->FlagColumn("valid", true);
    if (!valid.ok()) return valid.status();
    surveys.valid = *std::move(valid);
  }
  const absl::StatusOr<std::optional<std::vector<std::string>>> subjects = ReadSubjects(inputs);
  if (!subjects.ok()) return subjects.status();
  surveys.one_subject = !subjects->has_value();
  for (std::size_t row = 0; row < surveys.dates.size(); ++row)
    surveys.rows[surveys.one_subject ? "" : (**subjects)[row]].push_back(row);
  if (surveys.one_subject) surveys.rows[""];
  return surveys;
}

absl::StatusOr<SamplingResult> Apply(const EveryPeriodRule& form, const SamplingRule& rule,
                                     PlanInputs* inputs) {
  const absl::StatusOr<CalendarDate> from = inputs->NeededDay("from"), until = inputs->NeededDay("until"),
                                     as_of = inputs->NeededDay("as_of");
  for (const auto* day : {&from, &until, &as_of}) {
    if (!day->ok()) return day->status();
  }
  const absl::StatusOr<std::optional<std::vector<std::string>>> listed = inputs->Words("subjects");
  if (!listed.ok()) return listed.status();
  absl::StatusOr<Surveys> surveys = ReadSurveys(inputs);
  if (!surveys.ok()) return surveys.status();
  if (listed->has_value()) {
    if (surveys->one_subject) return Refuse("'subjects' are given, and the table has no column 'subject'");
    const std::set<std::string> on_list((*listed)->begin(), (*listed)->end());
    // Surveys of others are not what is asked for.
    for (auto at = surveys->rows.begin(); at != surveys->rows.end();)
      at = on_list.count(at->first) == 0 ? surveys->rows.erase(at) : std::next(at);
    for (const std::string& subject : on_list) surveys->rows[subject];
  }
  SamplingResult result = WithLists({"missing", "open"});
  for (const char* const name : {"covered", "missing", "open"}) result.counts[name] = 0;
  std::int64_t complete = 0;
  for (const auto& [subject, rows] : surveys->rows) {
    const absl::StatusOr<PeriodCoverage> coverage =
        CoverPeriods(form.period, *from, *until, surveys->DaysOf(rows, *as_of), *as_of, form.least);
    if (!coverage.ok()) return coverage.status();
    const std::size_t periods = coverage->covered.size() + coverage->missing.size() + coverage->open.size();
    if (periods * surveys->rows.size() > kMostPeriods) {
      return Refuse(absl::StrCat(periods, " periods from ", from->ToString(), " through ", until->ToString(),
                                 " of ", surveys->rows.size(), " subjects are more than ", kMostPeriods,
                                 " together"));
    }
    const auto list = [&, &name = subject](const std::vector<Period>& periods, const char* as) {
      result.counts[as] += static_cast<std::int64_t>(periods.size());
      for (const Period& period : periods) {
        result.lists[as].push_back(surveys->one_subject ? period.ToString()
                                                        : absl::StrCat(name, ": ", period.ToString()));
      }
    };
    result.counts["covered"] += static_cast<std::int64_t>(coverage->covered.size());
    list(coverage->missing, "missing");
    list(coverage->open, "open");
    complete += coverage->missing.empty() && coverage->open.empty() ? 1 : 0;
  }
  const auto subjects = static_cast<std::int64_t>(surveys->rows.size());
  result.counts["subjects"] = subjects;
  result.counts["complete"] = complete;
  PutShare("complete", complete, subjects, &result);
  SettleOutcome(rule, subjects, result.counts["missing"], result.counts["open"], &result);
  return result;
}

absl::StatusOr<SamplingResult> Apply(const WithinMonthsRule& form, const SamplingRule& rule,
                                     PlanInputs* inputs) {
  const absl::StatusOr<CalendarDate> as_of = inputs->NeededDay("as_of");
  if (!as_of.ok()) return as_of.status();
  const absl::StatusOr<Surveys> surveys = ReadSurveys(inputs);
  if (!surveys.ok()) return surveys.status();
  const absl::StatusOr<Days> since = inputs->DayColumn("since", true);
  if (!since.ok()) return since.status();
  SamplingResult result = WithLists({"missing", "open"});
  for (const char* const name : {"subjects", "complete", "missing", "open"}) result.counts[name] = 0;
  for (const auto& [subject, rows] : surveys->rows) {
    if (rows.empty()) continue;
    const std::optional<CalendarDate> begin = (*since)[rows.front()];
    for (const std::size_t row : rows) {
      if (!(*since)[row].has_value()) return RefuseRow(row, "column 'since': no day");
      if (*(*since)[row] != *begin) {
        return RefuseRow(row, absl::StrCat("column 'since': ", (*since)[row]->ToString(), " beside ",
                                           begin->ToString(), " of the same subject"));
      }
    }
    const CalendarDate last = begin->PlusMonths(form.months).value_or(*CalendarDate::Create(9999, 12, 31));
    const bool complete = CountWithinMonths(*begin, form.months, surveys->DaysOf(rows, *as_of)) >= form.least;
    const char* state = complete ? "complete" : last < *as_of ? "missing" : "open";
    ++result.counts[state];
    ++result.counts["subjects"];
    if (!complete) result.lists[state].push_back(surveys->one_subject ? last.ToString() : subject);
  }
  PutShare("complete", result.counts["complete"], result.counts["subjects"], &result);
  SettleOutcome(rule, result.counts["subjects"], result.counts["missing"], result.counts["open"], &result);
  return result;
}

absl::StatusOr<SamplingResult> Apply(const EachEventRule&, const SamplingRule& rule, PlanInputs* inputs) {
  const absl::StatusOr<Flags> asked = inputs->FlagColumn("asked", true);
  if (!asked.ok()) return asked.status();
  const absl::StatusOr<std::optional<std::vector<std::string>>> subjects = ReadSubjects(inputs);
  if (!subjects.ok()) return subjects.status();
  SamplingResult result = WithLists({"missing"});
  const auto events = static_cast<std::int64_t>(asked->size());
  std::int64_t count = 0;
  for (std::size_t row = 0; row < asked->size(); ++row) {
    if ((*asked)[row].value_or(false)) {
      ++count;
    } else {
      result.lists["missing"].push_back(subjects->has_value() ? (**subjects)[row]
                                                              : absl::StrCat("row ", row));
    }
  }
  result.counts = {{"events", events}, {"asked", count}};
  PutShare("asked", count, events, &result);
  SettleOutcome(rule, events, events - count, 0, &result);
  return result;
}

absl::StatusOr<SamplingResult> Apply(const RecentEventRule& form, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<CalendarDate> reference = inputs->NeededDay("reference");
  if (!reference.ok()) return reference.status();
  const absl::StatusOr<Days> events = inputs->DayColumn("last_event", true);
  if (!events.ok()) return events.status();
  const absl::StatusOr<std::optional<std::vector<std::string>>> subjects = ReadSubjects(inputs);
  if (!subjects.ok()) return subjects.status();
  const CalendarDate cut = RecencyCut(*reference, form.months);
  SamplingResult result = WithLists({"eligible", "too_old", "unknown"});
  result.lists["cut"] = {cut.ToString()};
  for (const char* const state : {"eligible", "too_old", "unknown"}) result.counts[state] = 0;
  const auto settle = [&](const std::string& name, const std::optional<CalendarDate>& last) {
    const char* state = !last.has_value() ? "unknown" : *last < cut ? "too_old" : "eligible";
    ++result.counts[state];
    result.lists[state].push_back(name);
  };
  std::map<std::string, std::optional<CalendarDate>> last_of;
  for (std::size_t row = 0; row < events->size(); ++row) {
    const std::optional<CalendarDate>& event = (*events)[row];
    if (event.has_value() && *reference < *event) {
      return RefuseRow(row, absl::StrCat("column 'last_event': ", event->ToString(),
                                         " is after the reference day ", reference->ToString()));
    }
    if (!subjects->has_value()) {
      settle(absl::StrCat("row ", row), event);
    } else {
      std::optional<CalendarDate>& last = last_of[(**subjects)[row]];
      if (event.has_value() && (!last.has_value() || *last < *event)) last = event;
    }
  }
  for (const auto& [subject, last] : last_of) settle(subject, last);
  return result;
}

absl::StatusOr<SamplingResult> Apply(const SampleSizeRule& form, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<std::optional<std::int64_t>> population = inputs->Count("population");
  if (!population.ok()) return population.status();
  SampleSizeInputs size;
  size.z = form.z;
  size.margin = form.margin;
  size.share = form.share;
  size.design_effect = form.design_effect;
  size.response_rate = form.response_rate;
  size.population = population->value_or(0);
  if (population->has_value() && (size.population < 1 || size.population > 1'000'000'000))
    return Refuse(absl::StrCat("'population' ", size.population, " lies outside [1, 1000000000]"));
  const Measured<SampleSize> needed = SampleSizeOfShare(size);
  if (!needed.has_value()) return Refuse("the inputs of the size lie outside of their ranges");
  SamplingResult result;
  result.counts = {{"answers", needed->answers}, {"invitations", needed->invitations}};
  return result;
}

absl::StatusOr<SamplingResult> Apply(const StrataRule& form, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<std::int64_t> sample = inputs->NeededCount("sample");
  if (!sample.ok()) return sample.status();
  const absl::StatusOr<Texts> strata = inputs->TextColumn("stratum", true);
  if (!strata.ok()) return strata.status();
  const bool optimal = form.method == StrataRule::Method::kOptimal;
  const auto sizes = inputs->NumberColumn("size", true),
             deviations = inputs->NumberColumn("deviation", optimal, /*rounded=*/true);
  if (!sizes.ok()) return sizes.status();
  if (!deviations.ok()) return deviations.status();
  std::map<std::string, std::size_t> row_of;
  for (std::size_t row = 0; row < strata->size(); ++row) {
    if (!(*strata)[row].has_value()) return RefuseRow(row, "column 'stratum': a stratum without a name");
    if (!row_of.emplace(*(*strata)[row], row).second)
      return RefuseRow(row, absl::StrCat("column 'stratum': ", Quoted(*(*strata)[row]), " is there twice"));
    const std::optional<Decimal>& size = (*sizes)[row];
    if (!size.has_value() || size->micros() < 0 || size->micros() % Decimal::kOne != 0)
      return RefuseRow(row, "column 'size': not a whole number of 0 or more");
    if (optimal && (!(*deviations)[row].has_value() || (*deviations)[row]->micros() < 0))
      return RefuseRow(row, "column 'deviation': not a number of 0 or more");
  }
  // By name: what one of equal remainders gets does not hang on the order of the rows.
  std::vector<std::int64_t> whole;
  std::vector<Decimal> spread;
  for (const auto& [name, row] : row_of) {
    whole.push_back((*sizes)[row]->micros() / Decimal::kOne);
    if (optimal) spread.push_back(*(*deviations)[row]);
  }
  const absl::StatusOr<std::vector<std::int64_t>> shares = optimal ? AllocateOptimally(whole, spread, *sample)
                                                           : form.method == StrataRule::Method::kEqual
                                                               ? AllocateEqually(whole, *sample)
                                                               : AllocateProportionally(whole, *sample);
  if (!shares.ok()) return shares.status();
  SamplingResult result;
  std::size_t at = 0;
  for (const auto& [name, row] : row_of) result.counts[name] = (*shares)[at++];
  return result;
}

absl::StatusOr<SamplingResult> Apply(const InvitationRule& form, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<std::optional<std::string>> seed = inputs->Word("seed");
  if (!seed.ok()) return seed.status();
  if (!seed->has_value()) return Refuse("'seed' is not given: a text");
  std::optional<Decimal> probability = form.probability;
  if (!probability.has_value()) {
    const absl::StatusOr<std::optional<Decimal>> given = inputs->Number("probability");
    if (!given.ok()) return given.status();
    if (!given->has_value())
      return Refuse("'probability' is not given, and the policy's documents do not say it");
    probability = *given;
  }
  // Seed and probability are refused of an empty list too.
  if (const absl::StatusOr<bool> any = IsInvited(**seed, "any", *probability); !any.ok()) return any.status();
  const absl::StatusOr<Texts> ids = inputs->TextColumn("id", true);
  if (!ids.ok()) return ids.status();
  SamplingResult result = WithLists({"invited"});
  result.counts = {{"listed", static_cast<std::int64_t>(ids->size())}, {"invited", 0}};
  std::set<std::string_view> once;
  for (std::size_t row = 0; row < ids->size(); ++row) {
    if (!(*ids)[row].has_value()) return RefuseRow(row, "column 'id': no id");
    const std::string& id = *(*ids)[row];
    if (!once.insert(id).second)
      return RefuseRow(row, absl::StrCat("column 'id': ", Quoted(id), " is there twice"));
    const absl::StatusOr<bool> invited = IsInvited(**seed, id, *probability);
    if (!invited.ok()) return invited.status();
    if (!*invited) continue;
    ++result.counts["invited"];
    result.lists["invited"].push_back(id);
  }
  return result;
}

// One text column of the list, empty where there is no value.
absl::StatusOr<std::vector<std::string>> Words(const std::string& name, bool needed, PlanInputs* inputs) {
  const absl::StatusOr<Texts> texts = inputs->TextColumn(name, needed);
  if (!texts.ok()) return texts.status();
  std::vector<std::string> words(inputs->rows());
  for (std::size_t row = 0; row < texts->size(); ++row) words[row] = (*texts)[row].value_or("");
  return words;
}

absl::StatusOr<std::vector<SurveyUnit>> ReadUnits(const SelectionListRule& form, PlanInputs* inputs) {
  std::vector<SurveyUnit> units(inputs->rows());
  const auto read = [&](const char* name, bool needed, std::string SurveyUnit::*member) -> absl::Status {
    const absl::StatusOr<std::vector<std::string>> words = Words(name, needed, inputs);
    if (!words.ok()) return words.status();
    for (std::size_t row = 0; row < units.size(); ++row) units[row].*member = (*words)[row];
    return absl::OkStatus();
  };
  for (const absl::Status& status :
       {read("customer", true, &SurveyUnit::customer), read("product_line", true, &SurveyUnit::product_line),
        read("class", true, &SurveyUnit::customer_class),
        read("nominated_by", false, &SurveyUnit::nominated_by),
        read("approved_by", false, &SurveyUnit::approved_by),
        read("relation", false, &SurveyUnit::relation)}) {
    if (!status.ok()) return status;
  }
  const absl::StatusOr<Flags> drawn = inputs->FlagColumn("drawn", false);
  if (!drawn.ok()) return drawn.status();
  for (std::size_t row = 0; row < units.size(); ++row) {
    units[row].drawn = !drawn->empty() && (*drawn)[row].value_or(false);
    const std::string& of = units[row].customer_class;
    if (!form.classes.empty() &&
        std::find(form.classes.begin(), form.classes.end(), of) == form.classes.end())
      return RefuseRow(row, absl::StrCat("column 'class': ", Quoted(of), " is no class of the rule"));
  }
  return units;
}

absl::StatusOr<SamplingResult> Apply(const SelectionListRule& form, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<std::int64_t> frame = inputs->NeededCount("frame");
  if (!frame.ok()) return frame.status();
  const absl::StatusOr<std::vector<SurveyUnit>> units = ReadUnits(form, inputs);
  if (!units.ok()) return units.status();
  const absl::StatusOr<SelectionRecord> record = RecordSelection(*units, *frame);
  if (!record.ok()) return record.status();
  SamplingResult result = WithLists({"unapproved", "weak_relevance"});
  result.outcome = std::string(SampleDesignNote(record->design()));
  result.counts = {{"units", record->nominated + record->drawn},
                   {"nominated", record->nominated},
                   {"drawn", record->drawn}};
  for (const SelectionRecord::Class& of : record->classes)
    result.shares.emplace(of.name, record->ShareOf(of));
  if (!result.shares.emplace("frame", record->ShareOfFrame()).second)
    return Refuse("column 'class': 'frame' is the name of the share of the frame, not of a class");
  const auto name = [&](std::size_t unit) {
    return absl::StrCat((*units)[unit].customer, ": ", (*units)[unit].product_line);
  };
  for (const std::size_t unit : record->unapproved) result.lists["unapproved"].push_back(name(unit));
  for (const std::size_t unit : record->weak_relevance) result.lists["weak_relevance"].push_back(name(unit));
  for (const std::string& column : form.every_value_of) {
    const absl::StatusOr<std::optional<std::vector<std::string>>> all = inputs->Words(column);
    if (!all.ok()) return all.status();
    if (!all->has_value())
      return Refuse(absl::StrCat(Quoted(column), " is not given: the list of what there is"));
    const absl::StatusOr<std::vector<std::string>> words = Words(column, true, inputs);
    if (!words.ok()) return words.status();
    std::vector<std::string> present;
    for (std::size_t row = 0; row < units->size(); ++row) {
      if (!(*units)[row].approved_by.empty()) present.push_back((*words)[row]);
    }
    result.lists[column] = Gaps(**all, present);
  }
  return result;
}

absl::StatusOr<SamplingResult> Apply(const ProductRangeRule&, const SamplingRule&, PlanInputs* inputs) {
  const absl::StatusOr<std::vector<std::string>> lines = Words("product_line", true, inputs),
                                                 exceptions = Words("exception", false, inputs);
  if (!lines.ok()) return lines.status();
  if (!exceptions.ok()) return exceptions.status();
  const absl::StatusOr<Flags> mature = inputs->FlagColumn("mature", true),
                              surveyed = inputs->FlagColumn("surveyed", true),
                              strategic = inputs->FlagColumn("strategic", false);
  for (const absl::StatusOr<Flags>* flags : {&mature, &surveyed, &strategic}) {
    if (!flags->ok()) return flags->status();
  }
  // A line of which it is not known what it is would drop out of the share unseen.
  for (const auto& [name, flags] : {std::pair("mature", &mature), std::pair("strategic", &strategic)}) {
    for (std::size_t row = 0; row < (*flags)->size(); ++row) {
      if (!(**flags)[row].has_value()) return RefuseRow(row, absl::StrCat("column '", name, "': no value"));
    }
  }
  std::vector<OfferedProduct> products;
  std::vector<SurveyUnit> units;
  for (std::size_t row = 0; row < lines->size(); ++row) {
    products.push_back({(*lines)[row], (*mature)[row].value_or(false),
                        !strategic->empty() && (*strategic)[row].value_or(false), (*exceptions)[row]});
    if (!(*surveyed)[row].value_or(false)) continue;
    SurveyUnit& unit = units.emplace_back();
    unit.customer = unit.customer_class = unit.approved_by = "surveyed";
    unit.product_line = (*lines)[row];
  }
  const absl::StatusOr<ProductCoverage> coverage = CoverProducts(products, units);
  if (!coverage.ok()) return coverage.status();
  SamplingResult result = WithLists({"excepted", "unexplained"});
  result.outcome = coverage->IsComplete() ? "complete" : "incomplete";
  result.counts = {{"mature", coverage->mature},
                   {"covered", coverage->covered},
                   {"strategic", coverage->strategic},
                   {"strategic_covered", coverage->strategic_covered}};
  PutShare("covered", coverage->covered, coverage->mature, &result);
  PutShare("strategic_covered", coverage->strategic_covered, coverage->strategic, &result);
  result.lists["excepted"] = coverage->excepted;
  result.lists["unexplained"] = coverage->unexplained;
  return result;
}

absl::StatusOr<SamplingResult> Apply(const WaveRule& form, const SamplingRule&, PlanInputs* inputs) {
  WaveCounts counts;
  for (const auto& [name, member] :
       {std::pair("planned", &WaveCounts::planned), std::pair("answered", &WaveCounts::answered),
        std::pair("unanswered_by_customer", &WaveCounts::unanswered_by_customer),
        std::pair("not_contacted", &WaveCounts::not_contacted)}) {
    const absl::StatusOr<std::int64_t> count = inputs->NeededCount(name);
    if (!count.ok()) return count.status();
    counts.*member = *count;
  }
  const absl::StatusOr<std::optional<std::int64_t>> closed = inputs->Count("closed");
  if (!closed.ok()) return closed.status();
  if (closed->value_or(0) > 1) return Refuse(absl::StrCat("'closed' ", **closed, " is neither 0 nor 1"));
  const absl::StatusOr<WaveState> state = StateOfWave(counts, form.most_unanswered, closed->value_or(0) == 1);
  if (!state.ok()) return state.status();
  SamplingResult result;
  result.outcome = std::string(WaveStateName(*state));
  return result;
}

}  // namespace

absl::StatusOr<SamplingResult> ApplySamplingRule(const SamplingRule& rule, const SamplingGiven& given,
                                                 const ArrowSchema* schema, const ArrowArray* array,
                                                 std::string_view zone) {
  const bool reads_no_table =
      std::holds_alternative<SampleSizeRule>(rule.form) || std::holds_alternative<WaveRule>(rule.form);
  if (reads_no_table && schema != nullptr)
    return Refuse(absl::StrCat("rule ", Quoted(rule.id), " reads no table"));
  absl::StatusOr<PlanInputs> inputs = PlanInputs::Open(given, schema, array, zone);
  if (!inputs.ok()) return inputs.status();
  absl::StatusOr<SamplingResult> result =
      std::visit([&](const auto& form) { return Apply(form, rule, &*inputs); }, rule.form);
  if (!result.ok()) return result;
  if (absl::Status status = inputs->Finish(); !status.ok()) return status;
  return result;
}

}  // namespace csat
