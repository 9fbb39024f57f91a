#include "json/text.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace sluice::json {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code unit of `\uXXXX` whose four digits begin at `at`; -1 if they are not there.
int code_unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | (c >> 6));
    byte(0x80 | (c & 63));
  } else if (c < 0x10000) {
    byte(0xe0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 63));
    byte(0x80 | (c & 63));
  } else {
    byte(0xf0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 63));
    byte(0x80 | ((c >> 6) & 63));
    byte(0x80 | (c & 63));
  }
}

/// Length of the UTF-8 sequence at the start of `text` (Unicode 15, table 3-7); 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) > 0x9f) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    if (first == 0xf4 && byte(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

constexpr auto needs_care = [] {
  std::array<bool, 256> care{};
  for (int c = 0; c < 0x20; ++c) care[static_cast<std::size_t>(c)] = true;
  for (int c = 0x80; c < 0x100; ++c) care[static_cast<std::size_t>(c)] = true;
  care['"'] = care['\\'] = true;
  return care;
}();

}  // namespace

bool Text::has_escapes() const {
  return !escaped_.empty() && std::memchr(escaped_.data(), '\\', escaped_.size()) != nullptr;
}

std::string Text::decode() const {
  std::string out;
  append_decoded(out, escaped_);
  return out;
}

std::string_view Text::decode(std::string& buffer) const {
  if (!has_escapes()) return escaped_;
  buffer.clear();
  append_decoded(buffer, escaped_);
  return buffer;
}

bool Text::means(std::string_view plain) const {
  if (escaped_.size() == plain.size()) return escaped_ == plain && !has_escapes();
  return has_escapes() && decode() == plain;
}

bool Text::is_blank() const {
  constexpr std::string_view spaces = " \t\n\r\f\v", named = "ntrf";
  for (std::size_t at = 0; at < escaped_.size(); ++at) {
    if (spaces.find(escaped_[at]) != std::string_view::npos) continue;
    if (escaped_[at] != '\\' || at + 1 == escaped_.size()) return false;
    const char kind = escaped_[++at];
    if (named.find(kind) != std::string_view::npos) continue;
    const int unit = kind == 'u' ? code_unit(escaped_, at + 1) : -1;
    if (unit < 0 || unit >= 0x80 || spaces.find(static_cast<char>(unit)) == std::string_view::npos)
      return false;
    at += 4;
  }
  return true;
}

void append_decoded(std::string& out, std::string_view escaped) {
  std::size_t at = 0;
  while (at < escaped.size()) {
    const auto* slash = static_cast<const char*>(std::memchr(escaped.data() + at, '\\', escaped.size() - at));
    const std::size_t plain_end = slash ? static_cast<std::size_t>(slash - escaped.data()) : escaped.size();
    out.append(escaped, at, plain_end - at);
    at = plain_end;
    if (at + 1 >= escaped.size()) return;
    const char kind = escaped[at + 1];
    at += 2;
    switch (kind) {
      case 'n':
        out.push_back('\n');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 'b':
        out.push_back('\b');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'u': {
        const int unit = code_unit(escaped, at);
        if (unit < 0) {
          out.append(replacement);
          break;
        }
        at += 4;
        if (unit < 0xd800 || unit > 0xdfff) {
          append_utf8(out, static_cast<std::uint32_t>(unit));
          break;
        }
        const bool low_follows =
            unit < 0xdc00 && at + 1 < escaped.size() && escaped[at] == '\\' && escaped[at + 1] == 'u';
        const int low = low_follows ? code_unit(escaped, at + 2) : -1;
        if (low >= 0xdc00 && low <= 0xdfff) {
          at += 6;
          append_utf8(out, 0x10000U + (static_cast<std::uint32_t>(unit - 0xd800) << 10) +
                               static_cast<std::uint32_t>(low - 0xdc00));
        } else {
          out.append(replacement);
        }
        break;
      }
      default:
        out.push_back(kind);  // quote, backslash and slash stand for themselves
    }
  }
}

void append_escaped(std::string& out, std::string_view plain) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::size_t at = 0;
  while (at < plain.size()) {
    std::size_t end = at;
    while (end < plain.size() && !needs_care[static_cast<unsigned char>(plain[end])]) ++end;
    out.append(plain, at, end - at);
    at = end;
    if (at == plain.size()) return;
    const char c = plain[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const std::size_t length = utf8_length(plain.substr(at));
      out.append(length ? plain.substr(at, length) : replacement);
      at += length ? length : 1;
      continue;
    }
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        out.append("\\u00");
        out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    ++at;
  }
}

std::string escape(std::string_view plain) {
  std::string out;
  append_escaped(out, plain);
  return out;
}

}  // namespace sluice::json
