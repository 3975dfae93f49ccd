// Tested by tests/scoring/property_test.cc.
#include "scoring/random_policy.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace csat {
namespace {

Decimal Whole(std::int64_t value) { return Decimal::FromInteger(value); }
std::string Quoted(const std::string& text) { return absl::StrCat("\"", text, "\""); }
std::string List(const std::vector<std::string>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ","), "]");
}
std::string Object(const std::vector<std::string>& members) {
  return absl::StrCat("{", absl::StrJoin(members, ","), "}");
}
std::string Member(const char* key, const std::string& json) { return absl::StrCat("\"", key, "\":", json); }
std::string Member(const char* key, Decimal value) { return Member(key, value.ToString()); }
std::string Text(const char* key, const std::string& text) { return Member(key, Quoted(text)); }

}  // namespace

// Writes one policy. What a card may combine is drawn in the order of the schema.
class PolicyMaker {
 public:
  PolicyMaker(std::uint64_t seed, RandomPolicy* policy) : random_(seed), policy_(*policy) {}

  void Make() {
    coarse_ = random_.Chance(50);
    const int scales = random_.Below(3);
    for (int i = 0; i < scales; ++i) MakeScale(i);
    const int metrics = 2 + random_.Below(8);
    for (int i = 0; i < metrics; ++i) MakeMetric(i);
    const int cards = random_.Chance(25) ? 2 + random_.Below(2) : 1;
    std::vector<std::string> made;
    for (int i = 0; i < cards; ++i) made.push_back(MakeCard(i));
    std::vector<std::string> metric_json;
    for (const auto& [members, index] : metric_members_) metric_json.push_back(Object(members));
    policy_.scorecard_ = card_ids_.back();
    policy_.json_ = Object({Text("id", "random"), Text("version", "1"), Text("effective_from", "2025-01-01"),
                            Text("zone", "UTC"), Member("scales", List(scales_)),
                            Member("metrics", List(metric_json)), Member("scorecards", List(made))});
  }

 private:
  struct ScaleFacts {
    std::string id;
    Decimal low, high;
    bool whole = false, labels = false;
    Direction direction = Direction::kHigherIsBetter;
    std::vector<std::string> words;
  };

  // ---- Values ----

  // In [low, high]: whole, with few places or with all six.
  Decimal Value(Decimal low, Decimal high) {
    const std::int64_t grain =
        coarse_ ? random_.Pick({1000000, 1000000, 500000, 250000}) : random_.Pick({1000000, 100000, 1000, 1});
    const std::int64_t from = low.micros() / grain, to = high.micros() / grain;
    if (to <= from) return low;
    return std::min(std::max(Decimal::FromMicros(random_.Between(from, to) * grain), low), high);
  }

