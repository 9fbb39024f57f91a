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
    auto reference = reference_at(text);
    if (!reference) {
      if (text.front() == '\n') ++line;
      marked_.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    reference->line = line;
    text.remove_prefix(reference->written.size());
    marked_ += fmt::format("{}{}{}", mark_begins, references_.size(), mark_ends);
    references_.push_back(std::move(*reference));
  }
}

std::optional<EnvReferences::Reference> EnvReferences::reference_at(std::string_view text) {
  // So that no text is taken for a mark.
  if (text.starts_with(mark_begins))
    return Reference{.written = std::string(mark_begins), .fallback = std::string(mark_begins)};
  const bool escaped = text.starts_with("$${");
  const std::string_view braces = braces_at(escaped ? text.substr(1) : text);
  if (braces.empty()) return std::nullopt;
  if (escaped) return Reference{.written = "$" + std::string(braces), .fallback = std::string(braces)};
  const std::string_view inside = braces.substr(2, braces.size() - 3);
  const auto colon = inside.find(":-");
  const std::string_view name = inside.substr(0, colon);
  if (!is_name(name)) return std::nullopt;
  Reference reference{.written = std::string(braces), .name = std::string(name)};
  if (colon != std::string_view::npos) reference.fallback = inside.substr(colon + 2);
  return reference;
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
  if (reference.name.empty()) return reference.fallback;
  std::optional<std::string> value = environment(reference.name);
  // As in a shell: the default also covers a variable that is set to nothing.
  const bool usable = value && (!value->empty() || !reference.fallback);
  return usable ? value : reference.fallback;
}

}  // namespace sluice::app
