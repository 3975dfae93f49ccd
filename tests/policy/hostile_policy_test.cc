// Spoils the ready-made policies by the thousand: whatever comes out is read or refused with a place, the two
// parsers agree, and what is read comes back the same from its canonical form.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "csat/v1/policy.pb.h"
#include "gtest/gtest.h"
#include "policy/canonical.h"
#include "policy/message_reader.h"
#include "simdjson.h"

namespace csat::policy {
namespace {

std::vector<std::string> ReadyMade() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(CSAT_SOURCE_DIR) + "/policies")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return texts;
}

// Pieces that matter to a JSON parser or to the schema.
const char* const kPieces[] = {"{",
                               "}",
                               "[",
                               "]",
                               ",",
                               ":",
                               "\"",
                               "\\",
                               "\n",
                               " ",
                               "0",
                               "-",
                               ".",
                               "e",
                               "1e400",
                               "1e-400",
                               "0.0000001",
                               "9",
                               "99999999999999999999",
                               "null",
                               "true",
                               "NaN",
                               "\xFF",
                               "\xC3",
                               "\xED\xA0\x80",
                               "\xEF\xBB\xBF",
                               "\\u0000",
                               "\\ud800",
                               "\\ud83d\\ude00",
                               "\"id\"",
                               "\"id\":1,",
                               "\"x\":{},",
                               "[[[[[[[[[[[[[[[[",
                               "{\"not\":{\"not\":",
                               "\xE5\xAE\xA2"};

// One to four changes: a piece put in, a run taken out, doubled, moved, or a bit turned.
std::string Spoil(std::string text, std::mt19937_64* random) {
  const auto below = [random](size_t n) { return static_cast<size_t>((*random)() % n); };
  for (size_t n = 1 + below(4); n > 0 && !text.empty(); --n) {
    const size_t at = below(text.size());
    const size_t length = std::min(text.size() - at, 1 + below(below(8) == 0 ? 400 : 4));
    switch (below(6)) {
      case 0: text.insert(at, kPieces[below(std::size(kPieces))]); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(at, length)); break;
      case 3: text.insert(below(text.size()), text.substr(at, length)); break;
      case 4: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
      case 5: text.replace(at, length, kPieces[below(std::size(kPieces))]); break;
    }
  }
  return text;
}

TEST(HostilePolicyTest, SpoiledPoliciesAreReadOrRefusedWithAPlace) {
  const std::vector<std::string> texts = ReadyMade();
  ASSERT_FALSE(texts.empty());
  std::mt19937_64 random(20260722);
  simdjson::dom::parser parser;
  size_t read = 0, refused = 0, content = 0;
  for (int i = 0; i < 6000; ++i) {
    // The shorter of two, so that the same faults take less time.
    const std::string& one = texts[random() % texts.size()];
    const std::string& other = texts[random() % texts.size()];
    const std::string& text = one.size() < other.size() ? one : other;
    const std::string spoiled = Spoil(text, &random);
    csat::v1::Policy policy;
    std::vector<Diagnostic> found;
    Places places;
    if (ReadMessage(spoiled, &policy, &found, &places)) {
      ++read;
      ASSERT_TRUE(found.empty());
      csat::v1::Policy back;
      ASSERT_TRUE(ReadMessage(CanonicalJson(policy), &back, &found)) << spoiled;
      ASSERT_EQ(CanonicalJson(back), CanonicalJson(policy));
      ASSERT_EQ(parser.parse(spoiled).error(), simdjson::SUCCESS) << spoiled;
      continue;
    }
    ASSERT_FALSE(found.empty());
    ASSERT_EQ(policy.ByteSizeLong(), 0u);
    for (const Diagnostic& d : found) {
      ASSERT_GT(d.line, 0) << ToLine(d, Language::kEnglish) << "\n" << spoiled;
      ASSERT_GT(d.column, 0);
      ASSERT_EQ(ToLine(d, Language::kEnglish).find('\n'), std::string::npos);
    }
    const bool sound = places.Find("").line > 0;
    content += sound;
    refused += !sound;
    // simdjson takes what we refuse for its content, its duplicate keys or our limits, and nothing else.
    const std::string& code = found[0].code;
    const bool ours = sound || code == "duplicate-key" || code == "too-deep" || code == "string-too-long" ||
                      code == "key-too-long" || code == "number-out-of-range" || code == "byte-order-mark";
    if (!ours) {
      ASSERT_NE(parser.parse(spoiled).error(), simdjson::SUCCESS) << code << "\n" << spoiled;
    }
  }
  // Every way out was taken, often.
  EXPECT_GT(read, 200u);
  EXPECT_GT(content, 200u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace csat::policy
