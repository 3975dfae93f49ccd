#include "scoring/random_cards.h"

#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace csat {
namespace {

struct RandomMetric {
  std::string id;
  enum class Kind { kNumber, kLabels, kCount, kRatio, kEvents } kind = Kind::kNumber;
  std::string low, high;  // Range of useful values.
};

class PolicyWriter {
 public:
  PolicyWriter(Dice* dice, const CardShape& shape) : dice_(*dice), shape_(shape) {}

  std::string Write() {
    const std::string metrics = Metrics();
    std::vector<std::string> cards;
    const bool fed = dice_.OneIn(5);
    if (fed) cards.push_back(Card("feeder", false));
    cards.push_back(Card("card", fed));
    return absl::StrCat(
        R"({"id": "random", "version": "1", "effective_from": "2025-01-01", "zone": "UTC", "scales": [
      {"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
        {"rank": 1, "label": {"en": "awful"}, "points": 0}, {"rank": 2, "label": {"en": "poor"}, "points": 15.5},
        {"rank": 3, "label": {"en": "fair"}, "points": 40}, {"rank": 4, "label": {"en": "good"}, "points": 73.333333},
        {"rank": 5, "label": {"en": "superb", "zh": "非常满意"}, "points": 100}]}],
      "metrics": [)",
        metrics, R"(], "scorecards": [)", absl::StrJoin(cards, ", "), "]}");
  }

 private:
  std::string Metrics() {
    std::vector<std::string> all;
    const int numbers = 2 + dice_.Roll(5);
    for (int i = 0; i < numbers; ++i) {
      RandomMetric metric;
      metric.id = absl::StrCat("m", i);
      std::string rest;
      switch (dice_.Roll(shape_.events ? 8 : 7)) {
        case 0:
          metric.kind = RandomMetric::Kind::kLabels;
          metric.low = "1", metric.high = "5";
          rest = R"("unit": "points", "scale": "five", "number": {})";
          break;
        case 1:
          metric.low = "0", metric.high = "1";
          rest = R"("unit": "share", "min": 0, "max": 1, "number": {})";
          break;
        case 2:
          metric.low = "0", metric.high = "60";
          rest = absl::StrCat(R"("unit": "s", "min": 0, "decimal_places": )", dice_.Roll(10),
                              R"(, "number": {})");
          break;
        case 3:
          metric.low = "-10", metric.high = "10";
          rest = absl::StrCat(R"("unit": "points", "decimal_places": )", dice_.Roll(7),
                              dice_.OneIn(2) ? R"(, "missing_values": [0])" : "", R"(, "number": {})");
          break;
        case 4:
          metric.kind = RandomMetric::Kind::kRatio;
          metric.low = "0", metric.high = "1";
          rest =
              absl::StrCat(R"("unit": "share", "ratio": {"numerator": [{"field": "yes)", i,
                           R"("}], "denominator": [{"field": "yes)", i, R"("}, {"field": "no)", i, R"("}])",
                           dice_.OneIn(2) ? absl::StrCat(R"(, "field": "share)", i, "\"") : "", "}");
          break;
        case 5:
          metric.kind = RandomMetric::Kind::kRatio;
          metric.low = "1", metric.high = "5";
          rest =
              absl::StrCat(R"("unit": "points", "min": 1, "max": 5, "ratio": {"numerator": [{"field": "five)",
                           i, R"(", "times": 5}, {"field": "three)", i,
                           R"(", "times": 2.5}], "denominator": [{"field": "five)", i,
                           R"("}, {"field": "three)", i, R"("}], "may_exceed_whole": true})");
          break;
        case 6:
          metric.kind = RandomMetric::Kind::kCount;
          metric.low = "0", metric.high = "4";
          rest = absl::StrCat(R"("unit": "count", "min": 0, )",
                              dice_.OneIn(2) ? R"("decimal_places": 0, )" : "", R"("number": {})");
          break;
        default:
          metric.kind = RandomMetric::Kind::kEvents;
          metric.low = "0", metric.high = "60";
          rest = R"("unit": "s", "min": 0, "events": {"aggregate": {"kind": "MEAN"}})";
          break;
      }
      all.push_back(absl::StrCat(R"({"id": ")", metric.id, R"(", "direction": "NEUTRAL", )", rest, "}"));
      metrics_.push_back(metric);
    }
    for (const char* id : {"leaks", "promises", "praise", "paid", "ideas"}) {
      all.push_back(absl::StrCat(R"({"id": ")", id,
                                 R"(", "unit": "count", "direction": "NEUTRAL", "min": 0, )",
                                 dice_.OneIn(2) ? R"("decimal_places": 0, )" : "", R"("number": {}})"));
    }
    all.push_back(R"({"id": "role", "text": {"values": ["clerk", "expert", "customer service staff"]}})");
    all.push_back(R"({"id": "shop", "text": {}})");
    return absl::StrJoin(all, ", ");
  }

  // A number between low and high on a grid that meets edges.
  std::string Between(const std::string& low, const std::string& high) {
    const double from = std::stod(low), to = std::stod(high);
    const int steps = dice_.Pick(std::vector<int>{4, 5, 10, 20, 7});
    const double value = from + (to - from) * dice_.Roll(steps + 1) / steps;
    return Decimal::FromMicros(static_cast<std::int64_t>(std::llround(value * 1000)) * 1000).ToString();
  }

  std::string Compare() {
    static const std::vector<std::string> kOps{"LT", "LE", "EQ", "NE", "GE", "GT"};
    if (dice_.OneIn(6)) {
      const bool role = dice_.OneIn(2);
      return absl::StrCat(R"({"compare": {"metric": ")", role ? "role" : "shop", R"(", "op": ")",
                          dice_.OneIn(2) ? "EQ" : "NE", R"(", "text": ")", role ? "expert" : "north", "\"}}");
    }
    if (dice_.OneIn(2)) {
      static const std::vector<std::string> kCounts{"leaks", "promises", "praise"};
      return absl::StrCat(R"({"compare": {"metric": ")", dice_.Pick(kCounts), R"(", "op": ")",
                          dice_.Pick(kOps), R"(", "value": )", dice_.Roll(3), "}}");
    }
    const RandomMetric& metric = dice_.Pick(metrics_);
    return absl::StrCat(R"({"compare": {"metric": ")", metric.id, R"(", "op": ")", dice_.Pick(kOps),
                        R"(", "value": )", Between(metric.low, metric.high), "}}");
  }

  std::string Condition(int depth = 2) {
    if (depth == 0 || dice_.OneIn(2)) return Compare();
    if (dice_.OneIn(4)) return absl::StrCat(R"({"not": )", Condition(depth - 1), "}");
    return absl::StrCat("{\"", dice_.OneIn(2) ? "all" : "any", R"(": {"of": [)", Condition(depth - 1), ", ",
                        Condition(depth - 1), "]}}");
  }

  std::string MissingRule() {
    static const std::vector<std::string> kRules{"REFUSE", "WORST", "LEAVE_OUT", "INSUFFICIENT", "VETO"};
    return absl::StrCat(R"("missing": {"rule": ")", dice_.Pick(kRules), "\"}");
  }

  std::string VetoMissingRule() {
    static const std::vector<std::string> kRules{"REFUSE", "INSUFFICIENT", "VETO"};
    return absl::StrCat(R"("missing": {"rule": ")", dice_.Pick(kRules), "\"}");
  }

  std::string Function(const RandomMetric& metric, const std::string& max) {
    const std::string low = metric.low, high = metric.high;
    const bool falling = dice_.OneIn(4);
    switch (dice_.Roll(metric.kind == RandomMetric::Kind::kLabels ? 6 : 5)) {
      case 0:
        return absl::StrCat(R"({"linear": {"from": {"at": )", low, R"(, "points": )", falling ? max : "0",
                            R"(}, "to": {"at": )", high, R"(, "points": )", falling ? "0" : max, "}}}");
      case 1: {
        const double from = std::stod(low), to = std::stod(high);
        const auto at = [&](double share) {
          return Decimal::FromMicros(
                     static_cast<std::int64_t>(std::llround((from + (to - from) * share) * 1e6)))
              .ToString();
        };
        return absl::StrCat(R"({"piecewise": {"anchors": [{"at": )", at(0), R"(, "points": 0}, {"at": )",
                            at(0.3), R"(, "points": )", Between("0", max), R"(}, {"at": )", at(0.7),
                            R"(, "points": )", Between("0", max), R"(}, {"at": )", at(1), R"(, "points": )",
                            max, "}]}}");
      }
      case 2:
        return absl::StrCat(
            R"({"step_deduction": {"full_points": )", max, R"(, "limit": )", Between(low, high),
            R"(, "step": )", dice_.Pick(std::vector<std::string>{"0.1", "0.25", "1", "5"}),
            R"(, "loss_per_step": )", dice_.Pick(std::vector<std::string>{"0.5", "1", "0.333333"}),
            R"(, "steps": ")", dice_.OneIn(2) ? "FULL" : "STARTED", R"(", "floor_points": )", dice_.Roll(2),
            R"(, "beyond": ")", dice_.OneIn(2) ? "ABOVE" : "BELOW", "\"}}");
      case 3:
        return absl::StrCat(R"({"bands": {"bands": [{"from": )", low, R"(, "points": 0}, {"from": )",
                            Between("0.25", "0.75"), R"(, "points": 0.4}, {"from": )", high,
                            R"(, "points": )", max, "}]}}");
      case 4:
        return absl::StrCat(R"({"share_of_target": {"target": )",
                            dice_.Pick(std::vector<std::string>{"0.95", "0.8", "3", "7"}),
                            R"(, "full_points": )", max, "}}");
      default:
        return absl::StrCat(R"({"likert": {"conversion": ")", dice_.OneIn(2) ? "OF_MAX" : "MIN_MAX", "\"}}");
    }
  }

  std::string Leaf(const std::string& id, bool fed) {
    const std::string max = dice_.Pick(std::vector<std::string>{"1", "5", "10", "100", "40"});
    std::string text = absl::StrCat(R"({"id": ")", id, R"(", "weight": )",
                                    dice_.Pick(std::vector<std::string>{"1", "2", "12.5", "30", "0.7"}),
                                    R"(, "max_points": )", max, ", ");
    if (fed) {
      absl::StrAppend(&text, R"("scorecard": "feeder", )");
    } else if (dice_.OneIn(10)) {
      absl::StrAppend(
          &text,
          R"("metric": "role", "score": {"lookup": {"entries": [{"text": "clerk", "points": 0.5}, {"text": "expert", "points": 1},
          {"text": "customer service staff", "points": 0}]}}, )");
    } else {
      const RandomMetric& metric = dice_.Pick(metrics_);
      absl::StrAppend(&text, R"("metric": ")", metric.id, R"(", "score": )", Function(metric, max), ", ");
      if (metric.kind == RandomMetric::Kind::kEvents && dice_.OneIn(2))
        absl::StrAppend(&text, R"("each": {"kind": "MEAN"}, )");
      if (metric.kind == RandomMetric::Kind::kRatio && dice_.OneIn(3))
        absl::StrAppend(&text, R"("min_answers": 3, )");
    }
    if (dice_.OneIn(5))
      absl::StrAppend(&text, R"("gate": {"when": )", Condition(1), R"(, "cap_points": )", Between("0", max),
                      "}, ");
    return absl::StrCat(text, MissingRule(), "}");
  }

  std::string Card(const std::string& id, bool fed) {
    std::vector<std::string> indicators, ids;
    const int count = 1 + dice_.Roll(5);
    for (int i = 0; i < count; ++i) {
      ids.push_back(absl::StrCat(id[0] == 'f' ? "f" : "i", i));
      if (dice_.OneIn(6)) {
        static const std::vector<std::string> kCombine{"WEIGHTED_MEAN", "MIN", "MAX"};
        indicators.push_back(absl::StrCat(
            R"({"id": ")", ids.back(), R"(", "weight": )", dice_.Pick(std::vector<std::string>{"3", "7.5"}),
            R"(, "max_points": 60, "children": {"combine": ")", dice_.Pick(kCombine), R"(", "indicators": [)",
            Leaf(ids.back() + "a", false), ", ", Leaf(ids.back() + "b", false), "]}, ", MissingRule(), "}"));
      } else {
        indicators.push_back(Leaf(ids.back(), fed && i == 0));
      }
    }
    std::string text = absl::StrCat(R"({"id": ")", id, R"(", "max_score": )",
                                    dice_.Pick(std::vector<std::string>{"100", "10", "5", "50"}),
                                    R"(, "indicators": [)", absl::StrJoin(indicators, ", "), "]");
    if (dice_.OneIn(2)) {
      absl::StrAppend(&text, R"(, "profile_metric": "role", )",
                      dice_.OneIn(2) ? R"("default_profile": "clerk", )" : "", R"("profiles": [)");
      std::vector<std::string> profiles;
      for (const char* profile : {"clerk", "expert", "customer service staff"}) {
        if (std::string(profile) == "expert" && dice_.OneIn(3)) continue;
        profiles.push_back(absl::StrCat(R"({"id": ")", profile, R"(", "weights": {")", dice_.Pick(ids),
                                        "\": ", dice_.Pick(std::vector<std::string>{"1", "5", "17", "0.3"}),
                                        "}}"));
      }
      absl::StrAppend(&text, absl::StrJoin(profiles, ", "), "]");
    }
    if (dice_.OneIn(2)) {
      const bool relative = dice_.OneIn(2);
      absl::StrAppend(&text, R"(, "bonus": {"mode": ")", relative ? "RELATIVE" : "POINTS", R"(", "cap": )",
                      dice_.Pick(std::vector<std::string>{"15", "3", "7.25"}),
                      R"(, "sources": [{"id": "praise", "metric": "praise", "each": )",
                      dice_.Pick(std::vector<std::string>{"2", "0.333333", "1.5"}),
                      dice_.OneIn(2) ? R"(, "cap": 4)" : "", dice_.OneIn(3) ? R"(, "excluding": "paid")" : "",
                      R"(}, {"id": "ideas", "metric": "ideas", "each": 3}]})");
    }
    if (dice_.OneIn(3)) {
      absl::StrAppend(&text, R"(, "caps": [{"id": "hold", "when": )", Condition(), R"(, "max_score": )",
                      dice_.Pick(std::vector<std::string>{"4", "3.5", "60"}), R"(}, {"id": "low", "when": )",
                      Condition(), R"(, "max_score": 2}])");
    }
    std::vector<std::string> vetoes;
    const int rules = dice_.Roll(4);
    for (int i = 0; i < rules; ++i) {
      const int scope = dice_.Roll(shape_.periods ? 4 : 3);
      std::string one = absl::StrCat(R"({"id": "v)", i, R"(", "when": )", Condition(1), ", ",
                                     VetoMissingRule(), R"(, "scope": ")",
                                     scope == 2   ? "INDICATOR"
                                     : scope == 3 ? "SUBJECT_PERIOD"
                                                  : "RECORD",
                                     "\", ");
      if (scope == 2) absl::StrAppend(&one, R"("indicator": ")", dice_.Pick(ids), "\", ");
      vetoes.push_back(absl::StrCat(one, dice_.OneIn(2) ? R"("set_to": 0})" : R"("cap_at": 1})"));
    }
    if (!vetoes.empty()) absl::StrAppend(&text, R"(, "vetoes": [)", absl::StrJoin(vetoes, ", "), "]");
    if (dice_.OneIn(6)) absl::StrAppend(&text, R"(, "min_answers": {"metric": "ideas", "count": 1})");
    if (!dice_.OneIn(5)) {
      absl::StrAppend(&text, R"(, "grading": {)",
                      dice_.OneIn(3) ? R"("basis": "ROUNDED", "places": 1, )" : R"("basis": "EXACT", )",
                      R"("bands": [{"id": "a", "from": 4.5)",
                      dice_.OneIn(2) ? absl::StrCat(", \"condition\": ", Condition()) : "",
                      R"(}, {"id": "b", "from": 3)",
                      dice_.OneIn(2) ? absl::StrCat(", \"condition\": ", Condition()) : "",
                      R"(}, {"id": "c", "from": 1.5}, {"id": "d", "from": 0}]})");
    }
    return absl::StrCat(text, "}");
  }

  Dice& dice_;
  const CardShape shape_;
  std::vector<RandomMetric> metrics_;
};

