// Keys of a group as bytes that compare as the keys do.
#ifndef CSAT_SRC_MEASURE_KEY_BYTES_H_
#define CSAT_SRC_MEASURE_KEY_BYTES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "csat/measure/aggregates.h"

namespace csat {

void AppendKey(const AggregateKey& key, std::string* out);
// false: these are not the bytes of `count` keys.
bool ReadKeys(std::string_view bytes, std::size_t count, std::vector<AggregateKey>* out);

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_KEY_BYTES_H_
