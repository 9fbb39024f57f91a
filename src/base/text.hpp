#pragma once
// Small things about text that several modules need.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// ASCII letters compared without case; other bytes exactly.
bool iequals(std::string_view a, std::string_view b);
/// Whether `text` contains `part`, ASCII letters compared without case.
bool icontains(std::string_view text, std::string_view part);
std::string ascii_lower(std::string_view text);
/// Without leading and trailing spaces, tabs, CR and LF.
std::string_view trim(std::string_view text);

/// Smallest number of single-character edits between two texts, capped at `limit + 1`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit = 16);
/// Those of `names` that look most like `wanted`, best first, at most `most`; empty if nothing is near.
std::vector<std::string_view> nearest(std::string_view wanted, const std::vector<std::string_view>& names,
                                      std::size_t most = 3);

/// RFC 4648 section 4, strict: no white space, correct padding. Nothing if `text` is not that.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);
/// Whether all of `text` is RFC 4648 base64 with correct padding; does not decode.
bool is_base64(std::string_view text);
/// RFC 3986 percent-decoding; a stray `%` stays as it is.
std::string decode_percent(std::string_view text);
/// Percent-encodes all but RFC 3986 unreserved characters.
std::string encode_percent(std::string_view text);

}  // namespace sluice
