// Interval arithmetic over a scorecard. Every step widens where it does not know, so the bounds hold; rounding is
// left out and has to be allowed for by whoever compares (kPointSlack).
#include "policy/card_range.h"

#include <algorithm>
#include <limits>

#include "policy/model_words.h"
#include "policy/score_function_builder.h"

namespace csat::policy {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

double Number(const v1::Decimal& decimal) { return ToModel(decimal).ToDouble(); }

// The points of words that a lookup may be given.
std::optional<PointRange> LookupRange(const v1::Lookup& lookup, const Assumption& assumed) {
  std::optional<PointRange> range;
  for (const v1::Lookup::Entry& entry : lookup.entries()) {
    if (assumed.word.has_value() && *assumed.word != entry.text()) continue;
    const double points = Number(entry.points());
    if (!range.has_value()) range = PointRange{points, points};
    range->low = std::min(range->low, points);
    range->high = std::max(range->high, points);
  }
  return range;
}

}  // namespace

double MostOf(const v1::Bonus::Source& source, const PolicyIndex& index) {
  const MetricFacts* facts = index.FindMetric(source.metric());
  const double each = Number(source.each());
  double most = kUnbounded;
  if (facts != nullptr && !facts->text && facts->figure.high < kHighest) {
    most = std::max(0.0, static_cast<double>(facts->figure.high) / 2e6 * each);
  }
  if (each <= 0) most = 0;
  return source.has_cap() ? std::min(most, Number(source.cap())) : most;
}

void CardRanges::Share::Include(double share) {
  low = possible ? std::min(low, share) : share;
  high = possible ? std::max(high, share) : share;
  possible = true;
}

void CardRanges::Share::Include(const Share& other) {
  if (other.possible) {
    Include(other.low);
    Include(other.high);
  }
  left_out |= other.left_out;
  vetoed |= other.vetoed;
}

const ScoreFunction* CardRanges::FunctionOf(const v1::Indicator& indicator) {
  const auto [found, inserted] = functions_.try_emplace(&indicator);
  if (inserted) {
    const MetricFacts* facts = index_.FindMetric(indicator.metric());
    absl::StatusOr<ScoreFunction> built = BuildScoreFunction(
        indicator.score(), facts == nullptr ? nullptr : facts->scale, indicator.max_points());
    if (built.ok()) found->second = std::make_unique<const ScoreFunction>(*std::move(built));
  }
  return found->second.get();
}

CardRanges::Share CardRanges::Figure(const v1::Scorecard& card, const v1::Indicator& indicator,
                                     const Box& box, bool* may_be_missing) {
  Share share;
  const double max_points = std::max(Number(indicator.max_points()), 1e-6);
  *may_be_missing = true;
  switch (indicator.form_case()) {
    case v1::Indicator::kChildren: {
      const Siblings& parts = indicator.children().indicators();
      share = Combine(parts, OfSiblings(card, parts, box), indicator.children().combine(), nullptr);
      *may_be_missing = share.left_out;
      share.left_out = false;
      return share;
    }
    case v1::Indicator::kScorecard: {
      const v1::Scorecard* fed = index_.FindScorecard(indicator.scorecard());
      const std::optional<PointRange> range = fed == nullptr ? std::nullopt : Published(*fed);
      if (!range.has_value()) return share;
      const double max_score = std::max(Number(fed->max_score()), 1e-6);
      share.Include(range->low / max_score);
      share.Include(range->high / max_score);
      return share;
    }
    default: break;
  }
  const Assumption assumed = box.Of(indicator.metric());
  const MetricFacts* facts = index_.FindMetric(indicator.metric());
  const ScoreFunction* function = FunctionOf(indicator);
  *may_be_missing = assumed.state != Assumption::State::kPresent || indicator.has_min_answers();
  // The last known value is not bound by what is assumed of the present one.
  const bool last_known = indicator.missing().rule() == v1::Missing::LAST_KNOWN && *may_be_missing;
  if (assumed.state == Assumption::State::kMissing && !last_known) return share;
  if (facts == nullptr || function == nullptr) {
    share.Include(0);
    share.Include(1);
    return share;
  }
  std::optional<PointRange> range;
  if (facts->text) {
    range = LookupRange(indicator.score().lookup(), last_known ? Assumption() : assumed);
  } else if (indicator.has_each()) {
    const v1::Aggregate::Kind kind = indicator.each().kind();
    const bool spreads =
        kind == v1::Aggregate::SUM || kind == v1::Aggregate::COUNT || kind == v1::Aggregate::SHARE;
    if (spreads) range = PointRange{0, max_points};
    if (!spreads && !facts->event.empty()) range = RangeOf(*function, facts->event);
  } else {
    const Region region = last_known ? facts->figure : assumed.region;
    if (!region.empty()) range = RangeOf(*function, region);
  }
  if (!range.has_value()) return share;
  share.Include(std::clamp(range->low / max_points, 0.0, 1.0));
  share.Include(std::clamp(range->high / max_points, 0.0, 1.0));
  return share;
}

