#include "app/read_aws.hpp"

#include "dialect/bedrock/residency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::app {
namespace {

struct Key {
  std::string_view name;
  Secret ProviderConfig::* member;
};
constexpr std::array keys{Key{"access_key_id", &ProviderConfig::access_key_id},
                          Key{"secret_access_key", &ProviderConfig::secret_access_key},
                          Key{"session_token", &ProviderConfig::session_token}};

/// As eu-central-1: what may stand in a host name and a signature.
bool is_region(std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return plain && text.size() <= 32 && std::ranges::count(text, '-') >= 2 && !text.starts_with('-') &&
         text.back() >= '0' && text.back() <= '9';
}

void read_region(YamlMap& map, ProviderConfig& out) {
  const auto value = map.find("region");
  const auto text = value ? value->text() : std::nullopt;
  if (!text) return;
  if (!is_region(*text))
    return value->wrong(fmt::format("'{}' is no region of AWS; write one as eu-central-1", *text));
  out.region = *text;
}

bool signs(const ProviderConfig& out) {
  return !out.access_key_id.empty() || !out.secret_access_key.empty() || !out.session_token.empty();
}

void check_credentials(const YamlValue& provider, const ProviderConfig& out) {
  if (!out.api_key.empty() && signs(out))
    return provider.wrong(
        "has an api_key and AWS keys; requests carry the one or are signed with the others");
  if (out.api_key.empty() && (out.access_key_id.empty() || out.secret_access_key.empty()))
    provider.wrong(
        "has no credential; give an api_key, as ${AWS_BEARER_TOKEN_BEDROCK}, or access_key_id and "
        "secret_access_key");
  if (signs(out) && out.region.empty())
    provider.wrong("'region' is missing: requests are signed for it; as eu-central-1");
}

}  // namespace

void read_aws(YamlMap& map, const YamlValue& provider, bool has_base_url, bool has_regions,
              ProviderConfig& out) {
  for (const Key& key : keys) map.read(key.name, out.*key.member, &YamlValue::secret);
  read_region(map, out);
  check_credentials(provider, out);
  if (!has_base_url && out.region.empty() && !signs(out))
    provider.wrong("'region' is missing: AWS' name for it, as eu-central-1; or give a base_url");
  if (out.region.empty()) return;
  const std::string_view ending = out.region.starts_with("cn-") ? ".cn" : "";
  if (!has_base_url)
    out.base_url =
        http::parse_url(fmt::format("https://bedrock-runtime.{}.amazonaws.com{}", out.region, ending))
            .value();
  if (!has_regions) out.regions = dialect::bedrock::regions_of(out.region);
}

}  // namespace sluice::app
