#include "policy/json_document.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/charconv.h"
#include "csat/model/foreign_text.h"
#include "csat/policy/limits.h"
#include "policy/json_text.h"
#include "policy/report.h"
#include "simdjson.h"

namespace csat::policy {

// One pass over the text with an explicit stack: checks the grammar, keeps places, builds the tree.
class JsonWalk {
 public:
  JsonWalk(JsonDocument* document, Report* report)
      : document_(document), report_(report), text_(document->text_) {}

  bool Run() {
    bool value_expected = true;  // else a comma or the container's end
    while (true) {
      SkipSpace();
      if (value_expected) {
        if (!Value(&value_expected)) return false;
      } else if (!AfterValue(&value_expected)) {
        return false;
      }
      if (open_.empty() && !value_expected) break;
    }
    SkipSpace();
    if (at_ < text_.size()) {
      return Fail("trailing-content", Here(),
                  {"the document goes on after its value", "文档的值之后还有内容"});
    }
    return true;
  }

 private:
  using Words = Diagnostic::Words;

  struct Open {
    uint32_t value;
    size_t pending;  // where its children begin in pending_
  };

  LineColumn Here() const { return {line_, static_cast<int>(at_ - line_start_) + 1}; }

  bool Fail(std::string_view code, LineColumn place, Words message) {
    report_->Error(code, PathOfOpen(), place, std::move(message));
    return false;
  }

  // Path of the innermost open container.
  std::string PathOfOpen() const {
    std::string path;
    for (size_t i = 1; i < open_.size(); ++i) {
      if (document_->values_[open_[i - 1].value].kind == JsonKind::kObject) {
        AppendKey(document_->values_[open_[i].value].key, &path);
      } else {
        AppendIndex(open_[i].pending - open_[i - 1].pending - 1, &path);
      }
    }
    return path;
  }

  bool Syntax(LineColumn place, Words message) { return Fail("json-syntax", place, std::move(message)); }

  // What stands here instead of what was wanted.
  bool Unexpected(std::string_view wanted_en, std::string_view wanted_zh) {
    if (at_ >= text_.size()) {
      return Syntax(Here(), {"the text ends where " + std::string(wanted_en) + " has to stand",
                             "文本在应有" + std::string(wanted_zh) + "处结束"});
    }
    size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    const std::string found = Quoted(text_.substr(at_, end - at_));
    return Syntax(Here(), {found + " stands where " + std::string(wanted_en) + " has to stand",
                           "此处应为" + std::string(wanted_zh) + "，却是 " + found});
  }

