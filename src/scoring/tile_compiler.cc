#include "scoring/tile_compiler.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "csat/model/integers.h"
#include "scoring/compile_function.h"
#include "scoring/tile_figures.h"
#include "scoring/tile_functions.h"

namespace csat {
namespace {

constexpr double kFlag = std::numeric_limits<double>::quiet_NaN();
// Of one kBands operation.
constexpr std::size_t kMostPlainBands = 8;

// A card on its way to its score.
struct CardTiles {
  TileValue profile;                  // Row of the root's weights; no tile: row 0.
  std::vector<TileValue> indicators;  // Points by indicator.
  std::vector<int> vetoes;            // Truth by veto.
  TileValue base, after_caps, score;
  int cap_reason = -1, veto_reason = -1;  // Tiles; -1: nothing of the kind.
};

class TileCompiler {
 public:
  TileCompiler(const CompiledPlan& plan, const BoundColumns& bound, const BatchOptions& options,
               const BatchOutput& output, bool flag_periods, std::int64_t most_count)
      : plan_(plan),
        options_(options),
        output_(output),
        flag_periods_(flag_periods),
        figures_(plan, bound, most_count, &builder_) {}

  // Whether other limits on counts could make a difference.
  bool has_counts() const { return figures_.has_counts(); }

  std::optional<TileProgram> Compile() {
    const CompiledCard& card = plan_.own();
    const CardTiles tiles = Score(card, true);
    if (builder_.ok()) Store(card, tiles);
    builder_.Finish();
    if (!builder_.ok()) return std::nullopt;
    return std::move(builder_.program());
  }

 private:
  CardTiles Score(const CompiledCard& card, bool own) {
    CardTiles tiles;
    for (const CompiledVeto& veto : card.vetoes) {
      tiles.vetoes.push_back(figures_.Condition(Predicate(card, veto.when)));
      if (!builder_.ok()) return tiles;
      const bool reaches = own && flag_periods_ && veto.veto->scope == Veto::Scope::kSubjectPeriod;
      // The score without vetoes is another one if a veto lies within an indicator.
      const bool within = own && options_.base && veto.indicator >= 0;
      if (reaches || within) builder_.FlagTrue(tiles.vetoes.back());
    }
    if (card.profile_metric >= 0) tiles.profile = Profile(card);
    if (card.min_answers_metric >= 0 && builder_.ok()) {
      const TileFigure answers = figures_.Figure(card.min_answers_metric);
      const int too_few = figures_.AtLeast(answers, card.card->min_answers, true);
      if (builder_.ok()) builder_.FlagTrue(too_few);
    }
    for (std::size_t i = 0; i < card.indicators.size() && builder_.ok(); ++i) {
      tiles.indicators.push_back(Points(card, card.indicators[i], tiles));
    }
    if (!builder_.ok()) return tiles;
    tiles.base = Group(card.root, tiles.profile, tiles.indicators);
    const TileValue lifted = Bonus(card, tiles.base);
    if (!builder_.ok()) return tiles;
    tiles.after_caps = builder_.AtMost(lifted, card.card->max_score.micros());
    for (const int metric : card.read_after_base) figures_.Check(metric);
    for (const int metric : card.read_by_conditions) figures_.Check(metric);
    Caps(card, own, &tiles);
    Vetoes(card, own, &tiles);
    return tiles;
  }

  const CompiledPredicate& Predicate(const CompiledCard& card, int index) const {
    return card.predicates[static_cast<std::size_t>(index)];
  }

  TileValue Profile(const CompiledCard& card) {
    const std::vector<csat::Profile>& profiles = card.card->profiles;
    return figures_.Words(card.profile_metric, [&](std::optional<std::string_view> word) {
      for (std::size_t i = 0; word.has_value() && i < profiles.size(); ++i) {
        if (profiles[i].id == *word) return static_cast<double>(i);
      }
      return kFlag;
    });
  }