void CardRanges::ApplyMissing(const v1::Indicator& indicator, Share* share) {
  v1::Missing::Rule rule = indicator.missing().rule();
  if (rule == v1::Missing::LAST_KNOWN) rule = indicator.missing().otherwise();
  switch (rule) {
    case v1::Missing::WORST: share->Include(0.0); break;
    case v1::Missing::LEAVE_OUT: share->left_out = true; break;
    case v1::Missing::VETO: share->vetoed = true; break;
    default: break;  // No score.
  }
}

void CardRanges::ApplyVetoes(const v1::Scorecard& card, const v1::Indicator& indicator, const Box& box,
                             Share* share) {
  const auto [of_card, fresh] = vetoes_.try_emplace(&card);
  if (fresh) {
    for (const v1::Veto& veto : card.vetoes()) {
      if (veto.scope() == v1::Veto::INDICATOR) of_card->second[veto.indicator()].push_back(&veto);
    }
  }
  const auto found = of_card->second.find(indicator.id());
  if (found == of_card->second.end()) return;
  for (const v1::Veto* veto : found->second) {
    const Truths truths = Judge(veto->when(), index_, box);
    if (!truths.can_be_true && !truths.can_be_unknown) continue;
    const double value = Number(veto->effect_case() == v1::Veto::kCapAt ? veto->cap_at() : veto->set_to()) /
                         std::max(Number(indicator.max_points()), 1e-6);
    if (!truths.can_be_false && !truths.can_be_unknown) share->high = std::min(share->high, value);
    share->low = std::min(share->low, value);
    // It also gives points where the figure is missing.
    if (veto->effect_case() == v1::Veto::kSetTo) share->Include(value);
  }
}

CardRanges::Share CardRanges::OfIndicator(const v1::Scorecard& card, const v1::Indicator& indicator,
                                          const Box& box) {
  bool may_be_missing = false;
  Share share = Figure(card, indicator, box, &may_be_missing);
  if (indicator.has_gate() && share.possible) {
    const Truths truths = Judge(indicator.gate().when(), index_, box);
    const double cap = Number(indicator.gate().cap_points()) / std::max(Number(indicator.max_points()), 1e-6);
    if (truths.can_be_false || truths.can_be_unknown) share.low = std::min(share.low, cap);
    if (!truths.can_be_true) share.high = std::min(share.high, cap);
  }
  if (may_be_missing) ApplyMissing(indicator, &share);
  ApplyVetoes(card, indicator, box, &share);
  return share;
}

std::vector<CardRanges::Share> CardRanges::OfSiblings(const v1::Scorecard& card, const Siblings& siblings,
                                                      const Box& box) {
  std::vector<Share> shares;
  shares.reserve(static_cast<size_t>(siblings.size()));
  for (const v1::Indicator& sibling : siblings) shares.push_back(OfIndicator(card, sibling, box));
  return shares;
}

CardRanges::Share CardRanges::Combine(const Siblings& siblings, const std::vector<Share>& shares,
                                      v1::Indicator::Combine combine, const v1::Profile* profile) {
  const bool mean = combine != v1::Indicator::MIN && combine != v1::Indicator::MAX;
  Share combined;
  double low_sum = 0, high_sum = 0, weight_sum = 0;
  double least_low = 1, most_low = 0, least_high = 1, most_high = 0;
  bool any = false, some_left_out = false, all_left_out = true, impossible = false;
  for (int i = 0; i < siblings.size(); ++i) {
    const v1::Indicator& sibling = siblings[i];
    const Share& share = shares[static_cast<size_t>(i)];
    double weight = sibling.has_weight() ? Number(sibling.weight()) : 1;
    if (profile != nullptr) {
      const auto found = profile->weights().find(sibling.id());
      if (found != profile->weights().end()) weight = Number(found->second);
    }
    combined.vetoed |= share.vetoed;
    if (!share.possible && !share.left_out) impossible = true;
    if (mean && weight <= 0) continue;
    some_left_out |= share.left_out;
    all_left_out &= share.left_out;
    if (!share.possible) continue;
    any = true;
    low_sum += weight * share.low;
    high_sum += weight * share.high;
    weight_sum += weight;
    least_low = std::min(least_low, share.low);
    most_low = std::max(most_low, share.low);
    least_high = std::min(least_high, share.high);
    most_high = std::max(most_high, share.high);
  }
  if (impossible) {
    // No score but through a veto.
    combined.left_out = false;
    return combined;
  }
  combined.left_out = all_left_out;
  if (!any) return combined;
  if (!mean) {
    // With parts left out, any part may be the one that decides.
    const bool least = combine == v1::Indicator::MIN;
    combined.Include(least || some_left_out ? least_low : most_low);
    combined.Include(least && !some_left_out ? least_high : most_high);
  } else if (some_left_out) {
    combined.Include(least_low);
    combined.Include(most_high);
  } else {
    combined.Include(low_sum / weight_sum);
    combined.Include(high_sum / weight_sum);
  }
  return combined;
}

