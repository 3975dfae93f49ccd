// The checker's limits of csat/policy/limits.h, at each and one beyond; and policies as large as the limits allow are
// parsed, checked and built in time proportional to their size.
#include <time.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "csat/policy/limits.h"
#include "csat/policy/policy.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

// n parts, the i-th made by `part`, with commas between.
std::string Join(size_t n, const std::function<std::string(size_t)>& part) {
  std::string joined;
  for (size_t i = 0; i < n; ++i) joined += (i == 0 ? "" : ",") + part(i);
  return joined;
}

constexpr char kScore[] =
    R"("score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
                             "missing": {"rule": "REFUSE"})";

std::string Indicator(const std::string& id, const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "max_points": 100, "metric": "m", )" + kScore + more + "}";
}

std::string Number(const std::string& id) {
  return R"({"id": ")" + id + R"(", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}})";
}

// A policy of one metric and one card with an indicator, and what a test adds to each.
struct Parts {
  std::string policy, metrics, cards, card, indicators;
};

std::string Policy(const Parts& parts) {
  return R"({"id": "p", "version": "1", "effective_from": "2025-01-01", "zone": "UTC", "metrics": [)" +
         Number("m") + parts.metrics +
         R"(], "scorecards": [{"id": "card", "max_score": 100, "indicators": [)" + Indicator("i") +
         parts.indicators + "]" + parts.card + "}" + parts.cards + "]" + parts.policy + "}";
}

std::string Compare(size_t value) {
  return R"({"compare": {"metric": "m", "op": "LE", "value": )" + std::to_string(value) + "}}";
}

std::string Veto(const std::string& id, const std::string& when) {
  return R"({"id": ")" + id + R"(", "when": )" + when +
         R"(, "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}})";
}

// The code of the first finding, or "ok".
std::string Code(const std::string& json) {
  std::vector<Diagnostic> findings;
  (void)csat::Policy::Parse(json, &findings);
  return findings.empty() ? "ok" : findings.front().code;
}

struct LimitCase {
  const char* name;
  size_t limit;
  const char* code;
  std::function<std::string(size_t)> document;  // one whose measure is n
};

class CheckerLimitTest : public testing::TestWithParam<LimitCase> {};

TEST_P(CheckerLimitTest, HoldsOnBothSides) {
  EXPECT_EQ(Code(GetParam().document(GetParam().limit)), "ok");
  EXPECT_EQ(Code(GetParam().document(GetParam().limit + 1)), GetParam().code);
}

