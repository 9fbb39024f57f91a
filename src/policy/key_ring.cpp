#include "policy/key_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace sluice::policy {
namespace {

std::string_view bytes_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Visible ASCII (RFC 9110, field values, without spaces: clients and proxies trim and fold those).
bool fits_a_header(std::string_view key) {
  return std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
}

Result<> check(const NamedKey& key, std::size_t index) {
  const std::string place = "keys[" + std::to_string(index) + "]";
  if (key.name.empty()) return fail(ErrorCode::invalid_request, place + ": the name is missing");
  const std::string named = place + " (" + key.name + ")";
  if (key.secret.empty()) return fail(ErrorCode::invalid_request, named + ": the secret is empty");
  if (!fits_a_header(key.secret.reveal()))
    return fail(ErrorCode::invalid_request,
                named + ": a secret may hold visible ASCII characters only, no spaces");
  return {};
}

}  // namespace

Result<KeyRing> KeyRing::build(std::span<const NamedKey> keys) {
  KeyRing ring;
  ring.entries_.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto checked = check(keys[i], i);
    if (!checked) return fail(checked);
    ring.names_.push_back(keys[i].name);
    ring.entries_.push_back({sha256(keys[i].secret.reveal()), static_cast<std::uint32_t>(i)});
  }
  ring.bucket_starts_.assign(std::bit_ceil(keys.size() + 1) + 1, 0);
  std::ranges::sort(ring.entries_, {},
                    [&ring](const Entry& e) { return std::pair(ring.bucket_of(e.digest), e.digest); });
  const auto twice = std::ranges::adjacent_find(ring.entries_, {}, &Entry::digest);
  if (twice != ring.entries_.end())
    return fail(ErrorCode::invalid_request, "keys: `" + ring.names_[twice->name] + "` and `" +
                                                ring.names_[std::next(twice)->name] +
                                                "` have the same secret");
  for (const Entry& entry : ring.entries_) ++ring.bucket_starts_[ring.bucket_of(entry.digest) + 1];
  for (std::size_t i = 1; i < ring.bucket_starts_.size(); ++i)
    ring.bucket_starts_[i] += ring.bucket_starts_[i - 1];
  return ring;
}

std::optional<std::string_view> KeyRing::find(std::string_view presented) const {
  if (empty()) return std::nullopt;
  const Sha256 digest = sha256(presented);
  const Entry* found = nullptr;
  // All of them, also after a match: the time shall not tell which it was.
  for (const Entry& entry : candidates(digest))
    if (constant_time_equal(bytes_of(entry.digest), bytes_of(digest))) found = &entry;
  if (!found) return std::nullopt;
  return names_[found->name];
}

std::size_t KeyRing::bucket_of(const Sha256& digest) const {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, digest.data(), sizeof prefix);
  return prefix & (bucket_starts_.size() - 2);
}

std::span<const KeyRing::Entry> KeyRing::candidates(const Sha256& digest) const {
  const std::size_t bucket = bucket_of(digest);
  return std::span(entries_).subspan(bucket_starts_[bucket],
                                     bucket_starts_[bucket + 1] - bucket_starts_[bucket]);
}

}  // namespace sluice::policy
