#include "app/read_vertex.hpp"

#include "app/load_config.hpp"
#include "app/test_environment.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sluice::app {
namespace {

std::string on_vertex(std::string_view vertex, std::string_view api = "gemini", std::string_view more = "") {
  return "providers:\n  v:\n    api: " + std::string(api) + "\n    vertex: " + std::string(vertex) + "\n" +
         std::string(more);
}

ProviderConfig loaded(std::string_view text) {
  auto config = parse_config(text, "c.yaml", environment({}));
  EXPECT_TRUE(config) << config.error().message();
  return config ? config->providers[0] : ProviderConfig();
}

std::string why_not(std::string_view text) {
  const auto config = parse_config(text, "c.yaml", environment({}));
  return config ? "" : config.error().message();
}

struct Place {
  std::string_view location, host;
  catalog::Region region;
};
constexpr Place places[] = {
    {"europe-west1", "europe-west1-aiplatform.googleapis.com", catalog::Region::eu},
    {"europe-west2", "europe-west2-aiplatform.googleapis.com", catalog::Region::global},
    {"us-east5", "us-east5-aiplatform.googleapis.com", catalog::Region::us},
    {"asia-east1", "asia-east1-aiplatform.googleapis.com", catalog::Region::global},
    {"eu", "aiplatform.eu.rep.googleapis.com", catalog::Region::eu},
    {"us", "aiplatform.us.rep.googleapis.com", catalog::Region::us},
    {"global", "aiplatform.googleapis.com", catalog::Region::global},
};

TEST(ProvidersOnVertex, AreWhereTheirLocationIs) {
  for (const Place& place : places) {
    const std::string location(place.location);
    const ProviderConfig provider = loaded(on_vertex("{project: p-1, location: " + location + "}"));
    EXPECT_TRUE(provider.base_url.tls);
    EXPECT_EQ(provider.base_url.host, place.host);
    EXPECT_EQ(provider.base_url.path, "/v1/projects/p-1/locations/" + location + "/publishers/google");
    EXPECT_EQ(provider.regions, catalog::Regions{place.region}) << location;
  }
}

TEST(ProvidersOnVertex, MayHaveAnotherAddress) {
  const ProviderConfig provider =
      loaded(on_vertex("{project: p, location: eu}", "anthropic.messages",
                       "    base_url: http://127.0.0.1:9/proxy\n    regions: global\n"));
  EXPECT_EQ(provider.base_url.path, "/proxy/v1/projects/p/locations/eu/publishers/anthropic");
  EXPECT_EQ(provider.regions, catalog::Regions{catalog::Region::global});
  EXPECT_EQ(provider.vertex->metadata_server.host, "metadata.google.internal");
}

TEST(ProvidersOnVertex, SayWhatIsWrong) {
  EXPECT_EQ(why_not(on_vertex("{location: eu}")),
            "c.yaml:4: providers.v.vertex: 'project' is missing: the id of a project of Google Cloud, as "
            "my-project-123");
  EXPECT_EQ(why_not(on_vertex("{project: p, location: eu/../x}")),
            "c.yaml:4: providers.v.vertex.location: 'eu/../x' is none; write where the models run, as "
            "europe-west1, us-east5, eu, us or global");
  EXPECT_EQ(why_not(on_vertex("{project: p, location: eu}", "gemini", "    api_key: k\n")),
            "c.yaml:4: providers.v.vertex: is beside an api_key; Vertex AI takes a service account, by its "
            "credentials_file or the machine's own");
  EXPECT_EQ(why_not(on_vertex("{project: p, location: eu, credentials_file: /no/such/file}")),
            "c.yaml:4: providers.v.vertex.credentials_file: '/no/such/file' cannot be read");
  EXPECT_EQ(why_not(on_vertex("{project: p, location: eu}", "openai.chat")),
            "c.yaml:4: providers.v.vertex: is for the apis anthropic.messages and gemini only; leave it out");
}

}  // namespace
}  // namespace sluice::app
