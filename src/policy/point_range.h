// Tested by tests/policy/checker_brute_force_test.cc.
#ifndef CSAT_POLICY_POINT_RANGE_H_
#define CSAT_POLICY_POINT_RANGE_H_

#include <optional>
#include <vector>

#include "csat/model/score_function.h"
#include "policy/region.h"

namespace csat::policy {

// Points as a score function gives them before rounding. Only compared, with kPointSlack to spare: the checker
// claims nothing that hangs on a rounding.
using RawPoints = double;
inline constexpr RawPoints kPointSlack = 2e-6;

struct PointRange {
  RawPoints low = 0, high = 0;
};

// Points of a number. Lookup has none: it takes words.
RawPoints PointsAt(const ScoreFunction& function, Position figure);

// Positions of `region`, rising, such that the function is monotone between neighbours. At least one. Empty only
// for an empty region. A step deduction is given by its ends and its first steps, being monotone everywhere.
std::vector<Position> TurningPoints(const ScoreFunction& function, const Region& region);

// Least and most points over `region`, which is not empty.
PointRange RangeOf(const ScoreFunction& function, const Region& region);

// Figures a < b of `region` where b gets more points (falls: fewer) than a though it should not; nullopt: none.
struct WrongTurn {
  Position from, to;
};
std::optional<WrongTurn> FindTurn(const ScoreFunction& function, const Region& region, bool rises);

}  // namespace csat::policy

#endif  // CSAT_POLICY_POINT_RANGE_H_
