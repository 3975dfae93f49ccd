#ifndef CSAT_POLICY_JSON_TEXT_H_
#define CSAT_POLICY_JSON_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace csat::policy {

// Adds `text` as the inside of a JSON string, escaped as RFC 8785 (3.2.2.2) has it: what has to be, no more.
void AppendJsonEscaped(std::string_view text, std::string* out);

// Adds micros / 1,000,000 with as few digits as say it exactly: 75.5, -0.000001, 0.
void AppendDecimal(int64_t micros, std::string* out);

enum class NumberFault { kNone, kTooPrecise, kOutOfRange };

// The value of a JSON number literal times 10^places, exactly: "1.50", "15e-1" and "1.5" give the same.
// kTooPrecise if that is no integer, kOutOfRange if it does not fit. `literal` has to be a valid JSON number.
// Linear in the literal; no floating point.
NumberFault ReadScaled(std::string_view literal, int places, int64_t* scaled);

// The same for an unsigned 64-bit integer.
NumberFault ReadUnsigned(std::string_view literal, uint64_t* value);

// Order of UTF-16 code units, by which RFC 8785 sorts keys. Both texts are valid UTF-8.
bool Utf16Less(std::string_view a, std::string_view b);

}  // namespace csat::policy

#endif  // CSAT_POLICY_JSON_TEXT_H_
