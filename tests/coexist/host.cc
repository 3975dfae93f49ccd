// A host process with a Protobuf of its own and the same-named schema (csat/v1/policy.proto beside this file).
// It uses its own messages before, between and after scoring with libcsat, which must notice nothing of it.
//
// usage: host LIBRARY POLICY.json    LIBRARY "linked": libcsat is linked; "global:PATH", "local:PATH": dlopen
#include <dlfcn.h>
#include <google/protobuf/descriptor.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "csat/v1/policy.pb.h"
#include "csat_c.h"

namespace {

int checks = 0;

void Check(bool held, const char* what) {
  ++checks;
  if (held) return;
  std::printf("does not hold: %s\n", what);
  std::exit(1);
}

// The host's own messages, through reflection and on the wire.
void UseOwnProtobuf() {
  csat::v1::Policy policy;
  policy.set_id("host");
  policy.add_premiums(7);
  (*policy.mutable_metrics())["fire"].set_insured(2.5);
  csat::v1::Policy again;
  Check(again.ParseFromString(policy.SerializeAsString()), "the host's message is read back");
  Check(again.metrics().at("fire").insured() == 2.5, "the host's map keeps its value");
  const google::protobuf::Descriptor* found =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName("csat.v1.Policy");
  Check(found == csat::v1::Policy::descriptor() && found->field_count() == 3,
        "the pool holds the host's schema");
}

#ifdef CSAT_LINKED
#define LOAD(name) auto* const p_##name = &name
#else
#define LOAD(name)                                                                 \
  auto* const p_##name = reinterpret_cast<decltype(&name)>(dlsym(library, #name)); \
  Check(p_##name != nullptr, #name)
#endif

void Score(void* library, const std::string& json) {
  LOAD(csat_policy_parse);
  LOAD(csat_plan_compile);
  LOAD(csat_record_create);
  LOAD(csat_record_set_json);
  LOAD(csat_plan_score);
  LOAD(csat_policy_free);
  LOAD(csat_plan_free);
  LOAD(csat_record_free);
  (void)library;
  const char record_json[] =
      "{\"response_ms\": [8000, 12000, 15000, 31000], \"problems\": 200, \"problems_resolved\": 188,"
      "\"problems_resolved_first\": 150, \"attitude_feedback\": 8.8, \"attitude_mystery\": 8.4, "
      "\"written_test\": 92,"
      "\"scenario_simulation\": 88, \"complaints\": 0, \"active_praise\": 1, \"information_leak\": 0,"
      "\"promise_broken\": 0, \"other_major_negligence\": 0, \"written_praise_percent\": 5,"
      "\"incentivised_praise_percent\": 0, \"service_innovation_percent\": 3}";
  csat_policy* policy = nullptr;
  csat_plan* plan = nullptr;
  csat_record* record = nullptr;
  csat_summary summary = CSAT_SUMMARY_INIT;
  Check(p_csat_policy_parse(json.data(), json.size(), &policy, nullptr, nullptr) == CSAT_OK,
        "the policy is read");
  Check(p_csat_plan_compile(policy, "period_score", 12, &plan, nullptr) == CSAT_OK, "the plan is made");
  Check(p_csat_record_create(plan, &record, nullptr) == CSAT_OK, "the record is made");
  Check(p_csat_record_set_json(record, record_json, std::strlen(record_json), nullptr) == CSAT_OK,
        "it is filled");
  Check(p_csat_plan_score(plan, record, &summary, nullptr) == CSAT_OK, "it is scored");
  Check(summary.score_micros == 95535948, "golden scenario G-1 is 95.535948");
  Check(p_csat_policy_parse("{\"id\":", 6, &policy, nullptr, nullptr) != CSAT_OK,
        "a broken policy is refused");
  p_csat_record_free(record);
  p_csat_plan_free(plan);
  p_csat_policy_free(policy);
}

}  // namespace

int main(int argc, char** argv) {
  Check(argc == 3, "two arguments");
  std::ifstream file(argv[2], std::ios::binary);
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::string mode = argv[1];
#ifdef CSAT_LINKED
  Check(mode == "linked", "mode");
  UseOwnProtobuf();
  Score(nullptr, json);
#else
  for (int round = 0; round < 2; ++round) {  // Loading again after it was unloaded, too.
    if (round > 0 || mode.find("late") != std::string::npos) UseOwnProtobuf();
    void* library = dlopen(mode.substr(mode.find(':') + 1).c_str(),
                           RTLD_NOW | (mode.rfind("global", 0) == 0 ? RTLD_GLOBAL : RTLD_LOCAL));
    Check(library != nullptr, "libcsat is loaded");
    Score(library, json);
    UseOwnProtobuf();
    Score(library, json);
    dlclose(library);
  }
#endif
  UseOwnProtobuf();
  std::printf("%d checks passed\n", checks);
}
