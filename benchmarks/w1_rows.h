// Rows of workload W1, and its policy file.
#ifndef CSAT_BENCHMARKS_W1_ROWS_H_
#define CSAT_BENCHMARKS_W1_ROWS_H_

#include <cmath>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <random>
#include <string>

namespace csat {

inline std::string Read(const std::string& path) {
  std::ifstream file(std::string(CSAT_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A month of an agent, drawn by the distributions of the workload.
struct Row {
  double response_seconds, resolution_rate, first_contact_rate, attitude, knowledge;
  std::int8_t role;
  std::int32_t info_leaks, broken_promises, written_praise, suggestions, complaints;
};

class RowSource {
 public:
  Row Next() {
    const double quality = Normal();
    Row row;
    row.response_seconds = std::round(120 * std::exp(0.8 * Normal() - 0.15 * quality)) / 10;
    row.resolution_rate = std::round((0.6 + 0.4 * (1 - std::pow(Uniform(), 2.2))) * 1e4) / 1e4;
    row.first_contact_rate = std::round((0.3 + 0.7 * std::pow(Uniform(), 0.45)) * 1e4) / 1e4;
    row.attitude = Rating(4.25 + 0.25 * quality + 0.55 * Normal());
    row.knowledge = Rating(4.15 + 0.25 * quality + 0.60 * Normal());
    row.role = static_cast<std::int8_t>(Count({0.30, 0.55}));
    row.info_leaks = Count({0.998, 0.9999});
    row.broken_promises = Count({0.990, 0.999});
    row.written_praise = Count({0.60, 0.85, 0.95, 0.98, 0.99});
    row.suggestions = Count({0.75, 0.93, 0.98, 0.995});
    row.complaints = Count({0.70, 0.92, 0.98, 0.995});
    return row;
  }

 private:
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double Normal() {
    return std::sqrt(-2 * std::log(1 - Uniform())) * std::cos(6.283185307179586 * Uniform());
  }
  static double Rating(double value) { return std::round(std::fmin(std::fmax(value, 1), 5) * 20) / 20; }
  int Count(std::initializer_list<double> limits) {
    const double draw = Uniform();
    int count = 0;
    for (const double limit : limits) count += draw >= limit ? 1 : 0;
    return count;
  }
  std::mt19937_64 engine_{20261122};
};

inline constexpr const char* kRoles[] = {"technical", "reception", "general"};

}  // namespace csat

#endif  // CSAT_BENCHMARKS_W1_ROWS_H_
