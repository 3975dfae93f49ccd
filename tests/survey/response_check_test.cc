// P2-52, A-22: whole tables beside CheckAnswers(), on chosen and on random responses.
#include "csat/survey/response_check.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "arrow/foreign_table.h"
#include "csat/policy/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Every kind of item, conditions on each of them and on what is known beforehand.
constexpr char kPolicy[] = R"json({
  "id": "p", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
  "scales": [{"id": "five", "min": 1, "max": 5, "integer": true, "direction": "HIGHER_IS_BETTER", "labels": [
    {"rank": 1, "label": {"en": "bad"}}, {"rank": 5, "label": {"en": "good", "zh": "好"}}]}],
  "metrics": [
    {"id": "class", "text": {"values": ["fresh", "appliance"]}},
    {"id": "rating", "scale": "five", "number": {"field": "q1"}, "missing_values": [9]},
    {"id": "minutes", "number": {}, "min": 0, "max": 600},
    {"id": "worst", "text": {"values": ["price", "staff"]}},
    {"id": "why", "text": {}},
    {"id": "used_web", "number": {"field": "web"}, "min": 0, "max": 1},
    {"id": "used_shop", "number": {"field": "shop"}, "min": 0, "max": 1},
    {"id": "web_rating", "scale": "five", "number": {}}
  ],
  "questionnaires": [{"id": "q", "version": "1", "context": ["class"], "items": [
    {"id": "rating", "required": true},
    {"id": "minutes"},
    {"id": "worst", "required": true, "shown_when": {"compare": {"metric": "rating", "op": "LE", "value": 2}}},
    {"id": "why", "max_characters": 5, "shown_when": {"any": {"of": [
      {"compare": {"metric": "worst", "op": "EQ", "text": "staff"}},
      {"all": {"of": [{"compare": {"metric": "class", "op": "EQ", "text": "fresh"}}, {"not": {"answered": "minutes"}}]}}]}}},
    {"id": "used", "several": {"at_most": 1}, "options": [{"id": "web", "metric": "used_web"}, {"id": "shop", "metric": "used_shop"}]},
    {"id": "web_rating", "shown_when": {"at_least": {"count": 2, "of": [
      {"compare": {"metric": "used_web", "op": "EQ", "value": 1}},
      {"compare": {"metric": "rating", "op": "GE", "value": 3}},
      {"compare": {"metric": "class", "op": "NE", "text": "fresh"}}]}}}
  ]}]})json";

Policy Load() {
  absl::StatusOr<Policy> policy = Policy::Parse(kPolicy);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *std::move(policy);
}

// A response as both sides see it. nullopt: not answered.
struct Response {
  std::optional<std::string> kind = std::nullopt;
  std::optional<double> rating = std::nullopt, minutes = std::nullopt;
  std::optional<std::string> worst = std::nullopt, why = std::nullopt;
  std::optional<std::vector<std::string>> used = std::nullopt;
  std::optional<double> web_rating = std::nullopt;
  std::optional<double> web = std::nullopt, shop = std::nullopt;  // Of a table with both.
};

Answers ToAnswers(const Response& response) {
  Answers answers;
  const auto number = [&](const char* field, const std::optional<double>& value) {
    if (value.has_value()) answers[field] = Decimal::FromMicros(static_cast<std::int64_t>(*value * 1e6));
  };
  const auto text = [&](const char* field, const std::optional<std::string>& value) {
    if (value.has_value()) answers[field] = *value;
  };
  text("class", response.kind);
  number("q1", response.rating);
  number("minutes", response.minutes);
  text("worst", response.worst);
  text("why", response.why);
  if (response.used.has_value()) answers["used"] = *response.used;
  number("web_rating", response.web_rating);
  return answers;
}

// How the items of several options stand in a table.
enum class Several { kList, kOptions, kTexts, kListAndOptions, kListAndWeb };

