#pragma once
// The base address of an upstream, as an operator writes it.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::http {

struct Url {
  bool tls = false;
  std::string host;  ///< lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  ///< without a trailing slash; empty for the root

  /// Value of the Host field: with the port unless it is the scheme's own.
  std::string authority() const;
};

/// `http://` or `https://`, host, optional port and path. No userinfo, query or fragment.
Result<Url> parse_url(std::string_view text);

}  // namespace sluice::http
