// The order of response ids where nothing else tells which response is the later one.
#ifndef CSAT_SRC_SURVEY_ID_ORDER_H_
#define CSAT_SRC_SURVEY_ID_ORDER_H_

#include <string_view>

namespace csat::survey {

// Runs of digits by value, "9" before "10" and "r9" before "r10", anything else by its bytes and before digits; of
// "1" and "01" the bytes tell. A strict total order.
bool IdBefore(std::string_view a, std::string_view b);

}  // namespace csat::survey

#endif  // CSAT_SRC_SURVEY_ID_ORDER_H_
