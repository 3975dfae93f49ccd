#include "reliability_json.h"

#include <cstdint>
#include <string_view>

#include "csat/measure/co_moments.h"
#include "csat/measure/factorability.h"
#include "csat/measure/one_factor.h"
#include "csat/measure/reliability.h"
#include "json_writer.h"

namespace csat::capi {
namespace {

class Writer {
 public:
  Writer(const std::vector<std::string>& ids, JsonWriter* json) : ids_(ids), json_(*json) {}

  void Names(const std::vector<int>& items) {
    json_.BeginArray();
    for (const int item : items) json_.Text(ids_[static_cast<std::size_t>(item)]);
    json_.EndArray();
  }
  void Reason(const Gap& gap) {
    json_.BeginObject().Key("reason").Text(Word(gap.reason)).Key("items");
    Names(gap.items);
    json_.EndObject();
  }
  void Figure(std::string_view key, const Estimate& estimate) {
    json_.Key(key);
    if (estimate.has_value()) {
      json_.Real(*estimate);
    } else {
      Reason(estimate.gap());
    }
  }
  void Range(std::string_view key, const Measured<Interval>& interval) {
    json_.Key(key);
    if (!interval.has_value()) return Reason(interval.gap());
    json_.BeginObject().Key("low").Real(interval->low).Key("high").Real(interval->high).EndObject();
  }
  void Figures(std::string_view key, const Measured<std::vector<double>>& figures) {
    json_.Key(key);
    if (!figures.has_value()) return Reason(figures.gap());
    json_.BeginArray();
    for (const double figure : *figures) json_.Real(figure);
    json_.EndArray();
  }
  void Matrix(std::string_view key, const Measured<ItemMatrix>& matrix) {
    json_.Key(key);
    if (!matrix.has_value()) return Reason(matrix.gap());
    json_.BeginArray();
    for (int i = 0; i < matrix->items; ++i) {
      json_.BeginArray();
      for (int j = 0; j < matrix->items; ++j) json_.Real((*matrix)(i, j));
      json_.EndArray();
    }
    json_.EndArray();
  }
  void Bartlett(const Measured<Sphericity>& bartlett) {
    json_.Key("bartlett");
    if (!bartlett.has_value()) return Reason(bartlett.gap());
    const TestResult& test = bartlett->test;
    json_.BeginObject().Key("chi_square").Real(test.statistic).Key("df").Real(test.df);
    json_.Key("p").Real(test.p).Key("log10_p").Real(test.log10_p).Key("n").Integer(bartlett->n).EndObject();
  }

 private:
  const std::vector<std::string>& ids_;
  JsonWriter& json_;
};

// Part of what there is, or why there is none of it.
template <typename T, typename Part>
Estimate PartOf(const Measured<T>& whole, Part part) {
  return whole.has_value() ? part(*whole) : Estimate(whole.gap());
}

// Of the rows with both, the moments of item i alone.
Moments MomentsOfItem(const CoMoments& moments, int i) {
  const std::size_t at = moments.At(i, i);
  return {moments.n[at], moments.sum[at], moments.square[at], moments.units[static_cast<std::size_t>(i)]};
}

}  // namespace

std::string ReliabilityJson(const Aggregates& aggregates, std::size_t group,
                            const ReliabilityRequest& request) {
  const AggregateItemSet& set = aggregates.spec().sets[static_cast<std::size_t>(request.set)];
  const CoMoments complete = aggregates.Listwise(group, request.set);
  const CoMoments kept = request.pairwise ? aggregates.Pairwise(group, request.set) : complete;
  std::vector<std::int64_t> about;
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    const AggregateItem& item =
        aggregates.spec().items[static_cast<std::size_t>(aggregates.FindItem(set.items[i]))];
    // Ends of a range are ticks: the division is exact.
    about.push_back((item.min.micros() + item.max.micros()) / (Decimal::kOne / kept.units[i]));
  }
  const CoMoments moments = kept.Turned(request.reversed, about);
  const Reliability reliability = ReliabilityOf(moments, request.level);
  const Measured<ItemMatrix> correlations = CorrelationsOf(moments);
  Factorability factorability;
  Measured<OneFactor> factor = Gap::Reason::kEmpty;
  Measured<std::vector<double>> eigenvalues = Gap::Reason::kEmpty;
  if (correlations.has_value()) {
    factorability = FactorabilityOf(*correlations);
    factor = OneFactorOf(*correlations);
    eigenvalues = Eigenvalues(*correlations);
  } else {
    factorability = {correlations.gap(), correlations.gap()};
    factor = correlations.gap();
    eigenvalues = correlations.gap();
  }

  JsonWriter json;
  Writer writer(set.items, &json);
  json.BeginObject().Key("set").Text(set.id).Key("items").Texts(set.items).Key("reversed").BeginArray();
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    if (request.reversed[i]) json.Text(set.items[i]);
  }
  json.EndArray().Key("missing").Text(request.pairwise ? "pairwise" : "listwise");
  json.Key("level").Real(request.level).Key("rows").Integer(aggregates.Rows(group));
  json.Key("complete").Integer(complete.rows).Key("n").Integer(reliability.n);
  writer.Figure("alpha", reliability.alpha);
  writer.Range("alpha_interval", reliability.interval);
  writer.Figure("standardised_alpha", reliability.standardised_alpha);
  writer.Figure("average_correlation", reliability.average_correlation);
  writer.Figure("omega_total", PartOf(factor, [](const OneFactor& f) { return f.omega_total; }));
  writer.Figure("omega_of_model", PartOf(factor, [](const OneFactor& f) { return f.omega_of_model; }));
  json.Key("heywood");
  writer.Names(factor.has_value() ? factor->heywood : std::vector<int>());
  writer.Figure("kmo", PartOf(factorability.kmo, [](const Kmo& kmo) { return kmo.overall; }));
  writer.Bartlett(factorability.bartlett);
  writer.Figures("eigenvalues", eigenvalues);
  writer.Matrix("correlations", correlations);
  json.Key("by_item").BeginArray();
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    const Moments own = MomentsOfItem(moments, static_cast<int>(i));
    const ItemReliability item =
        i < reliability.by_item.size()
            ? reliability.by_item[i]
            : ItemReliability{reliability.alpha.gap(), reliability.alpha.gap(), reliability.alpha.gap()};
    json.BeginObject().Key("id").Text(set.items[i]).Key("n").Integer(own.n);
    writer.Figure("mean", Mean(own));
    writer.Figure("sd", StandardDeviation(own));
    writer.Figure("item_rest", item.item_rest);
    writer.Figure("alpha_if_dropped", item.alpha_if_dropped);
    writer.Figure("standardised_alpha_if_dropped", item.standardised_alpha_if_dropped);
    writer.Figure("loading", PartOf(factor, [i](const OneFactor& f) { return f.loadings[i]; }));
    writer.Figure("kmo", PartOf(factorability.kmo, [i](const Kmo& kmo) { return kmo.items[i]; }));
    json.EndObject();
  }
  json.EndArray().Key("findings").BeginArray();
  for (const Gap& gap : reliability.findings) writer.Reason(gap);
  return json.EndArray().EndObject().Take();
}

}  // namespace csat::capi
