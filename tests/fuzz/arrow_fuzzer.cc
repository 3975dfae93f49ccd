// Any bytes as foreign Arrow arrays: formats, lengths, offsets, null counts and buffers that contradict each other.
// What the format lets one check is refused; what is accepted is scored, the same on one thread and on two.
//
// The size of a buffer is the producer's word: here each holds kBufferBytes, and what the arrays claim to read of
// them stays below that.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "arrow/foreign_table.h"
#include "csat/policy/policy.h"
#include "csat/scoring/batch.h"
#include "csat/scoring/plan.h"

namespace {

constexpr std::size_t kBufferBytes = 16384;

csat::Plan MakePlan() {
  std::ifstream in(CSAT_SOURCE_DIR "/tests/fuzz/corpus/policy/every_form.json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const absl::StatusOr<csat::Policy> policy = csat::Policy::Parse(text);
  if (!policy.ok()) std::abort();
  absl::StatusOr<csat::Plan> plan = csat::Plan::Compile(*policy, "card");
  if (!plan.ok()) std::abort();
  return *std::move(plan);
}

// Reads values off the input; past its end everything is 0.
struct Bytes {
  const std::uint8_t* data;
  std::size_t size;

  template <typename T>
  T Take() {
    T value{};
    const std::size_t taken = std::min(size, sizeof value);
    if (taken > 0) std::memcpy(&value, data, taken);
    data += taken;
    size -= taken;
    return value;
  }
  // A short stretch of the input, the rest 0.
  std::vector<char> Buffer() {
    std::vector<char> bytes(kBufferBytes);
    const std::size_t taken = std::min<std::size_t>(size, Take<std::uint8_t>());
    if (taken > 0) std::memcpy(bytes.data(), data, std::min(taken, size));
    data += std::min(taken, size);
    size -= std::min(taken, size);
    return bytes;
  }
};

// Offsets within the bytes, though not in order and sometimes negative.
template <typename T>
std::vector<T> Offsets(Bytes* bytes) {
  std::vector<T> offsets(kBufferBytes / sizeof(T));
  const std::size_t count = bytes->Take<std::uint8_t>();
  T at = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (i < count) at = static_cast<T>(at + bytes->Take<std::int8_t>());
    offsets[i] = std::min<T>(at, 8000);
  }
  return offsets;
}

const char* const kFormats[] = {"l", "i",  "s", "c",  "C",  "S",      "I",      "L", "g",   "f", "b",  "u",
                                "U", "vu", "n", "+l", "+L", "d:18,6", "d:38,0", "e", "tdD", "z", "+s", ""};

void Fill(csat::ForeignArray* out, const std::string& name, Bytes* bytes, int depth) {
  const std::uint8_t choice = bytes->Take<std::uint8_t>();
  out->name = name;
  out->format = kFormats[choice % (sizeof kFormats / sizeof *kFormats)];
  const std::string& format = out->format;
  const std::uint8_t oddity = bytes->Take<std::uint8_t>();
  std::int64_t length = bytes->Take<std::uint8_t>() % 64;
  out->buffers = {oddity & 1 ? out->Keep(bytes->Buffer()) : nullptr};
  if (format == "u" || format == "z") {
    out->buffers.push_back(out->Keep(Offsets<std::int32_t>(bytes)));
    out->buffers.push_back(out->Keep(bytes->Buffer()));
  } else if (format == "U") {
    out->buffers.push_back(out->Keep(Offsets<std::int64_t>(bytes)));
    out->buffers.push_back(out->Keep(bytes->Buffer()));
  } else if (format == "+l" || format == "+L") {
    out->buffers.push_back(format == "+l" ? out->Keep(Offsets<std::int32_t>(bytes))
                                          : out->Keep(Offsets<std::int64_t>(bytes)));
    if (depth < 2) Fill(&out->parts.emplace_back(), "item", bytes, depth + 1);
  } else if (format == "vu") {
    out->buffers.push_back(out->Keep(bytes->Buffer()));
    out->buffers.push_back(out->Keep(bytes->Buffer()));
    out->buffers.push_back(out->Keep(std::vector<std::int64_t>{static_cast<std::int64_t>(kBufferBytes)}));
  } else if (format != "n" && format != "+s" && format != "") {
    out->buffers.push_back(out->Keep(bytes->Buffer()));
    if ((oddity & 2) && depth == 0) {
      Fill(&out->parts.emplace_back(), "words", bytes, depth + 1);
      out->has_dictionary = true;
    }
  } else if (format == "n") {
    out->buffers.clear();
  }
  out->Finish(length);
  out->array.offset = oddity & 4 ? bytes->Take<std::uint8_t>() % 64 : 0;
  out->array.null_count = oddity & 8 ? bytes->Take<std::int8_t>() : -1;
  out->schema.flags = oddity & 16 ? ARROW_FLAG_NULLABLE : 0;
  if (oddity & 32) out->array.length = bytes->Take<std::int8_t>();
  if (oddity & 64) out->array.n_buffers = bytes->Take<std::int8_t>() % 3;
  if (oddity & 128) out->array.release = nullptr;
}

void Require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const csat::Plan* const plan = new csat::Plan(MakePlan());
  Bytes bytes{data, size};
  csat::ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  const std::int64_t rows = bytes.Take<std::uint8_t>() % 64;
  const std::uint8_t settings = bytes.Take<std::uint8_t>();
  for (const csat::Field& field : plan->fields()) Fill(&table.parts.emplace_back(), field.name, &bytes, 0);
  table.Finish(rows);
  table.array.offset = settings & 1 ? bytes.Take<std::uint8_t>() % 16 : 0;

  csat::BatchOptions options;
  options.bad_rows = settings & 2 ? csat::BatchOptions::BadRows::kRefuse : csat::BatchOptions::BadRows::kFail;
  options.base = settings & 4;
  options.contributions = settings & 8;
  options.top_reasons = settings & 16 ? 3 : 0;
  options.decimal_scores = settings & 32;
  if (settings & 64) options.subject_column = options.period_column = "role";
  ArrowSchema schema[2] = {};
  ArrowArray result[2] = {};
  for (int i = 0; i < 2; ++i) {
    options.threads = i + 1;
    const absl::Status status =
        csat::ScoreBatch(*plan, table.schema, table.array, options, &schema[i], &result[i]);
    Require(status.ok() == (result[i].release != nullptr), "a result where there is no error");
    Require(status.ok() || !status.message().empty(), "an error says why");
  }
  Require((result[0].release == nullptr) == (result[1].release == nullptr),
          "one verdict on one thread and on two");
  if (result[0].release != nullptr) {
    Require(result[0].length == rows && result[1].length == rows, "a row for each row");
    const auto* first = static_cast<const char*>(result[0].children[0]->buffers[1]);
    const auto* again = static_cast<const char*>(result[1].children[0]->buffers[1]);
    const std::size_t width = options.decimal_scores ? 16 : 8;
    Require(rows == 0 || std::memcmp(first, again, static_cast<std::size_t>(rows) * width) == 0, "one score");
    for (int i = 0; i < 2; ++i) {
      result[i].release(&result[i]);
      schema[i].release(&schema[i]);
    }
  }
  return 0;
}
