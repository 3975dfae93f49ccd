// Columns of answers, read a tile of rows at a time: what each cell says, or why it says nothing.
// Tested by tests/survey/response_check_test.cc.
#ifndef CSAT_SRC_SURVEY_ANSWER_COLUMNS_H_
#define CSAT_SRC_SURVEY_ANSWER_COLUMNS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "arrow/import.h"
#include "csat/model/metric.h"
#include "csat/model/questionnaire.h"
#include "csat/survey/interview.h"

namespace csat::survey {

inline constexpr std::size_t kAnswerTile = 1024;

// 1 + AnswerProblem::Kind; 0: nothing is wrong.
using ProblemCode = std::uint8_t;
constexpr ProblemCode CodeOf(AnswerProblem::Kind kind) {
  return static_cast<ProblemCode>(static_cast<int>(kind) + 1);
}

template <typename T>
using Tile = std::array<T, kAnswerTile>;

// What the conditions know of one metric.
struct FactTile {
  enum State : std::uint8_t { kMissing, kNumber, kWord };
  Tile<std::uint8_t> state;
  Tile<std::int64_t> micros;     // kNumber.
  Tile<std::string_view> words;  // kWord.
};

// The answers of one item. What is wrong is kMissing with its problem.
struct AnswerTile {
  FactTile answer;                // kSeveral: kWord where it is answered.
  std::vector<FactTile> options;  // kSeveral: by option, 0 or 1.
  Tile<ProblemCode> problem;
  Tile<std::uint8_t> given;                           // Something stands there, be it wrong.
  std::map<std::size_t, std::string> contradictions;  // kSeveral: by row of the tile, what both say.
};

// Numbers of one metric. `texts` as ResponseCheckOptions has it.
class NumberColumn {
 public:
  // InvalidArgument: of a type that holds no numbers.
  static absl::StatusOr<NumberColumn> Bind(const Metric& metric, Column column, bool texts);
  void Read(std::int64_t from, std::size_t count, AnswerTile* out);
  // What stands in a row, and what is wrong with it. "" of the latter: nothing.
  std::string ShownAt(std::int64_t row);
  std::string WhyAt(std::int64_t row);
  const std::string& name() const { return column_.name; }

 private:
  struct Cell {
    FactTile::State state = FactTile::kMissing;
    std::int64_t micros = 0;
    ProblemCode problem = 0;
    bool given = false;
    bool held = false;  // By a decimal, which is `micros`, be it wrong.
  };
  NumberColumn(const Metric& metric, Column column, bool texts);
  Cell JudgeMicros(std::int64_t micros) const;
  template <typename T>
  Cell JudgeReal(T value) const;
  Cell JudgeDecimal(std::int64_t row) const;
  Cell JudgeText(std::string_view text) const;
  Cell Judge(std::int64_t row);
  const Cell& Remembered(std::string_view text);
  // A cell that is no decimal.
  std::string ShownRaw(std::int64_t row) const;

  const Metric* metric_;
  Column column_;
  bool texts_;
  std::int64_t least_, most_;
  bool whole_;
  std::vector<Cell> words_;  // Of a dictionary.
  // Texts judged before, which lie in the column. Not all of a column that has millions.
  std::unordered_map<std::string_view, Cell> known_;
  Cell last_;
};

// Texts of one metric, at most so many characters (0: any number).
class TextColumn {
 public:
  static absl::StatusOr<TextColumn> Bind(const Metric& metric, int most_characters, Column column);
  void Read(std::int64_t from, std::size_t count, AnswerTile* out);
  std::string ShownAt(std::int64_t row) const;
  std::string WhyAt(std::int64_t row) const;

 private:
  struct Cell {
    ProblemCode problem = 0;
    bool given = false;
  };
  TextColumn(const Metric& metric, int most_characters, Column column)
      : metric_(&metric), most_characters_(most_characters), column_(std::move(column)) {}
  Cell JudgeText(std::string_view text) const;

  const Metric* metric_;
  int most_characters_;
  Column column_;
  std::vector<Cell> words_;  // Of a dictionary.
};

// The column of 0 and 1 of one option.
struct OptionColumn {
  std::size_t option = 0;
  const Metric* metric = nullptr;
  Column column;
};

// Lists of options, in one column or in one for each option.
class SeveralColumn {
 public:
  // `beside`: columns of options that stand beside the list, and have to agree with it where both say something. Where
  // the list says nothing and there is a column for each option, these are the answer.
  static absl::StatusOr<SeveralColumn> BindList(const QuestionnaireItem& item, Column column,
                                                std::vector<OptionColumn> beside, bool texts);
  // All options of the item.
  static absl::StatusOr<SeveralColumn> BindOptions(const QuestionnaireItem& item,
                                                   std::vector<OptionColumn> columns, bool texts);
  void Read(std::int64_t from, std::size_t count, AnswerTile* out);
  std::string ShownAt(std::int64_t row);
  std::string WhyAt(std::int64_t row);

 private:
  explicit SeveralColumn(const QuestionnaireItem& item) : item_(&item) {}
  void ReadList(std::int64_t from, std::size_t count, AnswerTile* out);
  void ReadOptions(std::int64_t from, std::size_t count, AnswerTile* out);
  void CompareOptions(std::int64_t from, std::size_t count, AnswerTile* out);
  // Whether the list of a row says something.
  bool IsListed(std::int64_t row) const;
  // The options of a list, in its order, known or not.
  template <typename Take>
  void ForEachListed(std::int64_t row, Take take) const;
  // The options that a row chooses, by its list where that says something.
  std::vector<std::string> ChosenAt(std::int64_t row);
  absl::Status AddOptions(std::vector<OptionColumn> columns, bool texts);
  // Marks option `id`; gives what is wrong with it.
  ProblemCode Choose(std::string_view id, std::size_t at, AnswerTile* out) const;
  void Finish(std::size_t at, int chosen, ProblemCode problem, AnswerTile* out) const;

  const QuestionnaireItem* item_;
  bool texts_ = false;
  Column column_;
  std::unordered_map<std::string_view, std::size_t> option_of_;
  bool listed_ = false;
  std::vector<std::pair<std::size_t, NumberColumn>> options_;  // With the option that each is of.
  std::unique_ptr<AnswerTile> scratch_;
};

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_ANSWER_COLUMNS_H_
