// Every kernel, for each instruction set that this machine has, beside its definition on random bytes.
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "measure/byte_kernels.h"
#include "measure/item_reader.h"
#include "measure/level_kernels.h"
#include "measure/product_kernels.h"
#include "measure/product_sums.h"

namespace csat {
namespace {

struct KernelSet {
  const char* name;
  const ByteKernels* bytes;
  AddProducts products;
};

std::vector<KernelSet> KernelSets() {
  std::vector<KernelSet> sets = {{"baseline", &kByteKernelsBaseline, AddProductsBaseline}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) sets.push_back({"AVX2", &kByteKernelsAvx2, AddProductsAvx2});
#endif
  sets.push_back({"the best of this machine", &FindByteKernels(), FindAddProducts()});
  return sets;
}

class KernelsTest : public ::testing::TestWithParam<KernelSet> {
 protected:
  int Below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  std::vector<std::uint8_t> RandomBytes(std::size_t n) {
    std::vector<std::uint8_t> bytes(n);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(Below(256));
    return bytes;
  }
  const ByteKernels& kernels() const { return *GetParam().bytes; }
  std::mt19937_64 engine_{11};
};

TEST_P(KernelsTest, ReadMakesLevelsOfValues) {
  for (int round = 0; round < 3000; ++round) {
    const int n = 1 + Below(round % 2 == 0 ? 130 : kAggregateTile);
    const int levels = 1 + Below(round % 3 == 0 ? 250 : 11);
    const auto low = static_cast<std::uint8_t>(Below(256));
    const auto missing = static_cast<std::uint8_t>(Below(2) == 0 ? low : Below(256));
    const int first = Below(70);
    std::vector<std::uint8_t> values = RandomBytes(static_cast<std::size_t>(n));
    const int kind = Below(3);  // All are levels; some are not; any bytes.
    for (std::uint8_t& value : values) {
      if (kind == 0 || (kind == 1 && Below(20) != 0)) value = static_cast<std::uint8_t>(low + Below(levels));
    }
    // As long as it has to be and no longer: a sanitizer sees what is read behind it.
    const std::vector<std::uint8_t> validity = RandomBytes(static_cast<std::size_t>((first + n + 7) / 8));
    const bool nulls = Below(2) == 0;
    std::vector<std::uint8_t> expected(values.size()), found(values.size());
    int expected_flags = 0;
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const auto step = static_cast<std::uint8_t>(values[at] - low);
      const bool there =
          !nulls || (validity[static_cast<std::size_t>(first + i) / 8] >> ((first + i) % 8) & 1) != 0;
      expected[at] = !there                  ? kNoAnswer
                     : step < levels         ? step
                     : values[at] == missing ? kNoAnswer
                                             : kBadValue;
      expected_flags |= expected[at] == kNoAnswer ? kSomeNone : expected[at] == kBadValue ? kSomeBad : 0;
    }
    const ByteTask task = {values.data(), n,
                           low,           static_cast<std::uint8_t>(levels),
                           missing,       nulls ? validity.data() : nullptr,
                           first,         found.data()};
    EXPECT_EQ(kernels().read(task), expected_flags);
    ASSERT_EQ(found, expected) << "rows " << n << ", levels " << levels << ", first bit " << first;
    EXPECT_EQ(kernels().look(found.data(), n), expected_flags);
  }
}

TEST_P(KernelsTest, CountCountsEachLevel) {
  for (int round = 0; round < 400; ++round) {
    const int n = 64 * (1 + Below(round % 10 == 0 ? 600 : 32)), levels = 1 + Below(round % 3 == 0 ? 250 : 18);
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(n));
    std::vector<std::uint32_t> expected(static_cast<std::size_t>(levels), 7), found = expected;
    const bool one_level = Below(4) == 0;
    for (std::uint8_t& code : codes) {
      const int drawn = Below(12);
      code = drawn == 0   ? kNoAnswer
             : drawn == 1 ? kBadValue
                          : static_cast<std::uint8_t>(one_level ? levels - 1 : Below(levels));
      if (code < levels) ++expected[code];
    }
    kernels().count(codes.data(), n, levels, found.data());
    ASSERT_EQ(found, expected) << "rows " << n << ", levels " << levels;
  }
}

