#pragma once
// OpenAI counts the places of citations in characters.

#include "json/text.hpp"

#include <cstdint>

namespace sluice::dialect {

/// How many characters a text has.
std::int64_t count_characters(json::Text text);

}  // namespace sluice::dialect
