#pragma once
// JSON Pointers (RFC 6901): how errors name a place, and how references do.

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::json::schema {

/// Appends `/token`, escaped.
void append_token(std::string& pointer, std::string_view token);
/// Takes the first token of `pointer`, which begins with '/', away and decodes it.
std::string take_token(std::string_view& pointer);
/// As an index of an array: digits without leading zeros.
std::optional<std::size_t> index_of(std::string_view token);

/// The pointer to the value that begins at `offset`, seen from `root`, which holds it.
std::string pointer_to(Value root, std::size_t offset);

}  // namespace sluice::json::schema