class Responses {
 public:
  Responses(const std::vector<Response>& rows, Several several) {
    const auto numbers = [&](const char* name, auto of) {
      std::vector<double> values;
      std::vector<bool> nulls;
      for (const Response& row : rows) {
        const std::optional<double> value = of(row);
        values.push_back(value.value_or(77));
        nulls.push_back(!value.has_value());
      }
      FillColumn(&table_.parts.emplace_back(), name, "g", values, nulls);
    };
    const auto texts = [&](const char* name, auto of) {
      std::vector<std::optional<std::string>> values;
      for (const Response& row : rows) values.push_back(of(row));
      FillTexts(&table_.parts.emplace_back(), name, "u", values);
    };
    texts("class", [](const Response& row) { return row.kind; });
    numbers("q1", [](const Response& row) { return row.rating; });
    numbers("minutes", [](const Response& row) { return row.minutes; });
    texts("worst", [](const Response& row) { return row.worst; });
    texts("why", [](const Response& row) { return row.why; });
    numbers("web_rating", [](const Response& row) { return row.web_rating; });
    const auto chosen = [](const Response& row, const char* id) {
      return row.used.has_value()
                 ? std::optional<double>(std::count(row.used->begin(), row.used->end(), id) > 0 ? 1 : 0)
                 : std::nullopt;
    };
    switch (several) {
      case Several::kList: AddList(rows); break;
      case Several::kOptions:
        numbers("web", [&](const Response& row) { return chosen(row, "web"); });
        numbers("shop", [&](const Response& row) { return chosen(row, "shop"); });
        break;
      case Several::kListAndOptions:
        numbers("shop", [](const Response& row) { return row.shop; });
        [[fallthrough]];
      case Several::kListAndWeb:
        numbers("web", [](const Response& row) { return row.web; });
        AddList(rows);
        break;
      case Several::kTexts:
        texts("used", [](const Response& row) {
          std::optional<std::string> text;
          if (row.used.has_value()) text = "";
          for (std::size_t i = 0; row.used.has_value() && i < row.used->size(); ++i)
            *text += (i == 0 ? "" : ", ") + (*row.used)[i];
          return text;
        });
        break;
    }
    table_.format = "+s";
    table_.buffers = {nullptr};
    table_.Finish(static_cast<std::int64_t>(rows.size()));
  }

  absl::StatusOr<ResponseCheck> Check(bool texts = false) const {
    const Policy policy = Load();
    ResponseCheckOptions options;
    options.texts = texts;
    return CheckResponses(*policy.FindQuestionnaire("q"), policy.metrics(), table_.schema, table_.array,
                          options);
  }

  ForeignArray& table() { return table_; }

 private:
  void AddList(const std::vector<Response>& rows) {
    ForeignArray& list = table_.parts.emplace_back();
    std::vector<std::int32_t> offsets = {0};
    std::vector<std::optional<std::string>> items;
    std::vector<bool> valid;
    for (const Response& row : rows) {
      valid.push_back(row.used.has_value());
      if (row.used.has_value()) items.insert(items.end(), row.used->begin(), row.used->end());
      offsets.push_back(static_cast<std::int32_t>(items.size()));
    }
    FillTexts(&list.parts.emplace_back(), "item", "u", items);
    list.name = "used";
    list.format = "+l";
    list.buffers = {list.KeepBits(valid), list.Keep(offsets)};
    list.Finish(static_cast<std::int64_t>(rows.size()));
    list.array.null_count = -1;
  }

  ForeignArray table_;
};

std::vector<std::string> ProblemsOf(const ResponseCheck& check, std::int64_t row) {
  std::vector<std::string> found;
  for (const ResponseProblem& problem : check.problems) {
    if (problem.row == row)
      found.push_back(absl::StrCat(check.fields[static_cast<std::size_t>(problem.field)].field, " ",
                                   std::string(Word(problem.kind))));
  }
  return found;
}

std::vector<std::string> ProblemsOf(const AnswersReport& report) {
  std::vector<std::string> found;
  for (const AnswerProblem& problem : report.problems)
    found.push_back(absl::StrCat(problem.field, " ", std::string(Word(problem.kind))));
  return found;
}

struct CheckCase {
  const char* name;
  Response response;
  AnswersReport::State state;
  std::int16_t shown;
  std::vector<std::string> problems;
};

class CheckResponsesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckResponsesTest, FindsWhatIsWrong) {
  const CheckCase& row = GetParam();
  const absl::StatusOr<ResponseCheck> check = Responses({row.response}, Several::kList).Check();
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->states[0], row.state);
  EXPECT_EQ(check->shown[0], row.shown);
  EXPECT_EQ(ProblemsOf(*check, 0), row.problems);
  const Policy policy = Load();
  const AnswersReport report = CheckAnswers(*policy.FindQuestionnaire("q"), ToAnswers(row.response));
  EXPECT_EQ(report.state, row.state);
  EXPECT_EQ(ProblemsOf(report), row.problems);
}

constexpr auto kComplete = AnswersReport::State::kComplete;
constexpr auto kIncomplete = AnswersReport::State::kIncomplete;
constexpr auto kInvalid = AnswersReport::State::kInvalid;
using Chosen = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    Responses, CheckResponsesTest,
    testing::ValuesIn<CheckCase>({
        {"Least", {{}, 3}, kComplete, 3, {}},
        {"NothingAtAll", {}, kIncomplete, 3, {"q1 unanswered"}},
        {"MissingCode", {{}, 9}, kIncomplete, 3, {"q1 unanswered"}},
        {"LowestRank", {{}, 1, {}, "price"}, kComplete, 4, {}},
        {"BelowScale", {{}, 0}, kInvalid, 3, {"q1 off_scale"}},
        {"HighestRank", {{}, 5}, kComplete, 3, {}},
        {"AboveScale", {{}, 6}, kInvalid, 3, {"q1 off_scale"}},
        {"BetweenRanks", {{}, 3.5}, kInvalid, 3, {"q1 off_scale"}},
        {"ConditionAtLimit", {{}, 2}, kIncomplete, 4, {"worst unanswered"}},
        {"ConditionAboveLimit", {{}, 3, {}, "price"}, kInvalid, 3, {"worst not_shown"}},
        {"BlankWhereNotShown", {{}, 3, {}, " "}, kComplete, 3, {}},
        {"UnknownOption", {{}, 2, {}, "weather"}, kInvalid, 4, {"worst unknown_option"}},
        {"WrongAnswerLeadsNowhere", {{}, 6, {}, "price"}, kInvalid, 3, {"q1 off_scale", "worst not_shown"}},
        {"LongEnough", {{}, 2, {}, "staff", "很差很差很"}, kComplete, 5, {}},
        {"TooLong", {{}, 2, {}, "staff", "很差很差很差"}, kInvalid, 5, {"why too_long"}},
        {"QuantityAtMost", {{}, 3, 600}, kComplete, 3, {}},
        {"QuantityAbove", {{}, 3, 600.5}, kInvalid, 3, {"minutes off_scale"}},
        {"KnownBeforehand", {"fresh", 3}, kComplete, 4, {}},
        {"KnownWrong", {"meat", 3}, kInvalid, 3, {"class unknown_option"}},
        {"OneOfSeveral", {{}, 3, {}, {}, {}, Chosen{"web"}, 4}, kComplete, 4, {}},
        {"NoneOfSeveral", {{}, 3, {}, {}, {}, Chosen{}}, kComplete, 3, {}},
        {"TooManyOfSeveral",
         {{}, 3, {}, {}, {}, Chosen{"web", "shop"}},
         kInvalid,
         3,
         {"used too_many_options"}},
        {"TwiceOfSeveral", {{}, 3, {}, {}, {}, Chosen{"web", "web"}}, kInvalid, 3, {"used option_twice"}},
        {"UnknownOfSeveral", {{}, 3, {}, {}, {}, Chosen{"phone"}}, kInvalid, 3, {"used unknown_option"}},
        {"AtLeastTwoOfThree", {"appliance", 2, {}, "price", {}, Chosen{"web"}, 1}, kComplete, 5, {}},
        {"AtLeastOneOfThree",
         {"fresh", 2, 1, "price", {}, Chosen{"web"}, 1},
         kInvalid,
         4,
         {"web_rating not_shown"}},
    }),
    [](const auto& info) { return info.param.name; });

struct BothCase {
  const char* name;
  Several several;
  std::optional<Chosen> list;
  std::optional<double> web, shop;
  std::vector<std::string> problems;
  const char* detail;
  int answered;
};

class ListAndOptionsTest : public testing::TestWithParam<BothCase> {};

