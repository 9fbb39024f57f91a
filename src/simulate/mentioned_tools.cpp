#include "simulate/mentioned_tools.hpp"

#include "base/text.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "simulate/contains.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::simulate {
namespace {

// Bounds on what is looked at, so that no text makes this slow.
constexpr std::size_t longest_text = 16 * 1024;
constexpr std::size_t longest_object = 64 * 1024;
constexpr std::size_t most_hits = 64;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Letters in lower case, digits, and one character for all others.
std::string folded(std::string_view text) {
  std::string out = ascii_lower(text);
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return out;
}

struct Hit {
  std::size_t begin, end, tool;
};

std::vector<Hit> find_names(std::string_view text, const std::vector<Tool>& tools) {
  std::vector<Hit> hits;
  const std::string haystack = folded(text);
  for (std::size_t tool = 0; tool < tools.size(); ++tool) {
    const std::string name = folded(tools[tool].name);
    if (name.empty()) continue;
    for (std::size_t at = haystack.find(name); at != std::string::npos; at = haystack.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if (at > 0 && is_word(text[at - 1])) continue;
      if (end < text.size() && is_word(text[end])) continue;
      hits.push_back({at, end, tool});
    }
  }
  std::ranges::sort(hits, {}, &Hit::begin);
  if (hits.size() > most_hits) hits.resize(most_hits);
  return hits;
}

/// Where the bracket at `open` is closed, quotes minded; npos if it is not.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if (c == '"') {
      quote = c;
    } else if (c == '(' || c == '{' || c == '[') {
      ++depth;
    } else if ((c == ')' || c == '}' || c == ']') && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

/// `key=value` or `key: value`, the value JSON or plain words.
void write_argument(json::Writer& writer, std::string_view argument) {
  const std::size_t sign = argument.find_first_of("=:");
  if (sign == std::string_view::npos) return;
  std::string_view key = trim(argument.substr(0, sign));
  if (key.size() > 1 && key.front() == '"' && key.back() == '"') key = key.substr(1, key.size() - 2);
  std::string_view value = trim(argument.substr(sign + 1));
  if (key.empty()) return;
  writer.key(json::Text(json::escape(key)));
  json::Document document;
  if (const auto parsed = document.parse(value)) {
    writer.raw(value);
    return;
  }
  if (value.size() > 1 && value.front() == '\'' && value.back() == '\'')
    value = value.substr(1, value.size() - 2);
  writer.string(value);
}

/// What stands between the parentheses of NAME(...), as a JSON object.
std::string arguments_in(std::string_view list) {
  if (const std::string_view object = first_json_object(list); !object.empty() && trim(list) == object)
    return std::string(object);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && (list[i] == '{' || list[i] == '[' || list[i] == '(' || list[i] == '"')) {
      const std::size_t end = list[i] == '"' ? list.find('"', i + 1) : closing(list, i);
      if (end != std::string_view::npos) i = end;
    } else if (i == list.size() || list[i] == ',') {
      write_argument(writer, list.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  writer.end_object();
  return out;
}

/// The arguments that belong to a name: in parentheses behind it, or the next JSON object before another
/// name.
std::string wishes_behind(std::string_view text, std::size_t end, std::size_t next) {
  const std::size_t at = text.find_first_not_of(' ', end);
  if (at < text.size() && text[at] == '(')
    if (const std::size_t close = closing(text, at); close != std::string_view::npos)
      return arguments_in(text.substr(at + 1, close - at - 1));
  return std::string(first_json_object(text.substr(end, next - end)));
}

/// Names inside arguments are values, no calls.
bool inside_arguments(std::string_view text, const std::vector<Hit>& hits, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i) {
    const std::size_t open = text.find_first_of("({", hits[i].end);
    if (open == std::string_view::npos || open > hits[index].begin) continue;
    const std::size_t close = closing(text, open);
    if (close != std::string_view::npos && hits[index].begin < close) return true;
  }
  return false;
}

}  // namespace

std::vector<Mention> mentioned_tools(std::string_view text, const std::vector<Tool>& tools) {
  text = text.substr(0, longest_text);
  const std::vector<Hit> hits = find_names(text, tools);
  std::vector<Mention> mentions;
  const auto called = [&](std::size_t tool) { return contains(mentions, tool, &Mention::tool); };
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (inside_arguments(text, hits, i)) continue;
    const std::size_t next = i + 1 < hits.size() ? std::max(hits[i + 1].begin, hits[i].end) : text.size();
    std::string wishes = wishes_behind(text, hits[i].end, next);
    if (wishes.empty() && called(hits[i].tool)) continue;
    mentions.push_back({hits[i].tool, std::move(wishes)});
  }
  if (icontains(text, "call every tool"))
    for (std::size_t tool = 0; tool < tools.size(); ++tool)
      if (!called(tool)) mentions.push_back({tool, {}});
  // An object that belongs to none of them serves them all.
  const bool none_has_any = std::ranges::all_of(mentions, [](const Mention& m) { return m.wishes.empty(); });
  if (none_has_any)
    for (Mention& mention : mentions) mention.wishes = first_json_object(text);
  return mentions;
}

std::string_view first_json_object(std::string_view text) {
  constexpr int most_attempts = 16;
  text = text.substr(0, longest_object);
  std::size_t at = text.find('{');
  for (int attempt = 0; at != std::string_view::npos && attempt < most_attempts; ++attempt) {
    const std::size_t close = closing(text, at);
    if (close != std::string_view::npos) {
      const std::string_view candidate = text.substr(at, close - at + 1);
      json::Document document;
      if (document.parse(candidate)) return candidate;
    }
    at = text.find('{', at + 1);
  }
  return {};
}

}  // namespace sluice::simulate
