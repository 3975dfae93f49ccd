#ifndef CSAT_CAPI_RELIABILITY_JSON_H_
#define CSAT_CAPI_RELIABILITY_JSON_H_

#include <cstddef>
#include <string>
#include <vector>

#include "csat/measure/aggregates.h"

namespace csat::capi {

struct ReliabilityRequest {
  int set = 0;
  bool pairwise = false;
  double level = 0.95;
  std::vector<bool> reversed;  // By item of the set.
};

// The document of csat_aggregates_reliability().
std::string ReliabilityJson(const Aggregates& aggregates, std::size_t group,
                            const ReliabilityRequest& request);

}  // namespace csat::capi

#endif  // CSAT_CAPI_RELIABILITY_JSON_H_
