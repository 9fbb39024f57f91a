#include "json/repair/testing/canonical.hpp"

#include <algorithm>
#include <map>

namespace sluice::json::repair {
namespace {

/// Digits without zeros around them, and the exponent of ten behind them.
std::string canonical_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  long long exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    const bool down = power.starts_with('-');
    power.remove_prefix(power.starts_with('-') || power.starts_with('+') ? 1 : 0);
    for (const char c : power.substr(0, 15)) exponent = exponent * 10 + (c - '0');
    if (down) exponent = -exponent;
    text = text.substr(0, e);
  }
  std::string digits;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') {
      fraction = true;
    } else {
      digits += c;
      if (fraction) --exponent;
    }
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) return "0";
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

bool lone_surrogate(std::string_view json) {
  bool open = false;  // a high half waits for its low one
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] != '\\' || at + 1 >= json.size()) {
      if (open) return true;
      continue;
    }
    if (json[++at] != 'u') {
      if (open) return true;
      continue;
    }
    const auto unit = std::stoul(std::string(json.substr(at + 1, 4)), nullptr, 16);
    at += 4;
    const bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
    if (open != low) return true;
    open = high;
  }
  return open;
}

}  // namespace

std::string canonical(Value value) {
  switch (value.type()) {
    case Type::object: {
      std::map<std::string, std::string> members;
      for (const Member member : value.members()) members[member.key.decode()] = canonical(member.value);
      std::string out = "{";
      for (const auto& [key, text] : members) out += '"' + escape(key) + "\":" + text + ",";
      return out + "}";
    }
    case Type::array: {
      std::string out = "[";
      for (const Value element : value.elements()) out += canonical(element) + ",";
      return out + "]";
    }
    case Type::string:
      return '"' + escape(value.string()) + '"';
    case Type::number:
      return canonical_number(value.raw());
    default:
      return std::string(value.raw());
  }
}

std::optional<std::string> canonical_strict(std::string_view json) {
  Document document;
  const auto root = document.parse(json, {.max_bytes = std::size_t{64} << 20, .max_depth = 512});
  if (!root || lone_surrogate(json)) return std::nullopt;
  return canonical(*root);
}

}  // namespace sluice::json::repair
