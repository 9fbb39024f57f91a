#include "dialect/bedrock/document_name.hpp"

namespace sluice::dialect::bedrock {
namespace {

constexpr std::size_t max_length = 180;  // room is left for a number

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-()[]").contains(c);
}

/// Everything else becomes a blank, and several blanks one.
std::string cleaned(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, max_length)) {
    if (is_allowed(c)) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

std::string_view without_ending(std::string_view filename) {
  const std::size_t dot = filename.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? filename : filename.substr(0, dot);
}

std::string document_name(std::string_view filename, DocumentNames& taken) {
  std::string own = cleaned(without_ending(filename));
  if (own.empty()) own = "document";
  const auto [first, is_new] = taken.try_emplace(own, 2);
  if (is_new) return own;
  std::size_t& number = first->second;  // references stay valid when the table grows
  std::string name;
  do name = own + "-" + std::to_string(number++);
  while (!taken.try_emplace(name, 2).second);
  return name;
}

}  // namespace sluice::dialect::bedrock