TEST_P(ListAndOptionsTest, HaveToAgree) {
  const BothCase& row = GetParam();
  Response response{{}, 3};
  response.used = row.list;
  response.web = row.web;
  response.shop = row.shop;
  const absl::StatusOr<ResponseCheck> check = Responses({response}, row.several).Check();
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(ProblemsOf(*check, 0), row.problems);
  if (!row.problems.empty()) {
    EXPECT_EQ(check->problems[0].detail, row.detail);
  }
  EXPECT_EQ(check->fields[5].answered, row.answered);
}

constexpr auto kBoth = Several::kListAndOptions, kWeb = Several::kListAndWeb;

INSTANTIATE_TEST_SUITE_P(
    Answers, ListAndOptionsTest,
    testing::ValuesIn<BothCase>({
        {"Agree", kBoth, Chosen{"web"}, 1, 0, {}, "", 1},
        {"AgreeWithNull", kBoth, Chosen{"web"}, 1, {}, {}, "", 1},
        {"AgreeOnNone", kBoth, Chosen{}, 0, 0, {}, "", 1},
        {"ColumnsSayNothing", kBoth, Chosen{"web"}, {}, {}, {}, "", 1},
        {"NothingAtAll", kBoth, {}, {}, {}, {}, "", 0},
        {"ListSaysNothing", kBoth, {}, 1, 0, {}, "", 1},
        {"ListSaysNothingNullColumn", kBoth, {}, 1, {}, {}, "", 1},
        {"ListSaysNothingColumnsNone", kBoth, {}, 0, 0, {}, "", 1},
        {"ListSaysNothingColumnsTooMany",
         kBoth,
         {},
         1,
         1,
         {"used too_many_options"},
         "2 options are chosen; the most is 1",
         0},
        {"ListSaysNothingColumnsOffScale",
         kBoth,
         {},
         0,
         2,
         {"used off_scale"},
         "column 'shop': 2 lies outside [0, 1]",
         0},
        {"Another", kBoth, Chosen{"web"}, 0, 1, {"used contradiction"}, "list [web], columns [shop]", 0},
        {"OneMore", kBoth, Chosen{"web"}, 1, 1, {"used contradiction"}, "list [web], columns [web, shop]", 0},
        {"NoneOfThem", kBoth, Chosen{"shop"}, 0, 0, {"used contradiction"}, "list [shop], columns []", 0},
        {"NoneInTheList", kBoth, Chosen{}, 1, {}, {"used contradiction"}, "list [], columns [web]", 0},
        {"ColumnsOffScale",
         kBoth,
         Chosen{"web"},
         2,
         0,
         {"used off_scale"},
         "column 'web': 2 lies outside [0, 1]",
         0},
        {"ListIsWrong",
         kBoth,
         Chosen{"phone"},
         1,
         0,
         {"used unknown_option"},
         "'phone' is none of its 2 options",
         0},
        {"OneColumnAgrees", kWeb, Chosen{"web"}, 1, {}, {}, "", 1},
        {"OneColumnOfAnother", kWeb, Chosen{"shop"}, 0, {}, {}, "", 1},
        {"OneColumnDiffers",
         kWeb,
         Chosen{"shop"},
         1,
         {},
         {"used contradiction"},
         "list [shop], columns [web]",
         0},
        // One column of two is no whole answer.
        {"ListSaysNothingOneColumn", kWeb, {}, 1, {}, {"used contradiction"}, "list null, columns [web]", 0},
        {"ListSaysNothingOneColumnNone", kWeb, {}, 0, {}, {}, "", 0},
    }),
    [](const auto& info) { return info.param.name; });

