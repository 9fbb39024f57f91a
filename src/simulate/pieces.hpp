#pragma once
// Pieces: a text as a model streams it.

#include <cstddef>
#include <string_view>
#include <vector>

namespace sluice::simulate {

/// `text` in pieces of about `bytes`, never inside a character. Of a very long text the pieces are larger, so
/// that a stream has some thousand events at most. None for an empty text.
std::vector<std::string_view> pieces_of(std::string_view text, std::size_t bytes);

}  // namespace sluice::simulate