  TileValue Points(const CompiledCard& card, const CompiledIndicator& indicator, const CardTiles& tiles) {
    TileValue points;
    switch (indicator.kind) {
      case CompiledIndicator::Kind::kMetric: points = MetricPoints(indicator); break;
      case CompiledIndicator::Kind::kGroup:
        points = Group(indicator.group, TileValue(), tiles.indicators);
        break;
      case CompiledIndicator::Kind::kScorecard: {
        const CompiledCard& feeder = plan_.cards[static_cast<std::size_t>(indicator.card)];
        const CardTiles fed = Score(feeder, false);
        if (!builder_.ok()) return points;
        points = builder_.Line(fed.score, indicator.indicator->max_points.micros(), 0,
                               feeder.card->max_score.micros());
        break;
      }
    }
    if (!builder_.ok()) return points;
    if (indicator.gate >= 0) {
      const int open = figures_.Condition(Predicate(card, indicator.gate));
      if (!builder_.ok()) return points;
      points = builder_.Hold(points, open, true, indicator.indicator->gate->cap_points.micros());
    }
    for (const int index : indicator.vetoes) {
      const Veto& veto = *card.vetoes[static_cast<std::size_t>(index)].veto;
      points =
          builder_.Hold(points, tiles.vetoes[static_cast<std::size_t>(index)], false, veto.value.micros());
    }
    return points;
  }

  TileValue MetricPoints(const CompiledIndicator& indicator) {
    const CompiledMetric& metric = plan_.metrics[static_cast<std::size_t>(indicator.metric)];
    if (metric.kind == CompiledMetric::Kind::kText) {
      return figures_.Words(indicator.metric, [&](std::optional<std::string_view> word) {
        csat::Points points;
        return word.has_value() && PointsOf(indicator.function, *word, &points)
                   ? static_cast<double>(points.micros())
                   : kFlag;
      });
    }
    if (indicator.each) builder_.Fail();
    const TileFigure figure = builder_.ok() ? figures_.Figure(indicator.metric) : TileFigure();
    if (!builder_.ok()) return TileValue();
    if (figure.ratio && indicator.indicator->min_answers.has_value()) {
      // Answers are the denominator before its own factor, in units of common / 1,000,000.
      const absl::int128 least =
          CeilingOf(indicator.indicator->min_answers->micros(), metric.common) * metric.times_denominator;
      builder_.FlagOutside(figure.denominator, least, figure.denominator.high);
    }
    // A finished figure and the counts that it rests on.
    if (!figure.ratio && metric.kind == CompiledMetric::Kind::kRatio &&
        indicator.indicator->min_answers.has_value()) {
      builder_.Fail();
      return TileValue();
    }
    return PointTiles(indicator.function, figure, &builder_);
  }

  // Weights of child i on one divisor: what the sum of weighted points is divided by. With different divisors in
  // the profiles the sums are brought to their common multiple.
  struct Weights {
    std::vector<std::vector<absl::int128>> rows;  // By profile, child: weight * factor.
    std::vector<absl::int128> divisors;           // By profile.
    absl::int128 divisor = 0;                     // Of all; 0: they have no common one in range.
  };

  Weights WeightsOf(const CompiledGroup& group) {
    Weights weights;
    absl::int128 multiple = 1;
    for (const std::vector<std::int64_t>& row : group.weights) {
      absl::int128 sum = 0;
      std::vector<absl::int128> scaled;
      for (std::size_t i = 0; i < row.size(); ++i) {
        sum += row[i];
        scaled.push_back(absl::int128(row[i]) * group.factor[i]);
        if (scaled.back() > TileBuilder::kLimit || scaled.back() < 0) builder_.Fail();
      }
      weights.rows.push_back(std::move(scaled));
      weights.divisors.push_back(sum * group.divisor);
      if (sum <= 0 || weights.divisors.back() > TileBuilder::kLimit) builder_.Fail();
      if (!builder_.ok()) return weights;
      if (multiple != 0)
        multiple =
            multiple / GreatestCommonDivisor(multiple, weights.divisors.back()) * weights.divisors.back();
      if (multiple > TileBuilder::kLimit) multiple = 0;
    }
    if (multiple == 0) return weights;
    absl::int128 common = multiple;
    for (std::size_t p = 0; p < weights.rows.size(); ++p) {
      for (absl::int128& weight : weights.rows[p]) {
        weight *= multiple / weights.divisors[p];
        common = GreatestCommonDivisor(common, weight);
      }
    }
    for (std::vector<absl::int128>& row : weights.rows) {
      for (absl::int128& weight : row) {
        weight /= common;
        if (weight > TileBuilder::kLimit) builder_.Fail();
      }
    }
    weights.divisor = multiple / common;
    return weights;
  }

  static std::vector<absl::int128> WeightsOfChild(const Weights& weights, std::size_t child) {
    std::vector<absl::int128> all;
    for (const std::vector<absl::int128>& row : weights.rows) all.push_back(row[child]);
    return all;
  }

  static bool AllSame(const std::vector<absl::int128>& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](absl::int128 value) { return value == values.front(); });
  }