// What a field may hold, from the metrics that read it.
struct FieldUse {
  bool labels = false, ratio_count = false, integer = false;
  double low = 0, high = 4;
};

FieldUse UseOf(const Plan& plan, const std::string& field) {
  FieldUse use;
  for (const Metric& metric : plan.policy().metrics()) {
    if (const auto* number = std::get_if<NumberForm>(&metric.form)) {
      if ((number->field.empty() ? metric.id : number->field) != field) continue;
      use.labels = metric.scale.has_value();
      use.integer = use.labels || metric.unit == "count";
      use.low = metric.scale.has_value() ? 1 : metric.min.has_value() ? metric.min->ToDouble() : -10;
      use.high = metric.scale.has_value() ? 5
                 : metric.max.has_value() ? metric.max->ToDouble()
                 : metric.unit == "count" ? 4
                                          : 60;
      if (!metric.min.has_value() && !use.labels) use.high = 10;
    } else if (const auto* ratio = std::get_if<RatioForm>(&metric.form)) {
      if (ratio->field == field) use.high = 1;
      for (const auto* terms : {&ratio->numerator, &ratio->denominator}) {
        for (const RatioForm::Term& term : *terms) use.ratio_count = use.ratio_count || term.field == field;
      }
      if (use.ratio_count) use.integer = true, use.high = 20;
    }
  }
  return use;
}

