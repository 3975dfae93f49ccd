#include "csat/survey/selection.h"

// The one-shot functions that OpenSSL 3 recommends need its providers, and fail where these find no memory.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_set>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

std::string Sha256(std::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

}  // namespace

absl::StatusOr<std::string> SelectionNumber(std::string_view seed, std::string_view id) {
  if (seed.empty()) return absl::InvalidArgumentError("seed: it is empty");
  if (seed.find('\0') != seed.npos) return absl::InvalidArgumentError("seed: it holds a zero byte");
  if (id.empty()) return absl::InvalidArgumentError("id: it is empty");
  if (id.find('\0') != id.npos)
    return absl::InvalidArgumentError(absl::StrCat("id ", Quoted(id), ": it holds a zero byte"));
  std::string text = "csat.selection.v1";
  text.push_back('\0');
  text.append(seed);
  text.push_back('\0');
  text.append(id);
  return Sha256(text);
}

absl::StatusOr<std::vector<std::size_t>> Select(std::string_view seed, const std::vector<std::string>& ids,
                                                std::size_t count) {
  if (count > ids.size())
    return absl::InvalidArgumentError(
        absl::StrCat("sample: ", count, " of ", ids.size(), " cannot be drawn"));
  // Not of Abseil: its tables do not stand an allocation that fails.
  std::unordered_set<std::string_view> seen;
  seen.reserve(ids.size());
  std::vector<std::string> numbers;
  numbers.reserve(ids.size());
  for (const std::string& id : ids) {
    if (!seen.insert(id).second)
      return absl::InvalidArgumentError(absl::StrCat("id ", Quoted(id), ": it is there twice"));
    absl::StatusOr<std::string> number = SelectionNumber(seed, id);
    if (!number.ok()) return number.status();
    numbers.push_back(*std::move(number));
  }
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return numbers[a] != numbers[b] ? numbers[a] < numbers[b] : ids[a] < ids[b];
  };
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(order.begin(), end, order.end(), before);
  std::sort(order.begin(), end, before);
  order.resize(count);
  return order;
}

absl::StatusOr<bool> IsInvited(std::string_view seed, std::string_view id, Decimal probability) {
  if (probability < Decimal() || probability > Decimal::FromMicros(Decimal::kOne))
    return absl::InvalidArgumentError(
        absl::StrCat("probability: ", probability.ToString(), " lies outside [0, 1]"));
  const absl::StatusOr<std::string> number = SelectionNumber(seed, id);
  if (!number.ok()) return number.status();
  std::uint64_t fraction = 0;
  for (std::size_t i = 0; i < 8; ++i) fraction = fraction << 8 | static_cast<std::uint8_t>((*number)[i]);
  return absl::uint128(fraction) * static_cast<std::uint64_t>(Decimal::kOne) <
         absl::uint128(static_cast<std::uint64_t>(probability.micros())) << 64;
}

std::string SeedCommitment(std::string_view seed) {
  const std::string digest = Sha256(seed);
  return absl::BytesToHexString(absl::string_view(digest.data(), digest.size()));
}

absl::StatusOr<std::vector<std::vector<std::size_t>>> SelectByStratum(std::string_view seed,
                                                                      const std::vector<Stratum>& strata) {
  std::set<std::string_view> names;
  std::vector<std::vector<std::size_t>> selected;
  for (const Stratum& stratum : strata) {
    if (!names.insert(stratum.name).second)
      return absl::InvalidArgumentError(
          absl::StrCat("stratum ", Quoted(stratum.name), ": it is there twice"));
    absl::StatusOr<std::vector<std::size_t>> drawn =
        Select(absl::StrCat(std::string(seed), "/", stratum.name), stratum.ids, stratum.count);
    if (!drawn.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("stratum ", Quoted(stratum.name), ": ", std::string(drawn.status().message())));
    }
    selected.push_back(*std::move(drawn));
  }
  return selected;
}

}  // namespace csat
