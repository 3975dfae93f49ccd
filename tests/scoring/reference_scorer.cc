// Tested by tests/scoring/property_test.cc, which compares it with the engine.
#include "scoring/reference_scorer.h"

#include <algorithm>

#include "scoring/rational.h"
#include "scoring/reference_figure.h"

namespace csat {
namespace {

using Basis = LedgerLine::Basis;
using Kind = LedgerLine::Kind;

// What became of an indicator, in rising order of what wins among siblings.
enum class State { kPoints, kLeftOut, kRefused, kInsufficient, kVetoed };

struct Result {
  const Indicator* indicator = nullptr;
  State state = State::kPoints;
  Basis basis = Basis::kGiven;
  bool gated = false;
  std::optional<Rational> value;
  Points points;
  std::optional<Points> combined;  // Groups: the points of the parts together, before gate and vetoes.
  // The indicator that the state comes from: a group takes over what befell a part of it.
  std::string culprit;
  std::vector<Result> parts;
};

struct FiredVeto {
  const Veto* veto = nullptr;
  bool unknown = false, fired = false, binding = false;
};

// The band of a score, with the bands that were reached and whose condition was not true.
const GradeBand* BandOf(const ReferenceReader& reader, const Grading& grading, Points score,
                        std::vector<std::string>* failed) {
  if (grading.rounded_places.has_value()) {
    Rational unit(1, 1);
    for (int i = 0; i < *grading.rounded_places; ++i) unit = unit * Rational::Whole(10);
    score = (Rational::Whole((Rational::Of(score) * unit).HalfUp()) / unit).ToDecimal();
  }
  for (const GradeBand& band : grading.bands) {
    if (score < band.from) continue;
    if (!band.condition.has_value() || reader.Evaluate(*band.condition) == Truth::kTrue) return &band;
    if (failed != nullptr) failed->push_back(band.id);
  }
  return nullptr;
}

class Scorer {
 public:
  Scorer(const Policy& policy, const Scorecard& card, const FieldValues& record, bool with_vetoes)
      : policy_(policy), card_(card), record_(record), with_vetoes_(with_vetoes), reader_(policy, record) {}

  ReferenceScore Run() {
    FireVetoes();
    ChooseProfile();
    CheckAnswers();
    for (const Indicator& indicator : card_.indicators) results_.push_back(ScoreIndicator(indicator));
    FindBase();
    if (out_.has_base) {
      AddBonus();
      ApplyCaps();
    }
    ApplyVetoes();
    const bool decided = out_.outcome == Outcome::kScored || out_.outcome == Outcome::kVetoed;
    if (decided) {
      Grade();
    } else {
      out_.score = out_.base = Points();
      out_.has_base = false;
    }
    if (out_.has_base) FindWithoutVeto();
    ReadAll();
    WriteLedger(decided);
    RankReasons();
    for (const FiredVeto& veto : vetoes_) {
      if (veto.fired) out_.vetoes.push_back(veto.veto->id);
    }
    if (bad_field_.empty()) bad_field_ = reader_.bad_field();
    if (!bad_field_.empty()) {
      out_ = ReferenceScore();
      out_.bad_field = bad_field_;
    }
    return out_;
  }

 private:
  // A bad value is refused whether or not the result depends on it.
  void ReadAll() const {
    std::vector<const Predicate*> conditions;
    for (const Veto& veto : card_.vetoes) conditions.push_back(&veto.when);
    for (const Cap& cap : card_.caps) conditions.push_back(&cap.when);
    if (card_.grading.has_value()) AddConditions(*card_.grading, &conditions);
    AddConditions(card_.indicators, &conditions);
    for (const Predicate* condition : conditions) reader_.Evaluate(*condition);
    if (!card_.bonus.has_value()) return;
    for (const Bonus::Source& source : card_.bonus->sources) {
      reader_.Read(source.metric);
      if (!source.excluding.empty()) reader_.Read(source.excluding);
    }
  }

