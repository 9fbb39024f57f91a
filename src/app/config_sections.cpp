#include "app/config_sections.hpp"

#include "app/default_config.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::app {
namespace {

constexpr std::string_view store_forms = "use memory, sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE";

void read_address(const YamlValue& value, ListenConfig& out) {
  const auto text = value.text();
  if (!text) return;
  auto address = http::parse_listen_address(*text);
  if (!address) return value.wrong(address.error().message());
  out.address = *address;
}

ListenConfig read_listener(const YamlValue& value) {
  ListenConfig out = default_listener();
  out.line = value.line();
  if (!value.is_map()) {
    read_address(value, out);
    return out;
  }
  YamlMap map(value);
  if (const auto address = map.require("address", "HOST:PORT, as 127.0.0.1:8080"))
    read_address(*address, out);
  if (const auto region = map.find("region"))
    if (const auto name = region->word({"us", "eu"})) out.region = catalog::region_named(*name);
  map.finish();
  return out;
}

void read_prices(const YamlValue& value, std::optional<catalog::Prices>& out) {
  YamlMap map(value);
  catalog::Prices prices;
  if (const auto input = map.require("input", "US dollars per million tokens"))
    prices.input = input->amount().value_or(0);
  if (const auto output = map.require("output", "US dollars per million tokens"))
    prices.output = output->amount().value_or(0);
  map.read("cache_read", prices.cache_read, &YamlValue::amount);
  map.read("cache_write", prices.cache_write, &YamlValue::amount);
  map.finish();
  out = prices;
}

TargetConfig read_target(const YamlValue& value) {
  TargetConfig out{.line = value.line()};
  YamlMap map(value);
  if (const auto provider = map.require("provider", "the name of one under 'providers'"))
    out.provider = provider->text().value_or("");
  map.read("model", out.model, &YamlValue::text);
  map.read("base_model", out.base_model, &YamlValue::text);
  map.read("regions", out.regions, &YamlValue::regions);
  map.read_whole("weight", out.weight, 1, 1'000'000);
  map.read_whole("priority", out.priority, 0, 1000);
  map.finish();
  return out;
}

ModelConfig read_model(const YamlValue& value) {
  ModelConfig out{.line = value.line()};
  YamlMap map(value);
  if (const auto id = map.require("id", "what clients ask for")) out.id = id->text().value_or("");
  if (const auto targets = map.find("targets")) {
    for (const YamlValue& target : targets->items()) out.targets.push_back(read_target(target));
    if (targets->is_list() && out.targets.empty())
      targets->wrong("is empty; give at least one {provider, model}");
  }
  map.read("name", out.name, &YamlValue::text);
  map.read("creator", out.creator, &YamlValue::text);
  map.read_whole("context_window", out.context_window, 1, 1'000'000'000);
  map.read_whole("lmarena_score", out.lmarena_score, 0, 10'000);
  map.read("latency_per_10k_tokens_s", out.latency_per_10k_tokens_s, &YamlValue::amount);
  if (const auto prices = map.find("prices")) read_prices(*prices, out.prices);
  map.finish();
  return out;
}

/// What every header and client carries unchanged.
bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

KeyConfig read_key(const YamlValue& value) {
  KeyConfig out{.line = value.line()};
  YamlMap map(value);
  if (const auto name = map.require("name", "what logs and metrics call the client"))
    out.name = name->text().value_or("");
  if (const auto secret = map.require("secret", "what the client sends")) {
    out.secret = secret->secret().value_or(Secret());
    if (!is_visible_ascii(out.secret.reveal()))
      secret->wrong("holds a blank or a character beyond ASCII, which not every client can send");
  }
  map.finish();
  return out;
}

}  // namespace

std::vector<ListenConfig> read_listen(const YamlValue& value) {
  std::vector<ListenConfig> out;
  for (const YamlValue& item : value.item_or_items()) out.push_back(read_listener(item));
  if (out.empty()) value.wrong("is empty; give HOST:PORT, as 127.0.0.1:8080");
  return out;
}

StoreConfig read_store(const YamlValue& value) {
  StoreConfig out;
  const auto secret = value.secret();  // it may hold a password
  if (!secret) return out;
  const std::string_view text = secret->reveal();
  if (text == "memory") {
    out.kind = StoreConfig::Kind::memory;
  } else if (text.starts_with("sqlite:")) {
    out.path = text.substr(7);
    if (out.path.empty()) value.wrong("names no file; write sqlite:PATH, as sqlite:sluice.db");
  } else if (text.starts_with("postgres://") || text.starts_with("postgresql://")) {
    out.kind = StoreConfig::Kind::postgres;
    out.url = *secret;
  } else {
    const auto scheme = text.find("://");
    value.wrong(fmt::format("'{}' is no store; {}",
                            scheme == std::string_view::npos ? text : text.substr(0, scheme + 3),
                            store_forms));
  }
  return out;
}

std::vector<ModelConfig> read_models(const YamlValue& value) {
  std::vector<ModelConfig> out;
  for (const YamlValue& item : value.items()) out.push_back(read_model(item));
  return out;
}

std::vector<KeyConfig> read_keys(const YamlValue& value) {
  std::vector<KeyConfig> out;
  for (const YamlValue& item : value.items()) out.push_back(read_key(item));
  return out;
}

LimitsConfig read_limits(const YamlValue& value) {
  LimitsConfig out;
  YamlMap map(value);
  map.read("max_body_bytes", out.max_body_bytes, &YamlValue::bytes);
  if (const auto timeouts = map.find("timeouts")) {
    YamlMap inner(*timeouts);
    inner.read("connect", out.timeouts.connect, &YamlValue::duration);
    inner.read("first_byte", out.timeouts.first_byte, &YamlValue::duration);
    inner.read("idle", out.timeouts.idle, &YamlValue::duration);
    inner.read("total", out.timeouts.total, &YamlValue::duration);
    inner.finish();
  }
  map.finish();
  return out;
}

LogConfig read_log(const YamlValue& value) {
  LogConfig out;
  YamlMap map(value);
  if (const auto level = map.find("level"))
    if (const auto name = level->word({observe::level_names.begin(), observe::level_names.end()}))
      out.level = *observe::level_named(*name);
  if (const auto format = map.find("format"))
    if (const auto name = format->word({"text", "json"})) out.json = *name == "json";
  map.finish();
  return out;
}

}  // namespace sluice::app