  TileValue Divided(const Weights& weights, const TileValue& sum, const TileValue& profile) {
    if (weights.divisor != 0) return builder_.Line(sum, 1, 0, weights.divisor);
    return builder_.Divide(sum, builder_.Pick(profile, weights.divisors));
  }

  TileValue Group(const CompiledGroup& group, const TileValue& profile,
                  const std::vector<TileValue>& indicators) {
    if (!builder_.ok()) return TileValue();
    if (group.combine != csat::Combine::kWeightedMean) {
      TileValue chosen;
      for (std::size_t i = 0; i < group.children.size() && builder_.ok(); ++i) {
        const TileValue scaled =
            builder_.Scale(indicators[static_cast<std::size_t>(group.children[i])], group.factor[i]);
        chosen = i == 0 ? scaled : builder_.Minimum(chosen, scaled, group.combine == csat::Combine::kMax);
      }
      return builder_.ok() ? builder_.Line(chosen, 1, 0, group.divisor) : chosen;
    }
    const Weights weights = WeightsOf(group);
    TileValue sum;
    for (std::size_t i = 0; i < group.children.size() && builder_.ok(); ++i) {
      const TileValue& points = indicators[static_cast<std::size_t>(group.children[i])];
      const std::vector<absl::int128> own = WeightsOfChild(weights, i);
      if (AllSame(own)) {
        sum = sum.tile < 0 ? builder_.Scale(points, own.front())
                           : builder_.Combine(points, own.front(), sum, 1);
      } else {
        const TileValue weight = builder_.Pick(profile, own);
        sum = sum.tile < 0 ? builder_.Product(points, weight) : builder_.AddProduct(points, weight, sum);
      }
    }
    return builder_.ok() ? Divided(weights, sum, profile) : sum;
  }

  // What child i adds to the sum of the group.
  TileValue Contribution(const Weights& weights, const TileValue& profile, const TileValue& points,
                         std::size_t i) {
    const std::vector<absl::int128> own = WeightsOfChild(weights, i);
    if (AllSame(own) && weights.divisor != 0) return builder_.Line(points, own.front(), 0, weights.divisor);
    return Divided(weights, builder_.Product(points, builder_.Pick(profile, own)), profile);
  }

  TileValue Bonus(const CompiledCard& card, const TileValue& base) {
    if (card.bonus.empty() || !builder_.ok()) return base;
    const csat::Bonus& bonus = *card.card->bonus;
    struct Amount {
      TileValue count;
      std::int64_t unit;
      std::int64_t each;
      absl::int128 most;
    };
    std::vector<Amount> amounts;
    // Amounts are multiples of `step`, unless a count has decimal places.
    absl::int128 step = bonus.cap.micros();
    for (const CompiledBonusSource& source : card.bonus) {
      const std::int64_t each = source.source->each.micros();
      const TileFigure count = figures_.Figure(source.metric);
      TileFigure excluded;
      if (source.excluding >= 0) excluded = figures_.Figure(source.excluding);
      const bool whole = count.unit == 1 && excluded.unit == 1;
      if (count.ratio || excluded.ratio || each < 0 || (source.excluding >= 0 && !whole)) builder_.Fail();
      if (!builder_.ok()) return base;
      Amount amount{count.numerator, count.unit, each, bonus.cap.micros()};
      if (source.excluding >= 0) amount.count = builder_.Combine(count.numerator, 1, excluded.numerator, -1);
      step = GreatestCommonDivisor(step, whole ? each : 1);
      if (source.source->cap.has_value()) {
        amount.most = std::min<absl::int128>(amount.most, source.source->cap->micros());
        step = GreatestCommonDivisor(step, amount.most);
      }
      if (each > 0) amounts.push_back(amount);
    }
    if (bonus.cap.micros() <= 0 || step <= 0) return base;
    TileValue sum;
    for (const Amount& amount : amounts) {
      if (amount.most < 0) builder_.Fail();
      if (!builder_.ok()) return base;
      // No count above this earns more: what is beyond the cap of the sum does not change the sum.
      const absl::int128 enough = CeilingOf(amount.most * amount.unit, amount.each) + 1;
      TileValue points = builder_.ClampedLine(amount.count, 0, std::max<absl::int128>(enough, 0), amount.each,
                                              0, amount.unit * step);
      if (amount.most < bonus.cap.micros()) points = builder_.AtMost(points, amount.most / step);
      sum = sum.tile < 0 ? points : builder_.Combine(points, 1, sum, 1);
    }
    if (!builder_.ok() || sum.tile < 0) return base;
    sum = builder_.AtMost(sum, bonus.cap.micros() / step);
    if (bonus.mode == csat::Bonus::Mode::kPoints) return builder_.Combine(sum, step, base, 1);
    constexpr std::int64_t kPercent = 100 * Decimal::kOne;
    const TileValue lifted = builder_.Line(builder_.Product(base, sum), step, 0, kPercent);
    return builder_.ok() ? builder_.Combine(lifted, 1, base, 1) : base;
  }