TEST_P(KernelsTest, CompleteFindsRowsWithAllAnswers) {
  for (int round = 0; round < 200; ++round) {
    const std::size_t n = static_cast<std::size_t>(1 + Below(300)),
                      items = static_cast<std::size_t>(1 + Below(7));
    std::vector<std::vector<std::uint8_t>> columns(items);
    std::vector<const std::uint8_t*> pointers;
    std::vector<std::uint8_t> expected(n, 1), found(n, 9);
    for (std::vector<std::uint8_t>& column : columns) {
      for (std::size_t i = 0; i < n; ++i) {
        column.push_back(Below(6) == 0 ? kNoAnswer : static_cast<std::uint8_t>(Below(kBadValue)));
        if (column[i] == kNoAnswer) expected[i] = 0;
      }
      pointers.push_back(column.data());
    }
    kernels().complete(pointers.data(), static_cast<std::int32_t>(items), static_cast<std::int32_t>(n),
                       found.data());
    ASSERT_EQ(found, expected);
  }
}

template <typename T>
void ExpectCodes(const ByteKernels& kernels, std::mt19937_64* engine) {
  for (int round = 0; round < 100; ++round) {
    std::vector<T> values(1 + (*engine)() % 200);
    for (T& value : values) value = static_cast<T>((*engine)());
    std::vector<std::uint32_t> expected, found;
    const auto bound = static_cast<std::uint32_t>((*engine)()),
               shift = static_cast<std::uint32_t>((*engine)());
    for (const T value : values) {
      found.push_back(static_cast<std::uint32_t>((*engine)()));
      expected.push_back(found.back() * bound + static_cast<std::uint32_t>(value) + shift);
    }
    kernels.code({values.data(), static_cast<std::int32_t>(values.size()), sizeof(T),
                  std::numeric_limits<T>::is_signed, bound, shift, found.data()});
    ASSERT_EQ(found, expected);
  }
}

TEST_P(KernelsTest, CodePutsAKeyBehindTheOthers) {
  ExpectCodes<std::int8_t>(kernels(), &engine_);
  ExpectCodes<std::uint8_t>(kernels(), &engine_);
  ExpectCodes<std::int16_t>(kernels(), &engine_);
  ExpectCodes<std::uint16_t>(kernels(), &engine_);
  ExpectCodes<std::int32_t>(kernels(), &engine_);
  ExpectCodes<std::uint32_t>(kernels(), &engine_);
}

