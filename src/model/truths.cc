#include "csat/model/truths.h"

#include <algorithm>
#include <cassert>

namespace csat {
namespace {

constexpr std::uint8_t kFalse = static_cast<std::uint8_t>(Truth::kFalse);
constexpr std::uint8_t kUnknown = static_cast<std::uint8_t>(Truth::kUnknown);
constexpr std::uint8_t kTrue = static_cast<std::uint8_t>(Truth::kTrue);
static_assert(kFalse == 0 && kUnknown == 1 && kTrue == 2,
              "all is the least, any the greatest, not the rest of 2");

}  // namespace

TruthCombiner::TruthCombiner(Predicate::Kind kind, int count, std::size_t rows, std::uint8_t* truths)
    : kind_(kind), count_(count), rows_(rows), truths_(truths) {
  std::fill(truths, truths + rows, kind == Predicate::Kind::kAll ? kTrue : kFalse);
  if (kind == Predicate::Kind::kAtLeast) {
    sure_.resize(rows);
    possible_.resize(rows);
  }
}

void TruthCombiner::Add(const std::uint8_t* part) {
  switch (kind_) {
    case Predicate::Kind::kAll:
      for (std::size_t i = 0; i < rows_; ++i) truths_[i] = std::min(truths_[i], part[i]);
      return;
    case Predicate::Kind::kAny:
      for (std::size_t i = 0; i < rows_; ++i) truths_[i] = std::max(truths_[i], part[i]);
      return;
    case Predicate::Kind::kNot:
      for (std::size_t i = 0; i < rows_; ++i) truths_[i] = static_cast<std::uint8_t>(kTrue - part[i]);
      return;
    case Predicate::Kind::kAtLeast:
      for (std::size_t i = 0; i < rows_; ++i) {
        sure_[i] += part[i] == kTrue;
        possible_[i] += part[i] != kFalse;
      }
      return;
    case Predicate::Kind::kNumber:
    case Predicate::Kind::kText:
    case Predicate::Kind::kAnswered: break;
  }
  assert(false && "a comparison has no parts");
}

void TruthCombiner::Finish() {
  if (kind_ != Predicate::Kind::kAtLeast) return;
  for (std::size_t i = 0; i < rows_; ++i)
    truths_[i] = sure_[i] >= count_ ? kTrue : possible_[i] >= count_ ? kUnknown : kFalse;
}

}  // namespace csat
