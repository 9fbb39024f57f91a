#pragma once
// Names of documents as Converse takes them.

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sluice::dialect::bedrock {

/// A file's name without what follows its last dot.
std::string_view without_ending(std::string_view filename);

/// The names in use, and the number to try next where one comes again.
using DocumentNames = std::unordered_map<std::string, std::size_t>;

/// A name of 1 to 200 letters, digits, hyphens, parentheses, brackets and single blanks that no other
/// document of the request has: the file's own as far as that goes, else `document`. Adds it to `taken`.
std::string document_name(std::string_view filename, DocumentNames& taken);

}  // namespace sluice::dialect::bedrock
