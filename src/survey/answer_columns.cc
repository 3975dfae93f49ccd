#include "survey/answer_columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"
#include "survey/answer_reading.h"
#include "survey/answer_text.h"

namespace csat::survey {
namespace {

using Problem = AnswerProblem::Kind;

constexpr std::int64_t kMostWhole = std::numeric_limits<std::int64_t>::max() / Decimal::kOne;
// Between the options of a text.
constexpr std::string_view kBetween = " ,;\t\r\n";
// Texts remembered with what they say.
constexpr std::size_t kMostKnown = 4096;

absl::Status WrongColumn(const Column& column, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(column.name), ": it holds no ", wanted));
}

// A column of texts, of a dictionary of texts, or of nothing but nulls.
bool HoldsTexts(const Column& column) {
  return IsText(column.type) || (column.type == ColumnType::kDictionary && IsText(column.of->type));
}

// The text of a cell; nullopt: null.
std::optional<std::string_view> TextAt(const Column& column, std::int64_t row) {
  if (!column.HasValue(row)) return std::nullopt;
  if (column.type != ColumnType::kDictionary) return column.Text(row);
  const std::int64_t word = column.DictionaryIndex(row);
  return column.of->HasValue(word) ? std::optional<std::string_view>(column.of->Text(word)) : std::nullopt;
}

// false: above the range of the result.
bool LoadWhole(const Column& column, std::int64_t row, std::int64_t* out) {
  const std::int64_t at = column.offset + row;
  switch (column.type) {
    case ColumnType::kBool:
      *out = static_cast<const std::uint8_t*>(column.values)[at >> 3] >> (at & 7) & 1;
      break;
    case ColumnType::kInt8: *out = LoadValue<std::int8_t>(column.values, at); break;
    case ColumnType::kInt16: *out = LoadValue<std::int16_t>(column.values, at); break;
    case ColumnType::kInt32: *out = LoadValue<std::int32_t>(column.values, at); break;
    case ColumnType::kUInt8: *out = LoadValue<std::uint8_t>(column.values, at); break;
    case ColumnType::kUInt16: *out = LoadValue<std::uint16_t>(column.values, at); break;
    case ColumnType::kUInt32: *out = LoadValue<std::uint32_t>(column.values, at); break;
    default: *out = LoadValue<std::int64_t>(column.values, at); break;
  }
  return (column.type != ColumnType::kUInt64 || *out >= 0) && *out <= kMostWhole && *out >= -kMostWhole;
}

// "true" and "false" in any case as 1 and 0; -1: neither.
int TruthOf(std::string_view text) {
  for (const std::string_view word : {std::string_view("false"), std::string_view("true")}) {
    if (text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
          return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
        }))
      return word == "true" ? 1 : 0;
  }
  return -1;
}

