#include "policy/json_text.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace csat::policy {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

struct ScaledCase {
  const char* name;
  std::string literal;
  NumberFault fault;
  int64_t micros;
};

class ReadScaledTest : public testing::TestWithParam<ScaledCase> {};

TEST_P(ReadScaledTest, IsExactOrRefused) {
  int64_t micros = 0;
  EXPECT_EQ(ReadScaled(GetParam().literal, 6, &micros), GetParam().fault);
  EXPECT_EQ(micros, GetParam().micros);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, ReadScaledTest,
    testing::ValuesIn<ScaledCase>({
        {"Zero", "0", NumberFault::kNone, 0},
        {"MinusZero", "-0.0", NumberFault::kNone, 0},
        {"ZeroWithFarExponent", "0e999999999999999999999", NumberFault::kNone, 0},
        {"Whole", "75", NumberFault::kNone, 75000000},
        {"Half", "75.5", NumberFault::kNone, 75500000},
        {"TrailingZeros", "1.50000000000000000000000000", NumberFault::kNone, 1500000},
        {"Exponent", "1e1", NumberFault::kNone, 10000000},
        {"UpperExponent", "1.5E+2", NumberFault::kNone, 150000000},
        {"NegativeExponent", "15e-1", NumberFault::kNone, 1500000},
        {"ManyZerosDown", "1000000000000000000000000e-24", NumberFault::kNone, 1000000},
        {"ManyZerosUp", "0.000000000000000000000001e24", NumberFault::kNone, 1000000},
        {"SixPlaces", "0.000001", NumberFault::kNone, 1},
        {"SevenPlaces", "0.0000001", NumberFault::kTooPrecise, 0},
        {"SevenPlacesByExponent", "1e-7", NumberFault::kTooPrecise, 0},
        {"SeventhPlaceZero", "0.1234560", NumberFault::kNone, 123456},
        {"SeventhPlaceOne", "0.1234561", NumberFault::kTooPrecise, 0},
        {"Third", "0.333333333333333333333333333333333", NumberFault::kTooPrecise, 0},
        {"Largest", "9223372036854.775807", NumberFault::kNone, kMax},
        {"AboveLargest", "9223372036854.775808", NumberFault::kOutOfRange, 0},
        {"Smallest", "-9223372036854.775808", NumberFault::kNone, kMin},
        {"BelowSmallest", "-9223372036854.775809", NumberFault::kOutOfRange, 0},
        {"BeyondUint64", "18446744073709.551616", NumberFault::kOutOfRange, 0},
        {"TwentyDigits", "99999999999999999999", NumberFault::kOutOfRange, 0},
        {"FarExponent", "1e999999999999999999999", NumberFault::kOutOfRange, 0},
        {"FarNegativeExponent", "1e-999999999999999999999", NumberFault::kTooPrecise, 0},
        {"LongAndLarge", "9" + std::string(100000, '0') + ".1", NumberFault::kOutOfRange, 0},
        {"LongAndPrecise", "9" + std::string(100000, '0') + ".0000001", NumberFault::kTooPrecise, 0},
        {"LongAndExact", "25" + std::string(100000, '0') + "e-100001", NumberFault::kNone, 2500000},
    }),
    [](const auto& info) { return info.param.name; });

struct UnsignedCase {
  const char* name;
  const char* literal;
  NumberFault fault;
  uint64_t value;
};

class ReadUnsignedTest : public testing::TestWithParam<UnsignedCase> {};

TEST_P(ReadUnsignedTest, HasTheWholeRange) {
  uint64_t value = 0;
  const NumberFault fault = ReadUnsigned(GetParam().literal, &value);
  EXPECT_EQ(fault, GetParam().fault);
  EXPECT_EQ(fault == NumberFault::kNone ? value : 0, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Numbers, ReadUnsignedTest,
                         testing::ValuesIn<UnsignedCase>({
                             {"Zero", "-0", NumberFault::kNone, 0},
                             {"MinusOne", "-1", NumberFault::kOutOfRange, 0},
                             {"Largest", "18446744073709551615", NumberFault::kNone,
                              std::numeric_limits<uint64_t>::max()},
                             {"AboveLargest", "18446744073709551616", NumberFault::kOutOfRange, 0},
                             {"Fraction", "1.5", NumberFault::kTooPrecise, 0},
                         }),
                         [](const auto& info) { return info.param.name; });

struct WrittenCase {
  const char* name;
  int64_t micros;
  const char* want;
};

class AppendDecimalTest : public testing::TestWithParam<WrittenCase> {};

TEST_P(AppendDecimalTest, IsShortestAndReadBack) {
  std::string text;
  AppendDecimal(GetParam().micros, &text);
  EXPECT_EQ(text, GetParam().want);
  int64_t back = 1;
  EXPECT_EQ(ReadScaled(text, 6, &back), NumberFault::kNone);
  EXPECT_EQ(back, GetParam().micros);
}

INSTANTIATE_TEST_SUITE_P(Numbers, AppendDecimalTest,
                         testing::ValuesIn<WrittenCase>({
                             {"Zero", 0, "0"},
                             {"Least", 1, "0.000001"},
                             {"MinusLeast", -1, "-0.000001"},
                             {"Half", 75500000, "75.5"},
                             {"Whole", 100000000, "100"},
                             {"InnerZeros", 1000010, "1.00001"},
                             {"Largest", kMax, "9223372036854.775807"},
                             {"Smallest", kMin, "-9223372036854.775808"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(Utf16LessTest, PutsSurrogatesBeforeTheLastPlanePart) {
  // In UTF-16 order; U+1F600 is D83D DE00 there, which sorts before U+E000 and U+FFFD.
  const char* sorted[] = {"",       "A",          "A0",         "a",      "\u00e9", "\u5ba2",
                          "\ud7ff", "\U0001F600", "\U0010FFFF", "\ue000", "\ufffd"};
  for (size_t i = 0; i < std::size(sorted); ++i) {
    for (size_t j = 0; j < std::size(sorted); ++j) {
      EXPECT_EQ(Utf16Less(sorted[i], sorted[j]), i < j) << sorted[i] << " " << sorted[j];
    }
  }
}

TEST(AppendJsonEscapedTest, EscapesOnlyWhatHasToBe) {
  std::string out;
  AppendJsonEscaped(std::string("\0\x1f\b\t\n\f\r\"\\/\x7f\u20ac", 14), &out);
  EXPECT_EQ(out, "\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\u20ac");
}

}  // namespace
}  // namespace csat::policy