std::string ChainOfCards(size_t n) {
  Parts parts;
  parts.cards =
      "," + Join(n - 1, [](size_t i) {
        const std::string fed = i == 0 ? "card" : "card" + std::to_string(i - 1);
        return R"({"id": "card)" + std::to_string(i) +
               R"(", "max_score": 100, "indicators": [{"id": "i", "max_points": 100, "scorecard": ")" + fed +
               R"(", "missing": {"rule": "REFUSE"}}]})";
      });
  return Policy(parts);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, CheckerLimitTest,
    testing::ValuesIn<LimitCase>({
        {"Id", kMaxIdBytes, "invalid-id",
         [](size_t n) {
           Parts parts;
           parts.indicators = "," + Indicator(std::string(n, 'a'));
           return Policy(parts);
         }},
        {"ConditionParts", kMaxConditionParts, "condition-too-large",
         [](size_t n) {
           Parts parts;
           parts.card = R"(, "vetoes": [)" +
                        Veto("v", R"({"any": {"of": [)" +
                                      Join(n - 1, [](size_t i) { return Compare(i % 99 + 1); }) + "]}}") +
                        "]";
           return Policy(parts);
         }},
        {"ScorecardDepth", kMaxScorecardDepth, "scorecard-depth", ChainOfCards},
        {"ScaleLabels", kMaxScaleLabels, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.metrics = R"(, {"id": "r", "scale": "s", "number": {}})";
           parts.indicators =
               R"(, {"id": "r", "max_points": 1, "metric": "r", "missing": {"rule": "REFUSE"}, "score": {"likert": {"conversion": "MIN_MAX"}}})";
           parts.policy =
               R"(, "scales": [{"id": "s", "min": 1, "max": 1000, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [)" +
               Join(n, [](size_t i) { return R"({"rank": )" + std::to_string(i + 1) + "}"; }) + "]}]";
           return Policy(parts);
         }},
        {"Profiles", kMaxProfiles, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.metrics = R"(, {"id": "role", "text": {}})";
           parts.card = R"(, "profile_metric": "role", "profiles": [)" +
                        Join(n, [](size_t i) { return R"({"id": "p)" + std::to_string(i) + "\"}"; }) + "]";
           return Policy(parts);
         }},
        {"CleaningRules", kMaxCleaningRules, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.policy = R"(, "cleaning": {"rules": [)" +
                          Join(n,
                               [](size_t i) {
                                 return R"({"id": "r)" + std::to_string(i) +
                                        R"(", "action": "EXCLUDE", "test_records": {}})";
                               }) +
                          "]}";
           return Policy(parts);
         }},
        {"CleaningItems", kMaxCleaningItems, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.policy =
               R"(, "cleaning": {"rules": [{"id": "r", "action": "FLAG", "duplicates": {"keep": "LAST", "keys": [)" +
               Join(n, [](size_t i) { return "\"k" + std::to_string(i) + "\""; }) + "]}}]}";
           return Policy(parts);
         }},
        {"Questionnaires", kMaxQuestionnaires, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.metrics = R"(, {"id": "why", "text": {}})";
           parts.policy = R"(, "questionnaires": [)" +
                          Join(n,
                               [](size_t i) {
                                 return R"({"id": "q)" + std::to_string(i) +
                                        R"(", "version": "1", "items": [{"id": "why"}]})";
                               }) +
                          "]";
           return Policy(parts);
         }},
        {"QuestionnaireItems", kMaxQuestionnaireItems, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.metrics =
               Join(n, [](size_t i) { return R"({"id": "t)" + std::to_string(i) + R"(", "text": {}})"; });
           parts.metrics.insert(0, ", ");
           parts.policy = R"(, "questionnaires": [{"id": "q", "version": "1", "items": [)" +
                          Join(n, [](size_t i) { return R"({"id": "t)" + std::to_string(i) + "\"}"; }) +
                          "]}]";
           return Policy(parts);
         }},
        {"QuestionnaireOptions", kMaxQuestionnaireOptions, "too-many-items",
         [](size_t n) {
           Parts parts;
           parts.metrics =
               ", " + Join(n, [](size_t i) {
                 return R"({"id": "s_o)" + std::to_string(i) + R"(", "min": 0, "max": 1, "number": {}})";
               });
           parts.policy =
               R"(, "questionnaires": [{"id": "q", "version": "1", "items": [{"id": "s", "several": {},
             "options": [)" +
               Join(n, [](size_t i) { return R"({"id": "o)" + std::to_string(i) + "\"}"; }) + "]}]}]";
           return Policy(parts);
         }},
        {"Points", kMaxPoints, "too-large",
         [](size_t n) {
           const std::string max = std::to_string(n);
           Parts parts;
           parts.indicators =
               R"(, {"id": "j", "max_points": )" + max +
               R"(, "metric": "m", "missing": {"rule": "REFUSE"}, "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": )" +
               max + "}}}}";
           return Policy(parts);
         }},
        {"Weight", kMaxPoints, "too-large",
         [](size_t n) {
           Parts parts;
           parts.cards = R"(, {"id": "other", "max_score": 100, "indicators": [)" +
                         Indicator("j", R"(, "weight": )" + std::to_string(n)) + "]}";
           return Policy(parts);
         }},
        {"Findings", kMaxDiagnostics, "unused-metric",
         [](size_t n) {
           // At the limit nothing is wrong; beyond it everything is.
           Parts parts;
           if (n > kMaxDiagnostics)
             parts.metrics = "," + Join(n, [](size_t i) { return Number("m" + std::to_string(i)); });
           return Policy(parts);
         }},
    }),
    [](const auto& info) { return info.param.name; });

TEST(CheckerLimitTest, FindingsBeyondTheLimitAreCountedByOneNote) {
  const auto unused = [](size_t n) {
    Parts parts;
    parts.metrics = "," + Join(n, [](size_t i) { return Number("m" + std::to_string(i)); });
    std::vector<Diagnostic> findings;
    EXPECT_TRUE(csat::Policy::Parse(Policy(parts), &findings).ok());
    return findings;
  };
  EXPECT_EQ(unused(kMaxDiagnostics).size(), kMaxDiagnostics);
  const std::vector<Diagnostic> more = unused(kMaxDiagnostics + 50);
  ASSERT_EQ(more.size(), kMaxDiagnostics + 1);
  EXPECT_EQ(std::count_if(more.begin(), more.end(),
                          [](const Diagnostic& found) { return found.code == "more-findings"; }),
            1);
}