// A decimal128 of any size, digit by digit.
std::string ShownDecimal(absl::int128 value, int scale) {
  std::string digits;
  const auto bits = static_cast<absl::uint128>(value);
  for (absl::uint128 rest = value < 0 ? -bits : bits; rest > 0; rest /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  if (scale < 0 && !digits.empty()) digits.append(static_cast<std::size_t>(-scale), '0');
  const auto places = static_cast<std::size_t>(std::max(scale, 0));
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return value < 0 ? "-" + digits : digits;
}

template <typename T>
std::string ShownReal(T value) {
  if (std::isnan(value)) return "NaN";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// Whether a text is a number, with as many places as it likes.
bool IsNumeral(std::string_view text) {
  double number = 0;
  return text.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
         absl::SimpleAtod({text.data(), text.size()}, &number);
}

}  // namespace

NumberColumn::NumberColumn(const Metric& metric, Column column, bool texts)
    : metric_(&metric),
      column_(std::move(column)),
      texts_(texts),
      least_(metric.min.has_value() ? metric.min->micros() : std::numeric_limits<std::int64_t>::min()),
      most_(metric.max.has_value() ? metric.max->micros() : std::numeric_limits<std::int64_t>::max()),
      whole_(metric.scale.has_value() && metric.scale->integer()) {
  if (column_.type != ColumnType::kDictionary) return;
  for (std::int64_t word = 0; word < column_.of->length; ++word)
    words_.push_back(column_.of->HasValue(word) ? JudgeText(column_.of->Text(word)) : Cell());
}

absl::StatusOr<NumberColumn> NumberColumn::Bind(const Metric& metric, Column column, bool texts) {
  const ColumnType type = column.type;
  if (!HoldsTexts(column) && !IsInteger(type) && type != ColumnType::kBool && type != ColumnType::kFloat &&
      type != ColumnType::kDouble && type != ColumnType::kDecimal128 && type != ColumnType::kNull)
    return WrongColumn(column, "numbers");
  return NumberColumn(metric, std::move(column), texts);
}

NumberColumn::Cell NumberColumn::JudgeMicros(std::int64_t micros) const {
  Cell cell;
  if (std::find(metric_->missing_values.begin(), metric_->missing_values.end(),
                Decimal::FromMicros(micros)) != metric_->missing_values.end())
    return cell;
  cell.given = true;
  cell.held = true;
  cell.micros = micros;
  if (micros < least_ || micros > most_ || (whole_ && micros % Decimal::kOne != 0)) {
    cell.problem = CodeOf(Problem::kOffScale);
    return cell;
  }
  cell.state = FactTile::kNumber;
  return cell;
}

template <typename T>
NumberColumn::Cell NumberColumn::JudgeReal(T value) const {
  const double micros = std::nearbyint(static_cast<double>(value) * static_cast<double>(Decimal::kOne));
  if (micros < 9.2e18 && micros > -9.2e18 &&
      static_cast<T>(micros / static_cast<double>(Decimal::kOne)) == value)
    return JudgeMicros(static_cast<std::int64_t>(micros));
  Cell cell;
  cell.given = true;
  cell.problem = CodeOf(std::isnan(value) ? Problem::kWrongType : Problem::kOffScale);
  return cell;
}

NumberColumn::Cell NumberColumn::JudgeDecimal(std::int64_t row) const {
  constexpr absl::int128 kMost = absl::int128(1) << 80;
  const absl::int128 wide = column_.Decimal128(row);
  Cell off;
  off.given = true;
  off.problem = CodeOf(Problem::kOffScale);
  if (wide > kMost || wide < -kMost || column_.scale < 0 || column_.scale > 18) return off;
  const absl::int128 divisor = PowerOfTen(column_.scale);
  const absl::int128 micros = DivideHalfEven(wide * Decimal::kOne, divisor);
  if (micros > std::numeric_limits<std::int64_t>::max() ||
      micros < std::numeric_limits<std::int64_t>::min() || micros * divisor != wide * Decimal::kOne)
    return off;
  return JudgeMicros(static_cast<std::int64_t>(micros));
}

NumberColumn::Cell NumberColumn::JudgeText(std::string_view text) const {
  Cell cell;
  if (IsBlank(text)) return cell;
  const std::optional<int> rank =
      metric_->scale.has_value() ? metric_->scale->RankOf(text) : std::optional<int>();
  if (rank.has_value()) return JudgeMicros(*rank * Decimal::kOne);
  if (texts_) {
    const std::optional<Decimal> number = Decimal::Parse(text);
    if (number.has_value()) return JudgeMicros(number->micros());
    if (const int truth = TruthOf(text); truth >= 0) return JudgeMicros(truth * Decimal::kOne);
  }
  cell.given = true;
  cell.problem = CodeOf(texts_ && IsNumeral(text) ? Problem::kOffScale : Problem::kWrongType);
  return cell;
}

const NumberColumn::Cell& NumberColumn::Remembered(std::string_view text) {
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  last_ = JudgeText(text);
  return known_.size() < kMostKnown ? known_.emplace(text, last_).first->second : last_;
}

NumberColumn::Cell NumberColumn::Judge(std::int64_t row) {
  if (!column_.HasValue(row)) return Cell();
  switch (column_.type) {
    case ColumnType::kDictionary: return words_[static_cast<std::size_t>(column_.DictionaryIndex(row))];
    case ColumnType::kText:
    case ColumnType::kLargeText:
    case ColumnType::kTextView: return Remembered(column_.Text(row));
    case ColumnType::kFloat: return JudgeReal(LoadValue<float>(column_.values, column_.offset + row));
    case ColumnType::kDouble: return JudgeReal(LoadValue<double>(column_.values, column_.offset + row));
    case ColumnType::kDecimal128: return JudgeDecimal(row);
    default: break;
  }
  std::int64_t whole = 0;
  if (LoadWhole(column_, row, &whole)) return JudgeMicros(whole * Decimal::kOne);
  Cell cell;
  cell.given = true;
  cell.problem = CodeOf(Problem::kOffScale);
  return cell;
}

void NumberColumn::Read(std::int64_t from, std::size_t count, AnswerTile* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const Cell cell = Judge(from + static_cast<std::int64_t>(i));
    out->answer.state[i] = cell.state;
    out->answer.micros[i] = cell.micros;
    out->problem[i] = cell.problem;
    out->given[i] = cell.given;
  }
}

