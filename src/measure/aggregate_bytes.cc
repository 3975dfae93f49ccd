// Aggregates::ToBytes and FromBytes: "CSATAGG", the version as one byte, the SHA-256 of what follows, and a
// csat.v1.AggregateState.
// The one-shot functions that OpenSSL 3 recommends need its providers, and fail where these find no memory.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "csat/measure/aggregates.h"
#include "csat/v1/aggregate.pb.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/stubs/logging.h"
#include "measure/aggregate_rep.h"
#include "measure/aggregate_spec_message.h"
#include "measure/key_bytes.h"

namespace csat {
namespace {

constexpr std::string_view kMagic = "CSATAGG";
constexpr char kVersion = 1;
constexpr std::size_t kHead = 8 + SHA256_DIGEST_LENGTH;

absl::Status Refuse(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("aggregate bytes: ", why));
}

std::string DigestOf(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

// Numbers of a group as the message has them. false: not as many as the layout asks for, or beyond 63 bits.
bool ReadNumbers(const v1::AggregateState::Group& group, const AggregateLayout& layout,
                 std::vector<std::int64_t>* counts, std::vector<absl::int128>* sums,
                 std::vector<std::int64_t>* partial) {
  const auto copy = [](const google::protobuf::RepeatedField<std::uint64_t>& from,
                       std::vector<std::int64_t>* to) {
    to->clear();
    for (const std::uint64_t value : from) {
      if (value >> 63 != 0) return false;
      to->push_back(static_cast<std::int64_t>(value));
    }
    return true;
  };
  if (static_cast<std::size_t>(group.counts_size()) != layout.counts() ||
      static_cast<std::size_t>(group.sum_highs_size()) != layout.sums() ||
      static_cast<std::size_t>(group.sum_lows_size()) != layout.sums() ||
      (group.partial_size() != 0 && static_cast<std::size_t>(group.partial_size()) != layout.partial())) {
    return false;
  }
  sums->clear();
  for (int i = 0; i < group.sum_highs_size(); ++i)
    sums->push_back(absl::MakeInt128(group.sum_highs(i), group.sum_lows(i)));
  return copy(group.counts(), counts) && copy(group.partial(), partial);
}

}  // namespace

std::string Aggregates::ToBytes() const {
  const AggregateLayout& layout = *rep_->layout;
  // On an arena: Protobuf's messages on the heap do not stand an exception. So below.
  google::protobuf::Arena arena;
  v1::AggregateState& state = *google::protobuf::Arena::CreateMessage<v1::AggregateState>(&arena);
  SpecToMessage(layout.spec(), state.mutable_spec());
  state.set_refused(static_cast<std::uint64_t>(rep_->refused));
  for (const std::uint32_t at : rep_->order) {
    v1::AggregateState::Group* group = state.add_groups();
    const GroupNumbers numbers = rep_->Numbers(at);
    group->set_keys(rep_->keys[at]);
    group->mutable_counts()->Reserve(static_cast<int>(layout.counts()));
    for (std::size_t i = 0; i < layout.counts(); ++i)
      group->add_counts(static_cast<std::uint64_t>(numbers.counts[i]));
    for (std::size_t i = 0; i < layout.sums(); ++i) {
      group->add_sum_highs(absl::Int128High64(numbers.sums[i]));
      group->add_sum_lows(absl::Int128Low64(numbers.sums[i]));
    }
    bool any = false;
    for (std::size_t i = 0; numbers.partial != nullptr && i < layout.partial(); ++i)
      any = any || numbers.partial[i] != 0;
    for (std::size_t i = 0; any && i < layout.partial(); ++i)
      group->add_partial(static_cast<std::uint64_t>(numbers.partial[i]));
  }
  std::string body;
  {
    google::protobuf::io::StringOutputStream stream(&body);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    state.SerializeToCodedStream(&coded);
  }
  return absl::StrCat(std::string(kMagic), std::string(1, kVersion), DigestOf(body), body);
}

absl::StatusOr<Aggregates> Aggregates::FromBytes(std::string_view bytes) {
  if (bytes.size() < kMagic.size() || bytes.substr(0, kMagic.size()) != kMagic)
    return Refuse("they do not start as such");
  if (bytes.size() < kHead) return Refuse(absl::StrCat("cut off after ", bytes.size(), " bytes"));
  if (bytes[kMagic.size()] != kVersion) {
    return Refuse(absl::StrCat("version ", static_cast<int>(static_cast<unsigned char>(bytes[kMagic.size()])),
                               " is not ", static_cast<int>(kVersion), ", the one that this library reads"));
  }
  const std::string_view body = bytes.substr(kHead);
  if (DigestOf(body) != bytes.substr(kMagic.size() + 1, SHA256_DIGEST_LENGTH))
    return Refuse("cut off or changed: the SHA-256 is another one");
  google::protobuf::Arena arena;
  v1::AggregateState& state = *google::protobuf::Arena::CreateMessage<v1::AggregateState>(&arena);
  {
    // Protobuf writes a line of its own where a text is no UTF-8; the library prints nothing.
    const google::protobuf::LogSilencer silent;
    if (body.size() > 0x7FFFFFFF || !state.ParseFromArray(body.data(), static_cast<int>(body.size())))
      return Refuse("no csat.v1.AggregateState");
  }
  absl::StatusOr<Aggregates> made = Create(SpecOfMessage(state.spec()));
  if (!made.ok()) return Refuse(std::string(made.status().message()));
  Rep& rep = *made->rep_;
  const AggregateLayout& layout = *rep.layout;
  if (state.refused() >> 62 != 0) return Refuse(absl::StrCat(state.refused(), " refused rows"));
  rep.refused = static_cast<std::int64_t>(state.refused());
  const std::size_t size = static_cast<std::size_t>(state.groups_size());
  std::vector<std::string> keys;
  std::vector<std::int64_t> counts, partial, all_counts, all_partial;
  std::vector<absl::int128> sums, all_sums;
  std::int64_t rows = 0;
  bool with_partial = false;
  for (const v1::AggregateState::Group& group : state.groups()) with_partial |= group.partial_size() > 0;
  for (std::size_t i = 0; i < size; ++i) {
    const v1::AggregateState::Group& group = state.groups(static_cast<int>(i));
    std::vector<AggregateKey> values;
    std::string canonical;
    const bool readable = ReadKeys(group.keys(), layout.spec().by.size(), &values);
    for (const AggregateKey& value : values) AppendKey(value, &canonical);
    if (!readable || canonical != group.keys())
      return Refuse(absl::StrCat("group ", i, ": no keys of this spec"));
    if (!keys.empty() && !(keys.back() < group.keys()))
      return Refuse(absl::StrCat("group ", i, ": out of order"));
    keys.push_back(group.keys());
    if (!ReadNumbers(group, layout, &counts, &sums, &partial))
      return Refuse(absl::StrCat("group ", i, ": not the numbers of this spec"));
    const std::string why =
        WhyNoGroup(layout, {counts.data(), sums.data(), partial.empty() ? nullptr : partial.data()});
    if (!why.empty()) return Refuse(absl::StrCat("group ", i, ": ", why));
    if (counts[0] > layout.most_rows() - rows)
      return Refuse(absl::StrCat("more than ", layout.most_rows(), " rows"));
    rows += counts[0];
    all_counts.insert(all_counts.end(), counts.begin(), counts.end());
    all_sums.insert(all_sums.end(), sums.begin(), sums.end());
    if (with_partial) {
      partial.resize(layout.partial());
      all_partial.insert(all_partial.end(), partial.begin(), partial.end());
    }
  }
  absl::Status status = rep.AddGroups(
      std::move(keys), rows, with_partial,
      [&](std::size_t i, std::int64_t* to_counts, absl::int128* to_sums, std::int64_t* to_partial) {
        std::copy_n(all_counts.begin() + static_cast<std::ptrdiff_t>(i * layout.counts()), layout.counts(),
                    to_counts);
        std::copy_n(all_sums.begin() + static_cast<std::ptrdiff_t>(i * layout.sums()), layout.sums(),
                    to_sums);
        if (with_partial)
          std::copy_n(all_partial.begin() + static_cast<std::ptrdiff_t>(i * layout.partial()),
                      layout.partial(), to_partial);
      });
  if (!status.ok()) return status;
  return made;
}

}  // namespace csat