  static void AddConditions(const Grading& grading, std::vector<const Predicate*>* conditions) {
    for (const GradeBand& band : grading.bands) {
      if (band.condition.has_value()) conditions->push_back(&*band.condition);
    }
  }

  static void AddConditions(const std::vector<Indicator>& indicators,
                            std::vector<const Predicate*>* conditions) {
    for (const Indicator& indicator : indicators) {
      if (indicator.gate.has_value()) conditions->push_back(&indicator.gate->when);
      if (indicator.levels.has_value()) AddConditions(*indicator.levels, conditions);
      if (const auto* group = std::get_if<FromChildren>(&indicator.form))
        AddConditions(group->indicators, conditions);
    }
  }

  void FireVetoes() {
    if (!with_vetoes_) return;
    for (const Veto& veto : card_.vetoes) {
      FiredVeto fired;
      fired.veto = &veto;
      const Truth truth = reader_.Evaluate(veto.when);
      fired.unknown = truth == Truth::kUnknown;
      fired.fired = truth == Truth::kTrue || (fired.unknown && veto.missing == MissingRule::kVeto);
      vetoes_.push_back(fired);
    }
  }

  void Stop(Outcome outcome, std::string reason) {
    if (out_.outcome != Outcome::kScored) return;
    out_.outcome = outcome;
    out_.reason = std::move(reason);
  }

  void ChooseProfile() {
    if (card_.profile_metric.empty()) return;
    const ReferenceFigure word = reader_.Read(card_.profile_metric);
    const std::string wanted = word.word.value_or(card_.default_profile);
    for (const Profile& profile : card_.profiles) {
      if (profile.id == wanted) profile_ = &profile;
    }
    if (profile_ == nullptr) return Stop(Outcome::kRefused, "profile");
    out_.profile = profile_->id;
  }

  void CheckAnswers() {
    if (card_.min_answers_metric.empty()) return;
    const std::optional<Rational> answers = reader_.Read(card_.min_answers_metric).number;
    if (!answers.has_value() || *answers < Rational::Of(card_.min_answers))
      Stop(Outcome::kInsufficient, "min_answers");
  }

  // Points of a figure before rounding; nullopt: it gives none.
  std::optional<Rational> PointsOf(const Indicator& indicator, const ReferenceFigure& figure) {
    if (!indicator.each.has_value()) return PointsByReference(indicator.score, figure);
    std::vector<Rational> points;
    for (const Rational& event : figure.events) {
      ReferenceFigure one;
      one.number = event;
      points.push_back(Rational::Of(PointsByReference(indicator.score, one)->ToDecimal()));
    }
    if (points.empty()) return std::nullopt;
    std::optional<Rational> combined = AggregateOf(*indicator.each, points);
    if (indicator.each->kind == Aggregate::Kind::kShare)
      combined = *combined * Rational::Of(indicator.max_points);
    return combined;
  }

  void Give(Result* result, const ReferenceFigure& figure, Rational points) {
    const Points rounded = points.ToDecimal();
    result->points = std::min(std::max(rounded, Points()), result->indicator->max_points);
    result->value = figure.number;
  }

  void ScoreMetric(const FromMetric& from, Result* result) {
    const Indicator& indicator = *result->indicator;
    const Metric& metric = *policy_.FindMetric(from.metric);
    ReferenceFigure figure = reader_.Read(metric);
    const bool enough =
        !indicator.min_answers.has_value() ||
        (figure.answers.has_value() && Rational::Of(*indicator.min_answers) <= *figure.answers);
    std::optional<Rational> points = enough ? PointsOf(indicator, figure) : std::nullopt;
    if (points.has_value()) return Give(result, figure, *points);
    if (figure.word.has_value()) {
      // A word without an entry in the table.
      if (bad_field_.empty()) bad_field_ = metric.id;
      return;
    }
    result->value = figure.number;  // From too few answers.
    MissingRule rule = indicator.missing.rule;
    if (rule == MissingRule::kLastKnown) {
      const std::optional<Rational> age = reader_.ReadPlain(indicator.missing.age_field);
      const bool young = age.has_value() && *age <= Rational::Whole(indicator.missing.max_age_days);
      const ReferenceFigure last =
          young ? reader_.ReadFinished(metric, indicator.missing.last_field) : ReferenceFigure();
      points = PointsByReference(indicator.score, last);
      if (points.has_value() && young) {
        result->basis = Basis::kLastKnown;
        return Give(result, last, *points);
      }
      rule = indicator.missing.otherwise;
    }
    Miss(rule, result);
  }

