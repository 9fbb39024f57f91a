#include "dialect/provider_error.hpp"

#include <array>

namespace sluice::dialect {
namespace {

/// How a credential or account number begins, and the fewest characters that follow in a real one.
struct Shape {
  std::string_view prefix;
  std::size_t min_rest;
};

constexpr std::array shapes{
    Shape{"sk-", 6},   Shape{"sk_", 6},   Shape{"rk-", 16},   Shape{"AIza", 16},  Shape{"AKIA", 12},
    Shape{"ASIA", 12}, Shape{"gsk_", 6},  Shape{"xai-", 6},   Shape{"pplx-", 6},  Shape{"fw_", 16},
    Shape{"hf_", 16},  Shape{"r8_", 16},  Shape{"csk-", 6},   Shape{"nvapi-", 6}, Shape{"ya29.", 6},
    Shape{"eyJ", 20},  Shape{"org-", 12}, Shape{"proj_", 12}, Shape{"ABSK", 16},
};

constexpr std::array<std::string_view, 2> leads{"Bearer ", "bearer "};
constexpr std::string_view redacted = "[redacted]";
constexpr std::size_t account_digits = 12;  // AWS account ids, as they stand in ARNs

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Hosts show keys with their middle starred out; the rest of it is still nobody's business.
bool is_token(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '*' || c == '.' || c == '/' ||
         c == '+' || c == '=';
}

std::size_t token_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_token(text[at])) ++at;
  while (at > 0 && (text[at - 1] == '.' || text[at - 1] == '/')) --at;  // the end of a sentence, not of a key
  return at;
}

/// End of the secret that begins at `at`, or `at` if none does.
std::size_t secret_end(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  for (const Shape& shape : shapes) {
    if (!rest.starts_with(shape.prefix)) continue;
    const std::size_t end = token_end(text, at + shape.prefix.size());
    if (end >= at + shape.prefix.size() + shape.min_rest) return end;
  }
  return at;
}

bool is_account(std::string_view text, std::size_t at) {
  if (at == 0 || text[at - 1] != ':' || at + account_digits > text.size()) return false;
  for (std::size_t i = 0; i < account_digits; ++i)
    if (!is_digit(text[at + i])) return false;
  return at + account_digits == text.size() || !is_digit(text[at + account_digits]);
}

}  // namespace

std::string redact_secrets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const bool at_word = at == 0 || !(is_letter(text[at - 1]) || is_digit(text[at - 1]));
    std::size_t end = at;
    if (at_word) {
      end = secret_end(text, at);
      if (end == at && is_account(text, at)) end = at + account_digits;
      for (std::string_view lead : leads) {
        if (end != at || !text.substr(at).starts_with(lead)) continue;
        const std::size_t token = token_end(text, at + lead.size());
        if (token < at + lead.size() + 16) continue;
        out.append(lead);
        at += lead.size();
        end = token;
      }
    }
    if (end > at) {
      out.append(redacted);
      at = end;
    } else {
      out.push_back(text[at++]);
    }
  }
  return out;
}

}  // namespace sluice::dialect
