#include "policy/json_writer.h"

#include <utility>

#include "policy/json_text.h"

// Tested by tests/policy/canonical_test.cc.
namespace csat::policy {
namespace {

constexpr size_t kPrettyColumns = 100;
constexpr size_t kIndent = 2;

}  // namespace

void JsonWriter::String(std::string_view text) {
  out_ += '"';
  AppendJsonEscaped(text, &out_);
  out_ += '"';
}

void JsonWriter::Key(std::string_view key) {
  Element();
  String(key);
  out_ += pretty_ ? ": " : ":";
}

void JsonWriter::Element() {
  if (!first_) out_ += ',';
  first_ = false;
  if (pretty_) Indent();
}

std::string JsonWriter::Take() {
  first_ = true;
  return std::exchange(out_, {});
}

void JsonWriter::Open(char bracket) {
  open_.push_back(out_.size());
  out_ += bracket;
  first_ = true;
  flat_ = true;
}

void JsonWriter::Close(char bracket) {
  const size_t begin = open_.back();
  open_.pop_back();
  if (pretty_ && !first_ && !(flat_ && Flatten(begin))) Indent();
  out_ += bracket;
  first_ = false;
  flat_ = false;
}

void JsonWriter::Indent() {
  out_ += '\n';
  out_.append(kIndent * open_.size(), ' ');
}

// Puts the container that begins at `begin` on one line, if it fits. Strings hold no line feed: it is escaped.
bool JsonWriter::Flatten(size_t begin) {
  std::string line;
  for (size_t i = begin; i < out_.size(); ++i) {
    if (line.size() > kPrettyColumns) return false;
    if (out_[i] != '\n') {
      line += out_[i];
      continue;
    }
    if (line.size() > 1) line += ' ';
    while (i + 1 < out_.size() && out_[i + 1] == ' ') ++i;
  }
  const size_t line_start = out_.rfind('\n', begin) + 1;                    // 0 where there is none
  if (begin - line_start + line.size() + 2 > kPrettyColumns) return false;  // 2: the bracket and a comma
  out_.replace(begin, std::string::npos, line);
  return true;
}

}  // namespace csat::policy