  void Miss(MissingRule rule, Result* result) {
    result->culprit = result->indicator->id;
    switch (rule) {
      case MissingRule::kWorst: result->basis = Basis::kWorst; return;
      case MissingRule::kVeto:
        result->state = State::kVetoed;
        result->basis = Basis::kVetoed;
        return;
      case MissingRule::kLeaveOut:
        result->state = State::kLeftOut;
        result->basis = Basis::kLeftOut;
        return;
      case MissingRule::kInsufficient:
        result->state = State::kInsufficient;
        result->basis = Basis::kInsufficient;
        return;
      default: result->state = State::kRefused; result->basis = Basis::kRefused;
    }
  }

  void ScoreCard(const FromScorecard& from, Result* result) {
    const Scorecard& card = *policy_.FindScorecard(from.scorecard);
    const ReferenceScore score = ScoreByReference(policy_, from.scorecard, record_);
    if (!score.bad_field.empty()) {
      if (bad_field_.empty()) bad_field_ = score.bad_field;
      return;
    }
    if (score.outcome != Outcome::kScored && score.outcome != Outcome::kVetoed)
      return Miss(result->indicator->missing.rule, result);
    ReferenceFigure figure;
    figure.number = Rational::Of(score.score);
    Give(result, figure,
         *figure.number / Rational::Of(card.max_score) * Rational::Of(result->indicator->max_points));
  }

  void ScoreGroup(const FromChildren& group, Result* result) {
    State worst = State::kLeftOut;
    for (const Indicator& part : group.indicators) result->parts.push_back(ScoreIndicator(part));
    for (const Result& part : result->parts) worst = std::max(worst, part.state);
    if (worst == State::kLeftOut) {
      const std::optional<Rational> points = CombineParts(group.combine, result->parts, nullptr);
      if (!points.has_value()) return Miss(result->indicator->missing.rule, result);
      result->combined = (*points * Rational::Of(result->indicator->max_points)).ToDecimal();
      result->points = *result->combined;
      return;
    }
    result->state = worst;
    for (const Result& part : result->parts) {
      if (part.state != worst) continue;
      result->basis = part.basis;
      result->culprit = part.culprit;
      return;
    }
  }

  Result ScoreIndicator(const Indicator& indicator) {
    Result result;
    result.indicator = &indicator;
    if (const auto* metric = std::get_if<FromMetric>(&indicator.form)) ScoreMetric(*metric, &result);
    if (const auto* card = std::get_if<FromScorecard>(&indicator.form)) ScoreCard(*card, &result);
    if (const auto* group = std::get_if<FromChildren>(&indicator.form)) ScoreGroup(*group, &result);
    if (result.state == State::kPoints && indicator.gate.has_value() &&
        reader_.Evaluate(indicator.gate->when) != Truth::kTrue &&
        indicator.gate->cap_points < result.points) {
      result.points = indicator.gate->cap_points;
      result.gated = true;
    }
    ApplyIndicatorVetoes(&result);
    return result;
  }

