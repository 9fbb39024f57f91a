#pragma once
// References between schemas: RFC 3986 section 5, without any network.

#include <string>
#include <string_view>

namespace sluice::json::schema {

/// `reference` as seen from `base`: an absolute URI if one of them is absolute.
std::string resolve_uri(std::string_view base, std::string_view reference);

/// What stands before and behind the first '#'.
struct SplitUri {
  std::string_view address;
  std::string_view fragment;  ///< still percent-encoded
};
SplitUri split_fragment(std::string_view reference);

}  // namespace sluice::json::schema
