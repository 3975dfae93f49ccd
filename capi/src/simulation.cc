#include "csat_c/simulation.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/scoring/simulate.h"
#include "guard.h"
#include "json_writer.h"
#include "plan_handle.h"

using csat::BatchOptions;
using csat::Plan;
using csat::Simulation;
using csat::SimulationOptions;
using csat::Simulator;
using csat::capi::Access;
using csat::capi::CheckHandle;
using csat::capi::CheckPointer;
using csat::capi::First;
using csat::capi::Guard;
using csat::capi::JsonWriter;

struct csat_simulation : csat::capi::Handle<Simulator, csat::capi::HandleTag::kSimulation> {
  using Handle::Handle;
};

namespace {

// Size of the struct in release 0.1, below which no caller can be.
constexpr size_t kFirstOptions = offsetof(csat_simulation_options, period_column) + sizeof(csat_string_view);
constexpr int32_t kKnownFlags = CSAT_SIMULATION_SENSITIVITY;

// Reads the caller's options as far as his struct goes. Threads and changes are for the simulation to judge.
absl::Status ReadOptions(const csat_simulation_options* given, SimulationOptions* out) {
  if (given == nullptr) return absl::OkStatus();
  absl::Status wrong =
      csat::capi::CheckStructSize(given->struct_size, kFirstOptions, "csat_simulation_options");
  if (!wrong.ok()) return wrong;
  csat_simulation_options options = CSAT_SIMULATION_OPTIONS_INIT;
  std::memcpy(&options, given, std::min(given->struct_size, sizeof(options)));
  const csat_string_view &subject = options.subject_column, &period = options.period_column;
  wrong = First(csat::capi::CheckText(subject.data, subject.size, "subject_column"),
                csat::capi::CheckText(period.data, period.size, "period_column"));
  if (!wrong.ok()) return wrong;
  if (options.bad_rows != CSAT_BAD_ROWS_FAIL && options.bad_rows != CSAT_BAD_ROWS_REFUSE) {
    return absl::InvalidArgumentError(absl::StrCat("bad_rows ", options.bad_rows, " lies outside [0, 1]"));
  }
  if ((options.flags & ~kKnownFlags) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "flags ", options.flags, " has bits that are none of CSAT_SIMULATION_..., ", kKnownFlags));
  }
  if (options.reserved != 0) {
    return absl::InvalidArgumentError(absl::StrCat("reserved ", options.reserved, " is not 0"));
  }
  out->threads = options.threads;
  out->bad_rows = options.bad_rows == CSAT_BAD_ROWS_REFUSE ? BatchOptions::BadRows::kRefuse
                                                           : BatchOptions::BadRows::kFail;
  out->sensitivity = (options.flags & CSAT_SIMULATION_SENSITIVITY) != 0;
  out->max_changes = options.max_changes;
  out->subject_column = std::string(csat::capi::FromC(subject.data, subject.size));
  out->period_column = std::string(csat::capi::FromC(period.data, period.size));
  return absl::OkStatus();
}

void WriteSide(std::string_view key, const Plan& plan, const std::vector<std::string>& grades,
               JsonWriter* json) {
  json->Key(key).BeginObject().Key("policy").BeginObject();
  json->Key("id").Text(plan.policy().id()).Key("version").Text(plan.policy().version());
  json->Key("digest").Text(plan.policy().digest()).EndObject();
  json->Key("scorecard").Text(plan.scorecard()->id).Key("grades").Texts(grades).EndObject();
}

std::string ToJson(const Simulator& simulator) {
  const Simulation& simulation = simulator.result();
  JsonWriter json;
  json.BeginObject().Key("rows").Integer(simulation.rows).Key("bad_rows").Integer(simulation.bad_rows);
  json.Key("changed").Integer(simulation.changed);
  json.Key("mean_difference").Number(simulation.mean_difference);
  WriteSide("before", simulator.before(), simulation.before, &json);
  WriteSide("after", simulator.after(), simulation.after, &json);
  json.Key("matrix").BeginArray();
  for (const std::vector<std::int64_t>& row : simulation.matrix) {
    json.BeginArray();
    for (const std::int64_t count : row) json.Integer(count);
    json.EndArray();
  }
  json.EndArray().Key("by_line").BeginArray();
  for (const auto& [line, count] : simulation.by_line) {
    json.BeginObject().Key("line").Text(line).Key("rows").Integer(count).EndObject();
  }
  json.EndArray().Key("sensitivity").BeginArray();
  for (const csat::WeightSensitivity& weight : simulation.sensitivity) {
    json.BeginObject().Key("indicator").Text(weight.indicator).Key("weight").Number(weight.weight);
    json.Key("step").Number(weight.step);
    json.Key("changed_up").Integer(weight.changed_up).Key("changed_down").Integer(weight.changed_down);
    json.Key("mean_up").Number(weight.mean_up).Key("mean_down").Number(weight.mean_down).EndObject();
  }
  return json.EndArray().EndObject().Take();
}

}  // namespace

csat_status csat_simulation_create(const csat_plan* before, const csat_plan* after,
                                   const csat_simulation_options* options, csat_simulation** out,
                                   csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    SimulationOptions read;
    absl::Status wrong = First(CheckHandle(before, "before"), CheckHandle(after, "after"),
                               CheckPointer(out, "out"), ReadOptions(options, &read));
    if (!wrong.ok()) return wrong;
    absl::StatusOr<Simulator> made = Simulator::Create(before->rep, after->rep, std::move(read));
    if (!made.ok()) return made.status();
    *out = csat::capi::MakeHandle<csat_simulation>(*std::move(made));
    return absl::OkStatus();
  });
}

csat_status csat_simulation_add_batch(csat_simulation* simulation, const struct ArrowSchema* schema,
                                      const struct ArrowArray* array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(simulation, "simulation"), CheckPointer(schema, "schema"),
                               CheckPointer(array, "array"));
    if (!wrong.ok()) return wrong;
    return simulation->rep.Add(*schema, *array);
  });
}

void csat_simulation_free(csat_simulation* simulation) { csat::capi::FreeHandle(simulation); }

int64_t csat_simulation_row_count(const csat_simulation* simulation) {
  return Access(simulation, int64_t{0}, [](const Simulator& simulator) { return simulator.result().rows; });
}

int64_t csat_simulation_bad_row_count(const csat_simulation* simulation) {
  return Access(simulation, int64_t{0},
                [](const Simulator& simulator) { return simulator.result().bad_rows; });
}

int64_t csat_simulation_changed_count(const csat_simulation* simulation) {
  return Access(simulation, int64_t{0},
                [](const Simulator& simulator) { return simulator.result().changed; });
}

csat_status csat_simulation_to_json(const csat_simulation* simulation, csat_buffer** out,
                                    csat_error** error) {
  return Guard(error, out, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(simulation, "simulation"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    *out = csat::capi::MakeHandle<csat_buffer>(ToJson(simulation->rep));
    return absl::OkStatus();
  });
}

csat_status csat_simulation_changes(const csat_simulation* simulation, struct ArrowSchema* out_schema,
                                    struct ArrowArray* out_array, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckHandle(simulation, "simulation"), CheckPointer(out_schema, "out_schema"),
                               CheckPointer(out_array, "out_array"));
    if (!wrong.ok()) return wrong;
    return csat::ExportChanges(simulation->rep.result(), out_schema, out_array);
  });
}
