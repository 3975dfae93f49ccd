// Writes JSON: what the C interface gives as text.
#ifndef CSAT_CAPI_JSON_WRITER_H_
#define CSAT_CAPI_JSON_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csat/model/decimal.h"

namespace csat::capi {

// Builds one JSON text from the outside in; commas come by themselves. The caller pairs Begin with End.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view key);
  JsonWriter& Text(std::string_view text);
  JsonWriter& Number(Decimal number);
  JsonWriter& Integer(std::int64_t number);
  // The shortest text that reads as this double. `number` is finite.
  JsonWriter& Real(double number);
  JsonWriter& Truth(bool truth);
  JsonWriter& Null();
  // An array of them.
  JsonWriter& Texts(const std::vector<std::string>& texts);

  std::string Take() { return std::move(out_); }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  // The comma before a value or key, where one is due.
  void Separate();
  void Quote(std::string_view text);

  std::string out_;
  bool first_ = true;  // Nothing stands yet in the innermost list or object, or a key has just been written.
};

}  // namespace csat::capi

#endif  // CSAT_CAPI_JSON_WRITER_H_
