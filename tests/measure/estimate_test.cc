#include "csat/measure/estimate.h"

#include <string>

#include "gtest/gtest.h"

namespace csat {
namespace {

TEST(EstimateTest, EitherAValueOrAGap) {
  const Estimate value = 0.0;
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(*value, 0);
  const Estimate gap = Gap{Gap::Reason::kDuplicate, {2, 5}};
  ASSERT_FALSE(gap.has_value());
  EXPECT_EQ(gap.gap(), (Gap{Gap::Reason::kDuplicate, {2, 5}}));
  const Measured<Interval> interval = Gap::Reason::kTooFew;
  EXPECT_EQ(interval.gap(), (Gap{Gap::Reason::kTooFew, {}}));
}

// The words are printed, stored and compared by others.
TEST(EstimateTest, WordsAreStable) {
  const std::pair<Gap::Reason, const char*> words[] = {
      {Gap::Reason::kEmpty, "empty"},
      {Gap::Reason::kTooFew, "too_few"},
      {Gap::Reason::kConstant, "constant"},
      {Gap::Reason::kDuplicate, "duplicate"},
      {Gap::Reason::kSingular, "singular"},
      {Gap::Reason::kIndefinite, "indefinite"},
      {Gap::Reason::kNotMeasurable, "not_measurable"},
      {Gap::Reason::kNoConvergence, "no_convergence"},
      {Gap::Reason::kNoMethod, "no_method"},
      {Gap::Reason::kInvalid, "invalid"},
  };
  for (const auto& [reason, word] : words) EXPECT_EQ(Word(reason), word);
}

}  // namespace
}  // namespace csat
