#include "survey/answer_reading.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "survey/answer_text.h"

namespace csat::survey {
namespace {

using Kind = QuestionnaireItem::Kind;
using Problem = AnswerProblem::Kind;

Reading Wrong(Problem kind, std::string words, std::string words_zh) {
  Reading reading;
  reading.flaw = Flaw{kind, std::move(words), std::move(words_zh)};
  return reading;
}

Reading WrongType(const Answer& answer, const char* wanted, const char* wanted_zh) {
  return Wrong(Problem::kWrongType, absl::StrCat(Shown(answer), " is not ", wanted),
               absl::StrCat(Shown(answer, true), " 不是", wanted_zh));
}

}  // namespace

std::string Shown(const Answer& answer, bool chinese) {
  if (const auto* number = std::get_if<Decimal>(&answer)) return number->ToString();
  if (const auto* text = std::get_if<std::string>(&answer)) return Quoted(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&answer))
    return chinese ? absl::StrCat(list->size(), " 项的列表") : absl::StrCat("a list of ", list->size());
  if (std::holds_alternative<ListOfNumbers>(answer)) return chinese ? "数值列表" : "a list of numbers";
  return chinese ? "空值" : "null";
}

Flaw OffScale(const Metric& metric, const std::string& shown, const char* least, const char* most) {
  const std::string range = absl::StrCat("[", metric.min.has_value() ? metric.min->ToString() : least, ", ",
                                         metric.max.has_value() ? metric.max->ToString() : most, "]");
  const bool whole = metric.scale.has_value() && metric.scale->integer();
  return {Problem::kOffScale, absl::StrCat(shown, whole ? " is no whole rank of " : " lies outside ", range),
          absl::StrCat(shown, whole ? " 不是 " + range + " 的整数等级" : " 不在 " + range + " 之内")};
}

Flaw NotShown(const std::string& shown, const std::string& shown_zh) {
  return {Problem::kNotShown, absl::StrCat(shown, " answers an item that the other answers do not lead to"),
          absl::StrCat(shown_zh, " 所答的题目按其他答案不会出现")};
}

Flaw Unanswered() { return {Problem::kUnanswered, "it has to be answered, and is not", "必答，但没有答案"}; }

Reading ReadNumber(const Metric& metric, const Answer& answer) {
  Reading reading;
  Decimal number;
  if (const auto* given = std::get_if<Decimal>(&answer)) {
    number = *given;
  } else {
    const auto* label = std::get_if<std::string>(&answer);
    if (label != nullptr && IsBlank(*label)) return reading;
    const std::optional<int> rank =
        label == nullptr || !metric.scale.has_value() ? std::nullopt : metric.scale->RankOf(*label);
    if (!rank.has_value()) {
      return metric.scale.has_value() && !metric.scale->labels().empty()
                 ? WrongType(answer, "a number or a label of its scale", "数值，也不是量表的标签")
                 : WrongType(answer, "a number", "数值");
    }
    number = Decimal::FromInteger(*rank);
  }
  if (std::find(metric.missing_values.begin(), metric.missing_values.end(), number) !=
      metric.missing_values.end())
    return reading;
  const bool whole = metric.scale.has_value() && metric.scale->integer();
  if ((metric.min.has_value() && number < *metric.min) || (metric.max.has_value() && *metric.max < number) ||
      (whole && number.micros() % Decimal::kOne != 0)) {
    return Reading{Known(), {}, OffScale(metric, number.ToString())};
  }
  reading.known.state = Known::State::kNumber;
  reading.known.number = number;
  return reading;
}

Reading ReadText(const Metric& metric, int most, const Answer& answer) {
  const auto* text = std::get_if<std::string>(&answer);
  if (text == nullptr) return WrongType(answer, "a text", "文字");
  const std::optional<std::int64_t> characters = Characters(*text);
  if (!characters.has_value()) return WrongType(answer, "UTF-8", " UTF-8");
  Reading reading;
  if (IsBlank(*text)) return reading;
  const std::vector<std::string>& values = std::get<TextForm>(metric.form).values;
  if (!values.empty() && std::find(values.begin(), values.end(), *text) == values.end()) {
    return Wrong(Problem::kUnknownOption,
                 absl::StrCat(Quoted(*text), " is none of its ", values.size(), " options"),
                 absl::StrCat(Quoted(*text), " 不是其 ", values.size(), " 个选项之一"));
  }
  if (most > 0 && *characters > most) {
    return Wrong(Problem::kTooLong,
                 absl::StrCat("a text of ", *characters, " characters; the limit is ", most),
                 absl::StrCat("文字共 ", *characters, " 个字符，上限为 ", most));
  }
  reading.known.state = Known::State::kWord;
  reading.known.word = *text;
  return reading;
}

Reading ReadSeveral(const QuestionnaireItem& item, const Answer& answer) {
  const auto* list = std::get_if<std::vector<std::string>>(&answer);
  if (list == nullptr) return WrongType(answer, "a list of options", "选项列表");
  Reading reading;
  std::set<std::string_view> seen;
  for (const std::string& id : *list) {
    const auto option = std::find_if(item.options.begin(), item.options.end(),
                                     [&id](const QuestionnaireOption& known) { return known.id == id; });
    if (option == item.options.end()) {
      return Wrong(Problem::kUnknownOption,
                   absl::StrCat(Quoted(id), " is none of its ", item.options.size(), " options"),
                   absl::StrCat(Quoted(id), " 不是其 ", item.options.size(), " 个选项之一"));
    }
    if (!seen.insert(id).second) {
      return Wrong(Problem::kOptionTwice, absl::StrCat(Quoted(id), " is chosen twice"),
                   absl::StrCat(Quoted(id), " 被选了两次"));
    }
    reading.chosen.push_back(static_cast<std::size_t>(option - item.options.begin()));
  }
  const int chosen = static_cast<int>(list->size());
  // Nothing chosen of a question that need not be answered is an answer: none of them.
  if (chosen < item.at_least) {
    return Wrong(Problem::kTooFewOptions,
                 absl::StrCat(chosen, " options are chosen; the least is ", item.at_least),
                 absl::StrCat("选了 ", chosen, " 项，至少 ", item.at_least, " 项"));
  }
  if (chosen > item.at_most) {
    return Wrong(Problem::kTooManyOptions,
                 absl::StrCat(chosen, " options are chosen; the most is ", item.at_most),
                 absl::StrCat("选了 ", chosen, " 项，至多 ", item.at_most, " 项"));
  }
  reading.known.state = Known::State::kWord;
  return reading;
}

Reading ReadAnswer(const QuestionnaireItem& item, const Answer& answer) {
  if (std::holds_alternative<std::monostate>(answer)) return Reading();
  switch (item.kind) {
    case Kind::kRating:
    case Kind::kQuantity: return ReadNumber(item.metric, answer);
    case Kind::kSeveral: return ReadSeveral(item, answer);
    case Kind::kChoice:
    case Kind::kOpen: return ReadText(item.metric, item.max_characters, answer);
  }
  return Reading();
}

Reading ReadContext(const Metric& metric, const Answer& answer) {
  if (std::holds_alternative<std::monostate>(answer)) return Reading();
  return std::holds_alternative<TextForm>(metric.form) ? ReadText(metric, 0, answer)
                                                       : ReadNumber(metric, answer);
}

}  // namespace csat::survey
