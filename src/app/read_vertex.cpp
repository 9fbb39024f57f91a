#include "app/read_vertex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

namespace sluice::app {
namespace {

using catalog::Region;
using catalog::Regions;

struct Publisher {
  std::string_view api, name;
};
constexpr std::array publishers{Publisher{"anthropic.messages", "anthropic"}, Publisher{"gemini", "google"}};

/// Outside the EU, whatever their names say: London and Zurich.
constexpr std::array<std::string_view, 2> other_europe{"europe-west2", "europe-west6"};

/// What may stand in a host name and a path.
bool is_name(std::string_view text, std::string_view further) {
  return text.size() <= 64 && std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || further.contains(c);
         });
}

Regions regions_of(std::string_view location) {
  if (location == "us" || location.starts_with("us-")) return {Region::us};
  const bool in_eu =
      location.starts_with("europe-") && std::ranges::find(other_europe, location) == other_europe.end();
  return {in_eu || location == "eu" ? Region::eu : Region::global};
}

std::string host_of(std::string_view location) {
  if (location == "global") return "aiplatform.googleapis.com";
  if (location == "us" || location == "eu") return fmt::format("aiplatform.{}.rep.googleapis.com", location);
  return fmt::format("{}-aiplatform.googleapis.com", location);
}

void read_name(YamlMap& map, std::string_view key, std::string_view why, std::string_view further,
               std::string& out) {
  const auto value = map.require(key, why);
  const auto text = value ? value->text() : std::nullopt;
  if (!text) return;
  if (!is_name(*text, further)) return value->wrong(fmt::format("'{}' is none; write {}", *text, why));
  out = *text;
}

void read_credentials(const YamlValue& value, VertexConfig& out) {
  const auto path = value.text();
  if (!path) return;
  std::string text(std::size_t{64} * 1024, '\0');  // key files have 2 KB
  std::ifstream file(*path, std::ios::binary);
  if (!file.is_open()) return value.wrong(fmt::format("'{}' cannot be read", *path));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto account = gateway::read_service_account(text);
  if (!account) return value.wrong(fmt::format("'{}' {}", *path, account.error().message()));
  out.account = std::move(*account);
}

void read_metadata_server(const YamlValue& value, VertexConfig& out) {
  if (out.account) return value.wrong("is beside a credentials_file; one of them gives tokens");
  const auto text = value.text();
  if (!text) return;
  auto url = http::parse_url(*text);
  if (!url) return value.wrong(url.error().message());
  out.metadata_server = std::move(*url);
}

VertexConfig read_section(const YamlValue& vertex) {
  VertexConfig out{.metadata_server = http::parse_url("http://metadata.google.internal").value()};
  YamlMap map(vertex);
  read_name(map, "project", "the id of a project of Google Cloud, as my-project-123", ":.", out.project);
  read_name(map, "location", "where the models run, as europe-west1, us-east5, eu, us or global", "",
            out.location);
  if (const auto file = map.find("credentials_file")) read_credentials(*file, out);
  if (const auto server = map.find("metadata_server")) read_metadata_server(*server, out);
  map.finish();
  return out;
}

}  // namespace

void read_vertex(const YamlValue& vertex, bool has_base_url, bool has_regions, ProviderConfig& out) {
  const auto* publisher = std::ranges::find(publishers, out.api, &Publisher::api);
  if (publisher == publishers.end())
    return vertex.wrong("is for the apis anthropic.messages and gemini only; leave it out");
  out.vertex = read_section(vertex);
  if (!out.api_key.empty())
    vertex.wrong(
        "is beside an api_key; Vertex AI takes a service account, by its credentials_file or the "
        "machine's own");
  const std::string& location = out.vertex->location;
  if (out.vertex->project.empty() || location.empty()) return;
  if (!has_base_url) out.base_url = http::parse_url("https://" + host_of(location)).value();
  if (!has_regions) out.regions = regions_of(location);
  out.base_url.path += fmt::format("/v1/projects/{}/locations/{}/publishers/{}", out.vertex->project,
                                   location, publisher->name);
}

}  // namespace sluice::app
