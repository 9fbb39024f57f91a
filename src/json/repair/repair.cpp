#include "json/repair/repair.hpp"

#include "json/document.hpp"
#include "json/repair/choose.hpp"
#include "json/repair/layers.hpp"
#include "json/repair/parser.hpp"
#include "json/repair/prose.hpp"

#include <algorithm>
#include <utility>

namespace sluice::json::repair {
namespace {

constexpr std::size_t reach = 1024;
constexpr std::size_t most_candidates = 64;  ///< with words between them
constexpr int most_layers = 3;

constexpr Limits limits{.max_bytes = 16 * max_bytes, .max_depth = static_cast<std::uint32_t>(max_depth)};

/// Finds and mends all values of one text.
class Extraction {
 public:
  Extraction(std::string_view text, const ParserOptions& options)
      : text_(text), options_(options), prose_(reach) {}

  /// False if a value nests too deep.
  bool run() {
    for (std::size_t candidates = 0; candidates < most_candidates && at_ < text_.size();) {
      std::size_t consumed = 0;
      const Prose::Found found = prose_.scan(text_.substr(at_), true, consumed);
      at_ += consumed;
      if (found == Prose::Found::nothing) break;
      if (prose_.thought()) values_ = {};
      if (prose_.words()) ++candidates;
      if (!mend(found)) return false;
    }
    if (prose_.thought()) values_ = {};
    if (values_.values.empty() && !prose_.thinking() && !scalar()) return false;
    return true;
  }

  Values& values() { return values_; }
  const Prose& prose() const { return prose_; }

 private:
  bool mend(Prose::Found found) {
    if (found == Prose::Found::string) {
      prose_.pass_over();
      return true;
    }
    const std::size_t begin = values_.text.size();
    Parser parser(options_);
    parser.start(found == Prose::Found::members ? Parser::Start::members : Parser::Start::value);
    at_ += parser.read(text_.substr(at_), true, values_.text);
    if (parser.too_deep()) return false;
    values_.values.push_back({.begin = begin,
                              .end = values_.text.size(),
                              .fixes = parser.fixes(),
                              .fenced = prose_.fenced(),
                              .apart = prose_.words(),
                              .correction = prose_.correction()});
    prose_.value_ended();
    return true;
  }

  /// A text that is one scalar and nothing else.
  bool scalar() {
    std::string_view text = trimmed(text_);
    constexpr std::string_view around = ",; \t\r\n";
    while (!text.empty() && around.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    if (text.starts_with("/*") && text.find("*/") != std::string_view::npos)
      text = trimmed(text.substr(text.find("*/") + 2));
    text = unfenced(text);
    if (text.empty() || text.front() == '{' || text.front() == '[') return true;  // these were looked at
    const char first = text.front();
    std::string word;
    if (lost_first_quote(text)) {
      word = '"' + std::string(text);
      text = word;
    }
    const std::size_t begin = values_.text.size();
    Parser parser(options_);
    parser.start(Parser::Start::value);
    const std::size_t end = parser.read(text, true, values_.text);
    if (parser.too_deep()) return false;
    const Fixes& fixes = parser.fixes();
    const bool prose = fixes.has(Fix::cut) && (fixes.has(Fix::inner_quote) || end < 2 || first == '(');
    if (!parser.done() || prose || !trimmed(text.substr(end)).empty()) {
      values_.text.resize(begin);
      return true;
    }
    values_.values.push_back({.begin = begin, .end = values_.text.size(), .fixes = fixes});
    return true;
  }

  /// Without a Markdown fence around it.
  static std::string_view unfenced(std::string_view text) {
    if (!text.starts_with("```")) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
    if (text.ends_with("```")) text.remove_suffix(3);
    return trimmed(text);
  }

  /// A single word and a quote.
  static bool lost_first_quote(std::string_view text) {
    return text.size() > 1 && text.find_first_of(" \t\r\n\"") == text.size() - 1 && text.back() == '"';
  }

  std::string_view text_;
  ParserOptions options_;
  Prose prose_;
  std::size_t at_ = 0;
  Values values_;
};

Reason why_nothing(std::string_view text, const Prose& prose) {
  if (trimmed(text).empty()) return Reason::empty;
  return prose.only_reasoning() || prose.thinking() ? Reason::only_reasoning : Reason::no_json;
}

/// One repair, of a text that is not valid.
class Repair {
 public:
  Repair(std::string& buffer, const Options& options) : buffer_(buffer), options_(options) {}

