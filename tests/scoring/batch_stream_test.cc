#include <cerrno>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "arrow/foreign_table.h"
#include "arrow/import.h"
#include "csat/scoring/batch.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

Plan MakePlan() {
  const absl::StatusOr<Policy> policy = Policy::Parse(R"({
    "id": "small", "version": "1", "effective_from": "2025-01-01", "zone": "UTC",
    "metrics": [{"id": "quality", "unit": "points", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 100, "number": {}}],
    "scorecards": [{"id": "card", "max_score": 100,
      "indicators": [{"id": "quality", "max_points": 100, "weight": 1, "metric": "quality",
        "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 100, "points": 100}}},
        "missing": {"rule": "INSUFFICIENT"}}]}]})");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *Plan::Compile(*policy, "card");
}

// A producer of chunks that counts what is released.
struct Producer {
  std::deque<ForeignArray> chunks;
  std::size_t next = 0;
  int fail_at = -1;
  int released = 0;

  void Add(const std::vector<double>& quality) {
    ForeignArray& table = chunks.emplace_back();
    FillColumn<double>(&table.parts.emplace_back(), "quality", "g", quality);
    FinishTable(&table, static_cast<std::int64_t>(quality.size()));
  }
  ArrowArrayStream Stream() {
    ArrowArrayStream stream{};
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream* s, ArrowSchema* out) {
      *out = static_cast<Producer*>(s->private_data)->chunks.front().schema;
      return 0;
    };
    stream.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
      Producer* self = static_cast<Producer*>(s->private_data);
      if (static_cast<int>(self->next) == self->fail_at) return EIO;
      *out = ArrowArray{};
      if (self->next < self->chunks.size()) *out = self->chunks[self->next++].array;
      return 0;
    };
    stream.get_last_error = [](ArrowArrayStream*) { return "the disk is gone"; };
    stream.release = [](ArrowArrayStream* s) {
      ++static_cast<Producer*>(s->private_data)->released;
      s->release = nullptr;
    };
    return stream;
  }
};

// The scores of all chunks, -1 between them.
std::vector<double> Drain(ArrowArrayStream* stream, int* code) {
  std::vector<double> scores;
  for (;;) {
    ArrowArray array{};
    *code = stream->get_next(stream, &array);
    if (*code != 0 || array.release == nullptr) return scores;
    for (std::int64_t i = 0; i < array.length; ++i) {
      scores.push_back(static_cast<const double*>(array.children[0]->buffers[1])[i]);
    }
    scores.push_back(-1);
    array.release(&array);
  }
}

TEST(BatchStreamTest, ScoresChunkByChunk) {
  Producer producer;
  producer.Add({1, 2});
  producer.Add({});
  producer.Add({3});
  ArrowArrayStream in = producer.Stream(), out{};
  ASSERT_TRUE(ScoreStream(MakePlan(), &in, {}, &out).ok());
  EXPECT_EQ(in.release, nullptr);
  ArrowSchema schema{};
  ASSERT_EQ(out.get_schema(&out, &schema), 0);
  EXPECT_EQ(schema.n_children, 4);
  EXPECT_STREQ(schema.children[0]->name, "score");
  schema.release(&schema);
  int code = 0;
  EXPECT_THAT(Drain(&out, &code), testing::ElementsAre(1, 2, -1, -1, 3, -1));
  EXPECT_EQ(code, 0);
  EXPECT_EQ(producer.released, 0);
  out.release(&out);
  EXPECT_EQ(producer.released, 1);
}

TEST(BatchStreamTest, NamesTheChunkOfABadRow) {
  Producer producer;
  producer.Add({1, 2});
  producer.Add({3, 101});
  ArrowArrayStream in = producer.Stream(), out{};
  ASSERT_TRUE(ScoreStream(MakePlan(), &in, {}, &out).ok());
  int code = 0;
  EXPECT_THAT(Drain(&out, &code), testing::ElementsAre(1, 2, -1));
  EXPECT_EQ(code, EINVAL);
  EXPECT_STREQ(out.get_last_error(&out),
               "chunk 1: row 1: field 'quality': 101 lies outside [0, 100] of metric 'quality'");
  out.release(&out);
}

TEST(BatchStreamTest, PassesOnWhatTheProducerSays) {
  Producer producer;
  producer.Add({1});
  producer.fail_at = 1;
  ArrowArrayStream in = producer.Stream(), out{};
  ASSERT_TRUE(ScoreStream(MakePlan(), &in, {}, &out).ok());
  int code = 0;
  EXPECT_THAT(Drain(&out, &code), testing::ElementsAre(1, -1));
  EXPECT_EQ(code, EIO);
  EXPECT_STREQ(out.get_last_error(&out), "the disk is gone");
  out.release(&out);
}

TEST(BatchStreamTest, RefusesKeysAndReleasedStreams) {
  Producer producer;
  producer.Add({1});
  ArrowArrayStream in = producer.Stream(), out{};
  BatchOptions options;
  options.subject_column = "person";
  options.period_column = "month";
  EXPECT_EQ(ScoreStream(MakePlan(), &in, options, &out).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(in.release, nullptr);
  in.release(&in);
  EXPECT_EQ(ScoreStream(MakePlan(), &in, {}, &out).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(out.release, nullptr);
}

}  // namespace
}  // namespace csat
