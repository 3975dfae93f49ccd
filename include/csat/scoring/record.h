// Records: the figures of one thing to be scored, in the slots of a plan.
#ifndef CSAT_SCORING_RECORD_H_
#define CSAT_SCORING_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "csat/model/decimal.h"

namespace csat {

enum class FieldType { kNumber, kText, kEvents };

// A field that a plan reads.
struct Field {
  std::string name;
  FieldType type;
  // No rule of the scorecard can use a record without it except through a missing rule.
  bool required;
};

// One value of a record. A number keeps the form in which it came, so that an exact one stays exact.
struct Cell {
  enum class Kind : std::uint8_t { kMissing, kInteger, kDecimal, kDouble, kText, kEvents };
  Kind kind = Kind::kMissing;
  union {
    std::int64_t integer;  // kInteger; kDecimal: millionths.
    double real;           // kDouble.
    const char* text;      // kText, borrowed.
    const double* events;  // kEvents, borrowed.
  };
  std::size_t size = 0;  // Of text (bytes) or events.
  Cell() : integer(0) {}
};

// The values of one record. Texts and event lists are borrowed until the record is scored. Reusable: Clear()
// and fill again. Slots are the indices of Plan::fields().
class Record {
 public:
  explicit Record(std::size_t slots) : cells_(slots) {}

  std::size_t size() const { return cells_.size(); }
  void Clear() {
    for (Cell& cell : cells_) cell.kind = Cell::Kind::kMissing;
  }
  void SetMissing(std::size_t slot) { cells_[slot].kind = Cell::Kind::kMissing; }
  void SetInteger(std::size_t slot, std::int64_t value) {
    cells_[slot].kind = Cell::Kind::kInteger;
    cells_[slot].integer = value;
  }
  void SetDecimal(std::size_t slot, Decimal value) {
    cells_[slot].kind = Cell::Kind::kDecimal;
    cells_[slot].integer = value.micros();
  }
  // NaN and infinities are refused when the record is scored.
  void SetDouble(std::size_t slot, double value) {
    cells_[slot].kind = Cell::Kind::kDouble;
    cells_[slot].real = value;
  }
  void SetText(std::size_t slot, std::string_view value) {
    cells_[slot].kind = Cell::Kind::kText;
    cells_[slot].text = value.data();
    cells_[slot].size = value.size();
  }
  void SetEvents(std::size_t slot, absl::Span<const double> values) {
    cells_[slot].kind = Cell::Kind::kEvents;
    cells_[slot].events = values.data();
    cells_[slot].size = values.size();
  }
  const Cell& operator[](std::size_t slot) const { return cells_[slot]; }

 private:
  std::vector<Cell> cells_;
};

}  // namespace csat

#endif  // CSAT_SCORING_RECORD_H_
