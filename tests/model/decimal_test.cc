#include "csat/model/decimal.h"

#include <cstdint>
#include <limits>
#include <ostream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {

void PrintTo(Decimal decimal, std::ostream* out) { *out << decimal.ToString(); }

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

static_assert(Decimal().micros() == 0);
static_assert(Decimal::FromInteger(75) + Decimal::FromMicros(500'000) == Decimal::FromMicros(75'500'000));
static_assert(-Decimal::FromInteger(2) < Decimal() && Decimal() > Decimal::FromMicros(-1));
static_assert(Decimal::FromInteger(1) - Decimal::FromMicros(1) <= Decimal::FromMicros(999'999));
static_assert(Decimal::FromMicros(1) != Decimal() && Decimal::FromMicros(1) >= Decimal::FromMicros(1));
static_assert(Decimal::FromMicros(88'459'211).ToDouble() == 88.459211);

TEST(DecimalTest, ReadsLiterals) {
  struct Row {
    const char* name;
    std::string literal;
    std::int64_t micros;
  };
  const Row rows[] = {
      {"zero", "0", 0},
      {"minus zero", "-0", 0},
      {"zero with places", "0.000000000000", 0},
      {"zero with an exponent", "0e999999999", 0},
      {"a whole number", "75", 75'000'000},
      {"a fraction", "75.5", 75'500'000},
      {"below 0", "-3.25", -3'250'000},
      {"six places", "0.000001", 1},
      {"more places that are zero", "1.25000000000000000000000000", 1'250'000},
      {"an exponent", "1e2", 100'000'000},
      {"a signed exponent", "1.5E+1", 15'000'000},
      {"down to the sixth place", "1e-6", 1},
      {"down to the sixth place with a zero to spare", "10e-7", 1},
      {"places that the exponent lifts", "0.00000012345e10", 1'234'500'000},
      {"the most", "9223372036854.775807", kMost},
      {"the least", "-9223372036854.775808", kLeast},
      {"the largest power of ten", "1e12", 1'000'000'000'000'000'000},
      {"more zeros than an exponent is usually long", "0." + std::string(100'000, '0') + "1e100001",
       1'000'000},
  };
  for (const Row& row : rows) {
    const std::optional<Decimal> read = Decimal::Parse(row.literal);
    ASSERT_TRUE(read.has_value()) << row.name;
    EXPECT_EQ(read->micros(), row.micros) << row.name;
  }
}

TEST(DecimalTest, RefusesWhatIsNoExactDecimal) {
  const std::pair<const char*, const char*> rows[] = {
      {"nothing", ""},
      {"a sign alone", "-"},
      {"a plus sign", "+1"},
      {"a leading zero", "01"},
      {"no whole part", ".5"},
      {"no digit after the point", "5."},
      {"no digit in the exponent", "1e"},
      {"no digit after the exponent's sign", "1e-"},
      {"a space before", " 1"},
      {"a space after", "1 "},
      {"a comma", "1,5"},
      {"a word", "NaN"},
      {"infinity", "inf"},
      {"hexadecimal", "0x10"},
      {"two points", "1.2.3"},
      {"seven places", "0.0000001"},
      {"seven places behind a whole part", "1.2345678"},
      {"an exponent one too deep", "1e-7"},
      {"one above the most", "9223372036854.775808"},
      {"one below the least", "-9223372036854.775809"},
      {"the next power of ten", "1e13"},
      {"far above", "1e999999999999"},
  };
  for (const auto& [name, literal] : rows) EXPECT_EQ(Decimal::Parse(literal), std::nullopt) << name;
}

TEST(DecimalTest, ShortestLiteralReadsBack) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "0"},
      {1, "0.000001"},
      {-1, "-0.000001"},
      {1'000'000, "1"},
      {75'500'000, "75.5"},
      {-12'340'000, "-12.34"},
      {100'000'000, "100"},
      {kMost, "9223372036854.775807"},
      {kLeast, "-9223372036854.775808"},
  };
  for (const auto& [micros, text] : rows) {
    EXPECT_EQ(Decimal::FromMicros(micros).ToString(), text);
    EXPECT_EQ(Decimal::Parse(text), Decimal::FromMicros(micros));
  }
}

// V6, A-02: half up, away from zero, on the exact number.
TEST(DecimalTest, ShowsPlacesHalfUp) {
  struct Row {
    const char* name;
    const char* number;
    int places;
    const char* shown;
  };
  const Row rows[] = {
      {"A-02, a tie after an even digit", "6.25", 1, "6.3"},
      {"A-02, a tie after an even digit, again", "12.25", 1, "12.3"},
      {"A-02, above the tie", "84.375", 1, "84.4"},
      {"just below a tie", "6.249999", 1, "6.2"},
      {"just above a tie", "6.250001", 1, "6.3"},
      {"a tie below 0", "-6.25", 1, "-6.3"},
      {"just short of a tie below 0", "-6.249999", 1, "-6.2"},
      {"P2-48", "88.459211", 2, "88.46"},
      {"P2-48, gate not met", "88.449211", 2, "88.45"},
      {"a carry", "99.995", 2, "100.00"},
      {"no carry", "99.994999", 2, "99.99"},
      {"A-02, 89.96 shows as 90.0", "89.96", 1, "90.0"},
      {"no places", "0.5", 0, "1"},
      {"no places, below the tie", "0.499999", 0, "0"},
      {"all places", "-0.000001", 6, "-0.000001"},
      {"a negative number that rounds to 0", "-0.04", 1, "0.0"},
      {"more places than there are", "1.5", 9, "1.500000"},
      {"fewer places than none", "1.5", -1, "2"},
      {"the least", "-9223372036854.775808", 0, "-9223372036855"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Decimal::Parse(row.number)->ToString(row.places), row.shown) << row.name;
}

TEST(DivideTest, RoundsTies) {
  struct Row {
    const char* name;
    absl::int128 dividend, divisor, half_even, half_up;
  };
  const absl::int128 big = absl::int128(1) << 100;
  const Row rows[] = {
      {"exact", 6, 3, 2, 2},
      {"zero", 0, 7, 0, 0},
      {"below a tie", 49, 100, 0, 0},
      {"a tie at 0.5", 1, 2, 0, 1},
      {"above a tie", 51, 100, 1, 1},
      {"a tie at 1.5", 3, 2, 2, 2},
      {"a tie at 2.5", 5, 2, 2, 3},
      {"a tie at -0.5", -1, 2, 0, -1},
      {"a tie at -1.5", -3, 2, -2, -2},
      {"a tie at -2.5", -5, 2, -2, -3},
      {"just short of -2.5", -2499, 1000, -2, -2},
      {"just past -2.5", -2501, 1000, -3, -3},
      {"the least of 64 bits", kLeast, 2, absl::int128(kLeast) / 2, absl::int128(kLeast) / 2},
      {"the least of 64 bits, a tie", absl::int128(kLeast) + 1, 2, absl::int128(kLeast) / 2,
       absl::int128(kLeast) / 2},
      {"the most of 64 bits, a tie", kMost, 2, absl::int128(1) << 62, absl::int128(1) << 62},
      {"one beyond 64 bits", absl::int128(kMost) + 1, 2, absl::int128(1) << 62, absl::int128(1) << 62},
      {"128 bits, a tie to even", big + 1, 2, big / 2, big / 2 + 1},
      {"128 bits, a tie to even from below 0", -big - 1, 2, -big / 2, -big / 2 - 1},
      {"128 bits, a divisor beyond 64 bits", 3 * big, 2 * big, 2, 2},
      {"128 bits, a tie with a divisor beyond 64 bits", big, 2 * big, 0, 1},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(DivideHalfEven(row.dividend, row.divisor), row.half_even) << row.name;
    EXPECT_EQ(DivideHalfEven(-row.dividend, -row.divisor), row.half_even) << row.name << ", divisor below 0";
    EXPECT_EQ(DivideHalfUp(row.dividend, row.divisor), row.half_up) << row.name;
  }
}

TEST(RatioTest, TheDenominatorIsAbove0) {
  EXPECT_FALSE(Ratio::Create(1, 0).has_value());
  EXPECT_FALSE(Ratio::Create(1, -1).has_value());
  EXPECT_TRUE(Ratio::Create(0, 1).has_value());
}

// V6, A-02: rounded on the exact quotient, never on a rounded one.
TEST(RatioTest, ShowsPlacesHalfUp) {
  struct Row {
    const char* name;
    std::int64_t numerator, denominator;
    int places, times;
    const char* shown;
  };
  const Row rows[] = {
      {"A-02, 84.375 %", 27, 32, 1, 100, "84.4"},
      {"A-02, 6.25 %", 1, 16, 1, 100, "6.3"},
      {"A-02, 12.25 %", 49, 400, 1, 100, "12.3"},
      {"43.75 %", 7, 16, 1, 100, "43.8"},
      {"a third", 1, 3, 1, 100, "33.3"},
      {"two thirds", 2, 3, 1, 100, "66.7"},
      {"P0-03", 30, 1000, 1, 100, "3.0"},
      {"P0-30, 13 of 1,200", 13, 1200, 1, 100, "1.1"},
      {"nothing of something", 0, 7, 1, 100, "0.0"},
      {"all", 7, 7, 1, 100, "100.0"},
      {"below 0", -1, 16, 1, 100, "-6.3"},
      {"P2-50, 94 %", 188, 200, 2, 1, "0.94"},
      {"nine places", 1, 3, 9, 1, "0.333333333"},
      {"no places", 1, 2, 0, 1, "1"},
      // 0.0499999999... would be 0.05 after a first rounding and 0.1 after a second.
      {"rounded once", 49'999'999'999, 1'000'000'000'000, 1, 1, "0.0"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Ratio::Create(row.numerator, row.denominator)->ToString(row.places, row.times), row.shown)
        << row.name;
  }
}

TEST(RatioTest, BecomesADecimalHalfEven) {
  struct Row {
    std::int64_t numerator, denominator, micros;
  };
  const Row rows[] = {
      {1, 3, 333'333},   {2, 3, 666'667},   {-2, 3, -666'667},   {1, 2'000'000, 0},
      {3, 2'000'000, 2}, {5, 2'000'000, 2}, {-5, 2'000'000, -2}, {kMost, 1'000'000, kMost},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Ratio::Create(row.numerator, row.denominator)->ToDecimal().micros(), row.micros)
        << row.numerator << "/" << row.denominator;
  }
}

// V6: ratios are compared as integers.
TEST(RatioTest, ComparesExactly) {
  struct Row {
    const char* name;
    std::int64_t numerator, denominator;
    const char* other;
    int order;
  };
  const Row rows[] = {
      {"P0-30, 12 of 1,200 is 1 %", 12, 1200, "0.01", 0},
      {"P0-30, 13 of 1,200 is above", 13, 1200, "0.01", 1},
      {"below", 11, 1200, "0.01", -1},
      {"a third is above its six places", 1, 3, "0.333333", 1},
      {"and below the next", 1, 3, "0.333334", -1},
      {"below 0", -1, 3, "-0.333333", -1},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Ratio::Create(row.numerator, row.denominator)->Compare(*Decimal::Parse(row.other)), row.order)
        << row.name;
  }
}

}  // namespace
}  // namespace csat