std::string NumberColumn::ShownRaw(std::int64_t row) const {
  const std::int64_t at = column_.offset + row;
  switch (column_.type) {
    case ColumnType::kFloat: return ShownReal(LoadValue<float>(column_.values, at));
    case ColumnType::kDouble: return ShownReal(LoadValue<double>(column_.values, at));
    case ColumnType::kDecimal128: return ShownDecimal(column_.Decimal128(row), column_.scale);
    case ColumnType::kUInt64: return absl::StrCat(LoadValue<std::uint64_t>(column_.values, at));
    case ColumnType::kInt64: return absl::StrCat(LoadValue<std::int64_t>(column_.values, at));
    default: {
      const std::string_view text = TextAt(column_, row).value_or(std::string_view());
      return texts_ && IsNumeral(text) ? std::string(text) : Quoted(text);
    }
  }
}

std::string NumberColumn::ShownAt(std::int64_t row) {
  const Cell cell = Judge(row);
  return cell.held ? Decimal::FromMicros(cell.micros).ToString() : ShownRaw(row);
}

std::string NumberColumn::WhyAt(std::int64_t row) {
  const Cell cell = Judge(row);
  if (cell.problem == 0) return "";
  const std::string shown = ShownAt(row);
  if (cell.held) return OffScale(*metric_, shown).words;
  if (cell.problem == CodeOf(Problem::kWrongType)) {
    const std::optional<std::string_view> text = HoldsTexts(column_) ? TextAt(column_, row) : std::nullopt;
    if (!text.has_value()) return absl::StrCat(shown, " is not a number");
    const Reading reading = ReadNumber(*metric_, std::string(*text));
    return reading.flaw.has_value() ? reading.flaw->words : "";
  }
  double value = 0;
  if (whole_ || !absl::SimpleAtod(shown, &value) || std::fabs(value) > static_cast<double>(kMostWhole)) {
    const std::string most = absl::StrCat(kMostWhole);
    return OffScale(*metric_, shown, ("-" + most).c_str(), most.c_str()).words;
  }
  return absl::StrCat(shown, " has more than six decimal places");
}

absl::StatusOr<TextColumn> TextColumn::Bind(const Metric& metric, int most_characters, Column column) {
  if (!HoldsTexts(column) && column.type != ColumnType::kNull) return WrongColumn(column, "texts");
  TextColumn made(metric, most_characters, std::move(column));
  if (made.column_.type == ColumnType::kDictionary) {
    const Column& words = *made.column_.of;
    for (std::int64_t word = 0; word < words.length; ++word)
      made.words_.push_back(words.HasValue(word) ? made.JudgeText(words.Text(word)) : Cell());
  }
  return made;
}

