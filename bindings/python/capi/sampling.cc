// Sampling: sizes, allocations, draws.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <vector>

#include "handles.h"

namespace libcsat {
namespace {

// Answers, invitations, the size before rounding.
nb::tuple Size(int64_t z, int64_t margin, int64_t share, int64_t population, int64_t design_effect,
               int64_t response_rate) {
  csat_sampling_size_inputs inputs = CSAT_SAMPLING_SIZE_INPUTS_INIT;
  inputs.z_micros = z;
  inputs.margin_micros = margin;
  inputs.share_micros = share;
  inputs.population = population;
  inputs.design_effect_micros = design_effect;
  inputs.response_rate_micros = response_rate;
  csat_sampling_size_result size = CSAT_SAMPLING_SIZE_INIT;
  csat_error* failure = nullptr;
  const csat_status status = csat_sampling_size(&inputs, &size, &failure);
  Check(status, failure, "SpecError");
  return nb::make_tuple(size.answers, size.invitations, size.unrounded);
}

std::vector<int64_t> Allocate(int method, const std::vector<int64_t>& sizes,
                              const std::optional<std::vector<int64_t>>& deviations, int64_t sample) {
  if (deviations.has_value() && deviations->size() != sizes.size())
    Raise(CSAT_INVALID_ARGUMENT, "deviations: not as many as sizes", "SpecError");
  std::vector<int64_t> shares(sizes.size());
  csat_error* failure = nullptr;
  const int64_t none = 0;
  int64_t no_share = 0;
  const csat_status status = csat_sampling_allocate(
      method, sizes.empty() ? &none : sizes.data(), deviations.has_value() ? deviations->data() : nullptr,
      sizes.size(), sample, shares.empty() ? &no_share : shares.data(), &failure);
  Check(status, failure, "SpecError");
  return shares;
}

std::vector<size_t> Draw(const std::string& seed, const std::optional<std::string>& stratum,
                         const std::vector<std::string>& ids, size_t sample) {
  std::vector<csat_string_view> views;
  views.reserve(ids.size());
  for (const std::string& id : ids) views.push_back(View(id));
  const csat_string_view name = stratum.has_value() ? View(*stratum) : csat_string_view{"", 0};
  std::vector<size_t> drawn(sample <= ids.size() ? sample : 0);
  csat_error* failure = nullptr;
  size_t nowhere = 0;
  csat_status status;
  {
    nb::gil_scoped_release release;
    status = csat_sampling_draw(seed.data(), seed.size(), stratum.has_value() ? &name : nullptr, views.data(),
                                views.size(), sample, drawn.empty() ? &nowhere : drawn.data(), &failure);
  }
  Check(status, failure, "SpecError");
  return drawn;
}

nb::str Number(const std::string& seed, const std::string& id) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_sampling_number(seed.data(), seed.size(), id.data(), id.size(), &buffer, &failure);
  Check(status, failure, "SpecError");
  return Text(BufferHandle(buffer));
}

bool Invites(const std::string& seed, const std::string& id, int64_t probability) {
  int32_t invited = 0;
  csat_error* failure = nullptr;
  const csat_status status =
      csat_sampling_invites(seed.data(), seed.size(), id.data(), id.size(), probability, &invited, &failure);
  Check(status, failure, "SpecError");
  return invited != 0;
}

nb::str Commitment(const std::string& seed) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_sampling_commitment(seed.data(), seed.size(), &buffer, &failure);
  Check(status, failure, "SpecError");
  return Text(BufferHandle(buffer));
}

}  // namespace

void BindSampling(nb::module_& module) {
  module.def("sampling_size", Size, nb::kw_only(), nb::arg("z"), nb::arg("margin"), nb::arg("share"),
             nb::arg("population"), nb::arg("design_effect"), nb::arg("response_rate"));
  module.def("sampling_allocate", Allocate, nb::arg("method"), nb::arg("sizes"), nb::arg("deviations").none(),
             nb::arg("sample"));
  module.def("sampling_draw", Draw, nb::arg("seed"), nb::arg("stratum").none(), nb::arg("ids"),
             nb::arg("sample"));
  module.def("sampling_number", Number);
  module.def("sampling_invites", Invites);
  module.def("sampling_commitment", Commitment);
}

}  // namespace libcsat
