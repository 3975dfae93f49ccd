#ifndef CSAT_POLICY_JSON_WRITER_H_
#define CSAT_POLICY_JSON_WRITER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace csat::policy {

// Builds one JSON text. The caller opens and closes containers in pairs, calls Key() before each member and
// Element() before each element, and gives members in the order wanted.
class JsonWriter {
 public:
  enum class Layout {
    kCompact,  // no white space
    kPretty,   // two spaces a level; containers without inner ones on one line where they fit in 100 columns
  };

  explicit JsonWriter(Layout layout) : pretty_(layout == Layout::kPretty) {}

  void OpenObject() { Open('{'); }
  void CloseObject() { Close('}'); }
  void OpenArray() { Open('['); }
  void CloseArray() { Close(']'); }
  void Key(std::string_view key);
  void Element();
  void String(std::string_view text);
  // A number, true, false or null, or a whole value, as it is to stand.
  void Raw(std::string_view literal) { out_.append(literal); }

  // The text so far; the writer is empty afterwards.
  std::string Take();

 private:
  void Open(char bracket);
  void Close(char bracket);
  void Indent();
  bool Flatten(size_t begin);

  const bool pretty_;
  std::string out_;
  std::vector<size_t> open_;  // where the open containers begin
  bool first_ = true;         // nothing stands in the innermost open container yet
  bool flat_ = false;         // the innermost open container holds no other
};

}  // namespace csat::policy

#endif  // CSAT_POLICY_JSON_WRITER_H_
