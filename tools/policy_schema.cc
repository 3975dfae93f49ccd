// Writes the JSON Schema of policy files, include/csat/v1/policy.schema.json, from the descriptor set that protoc
// makes of policy.proto with its comments:
//
//   csat_policy_schema policy.desc            prints the schema
//   csat_policy_schema policy.desc FILE       exit status 1 unless FILE is the schema
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "policy/json_schema.h"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: csat_policy_schema DESCRIPTOR_SET [FILE]\n";
    return 2;
  }
  google::protobuf::FileDescriptorSet set;
  std::ifstream in(argv[1], std::ios::binary);
  if (!set.ParseFromIstream(&in)) {
    std::cerr << argv[1] << ": not a descriptor set\n";
    return 2;
  }
  google::protobuf::DescriptorPool pool;
  for (const google::protobuf::FileDescriptorProto& file : set.file()) pool.BuildFile(file);
  const google::protobuf::Descriptor* root = pool.FindMessageTypeByName("csat.v1.Policy");
  if (root == nullptr) {
    std::cerr << argv[1] << ": has no message csat.v1.Policy\n";
    return 2;
  }
  const std::string schema = csat::policy::JsonSchema(root);
  if (argc == 2) {
    std::cout << schema;
    return 0;
  }
  std::ifstream file(argv[2], std::ios::binary);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};
  if (committed == schema) return 0;
  std::cerr << argv[2] << ": is not the schema of policy.proto; run csat_policy_schema " << argv[1] << " > "
            << argv[2] << "\n";
  return 1;
}
