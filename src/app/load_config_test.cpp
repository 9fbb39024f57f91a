#include "app/load_config.hpp"

#include "app/test_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::app {
namespace {

using catalog::Region;
using catalog::Regions;
using std::chrono::milliseconds;
using std::chrono::seconds;

Config loaded(std::string_view text, std::map<std::string, std::string> variables = {}) {
  auto config = parse_config(text, "c.yaml", environment(std::move(variables)));
  EXPECT_TRUE(config) << config.error().message();
  return config ? std::move(*config) : Config();
}

std::string why_not(std::string_view text, std::map<std::string, std::string> variables = {}) {
  const auto config = parse_config(text, "c.yaml", environment(std::move(variables)));
  return config ? "" : config.error().message();
}

/// A configuration whose only fault is in `lines`, which come first.
std::string why_not_with(const std::string& lines) {
  return why_not(lines + "\nproviders: {openai: {api_key: k}}\n");
}

TEST(LoadConfig, ReadsTheWholeSchema) {
  const Config config = loaded(R"(
listen:
  - {address: 127.0.0.1:8080, region: us}
  - {address: "[::1]:8081", region: eu}
store: sqlite:/var/lib/sluice.db
providers:
  anthropic:
    api: anthropic.messages
    base_url: https://api.anthropic.com/
    api_key: ${ANTHROPIC_API_KEY}
    regions: [us]
  local:
    api: openai.chat
    base_url: http://10.0.0.7:8000/v1
    regions: eu
    headers: {X-Team: blue}
models:
  - id: claude-sonnet-4-6
    targets:
      - {provider: anthropic, model: claude-sonnet-4-6, weight: 3}
      - {provider: local, model: qwen, regions: [eu], priority: 1}
  - id: "weird: id/with #everything"
    name: Weird
    creator: Us
    context_window: 32768
    lmarena_score: 1200
    latency_per_10k_tokens_s: 2.5
    prices: {input: 0.1, output: 0.2, cache_read: 0.01}
    targets:
      - {provider: local}
keys:
  - {name: dev, secret: ${SLUICE_KEY}}
limits:
  max_body_bytes: 8MiB
  timeouts: {connect: 500ms, first_byte: 2m, idle: 30s, total: 1h}
log: {level: debug, format: json}
echo_request: true
)",
                               {{"ANTHROPIC_API_KEY", "sk-ant"}, {"SLUICE_KEY", "sk-dev"}});

  ASSERT_EQ(config.listen.size(), 2U);
  EXPECT_EQ(http::to_string(config.listen[1].address), "[::1]:8081");
  EXPECT_EQ(config.listen[1].region, Region::eu);
  EXPECT_EQ(config.store.kind, StoreConfig::Kind::sqlite);
  EXPECT_EQ(config.store.path, "/var/lib/sluice.db");
  ASSERT_EQ(config.providers.size(), 2U);
  EXPECT_EQ(config.providers[0].api, "anthropic.messages");
  EXPECT_EQ(config.providers[0].base_url.host, "api.anthropic.com");
  EXPECT_EQ(config.providers[0].api_key.reveal(), "sk-ant");
  EXPECT_EQ(config.providers[0].regions, Regions{Region::us});
  EXPECT_EQ(config.providers[1].base_url.port, 8000);
  EXPECT_EQ(config.providers[1].base_url.path, "/v1");
  EXPECT_TRUE(config.providers[1].api_key.empty());
  EXPECT_EQ(config.providers[1].regions, Regions{Region::eu});
  ASSERT_EQ(config.providers[1].headers.size(), 1U);
  EXPECT_EQ(config.providers[1].headers[0].first, "x-team");
  EXPECT_EQ(config.providers[1].headers[0].second.reveal(), "blue");
  ASSERT_EQ(config.models.size(), 2U);
  EXPECT_EQ(config.models[0].targets[0].weight, 3U);
  EXPECT_EQ(config.models[0].targets[1].priority, 1U);
  EXPECT_EQ(config.models[0].targets[1].regions, Regions{Region::eu});
  EXPECT_EQ(config.models[1].id, "weird: id/with #everything");
  EXPECT_EQ(config.models[1].context_window, 32768);
  EXPECT_EQ(config.models[1].prices->cache_read, 0.01);
  EXPECT_FALSE(config.models[1].prices->cache_write);
  ASSERT_EQ(config.keys.size(), 1U);
  EXPECT_EQ(config.keys[0].name, "dev");
  EXPECT_EQ(config.keys[0].secret.reveal(), "sk-dev");
  EXPECT_EQ(config.limits.max_body_bytes, 8U << 20);
  EXPECT_EQ(config.limits.timeouts.connect, milliseconds(500));
  EXPECT_EQ(config.limits.timeouts.first_byte, seconds(120));
  EXPECT_EQ(config.limits.timeouts.total, seconds(3600));
  EXPECT_EQ(config.log.level, observe::Level::debug);
  EXPECT_TRUE(config.log.json);
  EXPECT_TRUE(config.echo_request);
}

