#include "csat/model/measure.h"

namespace csat {

std::vector<std::string> PartsOf(const Measure& measure) {
  if (const auto* product = std::get_if<ProductMeasure>(&measure.form)) return product->measures;
  const auto* difference = std::get_if<DifferenceMeasure>(&measure.form);
  if (difference == nullptr) return {};
  if (difference->minus.empty()) return {difference->measure};
  return {difference->measure, difference->minus};
}

}  // namespace csat
