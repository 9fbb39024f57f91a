#pragma once
// Texts that are escaped, quoted or encoded as a whole, once too often.

#include "json/repair/fixes.hpp"

#include <string>
#include <string_view>

namespace sluice::json::repair {

/// Takes one layer off `text` and puts what is below into `out`. False if there is none.
bool undo_layer(std::string_view text, std::string& out, Fixes& fixes);

/// `text` without white space, byte order marks and invisible characters around it.
std::string_view trimmed(std::string_view text);

}  // namespace sluice::json::repair