  // The lowest wins. One that sets points gives some to an indicator that has none; one that caps does not.
  void ApplyIndicatorVetoes(Result* result) {
    std::vector<FiredVeto*> fired;
    bool set = result->state == State::kPoints;
    for (FiredVeto& veto : vetoes_) {
      if (!veto.fired || veto.veto->scope != Veto::Scope::kIndicator ||
          veto.veto->indicator != result->indicator->id)
        continue;
      fired.push_back(&veto);
      set = set || veto.veto->effect == Veto::Effect::kSetTo;
    }
    if (!set) return;
    const bool had_points = result->state == State::kPoints;
    Points points = had_points ? result->points : result->indicator->max_points;
    for (FiredVeto* veto : fired) {
      veto->binding =
          veto->veto->value < points || (!had_points && veto->veto->effect == Veto::Effect::kSetTo);
      points = std::min(points, veto->veto->value);
      if (veto->binding) result->basis = Basis::kVetoed;
    }
    result->points = points;
    result->state = State::kPoints;
  }

  Decimal WeightOf(const Indicator& indicator, const Profile* profile) const {
    if (profile != nullptr) {
      const auto found = profile->weights.find(indicator.id);
      if (found != profile->weights.end()) return found->second;
    }
    return indicator.weight;
  }

  static Rational ShareOf(const Result& part) {
    return Rational::Of(part.points) / Rational::Of(part.indicator->max_points);
  }

  Decimal WeightSum(const std::vector<Result>& parts, const Profile* profile) const {
    Decimal sum;
    for (const Result& part : parts) {
      if (part.state == State::kPoints) sum = sum + WeightOf(*part.indicator, profile);
    }
    return sum;
  }

  // The share of its maximum that a group reaches; nullopt: no part has points that count.
  std::optional<Rational> CombineParts(Combine combine, const std::vector<Result>& parts,
                                       const Profile* profile) const {
    std::optional<Rational> found;
    if (combine == Combine::kWeightedMean) {
      const Decimal weights = WeightSum(parts, profile);
      if (weights == Decimal()) return std::nullopt;
      Rational sum;
      for (const Result& part : parts) {
        if (part.state == State::kPoints)
          sum = sum + Rational::Of(WeightOf(*part.indicator, profile)) * ShareOf(part);
      }
      return sum / Rational::Of(weights);
    }
    for (const Result& part : parts) {
      if (part.state != State::kPoints) continue;
      const Rational share = ShareOf(part);
      if (!found.has_value() || (combine == Combine::kMin ? share < *found : *found < share)) found = share;
    }
    return found;
  }

  // The first indicator in the order of the card, parts before their group, in this state.
  static const Result* FirstIn(const std::vector<Result>& results, State state) {
    for (const Result& result : results) {
      if (const Result* part = FirstIn(result.parts, state); part != nullptr) return part;
      if (result.state == state) return &result;
    }
    return nullptr;
  }

  void FindBase() {
    State worst = State::kLeftOut;
    for (const Result& result : results_) worst = std::max(worst, result.state);
    if (out_.outcome != Outcome::kScored) return;
    if (worst == State::kLeftOut) {
      const std::optional<Rational> share = CombineParts(card_.combine, results_, profile_);
      if (share.has_value()) {
        out_.base = (*share * Rational::Of(card_.max_score)).ToDecimal();
        out_.has_base = true;
        return;
      }
    }
    const Result* first = FirstIn(results_, worst);
    const std::string id = first == nullptr ? "" : first->indicator->id;
    if (worst == State::kVetoed) {
      indicator_veto_ = id;
      return;
    }
    Stop(worst == State::kRefused ? Outcome::kRefused : Outcome::kInsufficient, "missing:" + id);
  }

  struct SourceAmount {
    const Bonus::Source* source = nullptr;
    Decimal amount;
    bool missing = false;
  };

  Points BonusOf(Decimal amount) const {
    if (card_.bonus->mode == Bonus::Mode::kPoints) return amount;
    return (Rational::Of(out_.base) * Rational::Of(amount) / Rational::Whole(100)).ToDecimal();
  }