TextColumn::Cell TextColumn::JudgeText(std::string_view text) const {
  Cell cell;
  if (IsBlank(text)) return cell;
  cell.given = true;
  const std::vector<std::string>& values = std::get<TextForm>(metric_->form).values;
  if (!values.empty() && std::find(values.begin(), values.end(), text) == values.end()) {
    cell.problem = CodeOf(Problem::kUnknownOption);
  } else if (most_characters_ > 0 && Characters(text).value_or(0) > most_characters_) {
    cell.problem = CodeOf(Problem::kTooLong);
  }
  return cell;
}

void TextColumn::Read(std::int64_t from, std::size_t count, AnswerTile* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t row = from + static_cast<std::int64_t>(i);
    const std::optional<std::string_view> text = TextAt(column_, row);
    Cell cell;
    if (text.has_value()) {
      cell =
          words_.empty() ? JudgeText(*text) : words_[static_cast<std::size_t>(column_.DictionaryIndex(row))];
      out->answer.words[i] = *text;
    }
    out->answer.state[i] = cell.given && cell.problem == 0 ? FactTile::kWord : FactTile::kMissing;
    out->problem[i] = cell.problem;
    out->given[i] = cell.given;
  }
}

std::string TextColumn::ShownAt(std::int64_t row) const {
  return Quoted(TextAt(column_, row).value_or(std::string_view()));
}

std::string TextColumn::WhyAt(std::int64_t row) const {
  const std::string text(TextAt(column_, row).value_or(std::string_view()));
  const Reading reading = ReadText(*metric_, most_characters_, text);
  return reading.flaw.has_value() ? reading.flaw->words : "";
}

absl::StatusOr<SeveralColumn> SeveralColumn::BindList(const QuestionnaireItem& item, Column column,
                                                      std::vector<OptionColumn> beside, bool texts) {
  const bool list = (column.type == ColumnType::kList || column.type == ColumnType::kLargeList) &&
                    (HoldsTexts(*column.of) || column.of->type == ColumnType::kNull);
  if (!list && column.type != ColumnType::kNull && !(texts && HoldsTexts(column)))
    return WrongColumn(column, "lists of texts");
  SeveralColumn made(item);
  made.listed_ = true;
  made.texts_ = !list;
  made.column_ = std::move(column);
  for (std::size_t i = 0; i < item.options.size(); ++i) made.option_of_.emplace(item.options[i].id, i);
  if (absl::Status status = made.AddOptions(std::move(beside), texts); !status.ok()) return status;
  return made;
}

absl::StatusOr<SeveralColumn> SeveralColumn::BindOptions(const QuestionnaireItem& item,
                                                         std::vector<OptionColumn> columns, bool texts) {
  SeveralColumn made(item);
  if (absl::Status status = made.AddOptions(std::move(columns), texts); !status.ok()) return status;
  return made;
}

absl::Status SeveralColumn::AddOptions(std::vector<OptionColumn> columns, bool texts) {
  for (OptionColumn& of : columns) {
    absl::StatusOr<NumberColumn> option = NumberColumn::Bind(*of.metric, std::move(of.column), texts);
    if (!option.ok()) return option.status();
    options_.emplace_back(of.option, *std::move(option));
  }
  scratch_ = std::make_unique<AnswerTile>();
  return absl::OkStatus();
}

void SeveralColumn::Read(std::int64_t from, std::size_t count, AnswerTile* out) {
  out->options.resize(item_->options.size());
  for (FactTile& option : out->options) {
    std::fill_n(option.state.begin(), count, FactTile::kMissing);
    std::fill_n(option.micros.begin(), count, 0);
  }
  out->contradictions.clear();
  if (!listed_) return ReadOptions(from, count, out);
  ReadList(from, count, out);
  if (!options_.empty()) CompareOptions(from, count, out);
}