double CardRanges::MostBonus(const v1::Bonus& bonus) const {
  double sum = 0;
  for (const v1::Bonus::Source& source : bonus.sources()) sum += MostOf(source, index_);
  return std::min(sum, Number(bonus.cap()));
}

std::optional<PointRange> CardRanges::BeforeCaps(const v1::Scorecard& card, const Box& box) {
  Share share;
  const std::vector<Share> parts = OfSiblings(card, card.indicators(), box);
  if (card.profiles_size() == 0) share = Combine(card.indicators(), parts, card.combine(), nullptr);
  for (const v1::Profile& profile : card.profiles())
    share.Include(Combine(card.indicators(), parts, card.combine(), &profile));
  if (!share.possible) return share.vetoed ? std::optional<PointRange>(PointRange{0, 0}) : std::nullopt;
  const double max_score = Number(card.max_score());
  PointRange range{share.low * max_score, share.high * max_score};
  if (card.has_bonus()) {
    const double most = MostBonus(card.bonus());
    range.high += card.bonus().mode() == v1::Bonus::RELATIVE ? range.high * most / 100 : most;
  }
  range.high = std::min(range.high, max_score);
  if (share.vetoed) range.low = 0;
  return range;
}

std::optional<PointRange> CardRanges::Published(const v1::Scorecard& card, const Box& box) {
  std::optional<PointRange> range = BeforeCaps(card, box);
  const auto include = [&range](double score) {
    if (!range.has_value()) range = PointRange{score, score};
    range->low = std::min(range->low, score);
    range->high = std::max(range->high, score);
  };
  for (const v1::Cap& cap : card.caps()) {
    if (!range.has_value()) break;
    const Truths truths = Judge(cap.when(), index_, box);
    const double most = Number(cap.max_score());
    if (truths.can_be_true || truths.can_be_unknown) range->low = std::min(range->low, most);
    if (!truths.can_be_false) range->high = std::min(range->high, most);
  }
  // A certain veto leaves no other result; then what the others may do matters only downwards.
  double ceiling = kUnbounded;
  for (const v1::Veto& veto : card.vetoes()) {
    if (veto.scope() == v1::Veto::INDICATOR) continue;
    const Truths truths = Judge(veto.when(), index_, box);
    const bool may_fire =
        truths.can_be_true || (truths.can_be_unknown && veto.missing().rule() == v1::Missing::VETO);
    // An incident may be one of another record of the same subject and period.
    const bool elsewhere = veto.scope() == v1::Veto::SUBJECT_PERIOD;
    if (!may_fire && !elsewhere) continue;
    const bool sets = veto.effect_case() == v1::Veto::kSetTo;
    const double value = Number(sets ? veto.set_to() : veto.cap_at());
    if (truths.can_be_true && !truths.can_be_false && !truths.can_be_unknown)
      ceiling = std::min(ceiling, value);
    if (sets) {
      include(value);
    } else if (range.has_value()) {
      range->low = std::min(range->low, value);
    }
  }
  if (range.has_value()) {
    range->high = std::min(range->high, ceiling);
    range->low = std::min(range->low, range->high);
  }
  return range;
}

std::optional<PointRange> CardRanges::Published(const v1::Scorecard& card) {
  const auto found = published_.find(&card);
  if (found != published_.end()) return found->second;
  const std::optional<PointRange> range = Published(card, Box(index_));
  published_.emplace(&card, range);
  return range;
}

std::optional<PointRange> CardRanges::BeforeGate(const v1::Scorecard& card, const v1::Indicator& indicator) {
  bool may_be_missing = false;
  const Share share = Figure(card, indicator, Box(index_), &may_be_missing);
  if (!share.possible) return std::nullopt;
  const double max_points = Number(indicator.max_points());
  return PointRange{share.low * max_points, share.high * max_points};
}

std::optional<PointRange> CardRanges::OfPoints(const v1::Scorecard& card, const v1::Indicator& indicator,
                                               const Box& box) {
  const Share share = OfIndicator(card, indicator, box);
  if (!share.possible) return std::nullopt;
  const double max_points = Number(indicator.max_points());
  return PointRange{share.low * max_points, share.high * max_points};
}

}  // namespace csat::policy