// Seven fields, every one of them right, wrong or left out in some rows; more rows than a tile.
TEST(CheckResponsesRandomTest, AgreesWithEachRowAlone) {
  std::mt19937 random(7);
  const auto pick = [&](auto... choices) {
    using Choice = std::common_type_t<decltype(choices)...>;
    const std::vector<Choice> all = {choices...};
    return all[random() % all.size()];
  };
  using Text = std::optional<std::string>;
  using Number = std::optional<double>;
  std::vector<Response> rows(2500);
  for (Response& row : rows) {
    row.kind = pick(Text(), Text("fresh"), Text("appliance"), Text("meat"), Text(" "));
    row.rating =
        pick(Number(), Number(1), Number(2), Number(3), Number(5), Number(9), Number(6), Number(2.5));
    row.minutes = pick(Number(), Number(0), Number(12.25), Number(-1));
    row.worst = pick(Text(), Text("price"), Text("staff"), Text("staff"), Text("x"), Text(""));
    row.why = pick(Text(), Text("short"), Text("too long"), Text("\u3000"));
    row.used =
        pick(std::optional<Chosen>(), std::optional<Chosen>(Chosen{}), std::optional<Chosen>(Chosen{"web"}),
             std::optional<Chosen>(Chosen{"shop"}), std::optional<Chosen>(Chosen{"web", "shop"}));
    row.web_rating = pick(Number(), Number(4), Number(0));
  }
  const Policy policy = Load();
  const Questionnaire& questionnaire = *policy.FindQuestionnaire("q");
  for (const Several several : {Several::kList, Several::kOptions, Several::kTexts}) {
    const absl::StatusOr<ResponseCheck> check = Responses(rows, several).Check(several == Several::kTexts);
    ASSERT_TRUE(check.ok()) << check.status();
    std::array<std::int64_t, 3> counts{};
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Response row = rows[i];
      // A text that lists nothing is blank, and so no answer.
      if (several == Several::kTexts && row.used.has_value() && row.used->empty()) row.used.reset();
      const AnswersReport report = CheckAnswers(questionnaire, ToAnswers(row));
      ASSERT_EQ(check->states[i], report.state) << i;
      ASSERT_EQ(static_cast<std::size_t>(check->shown[i]), report.shown.size()) << i;
      ++counts[static_cast<std::size_t>(report.state)];
      if (i % 10 == 0) {
        ASSERT_EQ(ProblemsOf(*check, static_cast<std::int64_t>(i)), ProblemsOf(report)) << i;
      }
      for (const AnswerProblem& problem : report.problems) messages.push_back(problem.message);
    }
    // Nothing but the words of each alone.
    ASSERT_EQ(check->problems.size(), messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const ResponseProblem& problem = check->problems[i];
      const std::string& field = check->fields[static_cast<std::size_t>(problem.field)].field;
      ASSERT_EQ(absl::StrCat("item '", field, "': ", problem.detail), messages[i]) << problem.row;
    }
    EXPECT_EQ(check->counts, counts);
    EXPECT_GT(counts[0], 0);
    EXPECT_GT(counts[1], 0);
  }
}

TEST(CheckResponsesColumnsTest, CountsByField) {
  const absl::StatusOr<ResponseCheck> check =
      Responses({{{}, 2, {}, "price"}, {{}, 3, {}, "price"}, {{}, 3}}, Several::kList).Check();
  ASSERT_TRUE(check.ok());
  const FieldCheck& worst = check->fields[3];
  EXPECT_EQ(worst.field, "worst");
  EXPECT_EQ(worst.shown, 1);
  EXPECT_EQ(worst.answered, 1);
  EXPECT_EQ(worst.problems[static_cast<std::size_t>(AnswerProblem::Kind::kNotShown)], 1);
  EXPECT_THAT(check->counts, ElementsAre(2, 0, 1));
}