  void AddBonus() {
    after_bonus_ = out_.base;
    if (card_.bonus.has_value()) {
      Decimal sum;
      for (const Bonus::Source& source : card_.bonus->sources) {
        SourceAmount one;
        one.source = &source;
        std::optional<Rational> count = reader_.Read(source.metric).number;
        if (!source.excluding.empty()) {
          const std::optional<Rational> without = reader_.Read(source.excluding).number;
          count = count.has_value() && without.has_value() ? std::optional(*count - *without) : std::nullopt;
        }
        one.missing = !count.has_value();
        if (count.has_value() && Rational() < *count) {
          // Beyond 2^50 millionths an amount counts as that many.
          one.amount = std::min((*count * Rational::Of(source.each)).ToDecimal(),
                                Decimal::FromMicros(std::int64_t{1} << 50));
          if (source.cap.has_value()) one.amount = std::min(one.amount, *source.cap);
        }
        sum = sum + one.amount;
        bonus_.push_back(one);
      }
      bonus_sum_ = BonusOf(sum);
      bonus_total_ = BonusOf(std::min(sum, card_.bonus->cap));
      after_bonus_ = out_.base + bonus_total_;
    }
    after_scale_ = std::min(after_bonus_, card_.max_score);
  }

  void ApplyCaps() {
    out_.score = after_scale_;
    for (const Cap& cap : card_.caps) {
      if (reader_.Evaluate(cap.when) == Truth::kFalse) continue;
      ReferenceLine line;
      line.kind = Kind::kCap;
      line.id = cap.id;
      line.binding = cap.max_score < out_.score;
      if (line.binding) {
        line.amount = cap.max_score - out_.score;
        out_.score = cap.max_score;
        if (cap_reason_.empty()) cap_reason_ = "cap:" + cap.id;
      }
      cap_lines_.push_back(line);
    }
  }

  void ApplyVetoes() {
    after_caps_ = out_.score;
    std::optional<Points> set, held;  // The lowest of each effect.
    std::string first;
    for (FiredVeto& fired : vetoes_) {
      if (!fired.fired) continue;
      const Veto& veto = *fired.veto;
      if (first.empty()) first = (fired.unknown ? "unknown:" : "veto:") + veto.id;
      if (veto.scope == Veto::Scope::kIndicator) continue;
      std::optional<Points>& lowest = veto.effect == Veto::Effect::kSetTo ? set : held;
      if (!lowest.has_value() || veto.value < *lowest) lowest = veto.value;
    }
    if (!indicator_veto_.empty()) {
      set = Points();
      if (first.empty()) first = "missing:" + indicator_veto_;
    }
    const bool stands = out_.has_base || set.has_value();
    if (stands && !first.empty()) {
      Points score = out_.has_base ? out_.score : *set;
      for (const std::optional<Points>& limit : {set, held}) {
        if (limit.has_value()) score = std::min(score, *limit);
      }
      out_.score = score;
      out_.outcome = Outcome::kVetoed;
      out_.reason = first;
    }
    if (!stands) return;
    for (const FiredVeto& unknown : vetoes_) {
      if (!unknown.unknown || unknown.fired) continue;
      if (set.has_value()) {
        const Points lowest = held.has_value() ? std::min(*set, *held) : *set;
        const bool within = unknown.veto->scope == Veto::Scope::kIndicator;
        if (lowest <= (within ? Points() : unknown.veto->value)) continue;
      }
      out_.outcome =
          unknown.veto->missing == MissingRule::kInsufficient ? Outcome::kInsufficient : Outcome::kRefused;
      out_.reason = "unknown:" + unknown.veto->id;
      return;
    }
  }

  void Grade() {
    if (card_.grading.has_value()) {
      const GradeBand* band = BandOf(reader_, *card_.grading, out_.score, &out_.failed_conditions);
      if (band != nullptr) out_.grade = band->id;
    }
    if (!out_.reason.empty()) return;
    out_.reason = cap_reason_;
    if (out_.reason.empty() && !out_.failed_conditions.empty())
      out_.reason = "condition:" + out_.failed_conditions.front();
  }