TEST(LoadConfig, NeedsLittle) {
  const Config config = loaded("providers: {openai: {api_key: k}}");
  ASSERT_EQ(config.listen.size(), 1U);
  EXPECT_EQ(http::to_string(config.listen[0].address), "127.0.0.1:8080");
  EXPECT_FALSE(config.listen[0].region);
  EXPECT_EQ(config.store.path, "sluice.db");
  EXPECT_EQ(config.providers[0].api, "openai.chat");
  EXPECT_EQ(config.providers[0].base_url.host, "api.openai.com");
  EXPECT_EQ(config.providers[0].regions, Regions{Region::global});
  EXPECT_EQ(config.limits.max_body_bytes, http::ServerLimits{}.max_body);
  EXPECT_FALSE(config.demo);
}

TEST(LoadConfig, TakesWhatTestHarnessesWrite) {
  const Config config = loaded(
      "listen: 127.0.0.1:8123\nstore: memory\nproviders:\n"
      "  openai-chat:\n    api: \"openai.chat\"\n    base_url: \"http://127.0.0.1:9/openai.chat\"\n"
      "    api_key: \"x\"\n    regions: [us]\n"
      "  openai-chat-failure-1:\n    api: \"openai.chat\"\n    base_url: \"http://127.0.0.1:9/openai.chat\"\n"
      "    api_key: \"x\"\n    regions: [us]\n"
      "models:\n  - id: openai-chat-0123\n    targets:\n      - {provider: openai-chat, model: "
      "openai-chat-0123}\n"
      "keys:\n  - {name: acceptance, secret: sk-acceptance}\n");
  EXPECT_EQ(config.store.kind, StoreConfig::Kind::memory);
  EXPECT_EQ(config.providers.size(), 2U);
  EXPECT_EQ(config.models[0].targets[0].model, "openai-chat-0123");
}

TEST(LoadConfig, LoadsTheExample) {
  const auto config =
      load_config(SLUICE_SOURCE_DIR "/examples/sluice.yaml",
                  environment({{"ANTHROPIC_API_KEY", "a"}, {"OPENAI_API_KEY", "o"}, {"SLUICE_KEY", "s"}}));
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_GE(config->providers.size(), 2U);
  EXPECT_GE(config->models.size(), 2U);
}

TEST(Listen, IsAStringOrAListOrAMap) {
  const std::string provider = "\nproviders: {openai: {api_key: k}}\n";
  EXPECT_EQ(http::to_string(loaded("listen: 0.0.0.0:80" + provider).listen[0].address), "0.0.0.0:80");
  EXPECT_EQ(loaded("listen: [127.0.0.1:1, {address: 127.0.0.1:2, region: eu}]" + provider).listen.size(), 2U);
  EXPECT_EQ(loaded("listen: {address: 127.0.0.1:2, region: us}" + provider).listen[0].region, Region::us);
  EXPECT_EQ(loaded("listen: [127.0.0.1:0, 127.0.0.1:0]" + provider).listen.size(), 2U);
}

TEST(Listen, SaysWhatIsWrong) {
  EXPECT_EQ(
      why_not_with("listen: here"),
      "c.yaml:1: listen: 'here' is no address to listen on: the port must be a number from 0 to 65535; write "
      "HOST:PORT with an address literal, as 127.0.0.1:8080 or [::1]:8080");
  EXPECT_EQ(why_not_with("listen:\n  - {address: 127.0.0.1:1, region: eus}"),
            "c.yaml:2: listen[0].region: 'eus' is not allowed; did you mean 'us'? use one of us, eu");
  EXPECT_EQ(why_not_with("listen:\n  - {region: eu}"),
            "c.yaml:2: listen[0]: 'address' is missing: HOST:PORT, as 127.0.0.1:8080");
  EXPECT_EQ(why_not_with("listen: []"), "c.yaml:1: listen: is empty; give HOST:PORT, as 127.0.0.1:8080");
  EXPECT_EQ(why_not_with("listen:\n  - 127.0.0.1:1\n  - 127.0.0.1:1"),
            "c.yaml:3: listen: address 127.0.0.1:1 is there twice, first on line 2");
}

