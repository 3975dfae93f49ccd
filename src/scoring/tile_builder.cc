#include "scoring/tile_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "arrow/column_type.h"
#include "csat/model/decimal.h"
#include "csat/model/integers.h"

namespace csat {
namespace {

absl::int128 Magnitude(absl::int128 value) { return value < 0 ? -value : value; }

bool IsPowerOfTwo(absl::int128 value) { return (value & (value - 1)) == 0; }

}  // namespace

absl::int128 FloorOf(absl::int128 a, absl::int128 b) { return a / b - (a % b < 0 ? 1 : 0); }
absl::int128 CeilingOf(absl::int128 a, absl::int128 b) { return a / b + (a % b > 0 ? 1 : 0); }

TileInstruction& TileBuilder::Add(TileOp op, int out, int a, int b, int c, int d) {
  TileInstruction instruction{};
  instruction.op = op;
  operands_.push_back({out, a, b, c, d});
  program_.code.push_back(instruction);
  return program_.code.back();
}

double TileBuilder::Exact(absl::int128 value) {
  if (Magnitude(value) > kLimit) ok_ = false;
  return ok_ ? static_cast<double>(value) : 0;
}

TileValue TileBuilder::Checked(int tile, absl::int128 low, absl::int128 high) {
  if (low < -kLimit || high > kLimit || low > high) ok_ = false;
  return {tile, low, high};
}

int TileBuilder::AddSource(const TileSource& source) {
  program_.sources.push_back(source);
  return static_cast<int>(program_.sources.size() - 1);
}

const double* TileBuilder::AddTable(std::vector<double> table) {
  if (table.size() < kLeastTable) table.resize(kLeastTable);
  program_.tables.push_back(std::move(table));
  return program_.tables.back().data();
}

TileValue TileBuilder::Load(int source, std::int64_t unit, bool whole, absl::int128 low, absl::int128 high) {
  const int out = New();
  TileInstruction& t = Add(TileOp::kLoad, out);
  t.source = source;
  t.unit = static_cast<double>(unit);
  t.low = Exact(low);
  t.high = Exact(high);
  if (whole) t.mode = kWhole;
  return Checked(out, low, high);
}

int TileBuilder::LoadCodes(int source) {
  const int out = New();
  Add(TileOp::kLoadCodes, out).source = source;
  return out;
}

TileValue TileBuilder::LookUp(int codes, std::vector<double> table) {
  const int out = New();
  absl::int128 low = kLimit, high = -kLimit;
  for (const double value : table) {
    if (std::isnan(value)) continue;
    if (std::fabs(value) > static_cast<double>(kLimit)) {
      ok_ = false;
      return {out, 0, 0};
    }
    low = std::min(low, absl::int128(static_cast<std::int64_t>(value)));
    high = std::max(high, absl::int128(static_cast<std::int64_t>(value)));
  }
  if (low > high) low = high = 0;  // Every row is flagged.
  TileInstruction& t = Add(TileOp::kLookUp, out, codes);
  t.table_size = static_cast<std::int32_t>(table.size());
  t.table = AddTable(std::move(table));
  return Checked(out, low, high);
}

void TileBuilder::FlagEqual(const TileValue& a, absl::int128 value) {
  if (value < a.low || value > a.high) return;
  Add(TileOp::kFlagEqual, -1, a.tile).k0 = Exact(value);
}

void TileBuilder::FlagOutside(const TileValue& a, absl::int128 low, absl::int128 high) {
  TileInstruction& t = Add(TileOp::kFlagOutside, -1, a.tile);
  t.k0 = Exact(std::max<absl::int128>(low, -kLimit));
  t.k1 = Exact(std::min<absl::int128>(high, kLimit));
}

TileValue TileBuilder::Line(const TileValue& a, absl::int128 slope, absl::int128 offset,
                            absl::int128 divisor) {
  return ClampedLine(a, a.low, a.high, slope, offset, divisor);
}

// Why round((a * slope + offset) * (1 / D)) is the exact quotient n / D rounded half-even, n an integer:
// the computed y differs from n / D by less than |n / D| * 2^-52. A tie, an integer and a half, lies at least
// 1 / (2 D) away from every other n / D. Without ties (D odd), or with an exact 1 / D (D a power of two),
// |n| < 2^50 keeps y on its side. Where ties are possible, y is first rounded to multiples of 2^-g with
// 2^-g <= 1 / (2 D): a tie is such a multiple and is met exactly, and what is none stays on its side, while
// |n| < 2^48.
TileValue TileBuilder::ClampedLine(const TileValue& a, absl::int128 low, absl::int128 high,
                                   absl::int128 slope, absl::int128 offset, absl::int128 divisor) {
  const absl::int128 common = GreatestCommonDivisor(GreatestCommonDivisor(slope, offset), divisor);
  slope /= common;
  offset /= common;
  divisor /= common;
  const bool clamp = low > a.low || high < a.high;
  low = std::max(low, a.low);
  high = std::min(high, a.high);
  if (low > high || Magnitude(slope) > kLimit || Magnitude(offset) > kLimit || divisor > kLimit) {
    ok_ = false;
    return {New(), 0, 0};
  }
  absl::int128 least = low * slope, most = high * slope;
  if (least > most) std::swap(least, most);
  Checked(-1, least, most);
  Checked(-1, least + offset, most + offset);
  if (!ok_) return {New(), 0, 0};
  if (!clamp && slope == 1 && offset == 0 && divisor == 1) return a;

  const int out = New();
  TileInstruction& t = Add(TileOp::kLine, out, a.tile);
  if (clamp) t.mode |= kClamp;
  t.k0 = Exact(low);
  t.k1 = Exact(high);
  t.k2 = Exact(slope);
  t.k3 = Exact(offset);
  t.k6 = 1;
  if (divisor == 1) return Checked(out, least + offset, most + offset);
  t.mode |= kRound;
  t.k4 = 1 / static_cast<double>(divisor);
  if (divisor % 2 == 0 && !IsPowerOfTwo(divisor)) {
    if (Magnitude(least + offset) >= kLimit / 4 || Magnitude(most + offset) >= kLimit / 4) ok_ = false;
    int grid = 0;
    while ((absl::int128(1) << grid) < 2 * divisor) ++grid;
    if (grid > 50) ok_ = false;
    t.mode |= kSnap;
    t.k5 = std::ldexp(1.5, 52 - grid);
  }
  return Checked(out, DivideHalfEven(least + offset, divisor), DivideHalfEven(most + offset, divisor));
}

TileValue TileBuilder::Scale(const TileValue& a, absl::int128 times, absl::int128 offset) {
  return Line(a, times, offset, 1);
}

TileValue TileBuilder::Combine(const TileValue& a, absl::int128 times, const TileValue& b,
                               absl::int128 b_times, absl::int128 offset) {
  const TileValue right = Scale(b, b_times, offset);
  if (!ok_ || Magnitude(times) > kLimit) {
    ok_ = false;
    return {New(), 0, 0};
  }
  absl::int128 least = a.low * times, most = a.high * times;
  if (least > most) std::swap(least, most);
  Checked(-1, least, most);
  const int out = New();
  Add(TileOp::kAddScaled, out, a.tile, right.tile).k0 = Exact(times);
  return Checked(out, least + right.low, most + right.high);
}

TileValue TileBuilder::Product(const TileValue& a, const TileValue& b) {
  const int out = New();
  Add(TileOp::kProduct, out, a.tile, b.tile);
  const absl::int128 corners[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
  return Checked(out, *std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4));
}

TileValue TileBuilder::AddProduct(const TileValue& a, const TileValue& b, const TileValue& c) {
  const int out = New();
  Add(TileOp::kAddProduct, out, a.tile, b.tile, c.tile);
  const absl::int128 corners[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
  const absl::int128 least = *std::min_element(corners, corners + 4),
                     most = *std::max_element(corners, corners + 4);
  Checked(-1, least, most);
  return Checked(out, least + c.low, most + c.high);
}

// The division is IEEE's own: |a| < 2^50 keeps its result on the right side of every tie, which lies at least
// 1 / (2 b) away unless it is met exactly.
TileValue TileBuilder::Divide(const TileValue& a, const TileValue& b) {
  const int out = New();
  Add(TileOp::kDivide, out, a.tile, b.tile);
  const absl::int128 most = std::max(Magnitude(a.low), Magnitude(a.high));
  return Checked(out, a.low < 0 ? -most : absl::int128(0), a.high > 0 ? most : absl::int128(0));
}

TileValue TileBuilder::Minimum(const TileValue& a, const TileValue& b, bool maximum) {
  const int out = New();
  Add(maximum ? TileOp::kMaximum : TileOp::kMinimum, out, a.tile, b.tile);
  return maximum ? Checked(out, std::max(a.low, b.low), std::max(a.high, b.high))
                 : Checked(out, std::min(a.low, b.low), std::min(a.high, b.high));
}

TileValue TileBuilder::AtMost(const TileValue& a, absl::int128 most) {
  if (a.high <= most) return a;
  const int out = New();
  Add(TileOp::kAtMost, out, a.tile).k0 = Exact(most);
  return Checked(out, std::min(a.low, most), most);
}

TileValue TileBuilder::Hold(const TileValue& a, int truth, bool negate, absl::int128 most) {
  if (a.high <= most) return a;
  const int out = New();
  TileInstruction& t = Add(TileOp::kHold, out, a.tile, -1, truth);
  t.k0 = Exact(most);
  if (negate) t.mode = kNegate;
  return Checked(out, std::min(a.low, most), a.high);
}

TileValue TileBuilder::Replace(const TileValue& a, int truth, absl::int128 with) {
  const int out = New();
  Add(TileOp::kReplace, out, a.tile, -1, truth).k0 = Exact(with);
  return Checked(out, std::min(a.low, with), std::max(a.high, with));
}

TileValue TileBuilder::From(const TileValue& a, absl::int128 from, const TileValue& above,
                            const TileValue& below) {
  const int out = New();
  Add(TileOp::kFrom, out, a.tile, above.tile, below.tile).k0 = Exact(from);
  return Checked(out, std::min(above.low, below.low), std::max(above.high, below.high));
}

TileValue TileBuilder::From(const TileValue& a, absl::int128 from, absl::int128 above,
                            const TileValue& below) {
  const int out = New();
  TileInstruction& t = Add(TileOp::kFromConst, out, a.tile, -1, below.tile);
  t.k0 = Exact(from);
  t.k1 = Exact(above);
  return Checked(out, std::min(above, below.low), std::max(above, below.high));
}

TileValue TileBuilder::Set(absl::int128 value) {
  const int out = New();
  Add(TileOp::kSet, out).k0 = Exact(value);
  return Checked(out, value, value);
}

TileValue TileBuilder::Steps(const TileValue& steps, absl::int128 most, absl::int128 floor, absl::int128 full,
                             absl::int128 loss) {
  const int out = New();
  TileInstruction& t = Add(TileOp::kSteps, out, steps.tile);
  t.k0 = Exact(most);
  t.k1 = Exact(floor);
  t.k2 = Exact(full);
  t.k3 = Exact(loss);
  Checked(-1, full - loss * std::max<absl::int128>(steps.high, 0), full);
  return Checked(out, floor, full);
}

TileValue TileBuilder::Pick(const TileValue& a, const std::vector<absl::int128>& values) {
  const int out = New();
  std::vector<double> table;
  for (const absl::int128 value : values) table.push_back(Exact(value));
  TileInstruction& t = Add(TileOp::kPick, out, a.tile);
  t.table_size = static_cast<std::int32_t>(table.size());
  t.table = AddTable(std::move(table));
  return Checked(out, *std::min_element(values.begin(), values.end()),
                 *std::max_element(values.begin(), values.end()));
}

int TileBuilder::AtLeast(const TileValue& a, absl::int128 value, bool negate) {
  // Beyond the range of `a` the answer is one and the same.
  value = std::clamp<absl::int128>(value, a.low, a.high + 1);
  const int out = New();
  TileInstruction& t = Add(TileOp::kCompare, out, a.tile);
  t.k0 = Exact(value);
  if (negate) t.mode = kNegate;
  return out;
}

int TileBuilder::Equals(const TileValue& a, absl::int128 value, bool negate) {
  if (value < a.low || value > a.high) value = a.high + 1;
  const int out = New();
  TileInstruction& t = Add(TileOp::kCompare, out, a.tile);
  t.k0 = Exact(value);
  t.mode = static_cast<std::uint8_t>(kEqual | (negate ? kNegate : 0));
  return out;
}

int TileBuilder::And(int a, int b) {
  const int out = New();
  Add(TileOp::kMinimum, out, a, b);
  return out;
}

int TileBuilder::Or(int a, int b) {
  const int out = New();
  Add(TileOp::kMaximum, out, a, b);
  return out;
}

int TileBuilder::Not(int a) {
  const int out = New();
  Add(TileOp::kNot, out, a);
  return out;
}

void TileBuilder::Finish() {
  // A card of thousands of indicators has no use for caches.
  if (operands_.size() > 4000) ok_ = false;
  if (!ok_) return;
  SinkToUses();
  Fuse();
  ShareTiles();
}

std::vector<int> TileBuilder::CountUses() const {
  std::vector<int> uses(static_cast<std::size_t>(tiles_), 0);
  for (const Operands& o : operands_) {
    for (const int tile : {o.a, o.b, o.c, o.d}) {
      if (tile >= 0) ++uses[static_cast<std::size_t>(tile)];
    }
  }
  return uses;
}

// Moves what is used once to just before its use, so that tiles live short and neighbours can be fused. Every tile
// is written once, but those of ranks; they stay where they are.
void TileBuilder::SinkToUses() {
  const std::vector<int> uses = CountUses();
  std::vector<int> waiting(static_cast<std::size_t>(tiles_), -1);  // By tile: the instruction not yet placed.
  std::vector<TileInstruction> code;
  std::vector<Operands> operands;
  const auto place = [&](std::size_t at, const auto& self) -> void {
    const Operands& o = operands_[at];
    for (const int tile : {o.b, o.c, o.d, o.a}) {  // What may be fused comes last.
      if (tile < 0 || waiting[static_cast<std::size_t>(tile)] < 0) continue;
      self(static_cast<std::size_t>(std::exchange(waiting[static_cast<std::size_t>(tile)], -1)), self);
    }
    code.push_back(program_.code[at]);
    operands.push_back(o);
  };
  for (std::size_t at = 0; at < operands_.size(); ++at) {
    const int out = operands_[at].out;
    const bool once = out >= 0 && uses[static_cast<std::size_t>(out)] == 1 &&
                      program_.code[at].op != TileOp::kRank && program_.code[at].op != TileOp::kSet;
    if (once) {
      waiting[static_cast<std::size_t>(out)] = static_cast<int>(at);
    } else {
      place(at, place);
    }
  }
  // What has no use any more may still flag rows.
  for (const int at : waiting) {
    if (at >= 0) place(static_cast<std::size_t>(at), place);
  }
  program_.code = std::move(code);
  operands_ = std::move(operands);
}

// One operation for two neighbours, the first of which has no other use: a pass over a tile costs more than the
// arithmetic in it.
void TileBuilder::Fuse() {
  const std::vector<int> uses = CountUses();
  std::vector<TileInstruction> code;
  std::vector<Operands> operands;
  for (std::size_t i = 0; i < program_.code.size(); ++i) {
    TileInstruction t = program_.code[i];
    Operands o = operands_[i];
    const auto follows = [&](int tile) {
      return !code.empty() && tile >= 0 && operands.back().out == tile &&
             uses[static_cast<std::size_t>(tile)] == 1;
    };
    const auto drop = [&] {
      code.pop_back();
      operands.pop_back();
    };
    if (t.op == TileOp::kLine && follows(o.a) && code.back().op == TileOp::kLoad && code.back().mode == 0 &&
        LoadsDirectly(code.back().source)) {
      t.op = TileOp::kLoadLine;
      t.source = code.back().source;
      t.unit = code.back().unit;
      t.low = code.back().low;
      t.high = code.back().high;
      o.a = -1;
      drop();
    } else if (t.op == TileOp::kAddScaled && follows(o.a) && o.b != o.a && (code.back().mode & kAdd) == 0 &&
               (code.back().op == TileOp::kLine || code.back().op == TileOp::kLoadLine)) {
      const double weight = t.k0;
      const int sum = o.b, out = o.out;
      t = code.back();
      o = operands.back();
      t.mode |= kAdd;
      t.k6 = weight;
      o.b = sum;
      o.out = out;
      drop();
    } else if (t.op == TileOp::kNote && follows(o.c) && code.back().op == TileOp::kCompare) {
      t.op = TileOp::kNoteFrom;
      t.mode = code.back().mode;
      t.k1 = code.back().k0;
      o.c = operands.back().a;
      drop();
    }
    code.push_back(t);
    operands.push_back(o);
  }
  program_.code = std::move(code);
  operands_ = std::move(operands);
}

bool TileBuilder::LoadsDirectly(int source) const {
  const auto type = static_cast<ColumnType>(program_.sources[static_cast<std::size_t>(source)].type);
  return type == ColumnType::kDouble || type == ColumnType::kInt32;
}

void TileBuilder::ShareTiles() {
  const std::size_t count = static_cast<std::size_t>(tiles_);
  std::vector<int> last(count, -1);
  for (std::size_t i = 0; i < operands_.size(); ++i) {
    const Operands& o = operands_[i];
    for (const int tile : {o.out, o.a, o.b, o.c, o.d}) {
      if (tile >= 0) last[static_cast<std::size_t>(tile)] = static_cast<int>(i);
    }
  }
  std::vector<int> place(count, -1), free;
  int places = 0;
  for (std::size_t i = 0; i < operands_.size(); ++i) {
    Operands& o = operands_[i];
    TileInstruction& t = program_.code[i];
    const auto release = [&](int tile) {
      if (tile < 0 || last[static_cast<std::size_t>(tile)] != static_cast<int>(i)) return;
      const int at = place[static_cast<std::size_t>(tile)];
      if (at >= 0 && std::find(free.begin(), free.end(), at) == free.end()) free.push_back(at);
    };
    const auto take = [&](int tile) {
      if (tile < 0 || place[static_cast<std::size_t>(tile)] >= 0) return;
      if (free.empty()) {
        place[static_cast<std::size_t>(tile)] = places++;
      } else {
        place[static_cast<std::size_t>(tile)] = free.back();
        free.pop_back();
      }
    };
    // Operations go element by element, so that a result may lie where an operand lay; a table is gone through
    // several times.
    const bool apart = t.op == TileOp::kPick || t.op == TileOp::kLookUp || t.op == TileOp::kRank;
    for (const int tile : {o.a, o.b, o.c, o.d}) take(tile);
    if (apart) take(o.out);
    for (const int tile : {o.a, o.b, o.c, o.d}) release(tile);
    take(o.out);
    release(o.out);
    const auto placed = [&](int tile) {
      return tile < 0 ? kNoTile : static_cast<std::uint16_t>(place[static_cast<std::size_t>(tile)]);
    };
    t.out = placed(o.out);
    t.a = placed(o.a);
    t.b = placed(o.b);
    t.c = placed(o.c);
    t.d = placed(o.d);
  }
  program_.tiles = std::max(places, 1);
}

}  // namespace csat
