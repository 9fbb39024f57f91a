#include "app/load_config.hpp"

#include "app/check_config.hpp"
#include "app/config_sections.hpp"
#include "app/default_config.hpp"
#include "app/yaml_value.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace sluice::app {
namespace {

/// More than any configuration of ours; a log file given by mistake is refused at once.
constexpr std::size_t max_file_bytes = std::size_t{16} << 20;

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char block[16 * 1024];
  while (text.size() <= max_file_bytes && (file.read(block, sizeof block) || file.gcount() > 0))
    text.append(block, static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad())
    return fail(ErrorCode::invalid_request,
                fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  if (text.size() > max_file_bytes)
    return fail(ErrorCode::invalid_request,
                fmt::format("{}: is larger than 16 MiB, so no configuration", path));
  return text;
}

void read_sections(const YamlValue& root, Config& config) {
  YamlMap map(root);
  if (const auto listen = map.find("listen")) config.listen = read_listen(*listen);
  if (const auto store = map.find("store")) config.store = read_store(*store);
  if (const auto providers = map.find("providers")) config.providers = read_providers(*providers);
  if (const auto models = map.find("models")) config.models = read_models(*models);
  if (const auto keys = map.find("keys")) config.keys = read_keys(*keys);
  if (const auto limits = map.find("limits")) config.limits = read_limits(*limits);
  if (const auto log = map.find("log")) config.log = read_log(*log);
  map.read("echo_request", config.echo_request, &YamlValue::flag);
  map.finish();
}

/// What the file leaves open. A file without `providers` has those of the environment, as no file at all has.
void fill_in(const YAML::Node& root, const Environment& environment, const LoadOptions& options,
             Config& config, ConfigProblems& problems) {
  config.demo = options.demo;
  if (!root["listen"]) config.listen.push_back(default_listener());
  if (root["providers"]) return;
  auto providers = providers_from(environment);
  if (!providers) return problems.add(1, providers.error().message());
  config.providers = std::move(*providers);
}

}  // namespace

Result<Config> load_config(const std::string& path, const Environment& environment,
                           const LoadOptions& options) {
  const auto text = read_file(path);
  if (!text) return fail(text.error().clone());
  return parse_config(*text, path, environment, options);
}

Result<Config> parse_config(std::string_view text, const std::string& file, const Environment& environment,
                            const LoadOptions& options) {
  ConfigProblems problems(file);
  const EnvReferences references(text);
  Config config;
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(references.marked());
    if (documents.size() > 1)
      problems.add(documents[1].Mark().line + 1,
                   "a second document; a configuration is one, without '---' inside");
    const YAML::Node root =
        documents.empty() || documents[0].IsNull() ? YAML::Node(YAML::NodeType::Map) : documents[0];
    read_sections(YamlValue({references, environment, problems}, root, "", 1), config);
    if (root.IsMap()) fill_in(root, environment, options, config, problems);
  } catch (const YAML::Exception& error) {
    problems.add(error.mark.line + 1, fmt::format("is no YAML: {}", references.original(error.msg)));
    return fail(problems.error());
  }
  // Cross references are looked at only in a file that is whole: half of it would make them look broken.
  if (problems.empty()) check_config(config, problems);
  if (!problems.empty()) return fail(problems.error());
  return config;
}

}  // namespace sluice::app