TEST(Store, KnowsThreeKinds) {
  const std::string provider = "\nproviders: {openai: {api_key: k}}\n";
  const Config postgres = loaded("store: postgres://u:p@h/db" + provider);
  EXPECT_EQ(postgres.store.kind, StoreConfig::Kind::postgres);
  EXPECT_EQ(postgres.store.url.reveal(), "postgres://u:p@h/db");
  EXPECT_EQ(why_not_with("store: mysql://root:geheim@h/db"),
            "c.yaml:1: store: 'mysql://' is no store; use memory, sqlite:PATH or "
            "postgres://USER:PASSWORD@HOST/DATABASE");
  EXPECT_EQ(why_not_with("store: 'sqlite:'"),
            "c.yaml:1: store: names no file; write sqlite:PATH, as sqlite:sluice.db");
}

TEST(Providers, SayWhatIsWrong) {
  const std::string of_api =
      why_not("providers:\n  a:\n    api: anthropic.message\n    base_url: https://h\n");
  EXPECT_TRUE(of_api.starts_with(
      "c.yaml:3: providers.a.api: 'anthropic.message' is not allowed; did you mean 'anthropic.messages'? "
      "use one of openai.chat, "))
      << of_api;
  EXPECT_EQ(why_not("providers:\n  a:\n    base_url: https://h\n"),
            "c.yaml:2: providers.a: 'api' is missing: the wire format that it speaks");
  EXPECT_EQ(why_not("providers:\n  a:\n    api: gemini\n"),
            "c.yaml:2: providers.a: 'base_url' is missing: its address, as https://api.example.com/v1");
  EXPECT_EQ(why_not("providers:\n  openai:\n    api: gemini\n"),
            "c.yaml:2: providers.openai: 'base_url' is missing: its address, as https://api.example.com/v1");
  EXPECT_EQ(why_not("providers:\n  openai:\n    base_url: ftp://h\n"),
            "c.yaml:3: providers.openai.base_url: 'ftp://h' is no address of a server: it must begin with "
            "https:// or "
            "http://; write https://HOST[:PORT][/PATH]");
  EXPECT_EQ(why_not("providers:\n  openai:\n    api_key: k\n    base_ulr: https://h\n"),
            "c.yaml:4: providers.openai: unknown key 'base_ulr'; did you mean 'base_url'? "
            "known here: api, vertex, base_url, api_key, regions, azure, profile, responses, headers");
  EXPECT_EQ(why_not("providers:\n  openai:\n    regions: [moon]\n"),
            "c.yaml:3: providers.openai.regions[0]: 'moon' is not allowed; use one of us, eu, global");
  EXPECT_EQ(why_not("providers:\n  openai: {}\n  openai: {}\n"),
            "c.yaml:3: providers.openai: is there twice");
  EXPECT_EQ(why_not("providers: [openai]\n"), "c.yaml:1: providers: must be a mapping of keys to values");
  EXPECT_EQ(why_not("providers:\n  openai:\n"),
            "c.yaml:2: providers.openai: must be a mapping of keys to values");
  EXPECT_EQ(why_not("providers:\n  openai:\n    api_key:\n"),
            "c.yaml:3: providers.openai.api_key: has no value; give one, or leave the key out");
}

TEST(Providers, HaveAProfileThatExists) {
  EXPECT_EQ(
      loaded("providers: {a: {api: openai.chat, base_url: http://h/v1, profile: groq}}").providers[0].profile,
      "groq");
  EXPECT_THAT(why_not("providers:\n  a: {api: openai.chat, base_url: http://h/v1, profile: grok}\n"),
              testing::StartsWith(
                  "c.yaml:2: providers.a.profile: 'grok' is not allowed; did you mean 'groq'? use one of "
                  "openai, "));
  EXPECT_EQ(why_not("providers:\n  anthropic: {profile: groq}\n"),
            "c.yaml:2: providers.anthropic.profile: is for the apis openai.chat and openai.responses only; "
            "leave it out");
  EXPECT_EQ(loaded("providers: {a: {api: openai.chat, base_url: http://h/v1, responses: true}}")
                .providers[0]
                .responses,
            true);
  EXPECT_EQ(loaded("providers: {openai: {api: openai.responses}}").providers[0].base_url.host,
            "api.openai.com");
  EXPECT_EQ(why_not("providers:\n  anthropic: {responses: true}\n"),
            "c.yaml:2: providers.anthropic.responses: is for the api openai.chat only; leave it out");
}