  void SkipSpace() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
      ++at_;
    }
  }

  bool Consume(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool Value(bool* value_expected) {
    std::string_view key;
    LineColumn key_place;
    const bool in_object = !open_.empty() && document_->values_[open_.back().value].kind == JsonKind::kObject;
    if (in_object) {
      key_place = Here();
      if (at_ >= text_.size() || text_[at_] != '"')
        return Unexpected("a key in double quotes", "双引号中的键");
      if (!String(kMaxKeyBytes, "key-too-long", "key", "键", &key)) return false;
      SkipSpace();
      if (!Consume(':')) return Unexpected("':'", "“:”");
      SkipSpace();
    }
    if (document_->values_.size() == kMaxDocumentValues) {
      const std::string limit = std::to_string(kMaxDocumentValues);
      return Fail("too-many-values", Here(),
                  {"the document has more than " + limit + " values", "文档的值超过 " + limit + " 个"});
    }
    const uint32_t index = static_cast<uint32_t>(document_->values_.size());
    if (!open_.empty()) pending_.push_back(index);
    JsonValue value;
    value.line = Here().line;
    value.column = Here().column;
    value.key = key;
    value.key_line = key_place.line;
    value.key_column = key_place.column;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '{' || c == '[') return OpenContainer(value, index, value_expected);
    *value_expected = false;
    switch (c) {
      case '"':
        value.kind = JsonKind::kString;
        if (!String(kMaxStringBytes, "string-too-long", "string", "字符串", &value.text)) return false;
        break;
      case 't':
        value.kind = JsonKind::kTrue;
        if (!Word("true")) return false;
        break;
      case 'f':
        value.kind = JsonKind::kFalse;
        if (!Word("false")) return false;
        break;
      case 'n':
        value.kind = JsonKind::kNull;
        if (!Word("null")) return false;
        break;
      default:
        if (c != '-' && (c < '0' || c > '9')) return Unexpected("a value", "值");
        value.kind = JsonKind::kNumber;
        if (!Number(&value.text)) return false;
    }
    document_->values_.push_back(value);
    return true;
  }

  bool OpenContainer(JsonValue value, uint32_t index, bool* value_expected) {
    if (open_.size() == kMaxNesting) {
      const std::string limit = std::to_string(kMaxNesting);
      return Fail("too-deep", Here(),
                  {"objects and arrays are nested more than " + limit + " deep",
                   "对象和数组的嵌套超过 " + limit + " 层"});
    }
    const bool object = text_[at_] == '{';
    value.kind = object ? JsonKind::kObject : JsonKind::kArray;
    document_->values_.push_back(value);
    ++at_;
    open_.push_back({index, pending_.size()});
    SkipSpace();
    if (Consume(object ? '}' : ']')) {
      *value_expected = false;
      return Close();
    }
    *value_expected = true;
    return true;
  }

  bool AfterValue(bool* value_expected) {
    const bool object = document_->values_[open_.back().value].kind == JsonKind::kObject;
    if (Consume(',')) {
      *value_expected = true;
      return true;
    }
    if (Consume(object ? '}' : ']')) return Close();
    return object ? Unexpected("',' or '}'", "“,”或“}”") : Unexpected("',' or ']'", "“,”或“]”");
  }

  bool Close() {
    const Open open = open_.back();
    JsonValue& value = document_->values_[open.value];
    value.first = static_cast<uint32_t>(document_->children_.size());
    value.count = static_cast<uint32_t>(pending_.size() - open.pending);
    const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(open.pending);
    document_->children_.insert(document_->children_.end(), begin, pending_.end());
    if (value.kind == JsonKind::kObject) SortMembers(begin);
    document_->by_key_.insert(document_->by_key_.end(), begin, pending_.end());
    pending_.resize(open.pending);
    open_.pop_back();
    return true;
  }

  // Sorts the members that begin at `begin` by key and reports those whose key is there already.
  void SortMembers(std::vector<uint32_t>::iterator begin) {
    const std::vector<JsonValue>& values = document_->values_;
    std::sort(begin, pending_.end(), [&values](uint32_t a, uint32_t b) {
      const int order = values[a].key.compare(values[b].key);
      return order != 0 ? order < 0 : a < b;
    });
    for (auto member = begin; member != pending_.end(); ++member) {
      if (member == begin || values[*member].key != values[*(member - 1)].key) continue;
      auto original = member - 1;
      while (original != begin && values[*(original - 1)].key == values[*member].key) --original;
      const JsonValue& first = values[*original];
      const JsonValue& again = values[*member];
      const std::string key = Quoted(again.key);
      const std::string place = std::to_string(first.key_line) + ":" + std::to_string(first.key_column);
      std::string path = PathOfOpen();
      AppendKey(again.key, &path);
      report_->Error("duplicate-key", path, {again.key_line, again.key_column},
                     {"key " + key + " stands a second time, first at " + place,
                      "键 " + key + " 重复，首次出现于 " + place},
                     {"keep one of the two", "只保留其中一个"});
      if (report_->full()) return;
    }
  }

  bool Word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return Unexpected("a value", "值");
    at_ += word.size();
    return true;
  }

  bool Digits() {
    if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') return Unexpected("a digit", "数字");
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return true;
  }

  bool Number(std::string_view* literal) {
    const LineColumn place = Here();
    const size_t begin = at_;
    bool integer = true;
    Consume('-');
    if (Consume('0')) {
      if (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
        return Syntax(place, {"a number begins with a needless 0", "数字以多余的 0 开头"});
      }
    } else if (!Digits()) {
      return false;
    }
    if (Consume('.')) {
      integer = false;
      if (!Digits()) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      integer = false;
      ++at_;
      if (!Consume('-')) Consume('+');
      if (!Digits()) return false;
    }
    *literal = text_.substr(begin, at_ - begin);
    if (InRange(*literal, integer)) return true;
    const std::string number = Quoted(*literal);
    return Fail("number-out-of-range", place,
                {"number " + number + " is too large to be read", "数字 " + number + " 过大，无法读取"});
  }

  static bool InRange(std::string_view literal, bool integer) {
    if (literal.size() <= 18 && integer) return true;
    if (integer) {
      int64_t whole;
      uint64_t natural;
      return ReadScaled(literal, 0, &whole) == NumberFault::kNone ||
             ReadUnsigned(literal, &natural) == NumberFault::kNone;
    }
    double number = 0;
    const absl::from_chars_result result =
        absl::from_chars(literal.data(), literal.data() + literal.size(), number);
    return result.ec != std::errc::result_out_of_range || std::fabs(number) < 1;
  }

  bool String(size_t limit, std::string_view code, std::string_view what_en, std::string_view what_zh,
              std::string_view* content) {
    const LineColumn place = Here();
    const size_t begin = ++at_;
    std::string* decoded = nullptr;
    size_t copied = begin;  // text before this is in `decoded`
    size_t length = 0;
    while (true) {
      if (at_ >= text_.size()) {
        return Syntax(place, {"a string is not closed", "字符串没有结束"});
      }
      const unsigned char c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') break;
      if (c < 0x20) {
        return Syntax(Here(),
                      {"a control character stands unescaped in a string", "字符串中含有未转义的控制字符"});
      }
      if (c == '\\') {
        if (decoded == nullptr) decoded = &document_->decoded_.emplace_back();
        decoded->append(text_.substr(copied, at_ - copied));
        if (!Escape(decoded)) return false;
        copied = at_;
        length = decoded->size();
      } else {
        if ((c & 0xC0) == 0x80) ++line_start_;  // not a character of its own: no column
        ++at_;
        length = (decoded == nullptr ? 0 : decoded->size()) + (at_ - copied);
      }
      if (length > limit) {
        const std::string bytes = std::to_string(limit);
        return Fail(code, place,
                    {"a " + std::string(what_en) + " is longer than " + bytes + " bytes",
                     std::string(what_zh) + "超过 " + bytes + " 字节"});
      }
    }
    if (decoded != nullptr) {
      decoded->append(text_.substr(copied, at_ - copied));
      *content = *decoded;
    } else {
      *content = text_.substr(begin, at_ - begin);
    }
    ++at_;
    return true;
  }

  bool Escape(std::string* decoded) {
    const LineColumn place = Here();
    ++at_;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    ++at_;
    switch (c) {
      case '"':
      case '\\':
      case '/': *decoded += c; return true;
      case 'b': *decoded += '\b'; return true;
      case 'f': *decoded += '\f'; return true;
      case 'n': *decoded += '\n'; return true;
      case 'r': *decoded += '\r'; return true;
      case 't': *decoded += '\t'; return true;
      case 'u': break;
      default: return Syntax(place, {"a backslash begins no known escape", "反斜杠之后不是有效的转义"});
    }
    uint32_t code;
    if (!Hex4(&code))
      return Syntax(place, {"\\u needs four hexadecimal digits", "\\u 之后须有四个十六进制数字"});
    if (code >= 0xD800 && code <= 0xDFFF) {
      uint32_t low = 0;
      const bool pair = code < 0xDC00 && text_.substr(at_, 2) == "\\u" && (at_ += 2, Hex4(&low)) &&
                        low >= 0xDC00 && low <= 0xDFFF;
      if (!pair) return Syntax(place, {"an escape is half of a surrogate pair", "转义只是代理对的一半"});
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(code, decoded);
    return true;
  }

  bool Hex4(uint32_t* code) {
    if (text_.size() < at_ + 4) return false;
    *code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = text_[at_];
      uint32_t digit;
      if (c >= '0' && c <= '9') {
        digit = static_cast<uint32_t>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        digit = static_cast<uint32_t>(c - 'a') + 10;
      } else if (c >= 'A' && c <= 'F') {
        digit = static_cast<uint32_t>(c - 'A') + 10;
      } else {
        return false;
      }
      *code = *code * 16 + digit;
    }
    return true;
  }

  static void AppendUtf8(uint32_t code, std::string* out) {
    const auto tail = [&](int shift) { *out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
      *out += static_cast<char>(code);
    } else if (code < 0x800) {
      *out += static_cast<char>(0xC0 | (code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      *out += static_cast<char>(0xE0 | (code >> 12));
      tail(6);
      tail(0);
    } else {
      *out += static_cast<char>(0xF0 | (code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  JsonDocument* document_;
  Report* report_;
  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
  size_t line_start_ = 0;  // at_ - line_start_ is the column less one: moved on by each continuation byte
  std::vector<Open> open_;
  std::vector<uint32_t> pending_;  // children of the open containers
};

namespace {

// simdjson picks its kernels on first use, by an environment variable if it is set, and ends the process if it
// then finds no memory. Picked here when the library is loaded, by what the processor can do.
[[maybe_unused]] const bool kKernelsPicked = [] {
  simdjson::get_active_implementation() = simdjson::get_available_implementations().detect_best_supported();
  return true;
}();

// Place of the first character that is not UTF-8.
LineColumn EndOfUtf8(std::string_view text) {
  LineColumn place{1, 1};
  for (size_t length; (length = Utf8Length(text)) > 0; text.remove_prefix(length)) {
    ++place.column;
    if (text[0] == '\n') place = {place.line + 1, 1};
  }
  return place;
}

// What can be said before any parsing.
bool CheckBytes(std::string_view text, Report* report) {
  if (text.size() > kMaxDocumentBytes) {
    const std::string size = std::to_string(text.size()), limit = std::to_string(kMaxDocumentBytes);
    report->Error("document-too-large", "", {},
                  {"the document has " + size + " bytes, more than " + limit,
                   "文档有 " + size + " 字节，超过 " + limit + " 字节"});
    return false;
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    report->Error("byte-order-mark", "", {1, 1},
                  {"the document begins with a byte order mark", "文档以字节顺序标记开头"},
                  {"save it as UTF-8 without BOM", "请保存为不带 BOM 的 UTF-8"});
    return false;
  }
  if (!text.empty() && !simdjson::validate_utf8(text.data(), text.size())) {
    report->Error("invalid-utf8", "", EndOfUtf8(text),
                  {"the document is not valid UTF-8", "文档不是有效的 UTF-8"},
                  {"save it as UTF-8", "请保存为 UTF-8"});
    return false;
  }
  return true;
}

}  // namespace

std::shared_ptr<const JsonDocument> JsonDocument::Parse(std::string_view text,
                                                        std::vector<Diagnostic>* diagnostics) {
  Report report(diagnostics);
  if (!CheckBytes(text, &report)) return nullptr;
  std::shared_ptr<JsonDocument> document(new JsonDocument);
  document->text_ = std::string(text);

  simdjson::dom::parser parser(kMaxDocumentBytes);
  simdjson::error_code refused = parser.allocate(std::max<size_t>(text.size(), 1), kMaxNesting + 2);
  if (refused == simdjson::SUCCESS) refused = parser.parse(document->text_.data(), text.size(), true).error();

  if (refused == simdjson::MEMALLOC) {
    report.Error(kOutOfMemory, "", {}, {"out of memory", "内存不足"});
    return nullptr;
  }
  if (!JsonWalk(document.get(), &report).Run() || report.errors() > 0) return nullptr;
  if (refused != simdjson::SUCCESS) {
    const std::string why = simdjson::error_message(refused);
    report.Error("json-syntax", "", {}, {"the document is not JSON: " + why, "文档不是 JSON：" + why});
    return nullptr;
  }
  return document;
}

const JsonValue* JsonDocument::FindMember(const JsonValue& object, std::string_view key) const {
  if (object.kind != JsonKind::kObject) return nullptr;
  const auto begin = by_key_.begin() + object.first;
  const auto end = begin + object.count;
  const auto found = std::lower_bound(begin, end, key, [this](uint32_t index, std::string_view wanted) {
    return values_[index].key < wanted;
  });
  if (found == end || values_[*found].key != key) return nullptr;
  return &values_[*found];
}

}  // namespace csat::policy