class ColumnMaker {
 public:
  ColumnMaker(const RowsShape& shape, Dice* dice) : shape_(shape), dice_(*dice) {}

  void Number(const std::string& name, const FieldUse& use, ForeignArray* out, std::vector<Value>* values) {
    const int type = dice_.Roll(use.integer ? 14 : 4);
    std::vector<bool> nulls;
    for (int row = 0; row < shape_.rows; ++row)
      nulls.push_back(shape_.null_one_in > 0 && dice_.OneIn(shape_.null_one_in));
    if (dice_.OneIn(3) || shape_.null_one_in == 0) nulls.assign(static_cast<std::size_t>(shape_.rows), false);
    switch (type) {
      case 0:
      case 1: return Doubles<double>(name, "g", use, nulls, out, values);
      case 2: return Doubles<float>(name, "f", use, nulls, out, values);
      case 3: return Decimals(name, use, nulls, out, values);
      case 4: return Integers<std::int8_t>(name, "c", use, nulls, out, values);
      case 5: return Integers<std::int16_t>(name, "s", use, nulls, out, values);
      case 6: return Integers<std::int32_t>(name, "i", use, nulls, out, values);
      case 7: return Integers<std::int64_t>(name, "l", use, nulls, out, values);
      case 8: return Integers<std::uint8_t>(name, "C", use, nulls, out, values);
      case 9: return Integers<std::uint16_t>(name, "S", use, nulls, out, values);
      case 10: return Integers<std::uint32_t>(name, "I", use, nulls, out, values);
      case 11: return Integers<std::uint64_t>(name, "L", use, nulls, out, values);
      case 12: return Bits(name, nulls, out, values);
      default:
        return use.labels ? Labels(name, out, values)
                          : Integers<std::int32_t>(name, "i", use, nulls, out, values);
    }
  }

