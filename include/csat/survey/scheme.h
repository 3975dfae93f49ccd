// The scheme of a survey wave: whom it asks about what, how they came onto its list, and what the list leaves out.
#ifndef CSAT_SURVEY_SCHEME_H_
#define CSAT_SURVEY_SCHEME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/model/decimal.h"

namespace csat {

// A customer asked about one product line: the unit that has a form of its own. A customer with three lines is three
// units (P1-21).
struct SurveyUnit {
  std::string customer, product_line;
  std::string customer_class;  // A word of the policy: "strategic", "industry_representative", "other".
  bool drawn = false;          // By chance (survey/selection.h); the others are nominated.
  std::string nominated_by;    // Of a nominated one.
  std::string approved_by;     // Empty: not yet.
  std::string relation;        // What the respondent has to do with the product line; empty: not known.
};

enum class SampleDesign : std::int8_t { kDrawn, kPartlyNominated, kNominated };
// What a report says of it: "drawn at random"; "partly nominated: the nominated part is not representative by design";
// "nominated sample, not representative by design". P1-16.
std::string_view SampleDesignNote(SampleDesign design);

// How the list came about. Indices are those of the units, ascending.
struct SelectionRecord {
  struct Class {
    std::string name;
    std::int64_t units;
  };
  std::int64_t nominated = 0, drawn = 0;
  std::int64_t frame = 0;      // Units that could have been on the list.
  std::vector<Class> classes;  // By name. P1-18.
  std::vector<std::size_t> unapproved;
  std::vector<std::size_t> weak_relevance;  // Without a relation to the product line. P1-22.
  SampleDesign design() const {
    return nominated == 0 ? SampleDesign::kDrawn
           : drawn == 0   ? SampleDesign::kNominated
                          : SampleDesign::kPartlyNominated;
  }
  // Of a class, of the units; of the units, of the frame.
  Ratio ShareOf(const Class& of) const { return *Ratio::Create(of.units, nominated + drawn); }
  Ratio ShareOfFrame() const { return *Ratio::Create(nominated + drawn, frame); }
};

// InvalidArgument: no unit, one without customer, product line or class, one that is there twice, a nominated one that
// nobody nominated, a frame with fewer units than the list.
absl::StatusOr<SelectionRecord> RecordSelection(const std::vector<SurveyUnit>& units, std::int64_t frame);

// Whether the unit may be asked: OK, NotFound where it is not on the list, FailedPrecondition where it is and nobody
// approved it. P1-17.
absl::Status MayInvite(const std::vector<SurveyUnit>& units, std::string_view customer,
                       std::string_view product_line);

struct OfferedProduct {
  std::string product_line;
  bool mature = false, strategic = false;
  std::string exception;  // Why the wave leaves it out; empty: no reason is given.
};

// Which of the mature product lines approved units cover. P1-20.
struct ProductCoverage {
  std::int64_t mature = 0, covered = 0;
  std::int64_t strategic = 0, strategic_covered = 0;  // Mature ones among them.
  std::vector<std::string> excepted;                  // Left out with a reason, and
  std::vector<std::string> unexplained;               // without: the scheme is incomplete.
  bool IsComplete() const { return unexplained.empty(); }
};
// InvalidArgument: a product line without a name or there twice, none that is mature.
absl::StatusOr<ProductCoverage> CoverProducts(const std::vector<OfferedProduct>& products,
                                              const std::vector<SurveyUnit>& units);

}  // namespace csat

#endif  // CSAT_SURVEY_SCHEME_H_
