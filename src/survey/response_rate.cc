#include "csat/survey/response_rate.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace csat {

absl::StatusOr<ResponseRates> RatesOf(const Dispositions& of) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  std::int64_t sum = 0;
  for (const auto& [name, count] :
       {std::pair("complete", of.complete), std::pair("partial", of.partial),
        std::pair("refused", of.refused), std::pair("not_reached", of.not_reached),
        std::pair("other", of.other), std::pair("unknown", of.unknown),
        std::pair("ineligible", of.ineligible)}) {
    if (count < 0 || count > kMost - sum)
      return absl::InvalidArgumentError(
          absl::StrCat(name, ": ", count, " lies outside of [0, 2^40], with the others"));
    sum += count;
  }
  const std::int64_t answered = of.complete + of.partial, reached = answered + of.refused + of.other,
                     eligible = reached + of.not_reached, all = eligible + of.unknown;
  return ResponseRates{Ratio::Create(of.complete, all),   Ratio::Create(answered, all),
                       Ratio::Create(answered, eligible), Ratio::Create(answered, reached),
                       Ratio::Create(of.refused, all),    Ratio::Create(reached, all)};
}

}  // namespace csat
