// Random scorecards and random columns for them, with values on and beside every edge the card has.
#ifndef CSAT_TESTS_SCORING_RANDOM_CARDS_H_
#define CSAT_TESTS_SCORING_RANDOM_CARDS_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/scoring/plan.h"

namespace csat {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  // 0 .. sides - 1.
  int Roll(int sides) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(sides)); }
  bool OneIn(int n) { return Roll(n) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(Roll(static_cast<int>(from.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

// What a random card is made of.
struct CardShape {
  bool events = false;   // Lists of events: figures that only the row by row engine knows.
  bool periods = false;  // Vetoes that reach a subject's whole period.
};

// A policy file with one or two scorecards; the last one is "card".
std::string RandomCard(Dice* dice, const CardShape& shape);

// A value as a test knows it.
struct Value {
  std::variant<std::monostate, std::int64_t, double, Decimal, std::string, std::vector<double>> is;
};

// Rows for a plan, as columns of random types and as records.
struct RandomRows {
  ForeignArray table;
  std::vector<std::vector<Value>> values;  // By slot, then row.

  Record RecordOf(const Plan& plan, std::int64_t row) const;
};

struct RowsShape {
  int rows = 100;
  int null_one_in = 20;  // 0: no nulls.
  int bad_one_in = 50;   // 0: every value lies in its range.
};

void FillRandomRows(const Plan& plan, const RowsShape& shape, Dice* dice, RandomRows* out);

}  // namespace csat

#endif  // CSAT_TESTS_SCORING_RANDOM_CARDS_H_