  void FindWithoutVeto() {
    out_.without_veto = after_caps_;
    if (!with_vetoes_ || vetoes_.empty()) return;
    const ReferenceScore without = Scorer(policy_, card_, record_, false).Run();
    out_.without_veto = without.score;
  }

  // What each part adds to `total` points of its group.
  std::vector<Points> Contributions(Combine combine, const std::vector<Result>& parts, const Profile* profile,
                                    Points max) const {
    std::vector<Points> amounts(parts.size());
    const Decimal weights = WeightSum(parts, profile);
    const std::optional<Rational> share = CombineParts(combine, parts, profile);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Result& part = parts[i];
      if (part.state != State::kPoints) continue;
      if (combine == Combine::kWeightedMean) {
        amounts[i] = (Rational::Of(WeightOf(*part.indicator, profile)) / Rational::Of(weights) *
                      ShareOf(part) * Rational::Of(max))
                         .ToDecimal();
      } else if (ShareOf(part) == *share) {
        // The first one that decides gives all.
        amounts[i] = (*share * Rational::Of(max)).ToDecimal();
        break;
      }
    }
    return amounts;
  }

  void WriteParts(Combine combine, const std::vector<Result>& parts, const Profile* profile, Points max,
                  bool counted, Points total, int depth) {
    const Decimal weight_sum = WeightSum(parts, profile);
    std::vector<Points> amounts(parts.size());
    if (counted) amounts = Contributions(combine, parts, profile, max);
    Points sum;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Result& part = parts[i];
      const Indicator& indicator = *part.indicator;
      ReferenceLine line;
      line.id = indicator.id;
      line.depth = depth;
      line.basis = part.basis;
      line.gated = part.gated;
      line.has_value = part.value.has_value();
      if (line.has_value) line.value = part.value->ToDecimal();
      line.points = part.points;
      line.max_points = indicator.max_points;
      const bool weighted = depth > 0 || card_.profile_metric.empty() || profile != nullptr;
      if (weighted && combine == Combine::kWeightedMean && part.state == State::kPoints) {
        line.weight = WeightOf(indicator, profile);
        line.weight_sum = weight_sum;
      }
      if (part.state == State::kPoints && indicator.levels.has_value()) {
        const GradeBand* level = BandOf(reader_, *indicator.levels, part.points, nullptr);
        if (level != nullptr) line.level = level->id;
      }
      line.amount = amounts[i];
      sum = sum + line.amount;
      out_.ledger.push_back(line);
      if (const auto* group = std::get_if<FromChildren>(&indicator.form)) {
        const bool has_points = part.state == State::kPoints;
        const Points combined = part.combined.value_or(Points());
        WriteParts(group->combine, part.parts, nullptr, indicator.max_points, part.combined.has_value(),
                   combined, depth + 1);
        if (has_points)
          WriteChange(part.basis == Basis::kVetoed ? Kind::kVeto : Kind::kCap, indicator.id,
                      part.points - combined, depth + 1);
      }
    }
    if (counted) WriteChange(Kind::kRounding, "", total - sum, depth);
  }

  // A line that only stands where it changes something.
  void WriteChange(Kind kind, std::string id, Points amount, int depth) {
    if (amount == Points()) return;
    ReferenceLine line;
    line.kind = kind;
    line.id = std::move(id);
    line.amount = amount;
    line.depth = depth;
    out_.ledger.push_back(line);
  }