struct ShapeCase {
  const char* name;
  size_t n;                                     // the larger size
  std::function<std::string(size_t)> document;  // grows in proportion to n
};

class CheckerLinearTimeTest : public testing::TestWithParam<ShapeCase> {};

double Milliseconds(const std::string& json, int times) {
  double least = 1e9;
  for (int i = 0; i < times; ++i) {
    timespec begin, end;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    std::vector<Diagnostic> findings;
    (void)csat::Policy::Parse(json, &findings);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    least = std::min(least, 1e3 * static_cast<double>(end.tv_sec - begin.tv_sec) +
                                1e-6 * static_cast<double>(end.tv_nsec - begin.tv_nsec));
  }
  return least;
}

// Eight times the input may take sixteen times as long (caches, sorting), not sixty-four times as long.
TEST_P(CheckerLinearTimeTest, EightTimesTheInputIsNotSixtyFourTimesTheTime) {
  double small = 0, large = 0;
  // A neighbour that empties the cache during one measurement is not the checker's time.
  for (int attempt = 0; attempt < 5 && (attempt == 0 || large >= 16 * small + 2); ++attempt) {
    small = Milliseconds(GetParam().document(GetParam().n / 8), 3);
    large = Milliseconds(GetParam().document(GetParam().n), 2);
  }
  RecordProperty("milliseconds", std::to_string(large));
  EXPECT_LT(large, 16 * small + 2) << small << " ms and " << large << " ms";
}

std::string Nth(const char* prefix, size_t i) { return prefix + std::to_string(i); }

