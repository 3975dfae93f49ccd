#include "csat/survey/scheme.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

std::string Place(std::size_t index, const SurveyUnit& unit) {
  return absl::StrCat("unit ", index, " (", Quoted(unit.customer), ", ", Quoted(unit.product_line), ")");
}

}  // namespace

std::string_view SampleDesignNote(SampleDesign design) {
  switch (design) {
    case SampleDesign::kDrawn: return "drawn at random";
    case SampleDesign::kPartlyNominated:
      return "partly nominated: the nominated part is not representative by design";
    case SampleDesign::kNominated: return "nominated sample, not representative by design";
  }
  return "";
}

absl::StatusOr<SelectionRecord> RecordSelection(const std::vector<SurveyUnit>& units, std::int64_t frame) {
  if (units.empty()) return absl::InvalidArgumentError("units: there is none");
  SelectionRecord record;
  record.frame = frame;
  std::map<std::string, std::int64_t> classes;
  std::set<std::pair<std::string_view, std::string_view>> listed;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const SurveyUnit& unit = units[i];
    for (const auto& [name, value] :
         {std::pair("customer", &unit.customer), std::pair("product line", &unit.product_line),
          std::pair("class", &unit.customer_class)}) {
      if (value->empty()) return absl::InvalidArgumentError(absl::StrCat(Place(i, unit), ": no ", name));
    }
    if (!listed.insert({unit.customer, unit.product_line}).second)
      return absl::InvalidArgumentError(absl::StrCat(Place(i, unit), " is listed twice"));
    if (!unit.drawn && unit.nominated_by.empty())
      return absl::InvalidArgumentError(
          absl::StrCat(Place(i, unit), " was not drawn, and nobody nominated it"));
    ++(unit.drawn ? record.drawn : record.nominated);
    ++classes[unit.customer_class];
    if (unit.approved_by.empty()) record.unapproved.push_back(i);
    if (unit.relation.empty()) record.weak_relevance.push_back(i);
  }
  if (frame < record.nominated + record.drawn) {
    return absl::InvalidArgumentError(
        absl::StrCat("frame: ", frame, " units, and ", record.nominated + record.drawn, " are listed"));
  }
  for (const auto& [name, count] : classes) record.classes.push_back({name, count});
  return record;
}

absl::Status MayInvite(const std::vector<SurveyUnit>& units, std::string_view customer,
                       std::string_view product_line) {
  const SurveyUnit* listed = nullptr;
  for (const SurveyUnit& unit : units) {
    if (unit.customer == customer && unit.product_line == product_line) listed = &unit;
  }
  const std::string place =
      absl::StrCat("customer ", Quoted(customer), ", product line ", Quoted(product_line));
  if (listed == nullptr) return absl::NotFoundError(absl::StrCat(place, ": not on the list"));
  if (listed->approved_by.empty())
    return absl::FailedPreconditionError(absl::StrCat(place, ": on the list, and not approved"));
  return absl::OkStatus();
}

absl::StatusOr<ProductCoverage> CoverProducts(const std::vector<OfferedProduct>& products,
                                              const std::vector<SurveyUnit>& units) {
  std::set<std::string_view> surveyed, offered;
  for (const SurveyUnit& unit : units) {
    if (!unit.approved_by.empty()) surveyed.insert(unit.product_line);
  }
  ProductCoverage coverage;
  for (const OfferedProduct& product : products) {
    if (product.product_line.empty()) return absl::InvalidArgumentError("products: one has no name");
    if (!offered.insert(product.product_line).second)
      return absl::InvalidArgumentError(
          absl::StrCat("product line ", Quoted(product.product_line), " is there twice"));
    if (!product.mature) continue;
    const std::int64_t covered = surveyed.count(product.product_line) != 0 ? 1 : 0;
    ++coverage.mature;
    coverage.covered += covered;
    if (product.strategic) {
      ++coverage.strategic;
      coverage.strategic_covered += covered;
    }
    if (covered == 0)
      (product.exception.empty() ? coverage.unexplained : coverage.excepted).push_back(product.product_line);
  }
  if (coverage.mature == 0) return absl::InvalidArgumentError("products: none of them is mature");
  return coverage;
}

}  // namespace csat
