// The measures of ready-made policies over a table that the input fills: what is refused is refused in a line and
// adds nothing; what is counted is the same on one thread and on two, whole and in two parts, and each figure is
// finite or has its reason.
//
// Byte 0 names the policy, byte 1 the settings, byte 2 the rows, then come the columns.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "csat/measure/measure_plan.h"
#include "csat/measure/measure_table.h"
#include "fuzz/generated_table.h"

namespace csat {
namespace {

struct Subject {
  std::vector<MeasurePlan> plans;  // Without keys; by "group"; by "group" and months of "at".
  std::vector<std::string> words;
};

std::vector<Subject> Compile() {
  std::vector<Subject> made;
  for (const char* const path :
       {"policies/annual-survey.json", "policies/iso-monitoring.json", "policies/retail-after-sales.json",
        "policies/satisfaction-control.json", "examples/bank/bank.json", "examples/orders/orders.json"}) {
    const Policy policy = PolicyOf(path);
    Subject& subject = made.emplace_back();
    subject.words = WordsOf(policy);
    for (int i = 0; i < 3; ++i) {
      MeasureOptions options;
      if (i > 0) options.by = {"group"};
      if (i > 1) options.time_column = "at";
      absl::StatusOr<MeasurePlan> plan = MeasurePlan::Compile(policy, options);
      Require(plan.ok(), path);
      subject.plans.push_back(*std::move(plan));
    }
  }
  return made;
}

void RequireFigures(const MeasurePlan& plan, const Aggregates& counted) {
  for (std::size_t group = 0; group < counted.groups() && group < 8; ++group) {
    for (std::size_t i = 0; i < plan.measures().size(); ++i) {
      const MeasureFigure figure = plan.FigureOf(counted, group, i);
      Require(!figure.value.has_value() || std::isfinite(*figure.value),
              "a figure is finite or has its reason");
      Require(!figure.shown.empty(), "a figure is shown, or why there is none");
      if (figure.interval.has_value()) {
        Require(std::isfinite(figure.interval->low) && figure.interval->low <= figure.interval->high,
                "an interval has its ends in order");
      }
    }
  }
  ArrowSchema schema{};
  ArrowArray array{};
  const absl::Status status = ExportFigures(plan, counted, 0.95, &schema, &array);
  Require(status.ok(), "figures are a table");
  array.release(&array);
  schema.release(&schema);
}

}  // namespace
}  // namespace csat

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using csat::Require;
  static const auto* const subjects = new std::vector<csat::Subject>(csat::Compile());
  csat::FuzzBytes bytes{data, size};
  const csat::Subject& subject = (*subjects)[bytes.Take<std::uint8_t>() % subjects->size()];
  const std::uint8_t settings = bytes.Take<std::uint8_t>();
  const csat::MeasurePlan& plan = subject.plans[settings % 3];
  const std::int64_t rows = bytes.Take<std::uint8_t>() % 48, head = rows / 2;
  // The whole, and its parts: the same bytes fill the columns, row by row in one order.
  csat::ForeignArray table;
  table.format = "+s";
  table.buffers = {nullptr};
  for (const std::string& name : plan.columns()) {
    csat::FillGenerated(&bytes, name, rows, subject.words, &table.parts.emplace_back());
  }
  table.Finish(rows);
  csat::Aggregates::AddOptions options;
  if (settings & 4) options.bad_rows = csat::Aggregates::AddOptions::BadRows::kRefuse;
  std::string written;
  bool added = false;
  for (const int threads : {1, 2}) {
    options.threads = threads;
    absl::StatusOr<csat::Aggregates> counted = plan.NewAggregates();
    Require(counted.ok(), "there are aggregates of no record");
    const std::string none = counted->ToBytes();
    const absl::Status status = plan.Add(table.schema, table.array, options, &*counted);
    if (!status.ok()) {
      csat::RequireLine(status);
      Require(counted->ToBytes() == none, "what fails adds nothing");
    } else {
      Require(counted->rows() + counted->refused() == rows, "each row is counted or refused");
    }
    if (threads == 1) {
      added = status.ok();
      written = counted->ToBytes();
      if (added) csat::RequireFigures(plan, *counted);
    } else {
      Require(status.ok() == added && counted->ToBytes() == written, "the same on one thread and on two");
    }
  }
  if (!added) return 0;
  absl::StatusOr<csat::Aggregates> parts = plan.NewAggregates();
  table.array.length = head;
  Require(plan.Add(table.schema, table.array, options, &*parts).ok(), "a part of what can be added");
  table.array.length = rows - head;
  table.array.offset = head;
  Require(plan.Add(table.schema, table.array, options, &*parts).ok(), "the other part");
  Require(parts->ToBytes() == written, "the same whole and in parts");
  return 0;
}
