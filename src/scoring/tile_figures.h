// Figures, words and conditions of a plan as tiles: the columns of a table read into exact integers.
#ifndef CSAT_SRC_SCORING_TILE_FIGURES_H_
#define CSAT_SRC_SCORING_TILE_FIGURES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "scoring/batch_columns.h"
#include "scoring/compiled_plan.h"
#include "scoring/tile_builder.h"

namespace csat {

// numerator / denominator, or numerator / unit where there is no denominator. A row in which it is missing or
// refused is flagged.
struct TileFigure {
  TileValue numerator, denominator;
  bool ratio = false;
  std::int64_t unit = 1;
};

class TileFigures {
 public:
  // Counts of ratios above `most_count` are flagged: a lower limit leaves more room for factors.
  TileFigures(const CompiledPlan& plan, const BoundColumns& bound, std::int64_t most_count,
              TileBuilder* builder)
      : plan_(plan), bound_(bound), most_count_(most_count), builder_(*builder) {}

  // Number and ratio metrics; others make the builder fail.
  TileFigure Figure(int metric);
  // Text metrics: the value of each word, NaN for one to be flagged. nullopt is a word that the plan does not know.
  TileValue Words(int metric, const std::function<double(std::optional<std::string_view>)>& value_of);
  // Flags what cannot be read, of any metric; where the result may not come to depend on it.
  void Check(int metric);
  // A truth tile.
  int Condition(const CompiledPredicate& predicate);
  bool has_counts() const { return !counts_.empty(); }
  // figure >= value (or the opposite).
  int AtLeast(const TileFigure& figure, Decimal value, bool negate);

 private:
  TileFigure NumberFigure(const CompiledMetric& metric);
  TileFigure RatioFigure(const CompiledMetric& metric);
  TileFigure DictionaryFigure(const CompiledMetric& metric, const Column& column);
  // A column of numbers; outside of [low, high] ticks is flagged.
  TileFigure NumberColumn(const Column& column, std::int64_t unit, bool whole, absl::int128 low,
                          absl::int128 high);
  TileValue Count(int slot);
  TileValue Sum(const std::vector<CompiledMetric::Term>& terms);
  // The words that a text field can be asked for; codes of a text column are positions in it.
  const std::vector<std::string_view>& KnownWords(int slot);
  void AddWords(const CompiledPredicate& predicate, int slot, std::set<std::string_view>* words) const;
  int Codes(int slot);
  static TileSource SourceOf(const Column& column);

  const CompiledPlan& plan_;
  const BoundColumns& bound_;
  const std::int64_t most_count_;
  TileBuilder& builder_;
  std::map<int, TileFigure> figures_;
  std::map<int, TileValue> counts_;
  std::map<int, int> codes_;
  std::map<int, std::vector<std::string_view>> words_;
};

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_FIGURES_H_
