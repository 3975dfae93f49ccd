// The numbers of groups as bits. csat/v1/aggregate.proto says how.
#ifndef CSAT_SRC_MEASURE_GROUP_BITS_H_
#define CSAT_SRC_MEASURE_GROUP_BITS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "measure/aggregate_layout.h"
#include "measure/number_model.h"

namespace csat {

// All numbers of a group in their order: counts, of which the first is its rows, sums, and, unless they are all 0, the
// partial ones.
using FlatNumbers = std::vector<absl::int128>;

class GroupBits {
 public:
  // For `groups` groups, 1 or more, with these totals. Borrows the layout.
  GroupBits(const AggregateLayout& layout, std::size_t groups, FlatNumbers totals);
  // nullopt: bytes that Head() does not write.
  static std::optional<GroupBits> OfHead(const AggregateLayout& layout, std::size_t groups,
                                         std::string_view head);

  // Each group is looked at before the first is written.
  void Look(const FlatNumbers& group);
  void Settle();
  std::string Head() const;
  std::string Write(const FlatNumbers& group) const;
  // false: bytes that Write() does not write.
  bool Read(std::string_view bits, FlatNumbers* group) const;

  const FlatNumbers& totals() const { return totals_; }

 private:
  std::size_t whole() const { return layout_->counts() + layout_->sums(); }

  const AggregateLayout* layout_;
  FlatNumbers totals_;
  std::vector<NumberModel> models_;  // Of all numbers.
};

}  // namespace csat

#endif  // CSAT_SRC_MEASURE_GROUP_BITS_H_
