#include "simulate/example_value.hpp"

#include <array>
#include <cctype>
#include <charconv>

namespace sluice::simulate {
namespace {

constexpr std::size_t most_repeats = 64;
constexpr int deepest_group = 16;

/// One pass over a regular expression that writes what it reads: the first alternative, the smallest count.
class MatchWriter {
 public:
  explicit MatchWriter(std::string_view pattern) : pattern_(pattern) {}

  std::optional<std::string> write() {
    std::string out = alternatives(0);
    if (failed_ || at_ != pattern_.size()) return std::nullopt;
    return out;
  }

 private:
  bool done() const { return at_ >= pattern_.size(); }
  bool take(char c) {
    if (done() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string alternatives(int depth) {
    if (depth > deepest_group) failed_ = true;
    std::string first = sequence(depth);
    while (!failed_ && take('|')) sequence(depth);
    return first;
  }

  std::string sequence(int depth) {
    std::string out;
    while (!failed_ && !done() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      const std::string atom = this->atom(depth);
      const std::size_t times = repeats();
      for (std::size_t i = 0; i < times && !failed_; ++i) out += atom;
    }
    return out;
  }

  std::string atom(int depth) {
    const char c = pattern_[at_++];
    if (c == '^' || c == '$') return {};
    if (c == '.') return "x";
    if (c == '[') return character_class();
    if (c == '\\') return escape();
    if (c != '(') return std::string(1, c);
    if (take('?') && !take(':')) failed_ = true;
    std::string out = alternatives(depth + 1);
    if (!take(')')) failed_ = true;
    return out;
  }

  /// What may follow an atom, as the smallest number of times that it allows.
  std::size_t repeats() {
    std::size_t times = 1;
    if (take('*') || take('?')) {
      times = 0;
    } else if (take('{')) {
      const char* const begin = pattern_.data() + at_;
      const auto [end, error] = std::from_chars(begin, pattern_.data() + pattern_.size(), times);
      if (error != std::errc() || times > most_repeats) failed_ = true;
      at_ = std::min(pattern_.find('}', at_), pattern_.size());
      if (!take('}')) failed_ = true;
    } else {
      take('+');
    }
    take('?');
    return failed_ ? 0 : times;
  }

  std::string escape() {
    if (done()) {
      failed_ = true;
      return {};
    }
    const char c = pattern_[at_++];
    constexpr std::string_view classes = "dwsDWSnrtbB", examples = "0a xx_\n\r\t";
    if (c == 'b' || c == 'B') return {};
    if (const auto known = classes.find(c); known < examples.size()) return std::string(1, examples[known]);
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) failed_ = true;
    return std::string(1, c);
  }

  /// The first character of a class; of a negated one, a character that it does not name.
  std::string character_class() {
    const bool negated = take('^');
    std::array<bool, 128> named{};
    std::string first;
    while (!failed_ && !done() && pattern_[at_] != ']') {
      const std::string from = take('\\') ? escape() : std::string(1, pattern_[at_++]);
      if (failed_ || from.empty()) continue;
      if (first.empty()) first = from;
      auto last = static_cast<unsigned char>(from[0]);
      if (at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']') {
        ++at_;
        last = static_cast<unsigned char>(pattern_[at_++]);
      }
      for (auto c = static_cast<unsigned char>(from[0]); c <= last && c < named.size(); ++c) named[c] = true;
    }
    if (!take(']')) failed_ = true;
    if (!negated) return first;
    for (const char candidate : std::string_view("x0 -"))
      if (!named[static_cast<unsigned char>(candidate)]) return std::string(1, candidate);
    failed_ = true;
    return {};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> example_match(std::string_view pattern) {
  return MatchWriter(pattern).write();
}

}  // namespace sluice::simulate