TEST_P(KernelsTest, ProductsAddUp) {
  for (int k = 1; k <= 13; ++k) {
    for (const bool upper : {true, false}) {
      const int n = 64 * (1 + Below(9));
      std::vector<std::vector<std::uint8_t>> columns;
      std::vector<const std::uint8_t*> a, b;
      for (int i = 0; i < 2 * k; ++i) {
        columns.push_back(RandomBytes(static_cast<std::size_t>(n)));
        for (std::uint8_t& byte : columns.back()) byte = byte < 200 ? byte % 128 : 127;
      }
      for (int i = 0; i < k; ++i) {
        a.push_back(columns[static_cast<std::size_t>(i)].data());
        b.push_back(upper ? a.back() : columns[static_cast<std::size_t>(k + i)].data());
      }
      struct alignas(64) Lanes {
        std::int32_t of[kProductLanes];
      };
      std::vector<Lanes> lanes(static_cast<std::size_t>(k * (k + 1)));
      int calls = 0;
      const auto count = [](void* self) { ++*static_cast<int*>(self); };
      for (int times = 0; times < 2; ++times)
        GetParam().products({a.data(), b.data(), k, n, upper, lanes.data()->of, +count, &calls});
      for (int i = 0; i < k; ++i) {
        for (int j = 0; j <= k; ++j) {
          std::int64_t expected = 0, found = 0;
          const bool sum = j == k;
          for (int row = 0; (sum ? upper : !upper || i <= j) && row < n; ++row)
            expected +=
                2 * a[static_cast<std::size_t>(i)][row] * (sum ? 1 : b[static_cast<std::size_t>(j)][row]);
          for (const std::int32_t lane : lanes[static_cast<std::size_t>(i * (k + 1) + j)].of) found += lane;
          ASSERT_EQ(found, expected) << k << " columns, upper " << upper << ", " << i << ", " << j;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, KernelsTest, ::testing::ValuesIn(KernelSets()),
                         [](const auto& info) { return "Set" + std::to_string(info.index); });

// 127^2 in every place for more rows than 32 bits hold.
TEST(ProductSumsTest, PassesOverBeforeItIsFull) {
  const std::vector<std::uint8_t> column(2048, 127);
  const std::uint8_t* columns[] = {column.data(), column.data()};
  ProductSums sums(2, true);
  for (int round = 0; round < 2; ++round) {
    for (int tile = 0; tile < 200; ++tile) sums.Add(columns, columns, 2048);
    const std::int64_t rows = 200 * 2048;
    EXPECT_THAT(sums.Take(),
                ::testing::ElementsAre(rows * 16129, rows * 16129, rows * 127, 0, rows * 16129, rows * 127));
  }
}

void ExpectCountsOfLanes(CountLanes count, int most_items) {
  std::mt19937_64 engine(12);
  for (int items = 1; items <= most_items; items += items < 20 ? 1 : 11) {
    const int vectors = 1 + items % 4, rows = 1 + static_cast<int>(engine() % 500), groups = 1 + items % 7;
    std::vector<std::uint8_t> from(static_cast<std::size_t>(vectors) * 64), level(from.size(), 253);
    for (std::size_t lane = 0; lane < from.size(); ++lane) {
      if (lane == 63) continue;
      from[lane] = static_cast<std::uint8_t>(engine() % static_cast<unsigned>(items));
      level[lane] = static_cast<std::uint8_t>(engine() % 5);
    }
    std::vector<std::vector<std::uint8_t>> columns(static_cast<std::size_t>(items),
                                                   std::vector<std::uint8_t>(512, kNoAnswer));
    std::vector<const std::uint8_t*> codes;
    std::vector<std::uint32_t> of_row(512);
    for (std::vector<std::uint8_t>& column : columns) {
      for (int row = 0; row < rows; ++row)
        column[static_cast<std::size_t>(row)] = static_cast<std::uint8_t>(engine() % 5);
      codes.push_back(column.data());
    }
    for (int row = 0; row < rows; ++row)
      of_row[static_cast<std::size_t>(row)] =
          static_cast<std::uint32_t>(engine() % static_cast<unsigned>(groups));
    const std::size_t size = static_cast<std::size_t>(groups * vectors) * 64;
    struct alignas(64) Line {
      std::uint8_t of[64];
    };
    std::vector<Line> acc(size / 64);
    std::vector<std::uint32_t> expected(size), found(size);
    for (int row = 0; row < rows; ++row) {
      for (std::size_t lane = 0; lane < from.size(); ++lane) {
        const bool hit = lane == 63 || columns[from[lane]][static_cast<std::size_t>(row)] == level[lane];
        expected[of_row[static_cast<std::size_t>(row)] * from.size() + lane] += hit ? 1 : 0;
      }
    }
    struct Self {
      std::vector<Line>* acc;
      std::vector<std::uint32_t>* found;
      int vectors;
      void Flush(std::uint32_t group) {
        for (int v = 0; v < vectors; ++v) {
          const std::size_t line = group * static_cast<std::size_t>(vectors) + static_cast<std::size_t>(v);
          for (std::size_t lane = 0; lane < 64; ++lane) (*found)[line * 64 + lane] += (*acc)[line].of[lane];
          (*acc)[line] = {};
        }
      }
    } self{&acc, &found, vectors};
    count({{items, vectors, from.data(), level.data()},
           codes.data(),
           of_row.data(),
           rows,
           acc.data()->of,
           [](void* me, std::uint32_t group) { static_cast<Self*>(me)->Flush(group); },
           [](void*) {},
           &self});
    for (int group = 0; group < groups; ++group) self.Flush(static_cast<std::uint32_t>(group));
    ASSERT_EQ(found, expected) << items << " items, " << vectors << " vectors, " << rows << " rows";
  }
}

TEST(LevelKernelsTest, CountsLanesOfGroups) {
  const CountLanes best = FindCountLanes(1);
  if (best == nullptr) GTEST_SKIP() << "this machine has neither AVX-512 VBMI nor AVX2";
  int most_items = 1;
  while (most_items < 64 && FindCountLanes(most_items + 1) == best) ++most_items;
  ExpectCountsOfLanes(best, most_items);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) ExpectCountsOfLanes(CountLanesAvx2, kMostItemsAvx2);
#endif
}

}  // namespace
}  // namespace csat
