// Aggregates::ToBytes and FromBytes: "CSATAGG", the version as one byte, the SHA-256 of what follows, and a
// csat.v1.AggregateState.
// The one-shot functions that OpenSSL 3 recommends need its providers, and fail where these find no memory.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "csat/measure/aggregates.h"
#include "csat/v1/aggregate.pb.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/stubs/logging.h"
#include "measure/aggregate_rep.h"
#include "measure/aggregate_spec_message.h"
#include "measure/group_bits.h"
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

FlatNumbers Flat(const AggregateLayout& layout, const GroupNumbers& group) {
  FlatNumbers flat(group.counts, group.counts + layout.counts());
  flat.insert(flat.end(), group.sums, group.sums + layout.sums());
  const auto is_0 = [](std::int64_t number) { return number == 0; };
  if (group.partial != nullptr && !std::all_of(group.partial, group.partial + layout.partial(), is_0))
    flat.insert(flat.end(), group.partial, group.partial + layout.partial());
  return flat;
}

// Adds `more` to the numbers of `sum`, which grows to as many.
void AddFlat(const FlatNumbers& more, FlatNumbers* sum) {
  if (more.size() > sum->size()) sum->resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) (*sum)[i] += more[i];
}

// false: a number that should be a count is none.
bool Unflat(const AggregateLayout& layout, const FlatNumbers& flat, std::vector<std::int64_t>* counts,
            std::vector<absl::int128>* sums, std::vector<std::int64_t>* partial) {
  const std::size_t whole = layout.counts() + layout.sums();
  counts->clear();
  partial->clear();
  for (std::size_t i = 0; i < flat.size(); ++i) {
    if (i >= layout.counts() && i < whole) continue;
    if (flat[i] < 0 || flat[i] > std::numeric_limits<std::int64_t>::max()) return false;
    (i < whole ? counts : partial)->push_back(static_cast<std::int64_t>(flat[i]));
  }
  const auto from = flat.begin() + static_cast<std::ptrdiff_t>(layout.counts());
  sums->assign(from, from + static_cast<std::ptrdiff_t>(layout.sums()));
  return true;
}

std::size_t SharedBytes(std::string_view a, std::string_view b) {
  std::size_t shared = 0;
  while (shared < a.size() && shared < b.size() && a[shared] == b[shared]) ++shared;
  return shared;
}

}  // namespace

std::string Aggregates::ToBytes() const {
  const AggregateLayout& layout = *rep_->layout;
  // On an arena: Protobuf's messages on the heap do not stand an exception. So below.
  google::protobuf::Arena arena;
  v1::AggregateState& state = *google::protobuf::Arena::CreateMessage<v1::AggregateState>(&arena);
  SpecToMessage(layout.spec(), state.mutable_spec());
  state.set_refused(static_cast<std::uint64_t>(rep_->refused));
  FlatNumbers totals;
  for (const std::uint32_t at : rep_->order) AddFlat(Flat(layout, rep_->Numbers(at)), &totals);
  if (!totals.empty()) {
    GroupBits bits(layout, rep_->groups(), std::move(totals));
    for (const std::uint32_t at : rep_->order) bits.Look(Flat(layout, rep_->Numbers(at)));
    bits.Settle();
    state.set_totals(bits.Head());
    std::string_view before;
    for (const std::uint32_t at : rep_->order) {
      v1::AggregateState::Group* group = state.add_groups();
      const std::string_view key = rep_->keys[at];
      const std::size_t shared = SharedBytes(before, key);
      group->set_shared_key_bytes(static_cast<std::uint32_t>(shared));
      group->set_key_bytes(std::string(key.substr(shared)));
      group->set_numbers(bits.Write(Flat(layout, rep_->Numbers(at))));
      before = key;
    }
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
  std::optional<GroupBits> bits, seen;
  if (size > 0) {
    bits = GroupBits::OfHead(layout, size, state.totals());
    if (!bits.has_value()) return Refuse("no totals of this spec");
    with_partial = bits->totals().size() > layout.counts() + layout.sums();
    seen = bits;
  } else if (!state.totals().empty()) {
    return Refuse("totals without groups");
  }
  FlatNumbers flat, totals;
  for (std::size_t i = 0; i < size; ++i) {
    const v1::AggregateState::Group& group = state.groups(static_cast<int>(i));
    const std::string_view before = keys.empty() ? std::string_view() : std::string_view(keys.back());
    if (group.shared_key_bytes() > before.size())
      return Refuse(absl::StrCat("group ", i, ": no keys of this spec"));
    std::string key =
        absl::StrCat(std::string(before.substr(0, group.shared_key_bytes())), group.key_bytes());
    std::vector<AggregateKey> values;
    std::string canonical;
    const bool readable = ReadKeys(key, layout.spec().by.size(), &values);
    for (const AggregateKey& value : values) AppendKey(value, &canonical);
    if (!readable || canonical != key || SharedBytes(before, key) != group.shared_key_bytes())
      return Refuse(absl::StrCat("group ", i, ": no keys of this spec"));
    if (!keys.empty() && !(keys.back() < key)) return Refuse(absl::StrCat("group ", i, ": out of order"));
    keys.push_back(std::move(key));
    if (!bits->Read(group.numbers(), &flat) || !Unflat(layout, flat, &counts, &sums, &partial))
      return Refuse(absl::StrCat("group ", i, ": not the numbers of this spec"));
    const std::string why =
        WhyNoGroup(layout, {counts.data(), sums.data(), partial.empty() ? nullptr : partial.data()});
    if (!why.empty()) return Refuse(absl::StrCat("group ", i, ": ", why));
    if (counts[0] > layout.most_rows() - rows)
      return Refuse(absl::StrCat("more than ", layout.most_rows(), " rows"));
    rows += counts[0];
    AddFlat(flat, &totals);
    seen->Look(flat);
    all_counts.insert(all_counts.end(), counts.begin(), counts.end());
    all_sums.insert(all_sums.end(), sums.begin(), sums.end());
    if (with_partial) {
      partial.resize(layout.partial());
      all_partial.insert(all_partial.end(), partial.begin(), partial.end());
    }
  }
  if (size > 0) {
    if (totals != bits->totals()) return Refuse("totals that are not those of the groups");
    seen->Settle();
    if (seen->Head() != state.totals()) return Refuse("spreads that are not those of the groups");
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
  // Protobuf has more ways than one to write a message, and skips what it does not know.
  if (made->ToBytes() != bytes) return Refuse("not as this library writes them");
  return made;
}

}  // namespace csat
