// Writes tile programs operation by operation, with the range of every integer: an operation whose numbers could
// leave the range of exact arithmetic makes the builder fail, and the card is scored row by row.
#ifndef CSAT_SRC_SCORING_TILE_BUILDER_H_
#define CSAT_SRC_SCORING_TILE_BUILDER_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "scoring/tile_program.h"

namespace csat {

// A tile of integers and the range they lie in, in rows that are not flagged.
struct TileValue {
  int tile = -1;
  absl::int128 low = 0, high = 0;
};

// A finished program. Borrows the columns that its sources were made of.
struct TileProgram {
  std::vector<TileInstruction> code;
  std::vector<TileSource> sources;
  std::deque<std::vector<double>> tables;
  std::deque<std::vector<TileWord>> words;
  std::deque<std::string> texts;
  int tiles = 0;
};

class TileBuilder {
 public:
  // Below this magnitude doubles hold every integer with two bits to spare, and Round() is exact.
  static constexpr std::int64_t kLimit = std::int64_t{1} << 50;

  bool ok() const { return ok_; }
  // The card is left to the engine for single records.
  void Fail() { ok_ = false; }

  int AddSource(const TileSource& source);
  const double* AddTable(std::vector<double> table);
  TileProgram& program() { return program_; }

  // Values of a source in units of 1 / unit; rows outside [low, high] are flagged. With `whole` only whole values
  // are kept, and counted in wholes.
  TileValue Load(int source, std::int64_t unit, bool whole, absl::int128 low, absl::int128 high);
  int LoadCodes(int source);
  // By code: a value, or NaN for a row to be flagged.
  TileValue LookUp(int codes, std::vector<double> table);
  void FlagEqual(const TileValue& a, absl::int128 value);
  void FlagOutside(const TileValue& a, absl::int128 low, absl::int128 high);
  // Flags rows where `truth` is 1.
  void FlagTrue(int truth) { FlagEqual({truth, 0, 1}, 1); }

  // (a * slope + offset) / divisor, half-even. What lies outside [low, high] counts as its nearer end.
  TileValue Line(const TileValue& a, absl::int128 slope, absl::int128 offset, absl::int128 divisor);
  TileValue ClampedLine(const TileValue& a, absl::int128 low, absl::int128 high, absl::int128 slope,
                        absl::int128 offset, absl::int128 divisor);
  // a * times + b * b_times + offset.
  TileValue Combine(const TileValue& a, absl::int128 times, const TileValue& b, absl::int128 b_times,
                    absl::int128 offset = 0);
  TileValue Scale(const TileValue& a, absl::int128 times, absl::int128 offset = 0);
  TileValue Product(const TileValue& a, const TileValue& b);
  TileValue AddProduct(const TileValue& a, const TileValue& b, const TileValue& c);
  // a / b, half-even; b is above 0 in rows that are not flagged.
  TileValue Divide(const TileValue& a, const TileValue& b);
  TileValue Minimum(const TileValue& a, const TileValue& b, bool maximum = false);
  TileValue AtMost(const TileValue& a, absl::int128 most);
  // Where `truth` is 1 (0 with `negate`): at most `most`.
  TileValue Hold(const TileValue& a, int truth, bool negate, absl::int128 most);
  TileValue Replace(const TileValue& a, int truth, absl::int128 with);
  // a >= from ? above : below.
  TileValue From(const TileValue& a, absl::int128 from, const TileValue& above, const TileValue& below);
  TileValue From(const TileValue& a, absl::int128 from, absl::int128 above, const TileValue& below);
  TileValue Set(absl::int128 value);
  // steps > most ? floor : full - loss * max(steps, 0).
  TileValue Steps(const TileValue& steps, absl::int128 most, absl::int128 floor, absl::int128 full,
                  absl::int128 loss);
  // values[a], a in [0, size).
  TileValue Pick(const TileValue& a, const std::vector<absl::int128>& values);

  // Truths are tiles of 0 and 1.
  int AtLeast(const TileValue& a, absl::int128 value, bool negate);
  int Equals(const TileValue& a, absl::int128 value, bool negate);
  int And(int a, int b);
  int Or(int a, int b);
  int Not(int a);

  int New() { return tiles_++; }
  TileInstruction& Add(TileOp op, int out, int a = -1, int b = -1, int c = -1, int d = -1);

  // Gives tiles that do not live at the same time the same memory. Fails where there are too many.
  void Finish();

 private:
  TileValue Checked(int tile, absl::int128 low, absl::int128 high);
  double Exact(absl::int128 value);
  std::vector<int> CountUses() const;
  void SinkToUses();
  void Fuse();
  bool LoadsDirectly(int source) const;
  void ShareTiles();

  struct Operands {
    int out, a, b, c, d;
  };
  std::vector<Operands> operands_;
  TileProgram program_;
  int tiles_ = 0;
  bool ok_ = true;
};

// Quotients with other signs than the language's: toward minus and plus infinity. `b` is above 0.
absl::int128 FloorOf(absl::int128 a, absl::int128 b);
absl::int128 CeilingOf(absl::int128 a, absl::int128 b);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_BUILDER_H_