  void Caps(const CompiledCard& card, bool own, CardTiles* tiles) {
    for (const CompiledCap& cap : card.caps) {
      const int holds = figures_.Condition(Predicate(card, cap.when));
      if (!builder_.ok()) return;
      const std::int64_t most = cap.cap->max_score.micros();
      if (own) {
        const int bound = builder_.New();
        TileInstruction& t = builder_.Add(TileOp::kBinding, bound, -1, tiles->after_caps.tile, holds);
        t.k0 = cap.reason;
        t.k1 = static_cast<double>(most);
        tiles->cap_reason = FirstOf(tiles->cap_reason, bound);
      }
      tiles->after_caps = builder_.Hold(tiles->after_caps, holds, false, most);
    }
  }

  void Vetoes(const CompiledCard& card, bool own, CardTiles* tiles) {
    tiles->score = tiles->after_caps;
    bool one_value = own;
    for (const CompiledVeto& veto : card.vetoes) {
      one_value = one_value && veto.indicator < 0 && veto.veto->value == card.vetoes.front().veto->value;
    }
    for (std::size_t i = 0; i < card.vetoes.size() && builder_.ok(); ++i) {
      const Veto& veto = *card.vetoes[i].veto;
      const int fired = tiles->vetoes[i];
      if (own) {
        const int noted = builder_.New();
        builder_.Add(TileOp::kNote, noted, tiles->veto_reason, -1, fired).k0 = card.vetoes[i].reason;
        tiles->veto_reason = noted;
      }
      if (!one_value && veto.scope != Veto::Scope::kIndicator) {
        tiles->score = builder_.Hold(tiles->score, fired, false, veto.value.micros());
      }
    }
    if (one_value && !card.vetoes.empty() && builder_.ok()) {
      const std::int64_t value = card.vetoes.front().veto->value.micros();
      tiles->score = builder_.Hold(tiles->score, tiles->veto_reason, false, value);
    }
  }

  // The first of two reasons that is not 0; -1 is none.
  int FirstOf(int a, int b) {
    if (a < 0 || b < 0) return std::max(a, b);
    const int first = builder_.New();
    builder_.Add(TileOp::kFirst, first, a, b);
    return first;
  }

  // ---- What is written.

  void StorePoints(int column, const TileValue& points) {
    if (builder_.ok()) builder_.Add(TileOp::kStorePoints, -1, points.tile).source = column;
  }

  void Store(const CompiledCard& card, const CardTiles& tiles) {
    StorePoints(BatchOutput::kScore, tiles.score);
    StoreGrade(card, tiles);
    if (output_.base() >= 0) {
      StorePoints(output_.base(), tiles.base);
      StorePoints(output_.without_veto(), tiles.after_caps);
    }
    if (options_.contributions || options_.top_reasons > 0) StoreExplanation(card, tiles);
  }