  void WriteLedger(bool decided) {
    WriteParts(card_.combine, results_, profile_, card_.max_score, out_.has_base, out_.base, 0);
    Points score;
    if (out_.has_base) {
      WriteBonus();
      WriteChange(Kind::kScale, "", after_scale_ - after_bonus_, 0);
      out_.ledger.insert(out_.ledger.end(), cap_lines_.begin(), cap_lines_.end());
      score = after_caps_;
    }
    lowest_ = out_.has_base ? after_caps_ : card_.max_score;
    for (const FiredVeto& fired : vetoes_) {
      if (fired.fired || fired.unknown) WriteVeto(fired, decided, &score);
    }
    if (!indicator_veto_.empty()) {
      ReferenceLine line;
      line.kind = Kind::kVeto;
      line.basis = Basis::kVetoed;
      line.id = indicator_veto_;
      line.amount = out_.score - score;
      out_.ledger.push_back(line);
    }
  }

  void WriteBonus() {
    Points sum;
    for (const SourceAmount& source : bonus_) {
      ReferenceLine line;
      line.kind = Kind::kBonus;
      line.id = source.source->id;
      line.basis = source.missing ? Basis::kLeftOut : Basis::kGiven;
      line.amount = BonusOf(source.amount);
      sum = sum + line.amount;
      out_.ledger.push_back(line);
    }
    WriteChange(Kind::kBonusCap, "", bonus_total_ - bonus_sum_, 0);
    WriteChange(Kind::kRounding, "", bonus_sum_ - sum, 0);
  }

  // `score` is what stands before this veto.
  void WriteVeto(const FiredVeto& fired, bool decided, Points* score) {
    const Veto& veto = *fired.veto;
    ReferenceLine line;
    line.kind = Kind::kVeto;
    line.id = veto.id;
    if (fired.unknown) {
      line.basis = fired.fired                                  ? Basis::kVetoed
                   : veto.missing == MissingRule::kInsufficient ? Basis::kInsufficient
                                                                : Basis::kRefused;
    }
    if (!fired.fired) {
      line.binding = !decided && out_.reason == "unknown:" + veto.id;
    } else if (!decided) {
      line.binding = false;
    } else if (veto.scope == Veto::Scope::kIndicator) {
      line.binding = fired.binding;
    } else {
      line.binding = veto.value < lowest_ || (!out_.has_base && veto.effect == Veto::Effect::kSetTo);
      lowest_ = std::min(lowest_, veto.value);
      // Without a base the first that binds says the score.
      const Points after = out_.has_base ? std::min(*score, veto.value) : line.binding ? out_.score : *score;
      line.amount = after - *score;
      *score = after;
    }
    out_.ledger.push_back(line);
  }

  void RankReasons() {
    if (!out_.has_base || card_.combine != Combine::kWeightedMean) return;
    const std::vector<Points> amounts = Contributions(card_.combine, results_, profile_, card_.max_score);
    std::vector<Result> best = results_;
    for (Result& result : best) result.points = result.indicator->max_points;
    const std::vector<Points> most = Contributions(card_.combine, best, profile_, card_.max_score);
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (amounts[i] < most[i]) out_.reasons.emplace_back(results_[i].indicator->id, most[i] - amounts[i]);
    }
    std::stable_sort(out_.reasons.begin(), out_.reasons.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
  }

  const Policy& policy_;
  const Scorecard& card_;
  const FieldValues& record_;
  const bool with_vetoes_;
  const ReferenceReader reader_;
  std::string bad_field_;

  ReferenceScore out_;
  const Profile* profile_ = nullptr;
  std::vector<FiredVeto> vetoes_;
  std::vector<Result> results_;
  std::string indicator_veto_, cap_reason_;
  std::vector<SourceAmount> bonus_;
  Points bonus_sum_, bonus_total_, after_bonus_, after_scale_, after_caps_, lowest_;
  std::vector<ReferenceLine> cap_lines_;
};

}  // namespace

ReferenceScore ScoreByReference(const Policy& policy, std::string_view scorecard, const FieldValues& record) {
  return Scorer(policy, *policy.FindScorecard(scorecard), record, true).Run();
}

}  // namespace csat
