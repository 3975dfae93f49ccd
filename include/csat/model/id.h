// Names that programs compare: ids of metrics, customer types, channels, questionnaire items.
#ifndef CSAT_MODEL_ID_H_
#define CSAT_MODEL_ID_H_

#include <cstddef>
#include <string_view>

namespace csat {

inline constexpr std::size_t kMaxIdBytes = 64;
inline constexpr std::size_t kMaxReferenceBytes = 256;

// [a-z0-9_]{1,64}: an id that a policy or a program gives.
constexpr bool IsId(std::string_view text) {
  if (text.empty() || text.size() > kMaxIdBytes) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

// 1 to 256 bytes without spaces or control characters: the pseudonymous id under which the host knows a person
// or a record. Names, addresses and telephone numbers stay with the host.
constexpr bool IsReference(std::string_view text) {
  if (text.empty() || text.size() > kMaxReferenceBytes) return false;
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) return false;
  }
  return true;
}

}  // namespace csat

#endif  // CSAT_MODEL_ID_H_