  // So many values in rising order, each above the one before.
  std::vector<Decimal> Rising(Decimal low, Decimal high, int count) {
    std::vector<Decimal> values;
    for (int i = 0; i < count; ++i) values.push_back(Value(low, high));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  // ---- Scales and metrics ----

  void MakeScale(int index) {
    ScaleFacts scale;
    scale.id = absl::StrCat("s", index);
    scale.whole = random_.Chance(70);
    scale.direction = random_.Chance(70) ? Direction::kHigherIsBetter : Direction::kLowerIsBetter;
    const auto [low, high] = random_.Pick<std::pair<int, int>>({{1, 5}, {0, 10}, {1, 7}, {0, 3}, {-2, 2}});
    scale.low = Whole(low);
    scale.high = Whole(high);
    std::vector<std::string> labels;
    if (scale.whole && random_.Chance(70)) {
      scale.labels = true;
      for (int rank = low; rank <= high; ++rank) {
        const std::string word = absl::StrCat(scale.id, "_", rank - low);
        // Points of a rank rise from 0 to 5 with how good it is.
        const int good = scale.direction == Direction::kHigherIsBetter ? rank - low : high - rank;
        labels.push_back(Object({Member("rank", std::to_string(rank)),
                                 Member("label", Object({Text("en", word), Text("zh", "级" + word)})),
                                 Member("aliases", List({Quoted(word + "_also")})),
                                 Member("points", Decimal::FromMicros(good * 5000000 / (high - low)))}));
        scale.words.push_back(word);
        scale.words.push_back("级" + word);
        scale.words.push_back(word + "_also");
      }
    }
    std::vector<std::string> members = {
        Text("id", scale.id), Member("min", scale.low), Member("max", scale.high),
        Text("direction",
             scale.direction == Direction::kHigherIsBetter ? "HIGHER_IS_BETTER" : "LOWER_IS_BETTER")};
    if (scale.whole) members.push_back(Member("integer", "true"));
    if (scale.labels) members.push_back(Member("labels", List(labels)));
    scales_.push_back(Object(members));
    scale_facts_.push_back(scale);
  }

  void MakeMetric(int index) {
    RandomMetric metric;
    metric.id = absl::StrCat("m", index);
    metric.field = random_.Chance(50) ? metric.id : absl::StrCat("f_", metric.id);
    std::vector<std::string> members = {Text("id", metric.id), Text("unit", "thing")};
    const int draw = random_.Below(100);
    metric.form = draw < 45   ? RandomMetric::Form::kNumber
                  : draw < 65 ? RandomMetric::Form::kRatio
                  : draw < 88 ? RandomMetric::Form::kEvents
                              : RandomMetric::Form::kWord;
    if (metric.form == RandomMetric::Form::kWord) {
      MakeWord(&metric, &members);
    } else {
      if (random_.Chance(50)) {
        metric.places = random_.Below(10);
        members.push_back(Member("decimal_places", std::to_string(metric.places)));
      }
      if (metric.form == RandomMetric::Form::kRatio) {
        MakeRatio(&metric, &members);
      } else {
        MakeNumber(&metric, &members);
      }
    }
    metric_members_.emplace_back(members, index);
    policy_.metrics_.push_back(metric);
  }

  void MakeWord(RandomMetric* metric, std::vector<std::string>* members) {
    const int words = 2 + random_.Below(3);
    std::vector<std::string> values;
    for (int i = 0; i < words; ++i) {
      metric->words.push_back(absl::StrCat(metric->id, "_word", i));
      values.push_back(Quoted(metric->words.back()));
    }
    std::vector<std::string> form;
    if (random_.Chance(80)) form.push_back(Member("values", List(values)));
    if (metric->field != metric->id) form.push_back(Text("field", metric->field));
    members->push_back(Member("text", Object(form)));
  }

  void SayDirection(RandomMetric* metric, std::vector<std::string>* members) {
    metric->direction =
        random_.Pick({Direction::kHigherIsBetter, Direction::kLowerIsBetter, Direction::kNeutral});
    const char* words[] = {"HIGHER_IS_BETTER", "LOWER_IS_BETTER", "NEUTRAL"};
    members->push_back(Text("direction", words[static_cast<int>(metric->direction)]));
  }

  void SayMissingValues(RandomMetric* metric, std::vector<std::string>* members) {
    if (!random_.Chance(20)) return;
    // Within the range, where 0 means "not applicable", or well off it.
    metric->missing_values.push_back(random_.Chance(50) ? metric->low : metric->high + Whole(89));
    std::vector<std::string> values;
    for (const Decimal value : metric->missing_values) values.push_back(value.ToString());
    members->push_back(Member("missing_values", List(values)));
  }

  void MakeNumber(RandomMetric* metric, std::vector<std::string>* members) {
    if (!scale_facts_.empty() && random_.Chance(40)) {
      const ScaleFacts& scale = random_.Pick(scale_facts_);
      metric->scale = scale.id;
      metric->low = scale.low;
      metric->high = scale.high;
      metric->whole = scale.whole;
      metric->direction = scale.direction;
      metric->bounded = true;
      if (metric->form == RandomMetric::Form::kNumber) metric->words = scale.words;
      members->push_back(Text("scale", scale.id));
    } else {
      const auto [low, high] = random_.Pick<std::pair<std::int64_t, std::int64_t>>(
          {{0, 10}, {0, 100}, {0, 1}, {-50, 50}, {0, 60000}, {-1000000, 1000000}, {0, 1000000000}});
      metric->low = Whole(low);
      metric->high = Whole(high);
      // Bounds that lie between the decimals that the metric reads.
      if (random_.Chance(10)) {
        metric->low = metric->low + Decimal::FromMicros(250000);
        metric->high = metric->high + Decimal::FromMicros(499999);
      }
      metric->bounded = random_.Chance(75);
      SayDirection(metric, members);
      if (metric->bounded || random_.Chance(50)) members->push_back(Member("min", metric->low));
      if (metric->bounded) members->push_back(Member("max", metric->high));
    }
    metric->figure_low = metric->low;
    metric->figure_high = metric->high;
    metric->direct = metric->bounded && Decimal() <= metric->low && metric->high <= Whole(101);
    SayMissingValues(metric, members);
    std::vector<std::string> form;
    if (metric->field != metric->id) form.push_back(Text("field", metric->field));
    if (metric->form == RandomMetric::Form::kEvents && random_.Chance(85))
      form.push_back(Member("aggregate", MakeAggregate(metric)));
    members->push_back(
        Member(metric->form == RandomMetric::Form::kNumber ? "number" : "events", Object(form)));
  }

  std::string MakeAggregate(RandomMetric* metric) {
    switch (random_.Below(8)) {
      case 0:
        metric->direct = false;
        metric->figure_low = std::min(Decimal(), metric->low);
        metric->figure_high = Decimal::FromMicros(metric->high.micros() * 4);
        return Object({Text("kind", "SUM")});
      case 1:
        metric->direct = false;
        metric->figure_low = Decimal();
        metric->figure_high = Whole(6);
        return Object({Text("kind", "COUNT")});
      case 2: {
        metric->figure_low = Decimal();
        metric->figure_high = Whole(1);
        const Decimal value = Value(metric->low, metric->high);
        metric->edges.push_back(value);
        return Object({Text("kind", "SHARE"), Text("op", AnyOp()), Member("value", value)});
      }
      case 3: return Object({Text("kind", "MIN")});
      case 4: return Object({Text("kind", "MAX")});
      case 5:
      case 6: return Object({Text("kind", "QUANTILE"), Member("quantile", Quantile())});
      default: return Object({Text("kind", "MEAN")});
    }
  }

  Decimal Quantile() {
    return random_.Chance(70) ? Decimal::FromMicros(random_.Between(1, 10) * 100000)
                              : Decimal::FromMicros(random_.Between(1, 1000000));
  }
  std::string AnyOp() { return random_.Pick({"LT", "LE", "EQ", "NE", "GE", "GT"}); }

  void MakeRatio(RandomMetric* metric, std::vector<std::string>* members) {
    SayDirection(metric, members);
    metric->may_exceed = random_.Chance(30);
    const bool net = random_.Chance(20);
    const int times = random_.Pick({1, 1, 100, 1000});
    metric->numerator = {absl::StrCat(metric->id, "_a")};
    metric->denominator = {absl::StrCat(metric->id, "_n")};
    // A denominator that several metrics divide by.
    if (random_.Chance(30)) metric->denominator = {"shared_n"};
    if (net || random_.Chance(30)) metric->numerator.push_back(absl::StrCat(metric->id, "_b"));
    if (random_.Chance(20)) metric->denominator.push_back(absl::StrCat(metric->id, "_o"));
    std::vector<std::string> numerator, denominator;
    for (std::size_t i = 0; i < metric->numerator.size(); ++i) {
      std::vector<std::string> term = {Text("field", metric->numerator[i])};
      if (i == 1 && net) term.push_back(Member("times", "-1"));
      if (i == 1 && !net && random_.Chance(50)) term.push_back(Member("times", "0.5"));
      numerator.push_back(Object(term));
    }
    for (const std::string& field : metric->denominator)
      denominator.push_back(Object({Text("field", field)}));
    std::vector<std::string> form = {Member("numerator", List(numerator)),
                                     Member("denominator", List(denominator))};
    if (times != 1) form.push_back(Member("times", std::to_string(times)));
    if (metric->may_exceed) form.push_back(Member("may_exceed_whole", "true"));
    metric->low = metric->figure_low = net ? Whole(-times) : Decimal();
    metric->high = metric->figure_high = Whole(times);
    if (random_.Chance(40)) {
      form.push_back(Text("field", metric->field));
    } else {
      metric->field.clear();
    }
    if (!metric->may_exceed && random_.Chance(70)) {
      metric->bounded = true;
      members->push_back(Member("min", metric->low));
      members->push_back(Member("max", metric->high));
    }
    metric->direct = metric->bounded && !net && times <= 100;
    if (!metric->field.empty()) SayMissingValues(metric, members);
    members->push_back(Member("ratio", Object(form)));
  }

  // ---- Conditions ----

  RandomMetric& AnyMetric() {
    return policy_
        .metrics_[static_cast<std::size_t>(random_.Below(static_cast<int>(policy_.metrics_.size())))];
  }

  std::string Condition(int depth) {
    if (depth < 2 && random_.Chance(25)) {
      const int draw = random_.Below(5);
      if (draw == 0) return Object({Member("not", Condition(depth + 1))});
      std::vector<std::string> parts;
      for (int i = 0, count = 1 + random_.Below(3); i < count; ++i) parts.push_back(Condition(depth + 1));
      return Object({Member(draw < 3 ? "all" : "any", Object({Member("of", List(parts))}))});
    }
    RandomMetric& metric = AnyMetric();
    metric.only_scored = false;
    std::vector<std::string> compare = {Text("metric", metric.id)};
    if (metric.form == RandomMetric::Form::kWord) {
      compare.push_back(Text("op", random_.Pick({"EQ", "NE"})));
      compare.push_back(Text("text", random_.Pick(metric.words)));
    } else {
      Decimal value = Value(metric.figure_low, metric.figure_high);
      if (metric.whole) value = Whole(value.micros() / Decimal::kOne);
      metric.edges.push_back(value);
      compare.push_back(Text("op", AnyOp()));
      compare.push_back(Member("value", value));
    }
    return Object({Member("compare", Object(compare))});
  }

  // ---- Score functions ----

  // Points in rising order, from 0 or more to `max` or less; the ends often.
  std::vector<Decimal> RisingPoints(Decimal max, std::size_t count) {
    std::vector<Decimal> points;
    for (std::size_t i = 0; i < count; ++i) points.push_back(Value(Decimal(), max));
    std::sort(points.begin(), points.end());
    if (random_.Chance(60)) points.front() = Decimal();
    if (random_.Chance(70)) points.back() = max;
    return points;
  }

  // "": the figure is the points. May change `max`.
  std::string MakeScore(RandomMetric* metric, bool each, Decimal* max) {
    const Decimal low = each ? metric->low : metric->figure_low,
                  high = each ? metric->high : metric->figure_high;
    const bool falls = metric->direction == Direction::kLowerIsBetter ||
                       (metric->direction == Direction::kNeutral && random_.Chance(50));
    if (metric->form == RandomMetric::Form::kWord) {
      std::vector<std::string> entries;
      for (const std::string& word : metric->words)
        entries.push_back(Object({Text("text", word), Member("points", Value(Decimal(), *max))}));
      return Object({Member("lookup", Object({Member("entries", List(entries))}))});
    }
    if (!metric->scale.empty() && low == metric->low && high == metric->high && random_.Chance(50)) {
      std::vector<const char*> conversions = {"MIN_MAX"};
      if (Decimal() <= metric->low) conversions.push_back("OF_MAX");
      for (const ScaleFacts& scale : scale_facts_) {
        if (scale.id == metric->scale && scale.labels && Whole(5) <= *max)
          conversions.push_back("LABEL_TABLE");
      }
      return Object({Member("likert", Object({Text("conversion", random_.Pick(conversions))}))});
    }
    if (metric->direct && !falls && random_.Chance(25)) {
      *max = std::max(*max, high);
      return "";
    }
    switch (random_.Below(5)) {
      case 0: {
        const std::vector<Decimal> at = Rising(low, high, 3);
        if (at.size() < 2) break;
        std::vector<Decimal> points = RisingPoints(*max, 2);
        if (falls) std::swap(points[0], points[1]);
        AddEdges(metric, {at.front(), at.back()});
        std::string from = Object({Member("at", at.front()), Member("points", points[0])});
        std::string to = Object({Member("at", at.back()), Member("points", points[1])});
        if (random_.Chance(50)) std::swap(from, to);
        return Object({Member("linear", Object({Member("from", from), Member("to", to)}))});
      }
      case 1: {
        const std::vector<Decimal> at = Rising(low, high, 2 + random_.Below(4));
        if (at.size() < 2) break;
        return Object(
            {Member("piecewise", Object({Member("anchors", Anchors(metric, at, "at", *max, falls))}))});
      }
      case 2: {
        const Decimal full = random_.Chance(70) ? *max : Value(Decimal::FromMicros(1), *max);
        const Decimal step = std::max(Value(Decimal(), Decimal::FromMicros((high - low).micros() / 4)),
                                      Decimal::FromMicros(1));
        const Decimal limit = Value(low, high);
        AddEdges(metric, {limit, limit + step, limit - step, limit + step + step});
        std::vector<std::string> form = {
            Member("full_points", full), Member("limit", limit), Member("step", step),
            Member("loss_per_step", std::max(Value(Decimal(), full), Decimal::FromMicros(1))),
            Text("steps", random_.Pick({"FULL", "STARTED"}))};
        if (random_.Chance(50)) form.push_back(Member("floor_points", Value(Decimal(), full)));
        if (!falls) form.push_back(Text("beyond", "BELOW"));
        return Object({Member("step_deduction", Object(form))});
      }
      case 3: break;
      default: {
        if (falls || high <= Decimal()) break;
        const Decimal target = std::max(Value(Decimal(), high), Decimal::FromMicros(1));
        AddEdges(metric, {target, Decimal()});
        return Object(
            {Member("share_of_target",
                    Object({Member("target", target),
                            Member("full_points", random_.Chance(70) ? *max : Value(Decimal(), *max))}))});
      }
    }
    const std::vector<Decimal> at = Rising(low, high, 1 + random_.Below(5));
    return Object({Member("bands", Object({Member("bands", Anchors(metric, at, "from", *max, falls))}))});
  }

  void AddEdges(RandomMetric* metric, const std::vector<Decimal>& edges) {
    metric->edges.insert(metric->edges.end(), edges.begin(), edges.end());
  }

  std::string Anchors(RandomMetric* metric, const std::vector<Decimal>& at, const char* key, Decimal max,
                      bool falls) {
    std::vector<Decimal> points = RisingPoints(max, at.size());
    if (falls) std::reverse(points.begin(), points.end());
    std::vector<std::string> anchors;
    for (std::size_t i = 0; i < at.size(); ++i)
      anchors.push_back(Object({Member(key, at[i]), Member("points", points[i])}));
    AddEdges(metric, at);
    return List(anchors);
  }

  // ---- Cards ----

  std::string MakeGrading(Decimal max) {
    const int count = 1 + random_.Below(5);
    std::vector<Decimal> from = Rising(Decimal::FromMicros(1), max, count - 1);
    from.insert(from.begin(), Decimal());
    std::vector<std::string> bands;
    for (std::size_t i = from.size(); i-- > 0;) {
      std::vector<std::string> band = {Text("id", absl::StrCat("g", i)), Member("from", from[i])};
      if (i > 0 && random_.Chance(15)) band.push_back(Member("condition", Condition(1)));
      bands.push_back(Object(band));
    }
    if (random_.Chance(30)) {
      return Object({Text("basis", "ROUNDED"), Member("places", std::to_string(random_.Below(4))),
                     Member("bands", List(bands))});
    }
    return Object({Text("basis", "EXACT"), Member("bands", List(bands))});
  }

  std::string MakeMissing(const std::string& metric) {
    const int draw = random_.Below(100);
    const char* others[] = {"REFUSE", "WORST", "VETO", "LEAVE_OUT", "INSUFFICIENT"};
    if (metric.empty() || draw < 75) {
      return Object({Text("rule", draw < 45 ? "LEAVE_OUT" : draw < 60 ? "WORST" : others[random_.Below(5)])});
    }
    for (RandomMetric& known : policy_.metrics_) {
      if (known.id != metric || known.form == RandomMetric::Form::kWord) continue;
      const std::string field = absl::StrCat(known.id, "_last", known.last_fields.size()),
                        age = field + "_age";
      known.last_fields.push_back(field);
      policy_.age_fields_.push_back(age);
      return Object({Text("rule", "LAST_KNOWN"), Text("last_field", field), Text("age_field", age),
                     Member("max_age_days", "30"), Text("otherwise", others[random_.Below(5)])});
    }
    return Object({Text("rule", "LEAVE_OUT")});
  }

  std::string Weight() {
    if (random_.Chance(10)) return "0";
    return coarse_
               ? std::to_string(1 + random_.Below(4))
               : Decimal::FromMicros(random_.Between(1, random_.Pick({100, 1000000, 100000000}))).ToString();
  }

  std::string MakeSiblings(int depth, bool weighted_mean) {
    const int count = depth == 0 ? 1 + random_.Below(5) : 1 + random_.Below(3);
    const bool weights = weighted_mean && random_.Chance(75);
    const int sure = random_.Below(count);
    std::vector<std::string> siblings;
    for (int i = 0; i < count; ++i) {
      siblings.push_back(MakeIndicator(depth, !weights ? "" : i == sure ? "1.5" : Weight()));
      if (depth == 0) top_ids_.push_back(last_id_);
    }
    return List(siblings);
  }

  std::string MakeIndicator(int depth, const std::string& weight) {
    const std::string id = absl::StrCat("i", next_indicator_++);
    indicator_ids_.push_back(id);
    std::vector<std::string> members = {Text("id", id)};
    if (!weight.empty()) members.push_back(Member("weight", weight));
    Decimal max = Whole(random_.Pick({1, 5, 10, 10, 100}));
    if (!coarse_ && random_.Chance(30)) max = Decimal::FromMicros(random_.Between(1000000, 200000000));
    const int draw = random_.Below(100);
    if (depth < 3 && draw < 25 && next_indicator_ < 12) {
      const int combine = random_.Below(10);
      members.push_back(
          Member("children", Object({Text("combine", combine < 7   ? "WEIGHTED_MEAN"
                                                     : combine < 8 ? "MIN"
                                                                   : "MAX"),
                                     Member("indicators", MakeSiblings(depth + 1, combine < 7))})));
      if (random_.Chance(50)) members.push_back(Member("missing", MakeMissing("")));
    } else if (!card_ids_.empty() && draw < 55) {
      members.push_back(Text("scorecard", random_.Pick(card_ids_)));
      members.push_back(Member("missing", MakeMissing("")));
    } else {
      RandomMetric& metric = AnyMetric();
      const bool each = metric.form == RandomMetric::Form::kEvents && random_.Chance(50);
      const std::string score = MakeScore(&metric, each, &max);
      members.push_back(Text("metric", metric.id));
      if (!score.empty()) members.push_back(Member("score", score));
      if (each) members.push_back(Member("each", EachAggregate(max)));
      members.push_back(Member("missing", MakeMissing(metric.id)));
      if ((metric.form == RandomMetric::Form::kEvents || metric.form == RandomMetric::Form::kRatio) &&
          random_.Chance(30)) {
        members.push_back(Member("min_answers", std::to_string(1 + random_.Below(4))));
        metric.only_scored = false;
      }
    }
    members.push_back(Member("max_points", max));
    if (random_.Chance(15))
      members.push_back(Member(
          "gate", Object({Member("when", Condition(0)), Member("cap_points", Value(Decimal(), max))})));
    if (random_.Chance(20)) members.push_back(Member("levels", MakeGrading(max)));
    last_id_ = id;
    return Object(members);
  }

  std::string EachAggregate(Decimal max) {
    const int draw = random_.Below(10);
    if (draw < 5) return Object({Text("kind", "MEAN")});
    if (draw < 6) return Object({Text("kind", "MIN")});
    if (draw < 7) return Object({Text("kind", "MAX")});
    if (draw < 9) return Object({Text("kind", "QUANTILE"), Member("quantile", Quantile())});
    return Object({Text("kind", "SHARE"), Text("op", random_.Pick({"GE", "GT"})),
                   Member("value", Value(Decimal(), max))});
  }

  std::string MakeBonus() {
    std::vector<std::string> sources;
    for (int i = 0, count = 1 + random_.Below(3); i < count; ++i) {
      RandomMetric& metric = AnyMetric();
      if (metric.form == RandomMetric::Form::kWord) continue;
      metric.only_scored = false;
      std::vector<std::string> source = {
          Text("id", absl::StrCat("b", i)), Text("metric", metric.id),
          Member("each", Decimal::FromMicros(random_.Between(1, random_.Pick({100, 1000000, 5000000}))))};
      if (random_.Chance(50)) source.push_back(Member("cap", Value(Decimal(), Whole(10))));
      RandomMetric& paid = AnyMetric();
      if (random_.Chance(30) && paid.form != RandomMetric::Form::kWord) {
        paid.only_scored = false;
        source.push_back(Text("excluding", paid.id));
      }
      sources.push_back(Object(source));
    }
    if (sources.empty()) return "";
    return Object({Text("mode", random_.Pick({"RELATIVE", "POINTS"})),
                   Member("cap", Value(Whole(1), Whole(30))), Member("sources", List(sources))});
  }

  std::string MakeVeto(int index, Decimal max) {
    std::vector<std::string> veto = {
        Text("id", absl::StrCat("v", index)), Member("when", Condition(0)),
        Member("missing", Object({Text("rule", random_.Pick({"REFUSE", "VETO", "INSUFFICIENT"}))}))};
    const int scope = random_.Below(4);
    veto.push_back(Text("scope", scope == 0 ? "INDICATOR" : scope == 1 ? "SUBJECT_PERIOD" : "RECORD"));
    if (scope == 0) veto.push_back(Text("indicator", random_.Pick(indicator_ids_)));
    const Decimal most = scope == 0 ? Whole(1) : max;
    const bool zero = random_.Chance(50);
    veto.push_back(
        Member(random_.Chance(60) ? "set_to" : "cap_at", zero ? Decimal() : Value(Decimal(), most)));
    return Object(veto);
  }

  std::string MakeCard(int index) {
    indicator_ids_.clear();
    top_ids_.clear();
    next_indicator_ = 0;
    const std::string id = absl::StrCat("card", index);
    const Decimal max = Whole(random_.Pick({100, 100, 10, 1000}));
    std::vector<std::string> members = {Text("id", id), Member("max_score", max)};
    const int combine = random_.Below(10);
    if (combine >= 8) members.push_back(Text("combine", combine == 8 ? "MIN" : "MAX"));
    members.push_back(Member("indicators", MakeSiblings(0, combine < 8)));
    if (random_.Chance(40)) members.push_back(Member("grading", MakeGrading(max)));
    if (combine < 8 && random_.Chance(30)) MakeProfiles(&members);
    if (const std::string bonus = random_.Chance(35) ? MakeBonus() : ""; !bonus.empty())
      members.push_back(Member("bonus", bonus));
    std::vector<std::string> caps, vetoes;
    for (int i = 0, count = random_.Chance(30) ? 1 + random_.Below(2) : 0; i < count; ++i) {
      caps.push_back(Object({Text("id", absl::StrCat("c", i)), Member("when", Condition(0)),
                             Member("max_score", Value(Decimal(), max))}));
    }
    if (!caps.empty()) members.push_back(Member("caps", List(caps)));
    for (int i = 0, count = random_.Chance(50) ? 1 + random_.Below(3) : 0; i < count; ++i)
      vetoes.push_back(MakeVeto(i, max));
    if (!vetoes.empty()) members.push_back(Member("vetoes", List(vetoes)));
    RandomMetric& answers = AnyMetric();
    if (answers.form != RandomMetric::Form::kWord && random_.Chance(15)) {
      const Decimal least = Value(answers.figure_low, answers.figure_high);
      answers.edges.push_back(least);
      answers.only_scored = false;
      members.push_back(Member("min_answers", Object({Text("metric", answers.id), Member("count", least)})));
    }
    card_ids_.push_back(id);
    return Object(members);
  }

  void MakeProfiles(std::vector<std::string>* members) {
    const RandomMetric* word = nullptr;
    for (const RandomMetric& metric : policy_.metrics_) {
      if (metric.form == RandomMetric::Form::kWord) word = &metric;
    }
    if (word == nullptr) return;
    std::vector<std::string> profiles;
    const std::size_t count = random_.Chance(80) ? word->words.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<std::string> weights;
      for (const std::string& id : top_ids_) {
        if (random_.Chance(60)) weights.push_back(Member(id.c_str(), Weight()));
      }
      profiles.push_back(Object({Text("id", word->words[i]), Member("weights", Object(weights))}));
    }
    members->push_back(Text("profile_metric", word->id));
    members->push_back(Member("profiles", List(profiles)));
    if (random_.Chance(60)) members->push_back(Text("default_profile", word->words[0]));
  }

  Random random_;
  RandomPolicy& policy_;
  bool coarse_ = false;
  std::vector<std::string> scales_;
  std::vector<ScaleFacts> scale_facts_;
  std::vector<std::pair<std::vector<std::string>, int>> metric_members_;
  std::vector<std::string> card_ids_, indicator_ids_, top_ids_;
  std::string last_id_;
  int next_indicator_ = 0;
};

RandomPolicy::RandomPolicy(std::uint64_t seed) { PolicyMaker(seed, this).Make(); }

}  // namespace csat
