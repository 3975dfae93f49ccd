#include "csat_c/sampling.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "buffer_handle.h"
#include "csat/measure/sample_size.h"
#include "csat/survey/allocation.h"
#include "csat/survey/selection.h"
#include "guard.h"

using csat::Decimal;
using csat::capi::CheckPointer;
using csat::capi::CheckText;
using csat::capi::First;
using csat::capi::FromC;
using csat::capi::Guard;
using csat::capi::MakeHandle;

namespace {

// Sizes of the structs in release 0.1, below which no caller can be.
constexpr size_t kFirstInputs = offsetof(csat_sampling_size_inputs, response_rate_micros) + sizeof(int64_t);
constexpr size_t kFirstResult = offsetof(csat_sampling_size_result, invitations) + sizeof(int64_t);

absl::Status CheckRange(int64_t micros, int64_t least, int64_t most, absl::string_view range,
                        absl::string_view name) {
  if (micros >= least && micros <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " ", Decimal::FromMicros(micros).ToString(), " lies outside ", range));
}

absl::Status CheckInputs(const csat_sampling_size_inputs& inputs) {
  if (inputs.population < 0 || inputs.population > 1'000'000'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("population ", inputs.population, " lies outside [0, 1000000000]"));
  }
  return First(CheckRange(inputs.z_micros, 1, 10'000'000, "(0, 10]", "z"),
               CheckRange(inputs.margin_micros, 1, 1'000'000, "(0, 1]", "margin"),
               CheckRange(inputs.share_micros, 1, 999'999, "(0, 1)", "share"),
               CheckRange(inputs.design_effect_micros, 1, 100'000'000, "(0, 100]", "design effect"),
               CheckRange(inputs.response_rate_micros, 1'000, 1'000'000, "[0.001, 1]", "response rate"));
}

absl::Status CheckCount(size_t count, const char* name) {
  if (count <= CSAT_MAX_SIZE) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " ", count, " lies above CSAT_MAX_SIZE, ", CSAT_MAX_SIZE));
}

absl::StatusOr<std::vector<int64_t>> Allocate(int32_t method, const std::vector<int64_t>& sizes,
                                              const int64_t* deviations_micros, int64_t sample) {
  if (method != CSAT_ALLOCATE_OPTIMAL && deviations_micros != nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("deviations_micros: method ", method, " takes none, give NULL"));
  }
  switch (method) {
    case CSAT_ALLOCATE_PROPORTIONAL: return csat::AllocateProportionally(sizes, sample);
    case CSAT_ALLOCATE_EQUAL: return csat::AllocateEqually(sizes, sample);
    case CSAT_ALLOCATE_OPTIMAL: {
      absl::Status wrong = CheckPointer(deviations_micros, "deviations_micros");
      if (!wrong.ok()) return wrong;
      std::vector<Decimal> deviations;
      for (size_t i = 0; i < sizes.size(); ++i)
        deviations.push_back(Decimal::FromMicros(deviations_micros[i]));
      return csat::AllocateOptimally(sizes, deviations, sample);
    }
    default: return absl::InvalidArgumentError(absl::StrCat("method ", method, " lies outside [0, 2]"));
  }
}

}  // namespace

csat_status csat_sampling_size(const csat_sampling_size_inputs* inputs, csat_sampling_size_result* out,
                               csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    csat_sampling_size_inputs read = CSAT_SAMPLING_SIZE_INPUTS_INIT;
    absl::Status wrong = CheckPointer(out, "out");
    if (wrong.ok())
      wrong = csat::capi::CheckStructSize(out->struct_size, kFirstResult, "csat_sampling_size_result");
    if (wrong.ok() && inputs != nullptr) {
      wrong = csat::capi::CheckStructSize(inputs->struct_size, kFirstInputs, "csat_sampling_size_inputs");
      if (wrong.ok()) std::memcpy(&read, inputs, std::min(inputs->struct_size, sizeof(read)));
    }
    if (wrong.ok()) wrong = CheckInputs(read);
    if (!wrong.ok()) return wrong;
    csat::SampleSizeInputs made;
    made.z = Decimal::FromMicros(read.z_micros);
    made.margin = Decimal::FromMicros(read.margin_micros);
    made.share = Decimal::FromMicros(read.share_micros);
    made.population = read.population;
    made.design_effect = Decimal::FromMicros(read.design_effect_micros);
    made.response_rate = Decimal::FromMicros(read.response_rate_micros);
    const csat::Measured<csat::SampleSize> size = csat::SampleSizeOfShare(made);
    if (!size.has_value()) return absl::InvalidArgumentError("an input lies outside of its range");
    const csat_sampling_size_result result = {sizeof(result), size->unrounded, size->answers,
                                              size->invitations};
    csat::capi::CopyOut(result, out);
    return absl::OkStatus();
  });
}

