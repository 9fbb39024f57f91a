#pragma once
// Gemini counts citations in bytes of UTF-8, OpenAI in characters.

#include "json/text.hpp"

#include <cstdint>
#include <vector>

namespace sluice::dialect::gemini {

/// Remembers where characters of another width begin, so that text which is all of one width costs nothing.
class TextPositions {
 public:
  void add(json::Text piece);
  /// How many characters stand before that byte of the text so far; all of them if the text is shorter.
  std::int64_t characters_before(std::int64_t byte) const;
  std::int64_t characters() const { return characters_; }

 private:
  struct Run {
    std::int64_t byte, character, width;
  };
  void add_character(std::int64_t width);

  std::vector<Run> runs_;
  std::int64_t bytes_ = 0, characters_ = 0;
};

}  // namespace sluice::dialect::gemini