  std::expected<Repaired, Reason> run(std::string_view text) {
    std::string layers[2];  // each layer is taken off the other
    for (int layer = 0; layer < most_layers && undo_layer(text, layers[layer % 2], fixes_); ++layer)
      text = layers[layer % 2];
    auto read = extract(text, false);
    const bool other_reading =
        options_.judge && read && fixes_.has(Fix::bare_text) && !options_.judge->accepts(buffer_);
    if (other_reading) {
      const Fixes before = std::exchange(fixes_, {});
      std::string first = std::exchange(buffer_, {});
      if (!extract(text, true) || !options_.judge->accepts(buffer_)) {
        buffer_ = std::move(first);
        fixes_ = before;
      }
    }
    if (!read) return std::unexpected(read.error());
    return Repaired{buffer_, fixes_};
  }

 private:
  std::expected<void, Reason> extract(std::string_view text, bool leading_zeros_are_numbers) {
    Extraction extraction(text, {.streaming = false,
                                 .drop_cut_scalar = options_.drop_cut_scalar,
                                 .leading_zeros_are_numbers = leading_zeros_are_numbers});
    if (!extraction.run()) return std::unexpected(Reason::too_deep);
    fixes_.add(extraction.prose().fixes());
    if (extraction.values().values.empty()) return std::unexpected(why_nothing(text, extraction.prose()));
    choose(extraction.values(), {.object = options_.object, .judge = options_.judge}, buffer_, fixes_);
    return {};
  }

  std::string& buffer_;
  const Options& options_;
  Fixes fixes_;
};

/// The object that `root` is or holds; nothing if it is none.
std::expected<Repaired, Reason> as_object(Value root, Fixes fixes, std::string& buffer,
                                          const Options& options) {
  if (root.is_object()) return Repaired{root.raw(), fixes};
  fixes.add(Fix::unwrapped);
  if (root.is_array() && root.size() == 1 && root[0].is_object()) return Repaired{root[0].raw(), fixes};
  if (!root.is_string()) return std::unexpected(Reason::not_an_object);
  const std::string inner = root.string();
  std::string unwrapped;
  const auto repaired = whole(inner, unwrapped, options);
  if (!repaired) return std::unexpected(Reason::not_an_object);
  fixes.add(repaired->fixes);
  unwrapped = std::string(repaired->json);
  buffer = std::move(unwrapped);
  return Repaired{buffer, fixes};
}

}  // namespace

std::expected<Repaired, Reason> whole(std::string_view text, std::string& buffer, const Options& options) {
  buffer.clear();
  if (text.size() > max_bytes) return std::unexpected(Reason::too_large);
  Document document;
  if (const auto root = document.parse(text, limits)) {
    if (!options.object || root->is_object()) return Repaired{text, {}};
    return as_object(*root, {}, buffer, options);
  }
  if (options.empty_is_object && trimmed(text).empty()) {
    Fixes fixes;
    fixes.add(Fix::empty);
    return Repaired{"{}", fixes};
  }
  auto repaired = Repair(buffer, options).run(text);
  if (!repaired) return repaired;
  const auto root = document.parse(repaired->json, limits);
  if (!root) return std::unexpected(Reason::no_json);
  if (!options.object) return repaired;
  return as_object(*root, repaired->fixes, buffer, options);
}

std::string_view name(Reason reason) {
  constexpr std::string_view names[] = {"empty",         "no_json",   "only_reasoning",
                                        "not_an_object", "too_large", "too_deep"};
  return names[static_cast<std::size_t>(reason)];
}

std::string_view message(Reason reason) {
  constexpr std::string_view messages[] = {
      "the text is empty",
      "there is no JSON in the text",
      "there is only reasoning in the text, and no answer",
      "the JSON is not an object",
      "the text is larger than 8 MiB",
      "the JSON is nested deeper than 512 levels",
  };
  return messages[static_cast<std::size_t>(reason)];
}

}  // namespace sluice::json::repair