TEST(Providers, HeadersCannotBreakARequest) {
  EXPECT_EQ(why_not("providers:\n  openai:\n    headers:\n      Host: h\n"),
            "c.yaml:4: providers.openai.headers.Host: is written by the gateway itself");
  EXPECT_EQ(why_not("providers:\n  openai:\n    headers:\n      a b: h\n"),
            "c.yaml:4: providers.openai.headers.a b: is no header name; use letters, digits and hyphens");
  EXPECT_EQ(why_not("providers:\n  openai:\n    headers:\n      a: \"x\\r\\ny: z\"\n"),
            "c.yaml:4: providers.openai.headers.a: holds a line break or another control character; put it "
            "on one line");
  EXPECT_EQ(why_not("providers:\n  openai:\n    headers:\n      a: x\n      A: y\n"),
            "c.yaml:5: providers.openai.headers.A: is there twice; case does not matter in header names");
}

TEST(Models, MustHaveSomewhereToGo) {
  const std::string openai = "providers:\n  openai: {api_key: k, regions: [us]}\nmodels:\n";
  EXPECT_EQ(why_not(openai + "  - id: gpt-5\n"), "");
  EXPECT_EQ(why_not(openai + "  - id: gpt-5.55\n"),
            "c.yaml:4: model 'gpt-5.55' is not in the built-in catalog, so it needs 'targets'; did you mean "
            "'gpt-5.5'?");
  EXPECT_EQ(
      why_not(openai + "  - id: claude-opus-4-6\n"),
      "c.yaml:4: model 'claude-opus-4-6' has no targets, and no provider that usually has it is configured; "
      "add 'targets', or one of anthropic, openrouter");
  EXPECT_EQ(
      why_not(openai + "  - id: m\n    targets:\n      - {provider: opnai}\n"),
      "c.yaml:6: model 'm': no provider is named 'opnai'; did you mean 'openai'? configured are openai");
  EXPECT_EQ(why_not(openai + "  - id: m\n    targets:\n      - {provider: demo}\n"),
            "c.yaml:6: model 'm': no provider is named 'demo'; it exists with --demo only");
  EXPECT_EQ(why_not(openai + "  - id: m\n    targets: []\n"),
            "c.yaml:5: models[0].targets: is empty; give at least one {provider, model}");
  EXPECT_EQ(why_not(openai + "  - id: m\n    targets:\n      - {provider: openai, regions: [us, eu]}\n"),
            "c.yaml:6: model 'm': regions us, eu go beyond those of provider 'openai'; use some of us");
  EXPECT_EQ(why_not(openai + "  - id: gpt-5\n  - id: gpt-5\n"),
            "c.yaml:5: models: id 'gpt-5' is there twice, first on line 4");
  EXPECT_EQ(why_not(openai + "  - targets: [{provider: openai}]\n"),
            "c.yaml:4: models[0]: 'id' is missing: what clients ask for");
  EXPECT_EQ(
      why_not(openai + "  - {id: m, targets: [{provider: openai, weight: 0}]}\n"),
      "c.yaml:4: models[0].targets[0].weight: '0' is not allowed; give a whole number from 1 to 1000000");
  EXPECT_EQ(why_not(openai + "  - {id: gpt-5, prices: {input: 1}}\n"),
            "c.yaml:4: models[0].prices: 'output' is missing: US dollars per million tokens");
}

TEST(Keys, MustDiffer) {
  EXPECT_EQ(why_not_with("keys:\n  - {name: a, secret: s1}\n  - {name: a, secret: s2}"),
            "c.yaml:3: keys: name 'a' is there twice, first on line 2");
  EXPECT_EQ(why_not_with("keys:\n  - {name: a, secret: s}\n  - {name: b, secret: s}"),
            "c.yaml:3: keys: the secret of 'b' is there twice, first on line 2");
  EXPECT_EQ(why_not_with("keys:\n  - {name: a}"),
            "c.yaml:2: keys[0]: 'secret' is missing: what the client sends");
  EXPECT_EQ(why_not_with("keys:\n  - {name: a, secret: ''}"),
            "c.yaml:2: keys[0].secret: is empty; give a value");
  EXPECT_EQ(
      why_not_with("keys:\n  - {name: a, secret: two words}"),
      "c.yaml:2: keys[0].secret: holds a blank or a character beyond ASCII, which not every client can send");
}

