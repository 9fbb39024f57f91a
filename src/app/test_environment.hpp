#pragma once
// An environment for tests.

#include "app/environment.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace sluice::app {

inline Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace sluice::app