  void Words(const std::string& name, const std::vector<std::string>& words, ForeignArray* out,
             std::vector<Value>* values) {
    std::vector<std::optional<std::string>> dictionary;
    for (const std::string& word : words) dictionary.emplace_back(word);
    if (shape_.bad_one_in > 0 && dice_.OneIn(4)) dictionary.emplace_back("somebody else");
    if (shape_.null_one_in > 0 && dice_.OneIn(4)) dictionary.emplace_back(std::nullopt);
    std::vector<std::int8_t> indices;
    std::vector<bool> nulls;
    std::vector<std::optional<std::string>> texts;
    for (int row = 0; row < shape_.rows; ++row) {
      const bool null = shape_.null_one_in > 0 && dice_.OneIn(shape_.null_one_in);
      std::size_t index = static_cast<std::size_t>(dice_.Roll(static_cast<int>(dictionary.size())));
      if (index >= words.size() && !dice_.OneIn(5)) index = 0;
      nulls.push_back(null);
      indices.push_back(static_cast<std::int8_t>(null ? 77 : index));
      texts.push_back(null ? std::nullopt : dictionary[index]);
      Value value;
      if (texts.back().has_value()) value.is = *texts.back();
      values->push_back(value);
    }
    switch (dice_.Roll(5)) {
      case 0: FillTexts(out, name, "u", texts); break;
      case 1: FillTexts(out, name, "U", texts); break;
      case 2: FillTexts(out, name, "vu", texts); break;
      case 3: FillDictionary<std::int8_t>(out, name, "c", indices, dictionary, nulls); break;
      default: {
        const std::vector<std::uint32_t> wide(indices.begin(), indices.end());
        FillDictionary<std::uint32_t>(out, name, "I", wide, dictionary, nulls);
      }
    }
  }