  void StoreGrade(const CompiledCard& card, const CardTiles& tiles) {
    TileValue score = tiles.score;
    const std::int64_t rounding = card.grading.rounding;
    // Half up: floor((2 s + r) / (2 r)) = round((4 s + 1) / (4 r)), which is never a tie; then r times that.
    if (rounding > 1)
      score = builder_.Scale(builder_.Line(score, 4, 1, absl::int128(4) * rounding), rounding);
    // From the worst band up; those without a condition in one go.
    int grade = -1, failed = -1;
    std::vector<double> plain;
    const std::vector<CompiledBands::Band>& bands = card.grading.bands;
    for (std::size_t i = bands.size(); i-- > 0 && builder_.ok();) {
      const CompiledBands::Band& band = bands[i];
      const bool worst = i + 1 == bands.size();
      // The worst band takes what no other does.
      if (worst && (band.condition >= 0 || band.from.micros() > score.low)) return builder_.Fail();
      const double from = static_cast<double>(band.from.micros());
      if (grade < 0) {
        plain.push_back(from);
        plain.push_back(static_cast<double>(i));
        if (i > 0 && bands[i - 1].condition < 0 && plain.size() < 2 * kMostPlainBands) continue;
        grade = builder_.New();
        TileInstruction& t = builder_.Add(TileOp::kBands, grade, score.tile);
        t.table_size = static_cast<std::int32_t>(plain.size() / 2);
        t.table = builder_.AddTable(plain);
        continue;
      }
      const int condition = band.condition < 0 ? -1 : figures_.Condition(Predicate(card, band.condition));
      if (!builder_.ok()) return;
      const int next = builder_.New();
      TileInstruction& t = builder_.Add(TileOp::kBand, next, score.tile, grade, condition);
      t.k0 = from;
      t.k1 = static_cast<double>(i);
      grade = next;
      if (failed < 0 && condition < 0) continue;
      const int noted = builder_.New();
      TileInstruction& f = builder_.Add(TileOp::kBandFailed, noted, score.tile, failed, condition);
      f.k0 = from;
      f.k1 = band.reason;
      failed = noted;
    }
    if (grade >= 0)
      builder_.Add(output_.wide_grades() ? TileOp::kStoreInt16 : TileOp::kStoreInt8, -1, grade).source =
          BatchOutput::kGrade;
    int reason = -1;
    for (const int tile : {tiles.veto_reason, tiles.cap_reason, failed}) reason = FirstOf(reason, tile);
    if (reason < 0) reason = builder_.Set(0).tile;
    builder_.Add(TileOp::kStoreInt16, -1, reason).source = BatchOutput::kReason;
    const int vetoed = tiles.veto_reason >= 0 ? tiles.veto_reason : builder_.Set(0).tile;
    builder_.Add(TileOp::kStoreTruth, -1, vetoed).source = BatchOutput::kOutcome;
  }

  void StoreExplanation(const CompiledCard& card, const CardTiles& tiles) {
    const CompiledGroup& root = card.root;
    if (root.combine != csat::Combine::kWeightedMean) return builder_.Fail();
    const Weights weights = WeightsOf(root);
    struct Place {
      int lost, whose;
    };
    std::vector<Place> ranks;
    for (int rank = 0; rank < options_.top_reasons; ++rank)
      ranks.push_back({builder_.Set(0).tile, builder_.Set(-1).tile});
    for (std::size_t i = 0; i < root.children.size() && builder_.ok(); ++i) {
      const std::size_t at = static_cast<std::size_t>(root.children[i]);
      const TileValue contribution = Contribution(weights, tiles.profile, tiles.indicators[at], i);
      if (output_.contribution(i) >= 0) StorePoints(output_.contribution(i), contribution);
      if (ranks.empty() || !builder_.ok()) continue;
      std::vector<absl::int128> most;
      for (std::size_t p = 0; p < weights.rows.size(); ++p) {
        const absl::int128 points = card.indicators[at].indicator->max_points.micros();
        const absl::int128 divisor = weights.divisor != 0 ? weights.divisor : weights.divisors[p];
        most.push_back(DivideHalfEven(points * weights.rows[p][i], divisor));
      }
      const TileValue lost = AllSame(most)
                                 ? builder_.Scale(contribution, -1, most.front())
                                 : builder_.Combine(contribution, -1, builder_.Pick(tiles.profile, most), 1);
      if (!builder_.ok()) return;
      for (std::size_t rank = ranks.size(); rank-- > 0;) {
        const Place before = rank == 0 ? Place{-1, -1} : ranks[rank - 1];
        builder_.Add(TileOp::kRank, ranks[rank].lost, lost.tile, ranks[rank].whose, before.lost, before.whose)
            .k0 = static_cast<double>(i);
      }
    }
    for (int rank = 0; rank < options_.top_reasons && builder_.ok(); ++rank) {
      const Place& place = ranks[static_cast<std::size_t>(rank)];
      builder_.Add(TileOp::kStoreRank, -1, place.whose, place.lost).source = output_.reason(rank);
    }
  }

  const CompiledPlan& plan_;
  const BatchOptions& options_;
  const BatchOutput& output_;
  const bool flag_periods_;
  TileBuilder builder_;
  TileFigures figures_;
};

}  // namespace

std::optional<TileProgram> CompileTiles(const CompiledPlan& plan, const BoundColumns& bound,
                                        const BatchOptions& options, const BatchOutput& output,
                                        bool flag_periods) {
  // Rows with greater counts than this are left to the engine; a lower limit leaves more room for exact factors.
  for (const int bits : {30, 22, 18, 14}) {
    TileCompiler compiler(plan, bound, options, output, flag_periods, std::int64_t{1} << bits);
    std::optional<TileProgram> program = compiler.Compile();
    if (program.has_value() || !compiler.has_counts()) return program;
  }
  return std::nullopt;
}

}  // namespace csat
