#include "survey/id_order.h"

#include <algorithm>
#include <cstddef>

namespace csat::survey {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Cuts a run of digits, or of anything else, off the front.
std::string_view CutRun(std::string_view* text) {
  const bool digits = IsDigit(text->front());
  const auto end =
      std::find_if(text->begin(), text->end(), [digits](char c) { return IsDigit(c) != digits; });
  const auto size = static_cast<std::size_t>(end - text->begin());
  const std::string_view run = text->substr(0, size);
  text->remove_prefix(size);
  return run;
}

// Below 0, 0 or above 0.
int CompareRuns(std::string_view a, std::string_view b) {
  if (!IsDigit(a.front()) || !IsDigit(b.front())) {
    if (IsDigit(a.front()) != IsDigit(b.front())) return IsDigit(a.front()) ? 1 : -1;
    return a.compare(b);
  }
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? (a.size() < b.size() ? -1 : 1) : a.compare(b);
}

}  // namespace

bool IdBefore(std::string_view a, std::string_view b) {
  for (std::string_view rest_a = a, rest_b = b; !rest_a.empty() && !rest_b.empty();) {
    const int order = CompareRuns(CutRun(&rest_a), CutRun(&rest_b));
    if (order != 0) return order < 0;
    if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
  }
  return a.empty() != b.empty() ? a.empty() : a < b;
}

}  // namespace csat::survey
