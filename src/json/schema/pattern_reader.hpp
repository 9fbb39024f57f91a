#pragma once
// PatternReader: reads the characters, classes and escapes of an expression of ECMA-262 and says each in
// RE2's syntax. How they stand together is read by whoever derives from it.

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::json::schema {

class PatternReader {
 protected:
  explicit PatternReader(std::string_view source) : source_(source) {}

  Failure invalid(std::string_view what) const { return refuse(ErrorCode::invalid_request, what, ""); }
  Failure unsupported(std::string_view what) const { return refuse(ErrorCode::unsupported_schema, what, ""); }
  Failure nonlinear(std::string_view what) const {
    return refuse(ErrorCode::unsupported_schema, what, ", which cannot be checked in linear time");
  }

  char here(std::size_t further = 0) const {
    return at_ + further < source_.size() ? source_[at_ + further] : '\0';
  }
  bool ends() const { return at_ >= source_.size(); }
  bool ahead(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  bool take(std::string_view text) {
    if (!ahead(text)) return false;
    at_ += text.size();
    return true;
  }

  /// From its '[' to its ']'.
  Result<std::string> brackets();
  /// From its backslash on, outside of brackets.
  Result<std::string> escape();
  /// A character that stands for itself, with all of its bytes.
  std::string literal();

  std::string_view source_;
  std::size_t at_ = 0;

 private:
  /// One character or class inside of brackets.
  struct ClassMember {
    std::string text;
    bool single;  ///< a character, which may begin or end a range
  };

  Failure refuse(ErrorCode code, std::string_view what, std::string_view why) const;
  Result<ClassMember> class_member();
  Result<ClassMember> class_escape();
  Result<std::string> property();
  Result<std::string> character_escape();
  Result<std::string> hexadecimal();
  std::optional<std::uint32_t> hex(std::size_t digits, bool fewer);
};

}  // namespace sluice::json::schema
