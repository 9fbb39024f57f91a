#include "json/schema/pattern.hpp"

#include "json/schema/translate_pattern.hpp"

#include <algorithm>
#include <re2/re2.h>

namespace sluice::json::schema {
namespace {

/// Enough for some thousand repetitions of ASCII characters. What needs more takes long to compile, too.
constexpr std::int64_t max_memory = std::int64_t{1} << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(max_memory);
  return options;
}

bool has_length(std::string_view text, std::uint32_t least, std::uint32_t most) {
  if (text.size() < least) return false;  // there are never more characters than bytes
  if (least == 0 && text.size() <= most) return true;
  const auto count =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return static_cast<std::size_t>(count) >= least && static_cast<std::size_t>(count) <= most;
}

Failure refuse(const RE2& expression) {
  if (expression.error_code() == RE2::ErrorPatternTooLarge)
    return fail(ErrorCode::unsupported_schema,
                "the expression is too large when its repetitions are written out");
  if (expression.error_code() == RE2::ErrorRepeatSize)
    return fail(ErrorCode::unsupported_schema, "repetitions inside repetitions come to more than 1000");
  return fail(ErrorCode::invalid_request, "it is no regular expression: " + expression.error());
}

}  // namespace

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view source) {
  auto parts = translate_pattern(source);
  if (!parts) return fail(parts);
  Pattern pattern;
  for (const TranslatedPattern& part : *parts) {
    auto expression = std::make_unique<RE2>(part.expression, options());
    if (!expression->ok()) return refuse(*expression);
    pattern.size_ += static_cast<std::size_t>(expression->ProgramSize());
    pattern.conditions_.push_back({std::move(expression), part.wanted, part.least, part.most});
  }
  return pattern;
}

bool Pattern::matches(std::string_view text) const {
  for (const Condition& condition : conditions_) {
    if (!has_length(text, condition.least, condition.most)) return false;
    const bool found =
        condition.expression->Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
    if (found != condition.wanted) return false;
  }
  return true;
}

}  // namespace sluice::json::schema
