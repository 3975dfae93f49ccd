#include "csat/model/id.h"

#include <string>

#include "gtest/gtest.h"

namespace csat {
namespace {

static_assert(IsId("end_consumer") && IsId("p2") && IsId("0") && IsId("_"));
static_assert(!IsId("") && !IsId("End") && !IsId("end-consumer") && !IsId("end consumer") && !IsId("终端") &&
              !IsId("a."));
static_assert(IsReference("c-1") && IsReference("客户7") && IsReference("A:b/c@d"));
static_assert(!IsReference("") && !IsReference("a b") && !IsReference("a\n") && !IsReference("a\x7f") &&
              !IsReference(std::string_view("a\0b", 3)));

TEST(IdTest, Length) {
  EXPECT_TRUE(IsId(std::string(64, 'a')));
  EXPECT_FALSE(IsId(std::string(65, 'a')));
  EXPECT_TRUE(IsReference(std::string(256, 'a')));
  EXPECT_FALSE(IsReference(std::string(257, 'a')));
}

}  // namespace
}  // namespace csat
