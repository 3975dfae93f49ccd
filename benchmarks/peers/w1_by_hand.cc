// Workload W1 written by hand for exactly this card: what a careful C++ programmer gets out of one loop over
// columns with -O3 -march=native, and one record at a time. Floating point, so band edges are not exact.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

struct Columns {
  const double *response, *resolution, *first_contact, *attitude, *knowledge;
  const std::int8_t* role;
  const std::int32_t *leaks, *broken, *praise, *suggestions, *complaints;
  double* score;
  std::int8_t *grade, *reason;
};

constexpr double kAttitude[] = {10, 18, 15}, kKnowledge[] = {15, 7, 10};

void ScoreRange(const Columns& c, std::size_t from, std::size_t to) {
  // Without the promise that columns do not overlap, no compiler makes vectors of this.
  const double* __restrict response_s = c.response, * __restrict resolution_r = c.resolution;
  const double* __restrict first_contact = c.first_contact, * __restrict attitude_m = c.attitude;
  const double* __restrict knowledge_m = c.knowledge;
  const std::int8_t* __restrict role_of = c.role;
  const std::int32_t* __restrict leaks = c.leaks, * __restrict broken_n = c.broken, * __restrict praise = c.praise;
  const std::int32_t* __restrict suggestions = c.suggestions, * __restrict complaints = c.complaints;
  double* __restrict score_out = c.score;
  std::int8_t* __restrict grade_out = c.grade, * __restrict reason_out = c.reason;
  constexpr std::size_t kTile = 1024;
  std::int32_t grades[kTile], reasons[kTile];
  for (std::size_t tile = from; tile < to; tile += kTile) {
    const std::size_t rows = std::min(kTile, to - tile);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t r = tile + i;
      const double late = std::ceil((response_s[r] - 10) / 5);
      const double response = std::min(10.0, std::max(0.0, 10 - late));
      const double resolution = 10 * std::min(1.0, resolution_r[r] / 0.95);
      const double attitude = (attitude_m[r] - 1) * 2.5, knowledge = (knowledge_m[r] - 1) * 2.5;
      const std::int32_t role = role_of[r];
      const double wa = role == 0 ? kAttitude[0] : role == 1 ? kAttitude[1] : kAttitude[2];
      const double wk = role == 0 ? kKnowledge[0] : role == 1 ? kKnowledge[1] : kKnowledge[2];
      const double total =
          (25 * response + 30 * resolution + 200 * first_contact[r] + wa * attitude + wk * knowledge) / 10;
      const double bonus = std::min(0.15, 0.02 * praise[r] + 0.03 * suggestions[r]);
      const bool leak = leaks[r] > 0, broken = broken_n[r] > 0;
      double score = std::min(100.0, total * (1 + bonus));
      score = (leak | broken) ? 0.0 : score;
      const bool condition = (complaints[r] == 0) & (praise[r] >= 1);
      const bool top = score >= 90;
      grades[i] = 1 + (score >= 45) + (score >= 60) + (score >= 76) + (top & condition);
      std::int32_t reason = (top & !condition) ? 3 : 0;
      reason = broken ? 2 : reason;
      reasons[i] = leak ? 1 : reason;
      score_out[r] = score;
    }
    for (std::size_t i = 0; i < rows; ++i) {
      grade_out[tile + i] = static_cast<std::int8_t>(grades[i]);
      reason_out[tile + i] = static_cast<std::int8_t>(reasons[i]);
    }
  }
}

}  // namespace

extern "C" void w1_by_hand(const Columns* columns, std::size_t rows, int threads) {
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) {
    others.emplace_back([=] { ScoreRange(*columns, rows * t / threads, rows * (t + 1) / threads); });
  }
  ScoreRange(*columns, 0, rows / threads);
  for (std::thread& other : others) other.join();
}
