// What a test says of a figure: a number, or the word of a gap and its items.
#ifndef CSAT_TESTS_MEASURE_GAP_WORDS_H_
#define CSAT_TESTS_MEASURE_GAP_WORDS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "csat/measure/estimate.h"

namespace csat {

// "" for a value, "constant" or "singular 0 3" for a gap.
template <typename T>
std::string GapWords(const Measured<T>& measured) {
  if (measured.has_value()) return "";
  const std::string_view word = Word(measured.gap().reason);
  std::string words(word);
  for (const int item : measured.gap().items) absl::StrAppend(&words, " ", item);
  return words;
}

}  // namespace csat

#endif  // CSAT_TESTS_MEASURE_GAP_WORDS_H_
