#include "json/repair/layers.hpp"

#include "json/repair/decoder.hpp"
#include "json/repair/glyph.hpp"

#include <algorithm>

namespace sluice::json::repair {
namespace {

using std::string_view;

/// Whether the quotes behind the bracket at `at` are doubled, as in CSV.
bool doubled_behind(string_view text, std::size_t at) {
  at = text.find_first_not_of(" \t\r\n{[", at);
  if (at == string_view::npos || !text.substr(at).starts_with("\"\"")) return false;
  const std::size_t name = at + 2;
  if (name >= text.size() || !(is_letter(text[name]) || is_digit(text[name]))) return false;
  const std::size_t end = text.find('"', name);  // of a key, or it is an inner quote
  return end != string_view::npos && text.substr(end).starts_with("\"\"");
}

void undouble(string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] == '"' && at + 1 < text.size() && text[at + 1] == '"') ++at;
  }
}

/// UTF-16, if half of the first bytes are zero.
bool narrow(string_view text, std::string& out) {
  if (text.starts_with("\xFF\xFE")) text.remove_prefix(2);
  if (text.size() < 4 || text.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < std::min<std::size_t>(text.size(), 16); at += 2)
    if (text[at] == '\0' || text[at + 1] != '\0') return false;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const auto code = static_cast<unsigned>(static_cast<unsigned char>(text[at])) |
                      static_cast<unsigned>(static_cast<unsigned char>(text[at + 1])) << 8;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xc0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 63));
    } else {
      out += static_cast<char>(0xe0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 63));
      out += static_cast<char>(0x80 | (code & 63));
    }
  }
  return true;
}

/// Every line begins with `>`: a Markdown quotation.
bool unquote_lines(string_view text, std::string& out) {
  if (!text.starts_with('>')) return false;
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('>')) {
      line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    } else if (!trimmed(line).empty()) {
      return false;
    }
    lines.append(line) += '\n';
  }
  out = std::move(lines);
  return true;
}

bool all_quotes_are_entities(string_view text) {
  if (text.find('"') != string_view::npos) return false;
  for (const string_view quote : {"&quot;", "&#34;", "&#x22;", "&apos;", "&#39;", "&#x27;"}) {
    const std::size_t first = text.find(quote);
    if (first == string_view::npos) continue;
    const string_view before = trimmed(text.substr(0, first));
    return !before.empty() && string_view("{[,:").find(before.back()) != string_view::npos;
  }
  return false;
}

/// Every `"` has a backslash before it, and the first one stands where a string may begin.
bool all_quotes_are_escaped(string_view text) {
  std::size_t first = string_view::npos;
  for (std::size_t at = text.find('"'); at != string_view::npos; at = text.find('"', at + 1)) {
    if (at == 0 || text[at - 1] != '\\') return false;
    if (first == string_view::npos) first = at - 1;
  }
  if (first == string_view::npos) return false;
  string_view before = trimmed(text.substr(0, first));
  if (before.find_first_of("'`\xe2", std::min(before.find_first_of("{["), before.size())) !=
      string_view::npos)
    return false;  // other quotes do the work
  while (before.ends_with("\\n") || before.ends_with("\\r") || before.ends_with("\\t"))
    before = trimmed(before.substr(0, before.size() - 2));
  return !before.empty() && string_view("{[,:").find(before.back()) != string_view::npos;
}

Encoding encoding_behind(string_view text, std::size_t bracket) {
  constexpr Reach reach{.near = 256, .far = 256, .clean = false};
  const Window whole{.bytes = text};
  return encoding_at(Look(whole, bracket, reach));
}

Encoding encoding_in(string_view text) {
  if (text.starts_with("\\\"") || text.starts_with("\\'")) return Encoding::backslashes;
  if (all_quotes_are_entities(text)) return Encoding::entities;
  if (all_quotes_are_escaped(text)) return Encoding::backslashes;
  if (text.starts_with('"')) return Encoding::plain;
  constexpr int most_brackets = 16;
  std::size_t at = text.find_first_of("{[");
  for (int i = 0; i < most_brackets && at != string_view::npos; ++i) {
    if (const Encoding encoding = encoding_behind(text, at); encoding != Encoding::plain) return encoding;
    at = text.find_first_of("{[\"'`\xe2", at + 1);  // or a quote, in which brackets are text
    if (at == string_view::npos || (text[at] != '{' && text[at] != '[')) break;
  }
  return Encoding::plain;
}

/// A document in quotes, its own quotes escaped or not.
bool unquote(string_view text, std::string& out) {
  bool cut = false;
  const Glyph opening = glyph_at(text, cut);
  if (!opening.quote()) return false;
  string_view inner = text.substr(opening.length);
  const std::size_t first = inner.find_first_not_of(" \t\r\n");
  if (first == string_view::npos || (inner[first] != '{' && inner[first] != '[')) return false;
  for (std::size_t length = 1; length <= 3 && length < inner.size(); ++length) {
    const Glyph last = glyph_at(inner.substr(inner.size() - length), cut);
    if (last.length != length || last.kind != opening.kind) continue;
    out = inner.substr(0, inner.size() - length);
    return true;
  }
  if (encoding_in(inner) != Encoding::backslashes) return false;
  out = inner;
  return true;
}

}  // namespace

string_view trimmed(string_view text) {
  bool cut = false;
  while (!text.empty() && glyph_at(text, cut).blank()) text.remove_prefix(glyph_at(text, cut).length);
  while (!text.empty()) {
    std::size_t length = 0;
    for (std::size_t n = 1; n <= 3 && n <= text.size() && length == 0; ++n) {
      const Glyph last = glyph_at(text.substr(text.size() - n), cut);
      if (last.blank() && last.length == n) length = n;
    }
    if (length == 0) break;
    text.remove_suffix(length);
  }
  return text;
}

bool undo_layer(string_view text, std::string& out, Fixes& fixes) {
  out.clear();
  if (narrow(text, out)) {
    fixes.add(Fix::encoding);
    return true;
  }
  text = trimmed(text);
  if (text.empty()) return false;
  if (unquote_lines(text, out)) {
    fixes.add(Fix::prose);
    return true;
  }
  if (unquote(text, out)) {
    fixes.add(Fix::escaped_text);
    return true;
  }
  const Encoding encoding = encoding_in(text);
  const std::size_t bracket = text.find_first_of("{[");
  if (encoding != Encoding::plain) {
    out.reserve(text.size());
    Decoder(encoding).decode(text, true, out);
  } else if (bracket != string_view::npos && doubled_behind(text, bracket)) {
    undouble(text, out);
  } else {
    return false;
  }
  fixes.add(Fix::escaped_text);
  return true;
}

}  // namespace sluice::json::repair
