#include "csat/scoring/words.h"

#include <string>

#include "scoring/plan_fixture.h"

namespace csat {
namespace {

using namespace testing_plan;

Plan Labelled() {
  return PlanOf(PolicyOf(
      R"({"id": "card", "label": {"en": "Monthly score", "zh": "月度得分"}, "max_score": 100, "indicators": [
      {"id": "a", "label": {"en": "attitude", "zh": "服务态度"}, "weight": 60, "max_points": 10, "metric": "a", "missing": {"rule": "LEAVE_OUT"},
       "gate": {"when": {"compare": {"metric": "leaks", "op": "EQ", "value": 0}}, "cap_points": 8.99},
       "levels": {"basis": "EXACT", "bands": [{"id": "top", "label": {"en": "excellent", "zh": "优秀"}, "from": 9}, {"id": "other", "label": {"en": "other", "zh": "其他"}, "from": 0}]}},
      {"id": "b", "label": {"en": "speed", "zh": "响应速度"}, "weight": 40, "max_points": 10, "metric": "b", "missing": {"rule": "INSUFFICIENT"}}],
    "profile_metric": "role", "default_profile": "agent",
    "profiles": [{"id": "agent", "label": {"en": "agent", "zh": "客服"}, "weights": {}}, {"id": "manager", "weights": {"a": 50, "b": 50}}, {"id": "guest", "weights": {}}],
    "bonus": {"mode": "RELATIVE", "cap": 15, "sources": [{"id": "praise", "label": {"en": "written praise", "zh": "书面表扬"}, "metric": "praise", "each": 1}, {"id": "ideas", "metric": "ideas", "each": 10}]},
    "caps": [{"id": "slow", "label": {"en": "too slow", "zh": "响应过慢"}, "when": {"compare": {"metric": "b", "op": "LT", "value": 2}}, "max_score": 50}],
    "vetoes": [{"id": "leak", "label": {"en": "information leak", "zh": "信息泄露"}, "when": {"compare": {"metric": "breaches", "op": "GE", "value": 1}}, "scope": "RECORD", "set_to": 0, "missing": {"rule": "REFUSE"}}],
    "grading": {"basis": "EXACT", "bands": [
      {"id": "good", "label": {"en": "good", "zh": "良好"}, "from": 80, "condition": {"compare": {"metric": "answers", "op": "GE", "value": 10}}},
      {"id": "poor", "label": {"en": "poor", "zh": "较差"}, "from": 0}]},
    "min_answers": {"metric": "answers", "count": 3}})"));
}

struct WordsCase {
  const char* name;
  const char* record;
  const char* en;
  const char* zh;
};

// Every line of the ledger in words, exact, in both languages.
TEST(WordsTest, ReadLikeTheLedger) {
  const WordsCase rows[] = {
      {"scored", R"({"a": 9, "b": 8, "leaks": 0, "praise": 2, "ideas": 0, "breaches": 0, "answers": 12})",
       "Monthly score: 87.72 points, grade good (profile agent)\n"
       "  attitude: 9 -> 9 of 10, excellent, weight 60 of 100: +54\n"
       "  speed: 8 -> 8 of 10, weight 40 of 100: +32\n"
       "  bonus written praise +1.72\n"
       "  bonus ideas +0\n"
       "Most points lost on: speed (8.00), attitude (6.00)\n",
       "月度得分：87.72 分，等级：良好（岗位：客服）\n"
       "  服务态度：9 → 9 / 10，优秀，权重 60 / 100：+54\n"
       "  响应速度：8 → 8 / 10，权重 40 / 100：+32\n"
       "  加分项 书面表扬 +1.72\n"
       "  加分项 ideas +0\n"
       "失分最多：响应速度 (8.00)、服务态度 (6.00)\n"},
      {"vetoed, gated, capped, no bonus figure",
       R"({"a": 9.5, "b": 1, "leaks": 1, "ideas": 1, "breaches": 1, "answers": 9})",
       "Monthly score: 0.00 points, vetoed, grade poor (profile agent)\n"
       "Without the veto it would be 50.00 points.\n"
       "  attitude: 9.5 -> 8.99 of 10, held down by its gate, other, weight 60 of 100: +53.94\n"
       "  speed: 1 -> 1 of 10, weight 40 of 100: +4\n"
       "  bonus written praise +0 (no figure, no bonus)\n"
       "  bonus ideas +5.794\n"
       "  cap too slow -13.734\n"
       "  veto information leak -50\n"
       "Most points lost on: speed (36.00), attitude (6.06)\n",
       "月度得分：0.00 分（一票否决），等级：较差（岗位：客服）\n"
       "若无否决，得分为 50.00 分。\n"
       "  服务态度：9.5 → 8.99 / 10，受条件限制封顶，其他，权重 60 / 100：+53.94\n"
       "  响应速度：1 → 1 / 10，权重 40 / 100：+4\n"
       "  加分项 书面表扬 +0（无数据，不加分）\n"
       "  加分项 ideas +5.794\n"
       "  封顶 响应过慢 -13.734\n"
       "  否决 信息泄露 -50\n"
       "失分最多：响应速度 (36.00)、服务态度 (6.06)\n"},
      {"left out, a condition failed, the scale's top",
       R"({"b": 10, "leaks": 0, "praise": 9, "ideas": 1, "breaches": 0, "answers": 9})",
       "Monthly score: 100.00 points, grade poor (profile agent)\n"
       "The score reaches 'good', but its condition is not met.\n"
       "  attitude: no figure, left out and its weight shared out\n"
       "  speed: 10 -> 10 of 10, weight 40 of 40: +100\n"
       "  bonus written praise +9\n"
       "  bonus ideas +10\n"
       "  cap on all bonuses -4\n"
       "  top of the scale -15\n",
       "月度得分：100.00 分，等级：较差（岗位：客服）\n"
       "分数已达到“良好”，但未满足其条件。\n"
       "  服务态度：无数据，剔除并重新分配权重\n"
       "  响应速度：10 → 10 / 10，权重 40 / 40：+100\n"
       "  加分项 书面表扬 +9\n"
       "  加分项 ideas +10\n"
       "  加分上限 -4\n"
       "  满分封顶 -15\n"},
      {"too few answers", R"({"a": 9, "b": 8, "leaks": 0, "breaches": 0, "answers": 2})",
       "Monthly score: not enough data: 2 answers in 'answers', the least is 3 (profile agent)\n"
       "  attitude: 9 -> 9 of 10, excellent, weight 60 of 100: +0\n"
       "  speed: 8 -> 8 of 10, weight 40 of 100: +0\n",
       "月度得分：数据不足：有效答卷数不足（岗位：客服）\n"
       "  服务态度：9 → 9 / 10，优秀，权重 60 / 100：+0\n"
       "  响应速度：8 → 8 / 10，权重 40 / 100：+0\n"},
      {"no figure", R"({"a": 9, "leaks": 0, "breaches": 0, "answers": 12})",
       "Monthly score: not enough data: the figure of indicator 'b' is missing (profile agent)\n"
       "  attitude: 9 -> 9 of 10, excellent, weight 60 of 60: +0\n"
       "  speed: no figure, not enough for a score\n",
       "月度得分：数据不足：指标“响应速度”缺少数据（岗位：客服）\n"
       "  服务态度：9 → 9 / 10，优秀，权重 60 / 60：+0\n"
       "  响应速度：无数据，不足以评分\n"},
      {"the veto's figure is missing",
       R"({"a": 9, "b": 8, "leaks": 0, "praise": 0, "ideas": 0, "answers": 12})",
       "Monthly score: refused: the figure of veto 'leak' is missing (profile agent)\n",
       "月度得分：不予评分：否决项“信息泄露”缺少数据（岗位：客服）\n"},
  };
  const Plan plan = Labelled();
  for (const WordsCase& row : rows) {
    const Score score = ScoreOf(plan, row.record);
    const bool whole = score.summary.reason == 0 || ReasonOf(plan, score).rfind("unknown:", 0) != 0;
    const std::string en = InWords(plan, score, "en"), zh = InWords(plan, score, "zh");
    if (whole) {
      EXPECT_EQ(en, row.en) << row.name;
      EXPECT_EQ(zh, row.zh) << row.name;
    } else {  // Its headline.
      EXPECT_EQ(en.substr(0, en.find('\n') + 1), row.en) << row.name;
      EXPECT_EQ(zh.substr(0, zh.find('\n') + 1), row.zh) << row.name;
    }
    EXPECT_EQ(InWords(plan, score, "de"), en) << row.name;
  }
}

}  // namespace
}  // namespace csat
