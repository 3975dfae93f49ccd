// The states of all groups, side by side.
#ifndef CSAT_SRC_MEASURE_AGGREGATE_REP_H_
#define CSAT_SRC_MEASURE_AGGREGATE_REP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "measure/aggregate_layout.h"
#include "measure/number_table.h"

namespace csat {

// The numbers of one group, of layout.counts(), sums() and partial() entries; partial is nullptr if all are 0.
struct GroupNumbers {
  const std::int64_t* counts;
  const absl::int128* sums;
  const std::int64_t* partial;
};

// Whether the numbers can be those of a group: what is wrong with them, or "".
std::string WhyNoGroup(const AggregateLayout& layout, const GroupNumbers& group);

struct Aggregates::Rep {
  std::shared_ptr<const AggregateLayout> layout;
  std::int64_t rows = 0, refused = 0;
  NumberTable index;  // Of groups, by their keys.
  std::vector<std::string> keys;
  // By group; partial is empty while it is 0 in every group.
  std::vector<std::int64_t> counts;
  std::vector<absl::int128> sums;
  std::vector<std::int64_t> partial;
  // Groups in the order of their keys.
  std::vector<std::uint32_t> order;

  std::size_t groups() const { return keys.size(); }
  GroupNumbers Numbers(std::size_t group) const {
    return {counts.data() + group * layout->counts(), sums.data() + group * layout->sums(),
            partial.empty() ? nullptr : partial.data() + group * layout->partial()};
  }

  // NumberTable::kNone: there is no such group.
  std::uint32_t FindGroup(const std::string& key_bytes) const;

  // Adds `keys_added.size()` groups, whose numbers `add` puts on top of those that are there. Whole or, without memory
  // or with too many rows, nothing.
  absl::Status AddGroups(
      std::vector<std::string> keys_added, std::int64_t rows_added, bool with_partial,
      const std::function<void(std::size_t, std::int64_t*, absl::int128*, std::int64_t*)>& add);
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_AGGREGATE_REP_H_
