#pragma once
// What runs where nobody configured anything.

#include "app/config.hpp"
#include "app/environment.hpp"
#include "base/result.hpp"

#include <vector>

namespace sluice::app {

/// Listens on 127.0.0.1:8080, stores in ./sluice.db, with the providers whose key is in the environment. Demo
/// mode if there are none. Fails with invalid_request if a key cannot be one.
Result<Config> default_config(const Environment& environment);

/// The known providers whose usual variable is set (to more than nothing), in the order of the table. Fails
/// likewise.
Result<std::vector<ProviderConfig>> providers_from(const Environment& environment);

/// 127.0.0.1:8080
ListenConfig default_listener();

}  // namespace sluice::app
