// Any bytes as the spec of aggregates: a line that says what is wrong and where, or a spec whose one text gives it
// back, and aggregates of no row whose bytes carry it.
#include <cstdint>
#include <string>
#include <string_view>

#include "csat/measure/aggregate_spec_json.h"
#include "csat/measure/aggregates.h"
#include "fuzz/generated_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  csat::Diagnostic fault;
  const absl::StatusOr<csat::AggregateSpec> spec =
      csat::ReadAggregateSpec(std::string_view(reinterpret_cast<const char*>(data), size), &fault);
  if (!spec.ok()) {
    csat::RequireLine(spec.status());
    Require(fault.line > 0, "a fault has a place");
    return 0;
  }
  const std::string text = csat::AggregateSpecJson(*spec);
  const absl::StatusOr<csat::AggregateSpec> again = csat::ReadAggregateSpec(text);
  Require(again.ok() && *again == *spec, "the text of a spec gives it back");
  const absl::StatusOr<csat::Aggregates> made = csat::Aggregates::Create(*spec);
  if (!made.ok()) {
    csat::RequireLine(made.status());
    return 0;
  }
  const absl::StatusOr<csat::Aggregates> read = csat::Aggregates::FromBytes(made->ToBytes());
  Require(read.ok() && read->spec() == made->spec() && read->rows() == 0, "the bytes carry the spec");
  return 0;
}
