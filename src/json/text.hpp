#pragma once
// json::Text: text as it stands between the quotes of a JSON string, escapes and all.
//
// What a client or provider wrote can so be copied into another JSON text without being decoded and encoded
// again. Only code that must look inside decodes it.

#include <string>
#include <string_view>

namespace sluice::json {

class Text {
 public:
  constexpr Text() = default;
  /// `escaped` must be valid between the quotes of a JSON string; it is not copied. Literals qualify as they
  /// are when they hold no quote, backslash or control character.
  constexpr explicit Text(std::string_view escaped) : escaped_(escaped) {}

  /// Between the quotes, as written.
  constexpr std::string_view escaped() const { return escaped_; }
  constexpr bool empty() const { return escaped_.empty(); }
  bool has_escapes() const;

  /// The characters meant, as UTF-8. A lone surrogate becomes U+FFFD.
  std::string decode() const;
  /// As decode(), without a copy where nothing is escaped: the result is the text itself or stands in
  /// `buffer`.
  std::string_view decode(std::string& buffer) const;
  /// Whether the characters meant are `plain`.
  bool equals(std::string_view plain) const {
    // An escape takes more room than what it means, so most texts differ by their length or first character.
    if (escaped_.size() < plain.size()) return false;
    if (!plain.empty() && escaped_.front() != plain.front() && escaped_.front() != '\\') return false;
    return means(plain);
  }
  /// Whether it holds no character but white space.
  bool is_blank() const;

 private:
  bool means(std::string_view plain) const;

  std::string_view escaped_;
};

/// Appends the characters that `escaped` means.
void append_decoded(std::string& out, std::string_view escaped);
/// Appends `plain` so that it may stand between the quotes of a JSON string. Bytes that are not UTF-8 become
/// U+FFFD.
void append_escaped(std::string& out, std::string_view plain);
std::string escape(std::string_view plain);

}  // namespace sluice::json
