#pragma once
// Pattern: a regular expression of a schema, which ECMA-262 (with its flag `u`) defines, run by RE2.
//
// RE2 matches in time linear in the text, whatever the expression; that is what makes expressions from
// clients safe, and why it has no backreferences and no look-around. What ECMA-262 writes otherwise is
// translated; look-aheads at the beginning of an expression become expressions of their own.

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace sluice::json::schema {

/// Immutable; may be matched by several threads at once.
class Pattern {
 public:
  /// Fails with invalid_request where `source` is no expression, and with unsupported_schema where it is one
  /// that cannot be run here; both say what is wrong and where.
  static Result<Pattern> compile(std::string_view source);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Whether the expression matches somewhere in `text`, which is UTF-8.
  bool matches(std::string_view text) const;
  /// Instructions of the compiled form: what it costs in memory.
  std::size_t size() const { return size_; }
  /// What a match against a text of so many bytes costs at worst, in steps of a Budget.
  std::uint64_t steps(std::size_t bytes) const { return 1 + bytes * size_ / 16; }

 private:
  struct Condition {
    std::unique_ptr<re2::RE2> expression;
    bool wanted;                ///< whether it must match, or must not
    std::uint32_t least, most;  ///< characters of the text
  };
  Pattern() = default;

  std::vector<Condition> conditions_;  ///< all must hold
  std::size_t size_ = 0;
};

}  // namespace sluice::json::schema