INSTANTIATE_TEST_SUITE_P(
    Shapes, CheckerLinearTimeTest,
    testing::ValuesIn<ShapeCase>({
        {"Indicators", 10000,
         [](size_t n) {
           Parts parts;
           parts.indicators =
               "," + Join(n, [](size_t i) {
                 return Indicator(Nth("i", i), R"(, "group": "g)" + std::to_string(i % 7) + "\"");
               });
           parts.card = R"(, "weights_sum": 1, "constraints": [{"sum": {"group": "g1", "equals": 3}}])";
           return Policy(parts);
         }},
        {"Metrics", 4000,
         [](size_t n) {
           Parts parts;
           parts.metrics = "," + Join(n, [](size_t i) { return Number(Nth("m", i)); });
           return Policy(parts);
         }},
        {"MetricsOfOneScale", 4000,
         [](size_t n) {
           Parts parts;
           parts.metrics = "," + Join(n, [](size_t i) {
                             return R"({"id": "r)" + std::to_string(i) + R"(", "scale": "s", "number": {}})";
                           });
           parts.policy =
               R"(, "scales": [{"id": "s", "min": 1, "max": 250, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [)" +
               Join(250,
                    [](size_t i) {
                      return R"({"rank": )" + std::to_string(i + 1) + R"(, "label": {"en": "rank )" +
                             std::to_string(i) + "\"}}";
                    }) +
               "]}]";
           return Policy(parts);
         }},
        {"Vetoes", 4000,
         [](size_t n) {
           Parts parts;
           parts.card = R"(, "vetoes": [)" +
                        Join(n, [](size_t i) { return Veto(Nth("v", i), Compare(i % 99 + 1)); }) + "]";
           return Policy(parts);
         }},
        {"VetoesOfIndicators", 2400,
         [](size_t n) {
           Parts parts;
           parts.indicators = "," + Join(n, [](size_t i) { return Indicator(Nth("i", i)); });
           parts.card = R"(, "vetoes": [)" +
                        Join(n,
                             [](size_t i) {
                               return R"({"id": "v)" + std::to_string(i) + R"(", "when": )" +
                                      Compare(i % 99 + 1) + R"(, "scope": "INDICATOR", "indicator": "i)" +
                                      std::to_string(i) + R"(", "set_to": 0, "missing": {"rule": "REFUSE"}})";
                             }) +
                        "]";
           return Policy(parts);
         }},
        {"Bands", 8000,
         [](size_t n) {
           Parts parts;
           parts.card = R"(, "grading": {"bands": [)" +
                        Join(n,
                             [n](size_t i) {
                               const size_t from = 99 * 1000000 / n * (n - 1 - i);
                               return R"({"id": "b)" + std::to_string(i) + R"(", "from": )" +
                                      std::to_string(from / 1000000) + "." +
                                      std::to_string(1000000 + from % 1000000).substr(1) + "}";
                             }) +
                        "]}";
           return Policy(parts);
         }},
        {"BandsWithConditions", 4000,
         [](size_t n) {
           Parts parts;
           parts.card = R"(, "grading": {"bands": [)" +
                        Join(n,
                             [n](size_t i) {
                               const std::string condition =
                                   i + 1 == n ? "" : R"(, "condition": )" + Compare(i % 99 + 1);
                               return R"({"id": "b)" + std::to_string(i) + R"(", "from": 0.)" +
                                      std::to_string(1000000 + n - 1 - i).substr(1) + condition + "}";
                             }) +
                        "]}";
           return Policy(parts);
         }},
        {"Anchors", 16000,
         [](size_t n) {
           Parts parts;
           parts.indicators =
               R"(, {"id": "j", "max_points": 100, "metric": "m", "missing": {"rule": "REFUSE"}, "score": {"piecewise": {"anchors": [)" +
               Join(n,
                    [](size_t i) {
                      return R"({"at": 0.)" + std::to_string(1000000 + i).substr(1) + R"(, "points": 0.)" +
                             std::to_string(1000000 + i).substr(1) + "}";
                    }) +
               "]}}}";
           return Policy(parts);
         }},
        {"Scorecards", 4000,
         [](size_t n) {
           Parts parts;
           parts.cards =
               "," + Join(n, [](size_t i) {
                 return R"({"id": "c)" + std::to_string(i) +
                        R"(", "max_score": 100, "indicators": [{"id": "i", "max_points": 100, "scorecard": "card", "missing": {"rule": "REFUSE"}}]})";
               });
           return Policy(parts);
         }},
        {"Cases", 4000,
         [](size_t n) {
           Parts parts;
           parts.indicators = "," + Join(n / 4, [](size_t i) { return Indicator(Nth("i", i)); });
           parts.policy =
               R"(, "cases": [)" +
               Join(
                   n,
                   [](size_t i) {
                     return R"({"name": "c)" + std::to_string(i) +
                            R"(", "scorecard": "card", "record": {"m": 5}, "expect": {"score": 5, "points": {"i": 5}, "reasons": ["i"]}})";
                   }) +
               "]";
           return Policy(parts);
         }},
        {"ProfileWeights", 8000,
         [](size_t n) {
           Parts parts;
           parts.metrics = R"(, {"id": "role", "text": {}})";
           parts.indicators = "," + Join(n / 4, [](size_t i) { return Indicator(Nth("i", i)); });
           const std::string weights =
               Join(n / 4, [](size_t i) { return "\"i" + std::to_string(i) + "\": 2"; });
           parts.card =
               R"(, "profile_metric": "role", "profiles": [)" +
               Join(4,
                    [&weights](size_t i) {
                      return R"({"id": "p)" + std::to_string(i) + R"(", "weights": {)" + weights + "}}";
                    }) +
               "]";
           return Policy(parts);
         }},
        {"Words", 8000,
         [](size_t n) {
           Parts parts;
           const auto word = [](size_t i) { return "\"w" + std::to_string(i) + "\""; };
           parts.metrics = R"(, {"id": "word", "text": {"values": [)" + Join(n, word) + "]}}";
           parts.indicators =
               R"(, {"id": "j", "max_points": 1, "metric": "word", "missing": {"rule": "REFUSE"}, "score": {"lookup": {"entries": [)" +
               Join(n,
                    [&word](size_t i) {
                      return R"({"text": )" + word(i) + R"(, "points": )" + std::to_string(i % 2) + "}";
                    }) +
               "]}}}";
           parts.card =
               R"(, "vetoes": [)" +
               Join(n / 10,
                    [&word](size_t i) {
                      return Veto(Nth("v", i),
                                  R"({"compare": {"metric": "word", "op": "EQ", "text": )" + word(i) + "}}");
                    }) +
               "]";
           return Policy(parts);
         }},
        {"UnknownMetrics", 4000,
         [](size_t n) {
           Parts parts;
           parts.metrics = "," + Join(n, [](size_t i) { return Number(Nth("m", i)); });
           parts.card = R"(, "vetoes": [)" +
                        Join(n,
                             [](size_t i) {
                               return Veto(Nth("v", i), R"({"compare": {"metric": "n)" + std::to_string(i) +
                                                            R"(", "op": "GE", "value": 1}})");
                             }) +
                        "]";
           return Policy(parts);
         }},
    }),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace csat
