#pragma once
// Where `${NAME}` and the usual key variables are looked up.

#include <functional>
#include <optional>
#include <string>

namespace sluice::app {

/// The value of a variable; nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// That of the process.
Environment process_environment();

}  // namespace sluice::app