ProblemCode SeveralColumn::Choose(std::string_view id, std::size_t at, AnswerTile* out) const {
  const auto option = option_of_.find(id);
  if (option == option_of_.end()) return CodeOf(Problem::kUnknownOption);
  std::int64_t& chosen = out->options[option->second].micros[at];
  if (chosen != 0) return CodeOf(Problem::kOptionTwice);
  chosen = Decimal::kOne;
  return 0;
}

// `chosen` below 0: not answered.
void SeveralColumn::Finish(std::size_t at, int chosen, ProblemCode problem, AnswerTile* out) const {
  if (problem == 0 && chosen >= 0 && chosen < item_->at_least) problem = CodeOf(Problem::kTooFewOptions);
  if (problem == 0 && chosen > item_->at_most) problem = CodeOf(Problem::kTooManyOptions);
  const bool answered = problem == 0 && chosen >= 0;
  out->problem[at] = problem;
  // None of the options, of an item that was not shown, says nothing.
  out->given[at] = chosen > 0 || (problem != 0 && problem != CodeOf(Problem::kTooFewOptions));
  out->answer.state[at] = answered ? FactTile::kWord : FactTile::kMissing;
  for (FactTile& option : out->options) option.state[at] = answered ? FactTile::kNumber : FactTile::kMissing;
}

bool SeveralColumn::IsListed(std::int64_t row) const {
  if (!listed_ || !column_.HasValue(row)) return false;
  if (!texts_) return true;
  const std::string_view text = TextAt(column_, row).value_or(std::string_view());
  return !IsBlank(text) && text.find_first_not_of(kBetween) != std::string_view::npos;
}

