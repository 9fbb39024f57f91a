#include "json/repair/decoder.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::json::repair {
namespace {

struct Entity {
  std::string_view written, meant;
};

constexpr Entity entities[] = {
    {"&quot;", "\""}, {"&#34;", "\""}, {"&#x22;", "\""}, {"&apos;", "'"}, {"&#39;", "'"},  {"&#x27;", "'"},
    {"&lt;", "<"},    {"&gt;", ">"},   {"&amp;", "&"},   {"&#38;", "&"},  {"&nbsp;", " "},
};

constexpr std::string_view escapes = "\"\\/'nrt", meanings = "\"\\/'\n\r\t";

}  // namespace

Encoding encoding_at(Look look) {
  constexpr int most_brackets = 4;
  for (int brackets = 0; brackets < most_brackets;) {
    const int c = look.byte();
    if (c == '{' || c == '[') ++brackets;
    const bool escaped_space =
        c == '\\' && (look.byte(1) == 'n' || look.byte(1) == 'r' || look.byte(1) == 't');
    if (!escaped_space && c != '{' && c != '[' && !(c >= 0 && c <= ' ')) break;
    look.skip(escaped_space ? 2 : 1);
  }
  if (look.byte() == '\\') {
    while (look.byte() == '\\') look.skip(1);
    return look.byte() == '"' || look.byte() == '\'' ? Encoding::backslashes : Encoding::plain;
  }
  for (const Entity& entity : entities)
    if ((entity.meant == "\"" || entity.meant == "'") && look.starts_with(entity.written))
      return Encoding::entities;
  return Encoding::plain;
}

void Decoder::decode(std::string_view piece, bool whole, std::string& out) {
  if (encoding_ == Encoding::plain) {
    out += piece;
    return;
  }
  std::string joined;
  if (!cut_.empty()) {
    joined = std::move(cut_);
    joined += piece;
    piece = joined;
    cut_.clear();
  }
  const char mark = encoding_ == Encoding::backslashes ? '\\' : '&';
  while (!piece.empty()) {
    const std::size_t plain = std::min(piece.find(mark), piece.size());
    out += piece.substr(0, plain);
    piece.remove_prefix(plain);
    if (piece.empty()) return;
    const std::size_t used = mark == '\\' ? unescape(piece, whole, out) : decode_entity(piece, whole, out);
    if (used == 0) {
      cut_ = piece;
      return;
    }
    piece.remove_prefix(used);
  }
}

/// Bytes used of `text`, which begins with a backslash; 0 if it is cut.
std::size_t Decoder::unescape(std::string_view text, bool whole, std::string& out) const {
  if (text.size() == 1) return whole ? 1 : 0;
  const std::size_t kind = escapes.find(text[1]);
  out += kind == std::string_view::npos ? '\\' : meanings[kind];
  return kind == std::string_view::npos ? 1 : 2;
}

std::size_t Decoder::decode_entity(std::string_view text, bool whole, std::string& out) const {
  for (const Entity& entity : entities) {
    if (text.starts_with(entity.written)) {
      out += entity.meant;
      return entity.written.size();
    }
    if (!whole && entity.written.starts_with(text)) return 0;
  }
  out += text.front();
  return 1;
}

}  // namespace sluice::json::repair
