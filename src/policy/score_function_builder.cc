#include "policy/score_function_builder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "policy/model_words.h"

namespace csat::policy {
namespace {

Anchor ToModel(const v1::Anchor& anchor) {
  return {policy::ToModel(anchor.at()), policy::ToModel(anchor.points())};
}

absl::StatusOr<ScoreFunction> Line(Anchor a, Anchor b) {
  if (b.at < a.at) std::swap(a, b);
  return Piecewise::Create({a, b});
}

absl::StatusOr<ScoreFunction> BuildLikert(const v1::Likert& likert, const v1::Scale* scale, Points full) {
  if (scale == nullptr) return absl::InvalidArgumentError("likert: the metric has no scale");
  const Decimal min = policy::ToModel(scale->min()), max = policy::ToModel(scale->max());
  const bool mirrored = policy::ToModel(scale->direction()) == Direction::kLowerIsBetter;
  switch (likert.conversion()) {
    case v1::Likert::OF_MAX:
      // Mirrored, rank r counts as min + max - r.
      return mirrored ? Line({min, full}, {min + max, Points()}) : Line({Decimal(), Points()}, {max, full});
    case v1::Likert::MIN_MAX:
      return mirrored ? Line({min, full}, {max, Points()}) : Line({min, Points()}, {max, full});
    case v1::Likert::LABEL_TABLE: {
      std::vector<Anchor> ranks;
      for (const v1::Scale::Label& label : scale->labels()) {
        if (!label.has_points()) {
          return absl::InvalidArgumentError("likert: rank " + std::to_string(label.rank()) + " of scale '" +
                                            scale->id() + "' has no points");
        }
        ranks.push_back({Decimal::FromInteger(label.rank()), policy::ToModel(label.points())});
      }
      std::sort(ranks.begin(), ranks.end(), [](const Anchor& a, const Anchor& b) { return a.at < b.at; });
      return BandPoints::Create(std::move(ranks));
    }
    default: return absl::InvalidArgumentError("likert: no conversion is named");
  }
}

}  // namespace

absl::StatusOr<ScoreFunction> BuildScoreFunction(const v1::ScoreFunction& function, const v1::Scale* scale,
                                                 const v1::Decimal& max_points) {
  switch (function.form_case()) {
    case v1::ScoreFunction::kLinear:
      return Line(ToModel(function.linear().from()), ToModel(function.linear().to()));
    case v1::ScoreFunction::kPiecewise: {
      std::vector<Anchor> anchors;
      for (const v1::Anchor& anchor : function.piecewise().anchors()) anchors.push_back(ToModel(anchor));
      return Piecewise::Create(std::move(anchors));
    }
    case v1::ScoreFunction::kStepDeduction: {
      const v1::StepDeduction& steps = function.step_deduction();
      return StepDeduction::Create(
          policy::ToModel(steps.full_points()), policy::ToModel(steps.limit()), policy::ToModel(steps.step()),
          policy::ToModel(steps.loss_per_step()),
          steps.steps() == v1::StepDeduction::STARTED ? StepDeduction::Steps::kStarted
                                                      : StepDeduction::Steps::kFull,
          policy::ToModel(steps.floor_points()),
          steps.beyond() == v1::StepDeduction::BELOW ? StepDeduction::Beyond::kBelow
                                                     : StepDeduction::Beyond::kAbove);
    }
    case v1::ScoreFunction::kBands: {
      std::vector<Anchor> bands;
      for (const v1::BandPoints::Band& band : function.bands().bands()) {
        bands.push_back({policy::ToModel(band.from()), policy::ToModel(band.points())});
      }
      return BandPoints::Create(std::move(bands));
    }
    case v1::ScoreFunction::kShareOfTarget:
      return ShareOfTarget::Create(policy::ToModel(function.share_of_target().target()),
                                   policy::ToModel(function.share_of_target().full_points()));
    case v1::ScoreFunction::kLikert:
      return BuildLikert(function.likert(), scale, policy::ToModel(max_points));
    case v1::ScoreFunction::kLookup: {
      std::vector<Lookup::Entry> entries;
      for (const v1::Lookup::Entry& entry : function.lookup().entries()) {
        entries.push_back({entry.text(), policy::ToModel(entry.points())});
      }
      return Lookup::Create(std::move(entries));
    }
    case v1::ScoreFunction::FORM_NOT_SET: return Direct{};
  }
  return Direct{};
}

}  // namespace csat::policy