template <typename Take>
void SeveralColumn::ForEachListed(std::int64_t row, Take take) const {
  if (!texts_) {
    std::int64_t item = 0, to = 0;
    for (column_.ListRange(row, &item, &to); item < to; ++item)
      take(TextAt(*column_.of, item).value_or(std::string_view()));
    return;
  }
  std::string_view text = TextAt(column_, row).value_or(std::string_view());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    if (end > 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::string> SeveralColumn::ChosenAt(std::int64_t row) {
  std::vector<std::string> chosen;
  if (IsListed(row)) {
    ForEachListed(row, [&](std::string_view id) { chosen.emplace_back(id); });
    return chosen;
  }
  for (auto& [option, column] : options_) {
    column.Read(row, 1, scratch_.get());
    if (scratch_->given[0] != 0 && scratch_->answer.micros[0] != 0)
      chosen.push_back(item_->options[option].id);
  }
  return chosen;
}

std::string SeveralColumn::ShownAt(std::int64_t row) { return Shown(ChosenAt(row)); }

std::string SeveralColumn::WhyAt(std::int64_t row) {
  Reading reading;
  if (IsListed(row)) reading = ReadSeveral(*item_, ChosenAt(row));
  for (std::size_t k = 0; !reading.flaw.has_value() && k < options_.size(); ++k) {
    NumberColumn& column = options_[k].second;
    column.Read(row, 1, scratch_.get());
    const std::int64_t micros = scratch_->answer.micros[0];
    std::string why = column.WhyAt(row);
    if (why.empty() && scratch_->given[0] != 0 && micros != 0 && micros != Decimal::kOne)
      why = absl::StrCat(column.ShownAt(row), " is neither 0 nor 1");
    if (!why.empty()) return absl::StrCat("column ", Quoted(column.name()), ": ", why);
  }
  if (!reading.flaw.has_value()) reading = ReadSeveral(*item_, ChosenAt(row));
  return reading.flaw.has_value() ? reading.flaw->words : "";
}

void SeveralColumn::ReadList(std::int64_t from, std::size_t count, AnswerTile* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t row = from + static_cast<std::int64_t>(i);
    if (!IsListed(row)) {
      Finish(i, -1, 0, out);
      continue;
    }
    ProblemCode problem = 0;
    int chosen = 0;
    ForEachListed(row, [&](std::string_view id) {
      ++chosen;
      if (problem == 0) problem = Choose(id, i, out);
    });
    Finish(i, chosen, problem, out);
  }
}

void SeveralColumn::ReadOptions(std::int64_t from, std::size_t count, AnswerTile* out) {
  std::array<int, kAnswerTile> chosen;
  std::array<ProblemCode, kAnswerTile> problem{};
  chosen.fill(-1);
  for (auto& [option, column] : options_) {
    column.Read(from, count, scratch_.get());
    for (std::size_t i = 0; i < count; ++i) {
      if (!scratch_->given[i]) continue;
      const std::int64_t micros = scratch_->answer.micros[i];
      if (problem[i] == 0) problem[i] = scratch_->problem[i];
      if (problem[i] == 0 && micros != 0 && micros != Decimal::kOne) problem[i] = CodeOf(Problem::kOffScale);
      chosen[i] = std::max(chosen[i], 0) + (micros != 0);
      out->options[option].micros[i] = micros;
    }
  }
  for (std::size_t i = 0; i < count; ++i) Finish(i, chosen[i], problem[i], out);
}

// Of a row that the list says something wrong of, that is what is wrong. Null says nothing, in the list as in the columns:
// columns of nothing but null leave the list as it is, and where the list is null they are the answer, if there is one for
// each option.
void SeveralColumn::CompareOptions(std::int64_t from, std::size_t count, AnswerTile* out) {
  std::array<ProblemCode, kAnswerTile> problem{};
  std::vector<std::array<std::uint8_t, kAnswerTile>> chosen(options_.size());
  std::array<std::uint8_t, kAnswerTile> says{};
  for (std::size_t k = 0; k < options_.size(); ++k) {
    options_[k].second.Read(from, count, scratch_.get());
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t micros = scratch_->given[i] != 0 ? scratch_->answer.micros[i] : 0;
      if (problem[i] == 0) problem[i] = scratch_->problem[i];
      if (problem[i] == 0 && micros != 0 && micros != Decimal::kOne) problem[i] = CodeOf(Problem::kOffScale);
      chosen[k][i] = micros != 0;
      says[i] = static_cast<std::uint8_t>(says[i] | scratch_->given[i]);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool listed = IsListed(from + static_cast<std::int64_t>(i));
    if (says[i] != 0 && !listed && options_.size() == item_->options.size()) {
      int count_chosen = 0;
      for (std::size_t k = 0; k < options_.size(); ++k) {
        out->options[options_[k].first].micros[i] = chosen[k][i] != 0 ? Decimal::kOne : 0;
        count_chosen += chosen[k][i];
      }
      Finish(i, count_chosen, problem[i], out);
      continue;
    }
    if (says[i] == 0 || (out->problem[i] != 0 && out->problem[i] != CodeOf(Problem::kTooFewOptions)))
      continue;
    bool differs = false;
    for (std::size_t k = 0; k < options_.size(); ++k)
      differs |= (out->options[options_[k].first].micros[i] != 0) != (chosen[k][i] != 0);
    if (problem[i] == 0 && !differs) continue;
    if (problem[i] == 0) {
      std::vector<absl::string_view> list, columns;
      for (std::size_t option = 0; option < item_->options.size(); ++option) {
        if (out->options[option].micros[i] != 0) list.push_back(item_->options[option].id);
      }
      for (std::size_t k = 0; k < options_.size(); ++k) {
        if (chosen[k][i] != 0) columns.push_back(item_->options[options_[k].first].id);
      }
      out->contradictions.emplace(
          i, absl::StrCat("list ", listed ? absl::StrCat("[", absl::StrJoin(list, ", "), "]") : "null",
                          ", columns [", absl::StrJoin(columns, ", "), "]"));
      problem[i] = CodeOf(Problem::kContradiction);
    }
    Finish(i, -1, problem[i], out);
  }
}

}  // namespace csat::survey
