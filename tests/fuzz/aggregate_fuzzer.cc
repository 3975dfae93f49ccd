// Any bytes as aggregates: as they are, or sealed with the digest that they would need, so that the reader of states
// itself is reached. What is refused is refused in a line; what is read comes back as the same bytes, merges with
// itself, gives back what was merged, and every figure of it is finite or has its reason.
//
// Byte 0: even, the rest is taken as it is; odd, byte 1 is the version and the rest is what is sealed.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "csat/measure/aggregate_table.h"
#include "csat/measure/aggregates.h"
#include "csat/measure/factorability.h"
#include "csat/measure/reliability.h"
#include "csat/survey/selection.h"
#include "fuzz/generated_table.h"

namespace csat {
namespace {

std::string Sealed(std::uint8_t version, const std::string& state) {
  std::string made = "CSATAGG";
  made.push_back(static_cast<char>(version));
  // The commitment of a seed is its SHA-256 in hexadecimal.
  return made + absl::HexStringToBytes(SeedCommitment(state)) + state;
}

void RequireFinite(const Estimate& estimate) {
  Require(!estimate.has_value() || std::isfinite(*estimate), "a figure is finite or has its reason");
}

void RequireFigures(const Aggregates& read, std::size_t group) {
  for (std::size_t i = 0; i < read.spec().items.size(); ++i) {
    const Moments moments = read.MomentsOf(group, static_cast<int>(i));
    RequireFinite(Mean(moments));
    RequireFinite(StandardDeviation(moments));
    Require(moments.n <= read.Rows(group), "no more answers than rows");
  }
  for (std::size_t set = 0; set < read.spec().sets.size(); ++set) {
    for (const CoMoments& moments :
         {read.Listwise(group, static_cast<int>(set)), read.Pairwise(group, static_cast<int>(set))}) {
      const Reliability reliability = ReliabilityOf(moments);
      RequireFinite(reliability.alpha);
      RequireFinite(reliability.standardised_alpha);
      for (const ItemReliability& item : reliability.by_item) RequireFinite(item.item_rest);
    }
  }
}

void RequireTables(const Aggregates& read) {
  for (int i = 0; i < 2; ++i) {
    ArrowSchema schema{};
    ArrowArray array{};
    const absl::Status status =
        i == 0 ? ExportGroups(read, &schema, &array) : ExportLevels(read, &schema, &array);
    if (!status.ok()) {
      RequireLine(status);
      continue;
    }
    Require(i == 1 || array.length == static_cast<std::int64_t>(read.groups()), "a row for each group");
    array.release(&array);
    schema.release(&schema);
  }
}

}  // namespace
}  // namespace csat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  csat::FuzzBytes bytes{data, size};
  const std::uint8_t mode = bytes.Take<std::uint8_t>();
  std::string given;
  if (mode % 2 == 1) {
    const std::uint8_t version = bytes.Take<std::uint8_t>();
    given = csat::Sealed(version, std::string(reinterpret_cast<const char*>(bytes.data), bytes.size));
  } else {
    given.assign(reinterpret_cast<const char*>(bytes.data), bytes.size);
  }
  const absl::StatusOr<csat::Aggregates> read = csat::Aggregates::FromBytes(given);
  if (!read.ok()) {
    csat::RequireLine(read.status());
    return 0;
  }
  const std::string written = read->ToBytes();
  const absl::StatusOr<csat::Aggregates> again = csat::Aggregates::FromBytes(written);
  Require(again.ok() && again->ToBytes() == written, "what is written is read as the same");
  csat::Aggregates twice = *read;
  if (twice.Merge(*read).ok()) {
    Require(twice.rows() == 2 * read->rows(), "rows add up");
    Require(twice.Subtract(*read).ok() && twice.ToBytes() == written, "subtracting undoes merging");
  } else {
    Require(twice.ToBytes() == written, "what fails changes nothing");
  }
  for (std::size_t group = 0; group < read->groups() && group < 4; ++group) {
    csat::RequireFigures(*read, group);
    Require(read->Find(read->Keys(group)) == static_cast<std::ptrdiff_t>(group),
            "a group is found by its keys");
  }
  csat::RequireTables(*read);
  return 0;
}
