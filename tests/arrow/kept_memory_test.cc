#include "arrow/kept_memory.h"

#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "arrow/export.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// Takes all that is kept, so that a test begins with nothing.
void Empty() {
  for (std::size_t bytes = kLeastKept; bytes <= kMostKept; bytes *= 2) {
    std::size_t size = 0;
    while (void* piece = TakeKept(bytes, &size)) std::free(piece);
    while (void* piece = TakeKept(bytes * 2 - 1, &size)) std::free(piece);
  }
}

bool Keeps() {
  Empty();
  void* piece = std::aligned_alloc(2 * kMiB, 4 * kMiB);
  if (Keep(piece, 4 * kMiB)) {
    Empty();
    return true;
  }
  std::free(piece);
  return false;
}

TEST(KeptMemoryTest, HandsOutWhatFits) {
  if (!Keeps()) GTEST_SKIP() << "sanitizers see each piece freed";
  struct Row {
    const char* name;
    std::size_t kept, wanted;
    bool found;
  };
  const Row rows[] = {
      {"as large", 8 * kMiB, 8 * kMiB, true},
      {"somewhat larger", 8 * kMiB, 5 * kMiB, true},
      {"twice as large", 8 * kMiB, 4 * kMiB, false},
      {"too small", 8 * kMiB, 8 * kMiB + 1, false},
      {"below the least", 6 * kMiB, kLeastKept - 1, false},
  };
  for (const Row& row : rows) {
    Empty();
    void* piece = std::aligned_alloc(2 * kMiB, row.kept);
    ASSERT_TRUE(Keep(piece, row.kept)) << row.name;
    std::size_t size = 0;
    void* found = TakeKept(row.wanted, &size);
    EXPECT_EQ(found != nullptr, row.found) << row.name;
    if (found == nullptr) continue;
    EXPECT_EQ(found, piece) << row.name;
    EXPECT_EQ(size, row.kept) << row.name;
    std::free(found);
  }
  Empty();
}

TEST(KeptMemoryTest, KeepsNoMoreThanItMay) {
  if (!Keeps()) GTEST_SKIP() << "sanitizers see each piece freed";
  std::vector<void*> kept;
  for (std::size_t held = 0; held + 32 * kMiB <= kMostKept; held += 32 * kMiB) {
    void* piece = std::aligned_alloc(2 * kMiB, 32 * kMiB);
    ASSERT_TRUE(Keep(piece, 32 * kMiB)) << held;
  }
  void* one_more = std::aligned_alloc(2 * kMiB, 4 * kMiB);
  EXPECT_FALSE(Keep(one_more, 4 * kMiB));
  EXPECT_FALSE(Keep(one_more, kMostKept + 1));
  EXPECT_FALSE(Keep(one_more, kLeastKept - 1));
  std::free(one_more);
  Empty();
}

// Buffers of all sizes from several threads: each keeps what was written into it while it lives.
TEST(KeptMemoryTest, ThreadsShareIt) {
  const auto work = [](int seed) {
    for (int round = 0; round < 60; ++round) {
      const std::size_t bytes = kLeastKept + static_cast<std::size_t>((seed * 7 + round) % 9) * 2 * kMiB;
      Buffer buffer = Buffer::Allocate(bytes);
      ASSERT_NE(buffer.data(), nullptr);
      ASSERT_EQ(buffer.size(), bytes);
      std::memset(buffer.data(), seed, 4096);
      buffer.as<char>()[bytes - 1] = static_cast<char>(seed);
      std::this_thread::yield();
      ASSERT_EQ(buffer.as<char>()[0], static_cast<char>(seed));
      ASSERT_EQ(buffer.as<char>()[4095], static_cast<char>(seed));
      ASSERT_EQ(buffer.as<char>()[bytes - 1], static_cast<char>(seed));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i <= 4; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  Empty();
}

}  // namespace
}  // namespace csat