  void Events(const std::string& name, ForeignArray* out, std::vector<Value>* values) {
    std::vector<std::vector<double>> rows;
    for (int row = 0; row < shape_.rows; ++row) {
      std::vector<double> events;
      for (int i = dice_.Roll(5); i > 0; --i) events.push_back(dice_.Roll(121) * 0.5);
      if (shape_.bad_one_in > 0 && dice_.OneIn(shape_.bad_one_in)) events.push_back(-1);
      rows.push_back(events);
      Value value;
      value.is = events;
      values->push_back(value);
    }
    FillLists<double>(out, name, dice_.OneIn(2) ? "+l" : "+L", "g", rows);
  }

 private:
  double Figure(const FieldUse& use) {
    if (shape_.bad_one_in > 0 && dice_.OneIn(shape_.bad_one_in)) {
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      static const std::vector<double> kBad{std::nan(""), kInfinity, -kInfinity, -1e9, 1e300,
                                            1e15,         1e-9,      2.5,        -0.5, 6};
      return dice_.Pick(kBad);
    }
    if (use.integer && !dice_.OneIn(40))
      return use.low + dice_.Roll(static_cast<int>(use.high - use.low) + 1);
    const int steps = dice_.Pick(std::vector<int>{10, 20, 100, 10000, 999983});
    double value = use.low + (use.high - use.low) * dice_.Roll(steps + 1) / steps;
    if (dice_.OneIn(10)) value += dice_.Pick(std::vector<double>{1e-9, -1e-9, 5e-10, 1e-6, 5e-7, -5e-7});
    return value;
  }