TEST(Limits, HaveUnits) {
  EXPECT_EQ(
      why_not_with("limits: {timeouts: {connect: 5}}"),
      "c.yaml:1: limits.timeouts.connect: '5' is no duration; give 1ms to 24h, as 500ms, 30s, 5m or 1h");
  EXPECT_EQ(why_not_with("limits: {timeouts: {idle: 0s}}"),
            "c.yaml:1: limits.timeouts.idle: '0s' is no duration; give 1ms to 24h, as 500ms, 30s, 5m or 1h");
  EXPECT_EQ(why_not_with("limits: {timeouts: {total: 9999999999999999999h}}"),
            "c.yaml:1: limits.timeouts.total: '9999999999999999999h' is no duration; give 1ms to 24h, as "
            "500ms, 30s, "
            "5m or 1h");
  EXPECT_EQ(
      why_not_with("limits: {max_body_bytes: lots}"),
      "c.yaml:1: limits.max_body_bytes: 'lots' is no size; give bytes as 1000000, or 500KB, 32MiB, 1GiB");
  EXPECT_EQ(why_not_with("log: {level: loud}"),
            "c.yaml:1: log.level: 'loud' is not allowed; use one of debug, info, warn, error");
  EXPECT_EQ(why_not_with("echo_request: maybe"),
            "c.yaml:1: echo_request: 'maybe' is not allowed; give true or false");
}

TEST(Keys, UnknownOnesAreErrorsWithASuggestion) {
  EXPECT_EQ(why_not_with("lisen: 127.0.0.1:1"),
            "c.yaml:1: unknown key 'lisen'; did you mean 'listen'? known here: listen, store, "
            "providers, models, "
            "keys, limits, log, echo_request");
  EXPECT_EQ(why_not_with("zzzzzzzzz: 1"),
            "c.yaml:1: unknown key 'zzzzzzzzz'; known here: listen, store, providers, models, "
            "keys, limits, "
            "log, echo_request");
}

TEST(Errors, AreReportedTogetherInTheOrderOfTheFile) {
  EXPECT_EQ(
      why_not(
          "listen: nowhere\nlog: {level: loud, levle: info}\nproviders:\n  openai:\n    api_key: ${NOT_SET}\n"
          "keys:\n  - {name: a, secret: ${NOR_THIS}}\n"),
      "c.yaml:1: listen: 'nowhere' is no address to listen on: the port must be a number from 0 to 65535; "
      "write "
      "HOST:PORT with an address literal, as 127.0.0.1:8080 or [::1]:8080\n"
      "c.yaml:2: log.level: 'loud' is not allowed; use one of debug, info, warn, error\n"
      "c.yaml:2: log: unknown key 'levle'; did you mean 'level'? known here: level, format\n"
      "c.yaml:5: environment variable NOT_SET is not set; set it, or write ${NOT_SET:-default}\n"
      "c.yaml:7: environment variable NOR_THIS is not set; set it, or write ${NOR_THIS:-default}");
}

TEST(Errors, OfYamlNameTheLine) {
  EXPECT_EQ(why_not("listen: 127.0.0.1:1\nstore: a: b\n"), "c.yaml:2: is no YAML: illegal map value");
  EXPECT_EQ(why_not("listen: [127.0.0.1:1\n").substr(0, 20), "c.yaml:2: is no YAML");
  EXPECT_EQ(why_not("- a\n"), "c.yaml:1: must be a mapping of keys to values");
  EXPECT_EQ(why_not("store: memory\n---\nstore: memory\n"),
            "c.yaml:3: a second document; a configuration is one, without '---' inside");
}

TEST(Secrets, AreInNoMessage) {
  const std::string why = why_not(
      "keys:\n  - {name: a, secret: topsecret}\n  - {name: b, secret: topsecret}\n"
      "providers: {openai: {api_key: topsecret, headers: {host: topsecret}}}\n");
  EXPECT_EQ(why.find("topsecret"), std::string::npos) << why;
  EXPECT_NE(why, "");
}

TEST(FileWithoutProviders, TakesThoseOfTheEnvironment) {
  const Config config = loaded("store: memory\n", {{"GROQ_API_KEY", "g"}});
  ASSERT_EQ(config.providers.size(), 1U);
  EXPECT_EQ(config.providers[0].name, "groq");
  EXPECT_THAT(
      why_not("store: memory\n"),
      testing::StartsWith("c.yaml:1: no provider is configured; add one under 'providers', or set one of "
                          "ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY"));
  const auto demo = parse_config("models: [{id: m, targets: [{provider: demo}]}]", "c.yaml", environment({}),
                                 {.demo = true});
  ASSERT_TRUE(demo) << demo.error().message();
  EXPECT_TRUE(demo->demo);
}

TEST(LoadConfig, SaysThatAFileCannotBeRead) {
  const auto missing = load_config("/nonexistent/x.yaml", environment({}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message(), "/nonexistent/x.yaml: cannot be read: No such file or directory");
  const auto folder = load_config("/", environment({}));
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message(), "/: cannot be read: Is a directory");
}

}  // namespace
}  // namespace sluice::app