csat_status csat_sampling_allocate(int32_t method, const int64_t* sizes, const int64_t* deviations_micros,
                                   size_t count, int64_t sample, int64_t* out_shares, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckPointer(sizes, "sizes"), CheckPointer(out_shares, "out_shares"),
                               CheckCount(count, "count"));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<std::vector<int64_t>> shares =
        Allocate(method, std::vector<int64_t>(sizes, sizes + count), deviations_micros, sample);
    if (!shares.ok()) return shares.status();
    std::copy(shares->begin(), shares->end(), out_shares);
    return absl::OkStatus();
  });
}

csat_status csat_sampling_draw(const char* seed, size_t seed_size, const csat_string_view* stratum,
                               const csat_string_view* ids, size_t count, size_t sample, size_t* out_indices,
                               csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong = First(CheckText(seed, seed_size, "seed"), CheckCount(count, "count"));
    if (wrong.ok() && count > 0) wrong = CheckPointer(ids, "ids");
    if (wrong.ok() && sample > 0) wrong = CheckPointer(out_indices, "out_indices");
    if (wrong.ok() && stratum != nullptr) wrong = CheckText(stratum->data, stratum->size, "stratum");
    if (!wrong.ok()) return wrong;
    csat::Stratum list;
    for (size_t i = 0; i < count; ++i) {
      wrong = CheckText(ids[i].data, ids[i].size, "id");
      if (!wrong.ok()) return wrong;
      list.ids.emplace_back(FromC(ids[i].data, ids[i].size));
    }
    const std::string_view own = FromC(seed, seed_size);
    if (stratum == nullptr) {
      const absl::StatusOr<std::vector<size_t>> drawn = csat::Select(own, list.ids, sample);
      if (!drawn.ok()) return drawn.status();
      std::copy(drawn->begin(), drawn->end(), out_indices);
      return absl::OkStatus();
    }
    if (own.empty()) return absl::InvalidArgumentError("seed: it is empty");
    list.name = std::string(FromC(stratum->data, stratum->size));
    list.count = sample;
    const absl::StatusOr<std::vector<std::vector<size_t>>> drawn = csat::SelectByStratum(own, {list});
    if (!drawn.ok()) return drawn.status();
    std::copy(drawn->front().begin(), drawn->front().end(), out_indices);
    return absl::OkStatus();
  });
}

csat_status csat_sampling_number(const char* seed, size_t seed_size, const char* id, size_t id_size,
                                 csat_buffer** out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong =
        First(CheckText(seed, seed_size, "seed"), CheckText(id, id_size, "id"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<std::string> number =
        csat::SelectionNumber(FromC(seed, seed_size), FromC(id, id_size));
    if (!number.ok()) return number.status();
    *out = MakeHandle<csat_buffer>(absl::BytesToHexString(*number));
    return absl::OkStatus();
  });
}

csat_status csat_sampling_invites(const char* seed, size_t seed_size, const char* id, size_t id_size,
                                  int64_t probability_micros, int32_t* out, csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    absl::Status wrong =
        First(CheckText(seed, seed_size, "seed"), CheckText(id, id_size, "id"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    const absl::StatusOr<bool> invited =
        csat::IsInvited(FromC(seed, seed_size), FromC(id, id_size), Decimal::FromMicros(probability_micros));
    if (!invited.ok()) return invited.status();
    *out = *invited ? 1 : 0;
    return absl::OkStatus();
  });
}

csat_status csat_sampling_commitment(const char* seed, size_t seed_size, csat_buffer** out,
                                     csat_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (out != nullptr) *out = nullptr;
    absl::Status wrong = First(CheckText(seed, seed_size, "seed"), CheckPointer(out, "out"));
    if (!wrong.ok()) return wrong;
    if (seed_size == 0) return absl::InvalidArgumentError("seed: it is empty");
    *out = MakeHandle<csat_buffer>(csat::SeedCommitment(FromC(seed, seed_size)));
    return absl::OkStatus();
  });
}