// Cells of a table of texts: what stands for what. Without the option a text is a label or wrong.
TEST(CheckResponsesColumnsTest, ReadsTexts) {
  struct TextCase {
    const char* cell;
    const char* as_texts;  // Problem of the rating; "": none.
    const char* as_is;
    const char* detail = "it has to be answered, and is not";  // As texts.
  };
  const TextCase cases[] = {
      {"3", "", "wrong_type"},
      {"3.0", "", "wrong_type"},
      {"3.5", "off_scale", "wrong_type", "3.5 is no whole rank of [1, 5]"},
      {"6", "off_scale", "wrong_type", "6 is no whole rank of [1, 5]"},
      {"good", "", ""},
      {"好", "", ""},
      {"9", "unanswered", "wrong_type"},
      {" ", "unanswered", "unanswered"},
      {"", "unanswered", "unanswered"},
      {"1e400", "off_scale", "wrong_type", "1e400 is no whole rank of [1, 5]"},
      {"3.000000", "", "wrong_type"},
      {"3.0000001", "off_scale", "wrong_type", "3.0000001 is no whole rank of [1, 5]"},
      {"3.0.1", "wrong_type", "wrong_type", "'3.0.1' is not a number or a label of its scale"},
      {"three", "wrong_type", "wrong_type", "'three' is not a number or a label of its scale"}};
  std::vector<std::optional<std::string>> cells;
  std::vector<Response> rows;
  for (const TextCase& row : cases) {
    cells.emplace_back(row.cell);
    rows.emplace_back();
  }
  for (const char* format : {"u", "U", "vu"}) {
    Responses responses(rows, Several::kList);
    ForeignArray& column = responses.table().parts[1];
    column.memory.clear();
    column.schema = {};
    column.array = {};
    FillTexts(&column, "q1", format, cells);
    for (const bool texts : {true, false}) {
      const absl::StatusOr<ResponseCheck> check = responses.Check(texts);
      ASSERT_TRUE(check.ok()) << check.status();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string wanted = texts ? cases[i].as_texts : cases[i].as_is;
        const std::vector<std::string> found = ProblemsOf(*check, static_cast<std::int64_t>(i));
        if (wanted.empty()) {
          EXPECT_THAT(found, IsEmpty()) << cases[i].cell;
        } else {
          EXPECT_THAT(found, ElementsAre("q1 " + wanted)) << cases[i].cell;
        }
      }
      for (const ResponseProblem& problem : check->problems) {
        const TextCase& row = cases[static_cast<std::size_t>(problem.row)];
        if (texts) {
          EXPECT_EQ(problem.detail, row.detail) << row.cell;
        } else {
          EXPECT_THAT(
              problem.detail,
              testing::AnyOf("it has to be answered, and is not",
                             absl::StrCat("'", row.cell, "' is not a number or a label of its scale")));
        }
      }
    }
  }
}

TEST(CheckResponsesColumnsTest, RefusesWhatIsNoTableOfResponses) {
  struct RefusalCase {
    const char* name;
    void (*spoil)(ForeignArray*);
    const char* message;
  };
  const RefusalCase cases[] = {
      {"missing", [](ForeignArray* table) { table->parts[1].schema.name = "rating"; },
       "column 'q1' is missing"},
      {"twice", [](ForeignArray* table) { table->parts[2].schema.name = "q1"; },
       "column 'q1' is there more than once"},
      {"numbers for texts",
       [](ForeignArray* table) {
         table->parts[2].schema.name = "why";
         table->parts[4].schema.name = "minutes";
       },
       "column 'why': it holds no texts"},
      {"lists for numbers",
       [](ForeignArray* table) { table->parts.back().schema.name = "q1", table->parts[1].schema.name = "x"; },
       "column 'q1': it holds no numbers"},
  };
  for (const RefusalCase& row : cases) {
    Responses responses({{{}, 3}}, Several::kList);
    row.spoil(&responses.table());
    const absl::Status status = responses.Check().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.message)) << row.name;
  }
  const Response response = {{}, 3, {}, {}, {}, Chosen{"web"}};
  EXPECT_THAT(std::string(Responses({response}, Several::kTexts).Check().status().message()),
              HasSubstr("column 'used': it holds no lists of texts"));
}

TEST(CheckResponsesColumnsTest, GivesTables) {
  const absl::StatusOr<ResponseCheck> check =
      Responses({{{}, 3}, {{}, 3, {}, "price"}, {}}, Several::kOptions).Check();
  ASSERT_TRUE(check.ok());
  ArrowSchema schema;
  ArrowArray array;
  ASSERT_TRUE(ExportStates(*check, &schema, &array).ok());
  EXPECT_EQ(array.length, 3);
  EXPECT_EQ(static_cast<const std::int32_t*>(array.children[0]->buffers[1])[1], 2);
  EXPECT_EQ(static_cast<const std::int64_t*>(array.children[2]->buffers[1])[2], 1);
  schema.release(&schema);
  array.release(&array);
  ASSERT_TRUE(ExportProblems(*check, &schema, &array).ok());
  EXPECT_EQ(array.length, 2);
  EXPECT_EQ(array.children[3]->null_count, 0);
  EXPECT_EQ(static_cast<const std::int64_t*>(array.children[0]->buffers[1])[0], 1);
  schema.release(&schema);
  array.release(&array);
}

}  // namespace
}  // namespace csat