  template <typename T>
  void Doubles(const std::string& name, const char* format, const FieldUse& use,
               const std::vector<bool>& nulls, ForeignArray* out, std::vector<Value>* values) {
    std::vector<T> column;
    for (int row = 0; row < shape_.rows; ++row) {
      const bool null = nulls[static_cast<std::size_t>(row)];
      column.push_back(null ? static_cast<T>(std::nan("")) : static_cast<T>(Figure(use)));
      Value value;
      if (!null) value.is = static_cast<double>(column.back());
      values->push_back(value);
    }
    FillColumn<T>(out, name, format, column, nulls);
  }

  void Decimals(const std::string& name, const FieldUse& use, const std::vector<bool>& nulls,
                ForeignArray* out, std::vector<Value>* values) {
    const int scale = dice_.Roll(7);
    std::int64_t power = 1;
    for (int i = 0; i < scale; ++i) power *= 10;
    std::vector<std::int64_t> column;
    for (int row = 0; row < shape_.rows; ++row) {
      const bool null = nulls[static_cast<std::size_t>(row)];
      double figure = Figure(use);
      if (!(std::fabs(figure) < 1e12)) figure = 1e10;
      const std::int64_t scaled =
          static_cast<std::int64_t>(std::llround(figure * static_cast<double>(power)));
      column.push_back(null ? 123456789 : scaled);
      column.push_back(!null && scaled < 0 ? -1 : 0);
      Value value;
      if (!null) value.is = Decimal::FromMicros(scaled * (1000000 / power));
      values->push_back(value);
    }
    FillColumn<std::int64_t>(out, name, absl::StrCat("d:18,", scale), column);
    out->Finish(shape_.rows);
    std::vector<bool> valid = nulls;
    valid.flip();
    out->buffers[0] = out->KeepBits(valid);
    out->array.null_count = -1;
  }

