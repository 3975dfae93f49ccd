// Exact aggregates: what a group of records is to be known by, in integers that add up in any order. One state per
// group, from which frequencies, means, deviations, quantiles of bounded scales, covariances and everything made of
// them are computed; states of parts merge into the state of the whole, bit for bit, however the records were split.
#ifndef CSAT_MEASURE_AGGREGATES_H_
#define CSAT_MEASURE_AGGREGATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "csat/arrow/c_data.h"
#include "csat/measure/co_moments.h"
#include "csat/measure/frequencies.h"
#include "csat/measure/moments.h"
#include "csat/model/calendar.h"
#include "csat/model/decimal.h"

namespace csat {

// A column of figures and the grid on which it is kept: ticks of 10^-decimal_places from `min` to `max`.
struct AggregateItem {
  std::string id;     // [a-z0-9_]{1,64}, once in a spec.
  std::string field;  // Name of the column; "" means `id`.
  // Inclusive; a value outside is a bad value. Up to 250 ticks apart the item keeps a count for each tick, beyond
  // that count, sum and sum of squares. |ticks| <= 2^40.
  Decimal min, max;
  int decimal_places = 0;  // 0..6. A number with more is read as the nearest tick, ties to the even one,
  bool exact = false;      // or, where this says so, is a bad value: 3.5 on a scale of whole ranks.
  // Raw values that stand for "no answer"; they may lie outside of the range.
  std::vector<Decimal> missing_values;
  // Words that stand for a value, for columns of words.
  std::vector<std::pair<std::string, Decimal>> labels;

  friend bool operator==(const AggregateItem& a, const AggregateItem& b);
};

// Items whose joint moments are kept: what correlation, alpha, KMO and drivers are made of. 2 to 64 of them, each of
// |ticks| <= 2^15.
struct AggregateItemSet {
  std::string id;
  std::vector<std::string> items;

  friend bool operator==(const AggregateItemSet& a, const AggregateItemSet& b);
};

struct AggregateSpec {
  std::vector<std::string> by;  // Columns of keys: bool, integers, words, days. Up to 8; none: one group.
  std::vector<AggregateItem> items;    // Up to 256.
  std::vector<AggregateItemSet> sets;  // Up to 16.

  // Aggregates of equal specs merge.
  friend bool operator==(const AggregateSpec& a, const AggregateSpec& b);
  friend bool operator!=(const AggregateSpec& a, const AggregateSpec& b) { return !(a == b); }
};

// A key of a group; std::monostate is null. Keys are ordered by type as listed, then by value; words by their bytes.
using AggregateKey = std::variant<std::monostate, bool, std::int64_t, CalendarDate, std::string>;

class AggregateLayout;

// The states of all groups. A value: copies are independent. Mutators are whole or nothing: after a failure the
// aggregate is what it was. Const functions may run side by side.
class Aggregates {
 public:
  struct AddOptions {
    int threads = 1;  // 1 to 256. The result does not depend on it.
    // A bad value fails the call, naming the first row that has one, or keeps its whole row out, counted by refused().
    enum class BadRows { kFail, kRefuse } bad_rows = BadRows::kFail;
    // What the array's first row is called in messages.
    std::int64_t first_row = 0;
  };

  // InvalidArgument names the part of the spec and the limit.
  static absl::StatusOr<Aggregates> Create(AggregateSpec spec);

  const AggregateSpec& spec() const;

  // Adds the rows of a struct array, which is borrowed. InvalidArgument: a column is missing, there twice or of a type
  // that cannot be read; an array that contradicts itself; a bad value (NaN, an infinity, off the range, a word that
  // is no label).
  absl::Status Add(const ArrowSchema& schema, const ArrowArray& array, const AddOptions& options);
  absl::Status Add(const ArrowSchema& schema, const ArrowArray& array) {
    return Add(schema, array, AddOptions());
  }

  // Adds all arrays of a stream, which is borrowed: read to its end, not released. Rows are counted over the whole
  // stream. Whole or nothing: a stream that fails midway, or one bad row, and nothing of it is added. As for Add();
  // InvalidArgument also: a released stream; DataLoss: a callback failed, with its words; ResourceExhausted: it had no
  // memory.
  absl::Status AddStream(ArrowArrayStream* stream, const AddOptions& options);

  // Adds the groups of `other`. FailedPrecondition: it has another spec.
  absl::Status Merge(const Aggregates& other);
  // Takes the rows of `other` out again; groups without rows vanish. FailedPrecondition: another spec, or rows that
  // this one cannot hold.
  absl::Status Subtract(const Aggregates& other);

  // Canonical: the same groups give the same bytes, however they came together. Starts with a magic number and a
  // version, and carries its SHA-256.
  std::string ToBytes() const;
  // InvalidArgument: not such bytes, truncated, changed, of a newer version, or contradicting themselves.
  static absl::StatusOr<Aggregates> FromBytes(std::string_view bytes);

  // Rows of all groups, and rows kept out.
  std::int64_t rows() const;
  std::int64_t refused() const;

  // Groups in the order of their keys, 0..groups() - 1.
  std::size_t groups() const;
  std::vector<AggregateKey> Keys(std::size_t group) const;
  // Index of the group with these keys, -1: none.
  std::ptrdiff_t Find(const std::vector<AggregateKey>& keys) const;
  std::int64_t Rows(std::size_t group) const;

  // Index of an item or a set in the spec; -1: none.
  int FindItem(std::string_view id) const;
  int FindSet(std::string_view id) const;
  // Whether the item keeps a count for each tick.
  bool HasLevels(int item) const;
  // The counts of all ticks from `min` to `max`, also those of 0. Only of an item with levels.
  Frequencies FrequenciesOf(std::size_t group, int item) const;
  // Of the rows with a value.
  Moments MomentsOf(std::size_t group, int item) const;
  // Of a set: over the rows that have values for all of its items, and over those that have values for a pair.
  CoMoments Listwise(std::size_t group, int set) const;
  CoMoments Pairwise(std::size_t group, int set) const;

  Aggregates(const Aggregates& other);
  Aggregates& operator=(const Aggregates& other);
  Aggregates(Aggregates&&) noexcept;
  Aggregates& operator=(Aggregates&&) noexcept;
  ~Aggregates();

 private:
  struct Rep;
  explicit Aggregates(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace csat

#endif  // CSAT_MEASURE_AGGREGATES_H_
