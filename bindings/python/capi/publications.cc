// Published results and their chains.
#include <nanobind/stl/string.h>

#include "handles.h"

namespace libcsat {
namespace {

Publication Parse(nb::bytes json) {
  csat_publication* made = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_publication_parse(json.c_str(), json.size(), &made, &failure);
  Check(status, failure, "RecordError");
  return {PublicationHandle(made)};
}

nb::str ToJson(const Publication& publication) {
  csat_buffer* buffer = nullptr;
  csat_error* failure = nullptr;
  const csat_status status = csat_publication_to_json(publication.handle.get(), &buffer, &failure);
  Check(status, failure, "CsatError");
  return Text(BufferHandle(buffer));
}

void Verify(nb::list publications) {
  std::vector<const csat_publication*> chain;
  for (nb::handle publication : publications) {
    chain.push_back(nb::cast<const Publication&>(publication).handle.get());
  }
  csat_error* failure = nullptr;
  const csat_status status = csat_publications_verify(chain.data(), chain.size(), &failure);
  Check(status, failure, "ChainError");
}

}  // namespace

void BindPublications(nb::module_& module) {
  nb::class_<Publication>(module, "Publication").def_static("parse", Parse).def("to_json", ToJson);
  module.def("verify_chain", Verify);
}

}  // namespace libcsat
