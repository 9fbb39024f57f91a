#pragma once
// JSON that was escaped once too often, as text or for HTML: back to what was meant, in one piece or several.

#include "json/repair/look.hpp"

#include <string>
#include <string_view>

namespace sluice::json::repair {

enum class Encoding : std::uint8_t {
  plain,
  backslashes,  ///< {\"a\": 1}
  entities,     ///< {&quot;a&quot;: 1}
};

/// How the text is encoded whose first bracket is at `look`.
Encoding encoding_at(Look look);

class Decoder {
 public:
  explicit Decoder(Encoding encoding = Encoding::plain) : encoding_(encoding) {}

  Encoding encoding() const { return encoding_; }
  /// Appends what `piece` means to `out`; an escape that is cut waits for the next piece. `whole`: there is
  /// none.
  void decode(std::string_view piece, bool whole, std::string& out);

 private:
  std::size_t unescape(std::string_view text, bool whole, std::string& out) const;
  std::size_t decode_entity(std::string_view text, bool whole, std::string& out) const;

  Encoding encoding_;
  std::string cut_;  ///< the beginning of an escape
};

}  // namespace sluice::json::repair
