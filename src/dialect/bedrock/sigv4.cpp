#include "dialect/bedrock/sigv4.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace sluice::dialect::bedrock {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t day_length = 8;  // of an amz_date

/// Every segment is percent-encoded, what stands there encoded already as well.
std::string canonical_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    out.append(encode_percent(path.substr(0, end)));
    if (end < path.size()) out.push_back('/');
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out.empty() ? "/" : out;
}

std::string signed_names(std::span<const Header> headers) {
  std::string names;
  for (const Header& header : headers) names.append(names.empty() ? "" : ";").append(header.name);
  return names;
}

std::string canonical_request(const Signable& request) {
  std::string text = fmt::format("{}\n{}\n\n", request.method, canonical_path(request.path));
  for (const Header& header : request.headers)
    text.append(header.name).append(":").append(header.value).append("\n");
  return text.append("\n")
      .append(signed_names(request.headers))
      .append("\n")
      .append(hex(sha256(request.body)));
}

/// The key of one day, place and service.
Sha256 derived_key(const SigningKey& key, std::string_view day) {
  Sha256 derived = hmac_sha256("AWS4" + std::string(key.secret_access_key), day);
  for (const std::string_view step : {key.region, key.service, std::string_view("aws4_request")})
    derived = hmac_sha256(bytes_of(derived), step);
  return derived;
}

}  // namespace

std::string amz_date(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_seconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string sign_v4(const Signable& request, const SigningKey& key, std::string_view amz_date) {
  const std::string_view day = amz_date.substr(0, day_length);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, key.region, key.service);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", algorithm, amz_date, scope, hex(sha256(canonical_request(request))));
  const std::string signature = hex(hmac_sha256(bytes_of(derived_key(key, day)), to_sign));
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, key.access_key_id,
                     scope, signed_names(request.headers), signature);
}

}  // namespace sluice::dialect::bedrock
