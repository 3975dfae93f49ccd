// The spec of an aggregate as a JSON document.
#ifndef CSAT_MEASURE_AGGREGATE_SPEC_JSON_H_
#define CSAT_MEASURE_AGGREGATE_SPEC_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "csat/measure/aggregates.h"
#include "csat/policy/diagnostic.h"

namespace csat {

// Reads a spec as strictly as a policy file: unknown and duplicate keys are errors, numbers are exact decimals.
//
//   {"by": ["shop"],
//    "items": [{"id": "q1", "field": "Q1", "min": 1, "max": 5, "decimal_places": 0, "missing_values": [9],
//               "labels": [{"word": "good", "value": 5}]}],
//    "sets": [{"id": "quality", "items": ["q1", "q2"]}]}
//
// All may be left out but id, min and max of an item, word and value of a label, id and items of a set.
// InvalidArgument: `fault` (may be null) receives the first fault with its place. What the spec says is checked by
// Aggregates::Create().
absl::StatusOr<AggregateSpec> ReadAggregateSpec(std::string_view json, Diagnostic* fault = nullptr);

// The one text of a spec: no white space, keys in order, numbers as exact decimals. ReadAggregateSpec() gives it back.
std::string AggregateSpecJson(const AggregateSpec& spec);

}  // namespace csat

#endif  // CSAT_MEASURE_AGGREGATE_SPEC_JSON_H_
