#include "csat/model/foreign_text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace csat {
namespace {

struct LengthCase {
  const char* name;
  std::string_view text;
  std::size_t length;
};

class Utf8LengthTest : public testing::TestWithParam<LengthCase> {};

TEST_P(Utf8LengthTest, OfTheFirstCharacter) { EXPECT_EQ(Utf8Length(GetParam().text), GetParam().length); }

INSTANTIATE_TEST_SUITE_P(Characters, Utf8LengthTest,
                         testing::ValuesIn(std::vector<LengthCase>{
                             {"Nothing", "", 0},
                             {"Nul", {"\0", 1}, 1},
                             {"Ascii", "ab", 1},
                             {"LastOfOne", "\x7f", 1},
                             {"Continuation", "\x80", 0},
                             {"OverlongTwo", "\xc1\xbf", 0},
                             {"FirstOfTwo", "\xc2\x80", 2},
                             {"LastOfTwo", "\xdf\xbf", 2},
                             {"TwoCut", "\xc2", 0},
                             {"TwoWithoutTail", "\xc2\x41", 0},
                             {"OverlongThree", "\xe0\x9f\xbf", 0},
                             {"FirstOfThree", "\xe0\xa0\x80", 3},
                             {"BeforeSurrogates", "\xed\x9f\xbf", 3},
                             {"FirstSurrogate", "\xed\xa0\x80", 0},
                             {"LastSurrogate", "\xed\xbf\xbf", 0},
                             {"AfterSurrogates", "\xee\x80\x80", 3},
                             {"LastOfThree", "\xef\xbf\xbf", 3},
                             {"ThreeCut", "\xe5\xae", 0},
                             {"ThreeWithoutTail", "\xe5\xae\x41", 0},
                             {"OverlongFour", "\xf0\x8f\xbf\xbf", 0},
                             {"FirstOfFour", "\xf0\x90\x80\x80", 4},
                             {"LastOfAll", "\xf4\x8f\xbf\xbf", 4},
                             {"BeyondUnicode", "\xf4\x90\x80\x80", 0},
                             {"LeadBeyond", "\xf5\x80\x80\x80", 0},
                             {"FourCut", "\xf0\x9f\x98", 0},
                             {"FourWithoutTail", "\xf0\x9f\x98\x41", 0},
                         }),
                         [](const auto& info) { return info.param.name; });

struct QuotedCase {
  const char* name;
  std::string text;
  std::size_t most;
  std::string shown;
};

class QuotedTest : public testing::TestWithParam<QuotedCase> {};

TEST_P(QuotedTest, IsOneLineOfUtf8) {
  const std::string shown = Quoted(GetParam().text, GetParam().most);
  EXPECT_EQ(shown, GetParam().shown);
  for (std::string_view rest = shown; !rest.empty(); rest.remove_prefix(Utf8Length(rest))) {
    ASSERT_GT(Utf8Length(rest), 0u);
    ASSERT_GE(static_cast<unsigned char>(rest[0]), 0x20);
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, QuotedTest,
                         testing::ValuesIn(std::vector<QuotedCase>{
                             {"Empty", "", 64, "''"},
                             {"Plain", "a 'b' \"c\"", 64, "'a 'b' \"c\"'"},
                             {"Chinese", "\u5ba2\u6237", 64, "'\u5ba2\u6237'"},
                             {"NewLine", "a\nb\r\t", 64, R"('a\nb\r\t')"},
                             {"Backslash", "a\\n", 64, R"('a\\n')"},
                             {"BackspaceFormFeed", "\b\f", 64, R"('\b\f')"},
                             {"Nul", std::string(1, '\0'), 64, R"('\u0000')"},
                             {"Escape", "\x1b[31m", 64, R"('\u001b[31m')"},
                             {"LastControl", "\x1f ", 64, R"('\u001f ')"},
                             {"Delete", "~\x7f", 64, R"('~\u007f')"},
                             {"NextLine", "\u0085\u009f\u00a0", 64, "'\\u0085\\u009f\u00a0'"},
                             {"LineSeparators", "\u2027\u2028\u2029", 64, "'\u2027\\u2028\\u2029'"},
                             {"Direction", "\u202a\u202e\u202f", 64, "'\\u202a\\u202e\u202f'"},
                             {"Isolates", "\u2065\u2066\u2069\u206a", 64, "'\u2065\\u2066\\u2069\u206a'"},
                             {"Marks", "\u200d\u200e\u200f\u2010", 64, "'\u200d\\u200e\\u200f\u2010'"},
                             {"NotUtf8", "a\xff\xc3", 64, R"('a\xff\xc3')"},
                             {"NotUtf8Between",
                              "\xe5\xae"
                              "b",
                              64, R"('\xe5\xaeb')"},
                             {"JustFits", "abcd", 4, "'abcd'"},
                             {"OneTooMany", "abcde", 4, "'abcd...'"},
                             {"NeverWithinACharacter", "abc\u5ba2", 5, "'abc...'"},
                             {"CutByte", "abc\xff\xff", 4, R"('abc\xff...')"},
                             {"NoneShown", "abc", 0, "'...'"},
                         }),
                         [](const auto& info) { return info.param.name; });

TEST(Quoted, Shows64BytesUnlessTold) {
  EXPECT_EQ(Quoted(std::string(64, 'x')), "'" + std::string(64, 'x') + "'");
  EXPECT_EQ(Quoted(std::string(65, 'x')), "'" + std::string(64, 'x') + "...'");
}

}  // namespace
}  // namespace csat
