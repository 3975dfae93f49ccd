#include "csat/model/weight.h"

#include "gtest/gtest.h"

namespace csat {
namespace {

// P2-48: 25 + 30 + 20 make 75 of 100, decided by the compiler. Weight::Of<-1>() and Weight::Of<1'000'001>() do not compile.
static_assert(Weight::Of<25>().parts() + Weight::Of<30>() + Weight::Of<20>() == Decimal::FromInteger(75));
static_assert(Weight().parts() == Decimal::FromInteger(1));
static_assert(Weight::Create(Decimal()).has_value());
static_assert(!Weight::Create(Decimal::FromMicros(-1)).has_value());
static_assert(Weight::Create(Decimal::FromInteger(Weight::kMostParts)).has_value());
static_assert(!Weight::Create(Decimal::FromInteger(Weight::kMostParts) + Decimal::FromMicros(1)).has_value());
static_assert(Weight::Of<0>().parts() == Decimal() &&
              Weight::Of<Weight::kMostParts>().parts() == Decimal::FromInteger(1'000'000));

TEST(WeightTest, ReadsAsADecimal) {
  const Decimal parts = *Weight::Create(*Decimal::Parse("12.5"));
  EXPECT_EQ(parts.ToString(), "12.5");
}

}  // namespace
}  // namespace csat