  template <typename T>
  void Integers(const std::string& name, const char* format, const FieldUse& use,
                const std::vector<bool>& nulls, ForeignArray* out, std::vector<Value>* values) {
    std::vector<T> column;
    for (int row = 0; row < shape_.rows; ++row) {
      T figure = static_cast<T>(use.low + dice_.Roll(static_cast<int>(use.high - use.low) + 1));
      if (shape_.bad_one_in > 0 && dice_.OneIn(shape_.bad_one_in)) {
        figure = dice_.Pick(std::vector<T>{std::numeric_limits<T>::max(), std::numeric_limits<T>::min(),
                                           static_cast<T>(17), static_cast<T>(-1)});
      }
      column.push_back(figure);
      Value value;
      const bool null = nulls[static_cast<std::size_t>(row)];
      if (!null && static_cast<long double>(figure) >
                       static_cast<long double>(std::numeric_limits<std::int64_t>::max())) {
        value.is = static_cast<double>(figure);
      } else if (!null) {
        value.is = static_cast<std::int64_t>(figure);
      }
      values->push_back(value);
    }
    FillColumn<T>(out, name, format, column, nulls);
  }

  void Bits(const std::string& name, const std::vector<bool>& nulls, ForeignArray* out,
            std::vector<Value>* values) {
    std::vector<bool> bits, valid = nulls;
    for (int row = 0; row < shape_.rows; ++row) {
      bits.push_back(dice_.OneIn(2));
      Value value;
      if (!nulls[static_cast<std::size_t>(row)]) value.is = std::int64_t{bits.back() ? 1 : 0};
      values->push_back(value);
    }
    valid.flip();
    FillBits(out, name, bits);
    out->buffers[0] = out->KeepBits(valid);
    out->array.null_count = -1;
  }

  void Labels(const std::string& name, ForeignArray* out, std::vector<Value>* values) {
    static const std::vector<std::string> kLabels{"awful", "poor", "fair", "good", "superb", "非常满意"};
    Words(name, kLabels, out, values);
  }

  const RowsShape shape_;
  Dice& dice_;
};

}  // namespace

std::string RandomCard(Dice* dice, const CardShape& shape) { return PolicyWriter(dice, shape).Write(); }

Record RandomRows::RecordOf(const Plan& plan, std::int64_t row) const {
  Record record = plan.NewRecord();
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    if (values[slot].empty()) continue;
    const Value& value = values[slot][static_cast<std::size_t>(row)];
    if (const auto* integer = std::get_if<std::int64_t>(&value.is)) record.SetInteger(slot, *integer);
    if (const auto* real = std::get_if<double>(&value.is)) record.SetDouble(slot, *real);
    if (const auto* decimal = std::get_if<Decimal>(&value.is)) record.SetDecimal(slot, *decimal);
    if (const auto* text = std::get_if<std::string>(&value.is)) record.SetText(slot, *text);
    if (const auto* events = std::get_if<std::vector<double>>(&value.is)) record.SetEvents(slot, *events);
  }
  return record;
}

void FillRandomRows(const Plan& plan, const RowsShape& shape, Dice* dice, RandomRows* out) {
  ColumnMaker maker(shape, dice);
  for (const Field& field : plan.fields()) {
    std::vector<Value>& values = out->values.emplace_back();
    // The finished figure of a ratio may stay away.
    if (field.name.substr(0, 5) == "share" && dice->OneIn(2)) continue;
    ForeignArray* column = &out->table.parts.emplace_back();
    switch (field.type) {
      case FieldType::kNumber: maker.Number(field.name, UseOf(plan, field.name), column, &values); break;
      case FieldType::kText:
        maker.Words(field.name,
                    field.name == "role"
                        ? std::vector<std::string>{"clerk", "expert", "customer service staff"}
                        : std::vector<std::string>{"north", "south", ""},
                    column, &values);
        break;
      case FieldType::kEvents: maker.Events(field.name, column, &values); break;
    }
  }
  FinishTable(&out->table, shape.rows);
}

}  // namespace csat
