#include "app/env_references.hpp"

#include <fmt/format.h>

#include <charconv>

namespace sluice::app {
namespace {

// U+E000 and U+E001, which mean nothing to anyone (private use), around the reference's number.
constexpr std::string_view mark_begins = "\xEE\x80\x80";
constexpr std::string_view mark_ends = "\xEE\x80\x81";

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  for (char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (c < '0' || c > '9')) return false;
  }
  return true;
}

/// `${...}` at the start of `text`, as far as its brace on the same line; empty if there is none.
std::string_view braces_at(std::string_view text) {
  if (!text.starts_with("${")) return {};
  const auto end = text.find_first_of("}\n");
  return end == std::string_view::npos || text[end] != '}' ? std::string_view() : text.substr(0, end + 1);
}

}  // namespace

EnvReferences::EnvReferences(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const bool escaped = text.starts_with("$${");
    const std::string_view braces = braces_at(escaped ? text.substr(1) : text);
    const std::string_view inside = braces.empty() ? braces : braces.substr(2, braces.size() - 3);
    const auto fallback = inside.find(":-");
    const std::string_view name = inside.substr(0, fallback);
    if (braces.empty() || (!escaped && !is_name(name))) {
      if (text.front() == '\n') ++line;
      marked_.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    Reference reference{.written = std::string(text.substr(0, braces.size() + (escaped ? 1 : 0))),
                        .line = line};
    if (!escaped) {
      reference.name = name;
      reference.has_fallback = fallback != std::string_view::npos;
      if (reference.has_fallback) reference.fallback = inside.substr(fallback + 2);
    }
    marked_ += fmt::format("{}{}{}", mark_begins, references_.size(), mark_ends);
    text.remove_prefix(reference.written.size());
    references_.push_back(std::move(reference));
  }
}

template <class Value>
std::string EnvReferences::replace_marks(std::string_view piece, const Value& value_of) const {
  std::string out;
  while (true) {
    const auto begin = piece.find(mark_begins);
    const auto end = begin == std::string_view::npos ? begin : piece.find(mark_ends, begin);
    if (end == std::string_view::npos) return out.append(piece);
    const std::string_view number =
        piece.substr(begin + mark_begins.size(), end - begin - mark_begins.size());
    std::size_t index = references_.size();
    std::from_chars(number.data(), number.data() + number.size(), index);
    out.append(piece.substr(0, begin));
    if (index < references_.size()) out += value_of(references_[index]);
    piece.remove_prefix(end + mark_ends.size());
  }
}

std::optional<std::string> EnvReferences::expand(std::string_view piece, int line,
                                                 const Environment& environment,
                                                 ConfigProblems& problems) const {
  if (const auto stray = piece.find("${"); stray != std::string_view::npos) {
    problems.add(
        line,
        fmt::format("'{}' is no reference to the environment; write ${{NAME}} or ${{NAME:-default}}, or "
                    "$${{ for the characters themselves",
                    original(piece.substr(stray))));
    return std::nullopt;
  }
  bool complete = true;
  std::string out = replace_marks(piece, [&](const Reference& reference) {
    auto value = value_of(reference, environment);
    if (value) return std::move(*value);
    complete = false;
    problems.add(reference.line,
                 fmt::format("environment variable {0} is not set; set it, or write ${{{0}:-default}}",
                             reference.name));
    return std::string();
  });
  return complete ? std::optional(std::move(out)) : std::nullopt;
}

std::string EnvReferences::original(std::string_view piece) const {
  return replace_marks(piece, [](const Reference& reference) { return reference.written; });
}

std::optional<std::string> EnvReferences::value_of(const Reference& reference,
                                                   const Environment& environment) {
  if (reference.name.empty()) return reference.written.substr(1);
  std::optional<std::string> value = environment(reference.name);
  // As in a shell: `:-` also covers a variable that is set to nothing.
  if (reference.has_fallback && (!value || value->empty())) return reference.fallback;
  return value;
}

}  // namespace sluice::app
