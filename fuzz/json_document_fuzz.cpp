// json::Document against simdjson's own parser: the same texts are JSON, and every value stands where it
// says.

#include "fuzz/check.hpp"
#include "json/document.hpp"

#include <simdjson.h>

#include <algorithm>

namespace sluice::fuzz {
namespace {

constexpr std::uint32_t max_depth = 64;

/// simdjson refuses numbers that it cannot hold and escapes that are no character; both are JSON.
bool only_simdjson_minds(simdjson::error_code error) {
  return error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR ||
         error == simdjson::DEPTH_ERROR || error == simdjson::CAPACITY || error == simdjson::MEMALLOC;
}

void walk(json::Value value, std::string_view text, int depth) {
  const std::string_view raw = value.raw();
  check(!raw.empty() && raw.data() >= text.data() && raw.data() + raw.size() <= text.data() + text.size(),
        "a value lies outside its text");
  check(value.offset() == static_cast<std::size_t>(raw.data() - text.data()),
        "offset() is not where raw() is");
  if (depth < 3 && raw.size() < 4096) {
    json::Document again;
    const auto same = again.parse(raw);
    check(same && same->type() == value.type() && same->raw() == raw, "a value is no JSON by itself", raw);
  }
  switch (value.type()) {
    case json::Type::string: {
      std::string buffer;
      const std::string plain = value.string();
      check(value.text().decode(buffer) == plain, "two ways to decode differ", raw);
      check(value.equals(plain), "a string is not equal to itself", raw);
      check(simdjson::validate_utf8(plain), "a decoded string is not UTF-8", raw);
      json::Document escaped;
      const std::string quoted = "\"" + json::escape(plain) + "\"";
      const auto parsed = escaped.parse(quoted);
      check(parsed && parsed->string() == plain, "escaping loses something", raw);
      break;
    }
    case json::Type::number:
      if (const auto integer = value.integer(); integer && std::abs(*integer) < (std::int64_t{1} << 53))
        check(value.number() == static_cast<double>(*integer), "integer() and number() differ", raw);
      break;
    case json::Type::array: {
      std::size_t count = 0;
      for (const json::Value element : value.elements()) walk(element, text, depth + 1), ++count;
      check(count == value.size(), "size() of an array", raw);
      check(count == 0 || value[count - 1].exists(), "the last element is missing", raw);
      check(!value[count].exists(), "there is an element behind the last", raw);
      break;
    }
    case json::Type::object: {
      std::size_t count = 0;
      for (const json::Member& member : value.members()) {
        walk(member.value, text, depth + 1), ++count;
        check(value[member.key.decode()].exists(), "a member is not found by its name", raw);
        check(text[member.begin] == '"' && member.end == member.value.offset() + member.value.raw().size(),
              "the place of a member", raw);
      }
      check(count == value.size(), "size() of an object", raw);
      break;
    }
    default:
      break;
  }
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  // Memory of exactly that size: reading one byte too far is seen.
  const std::vector<char> exact(data, data + size);
  const std::string_view text(exact.data(), exact.size());
  json::Document document;
  const auto root = document.parse(text, {.max_bytes = 1 << 20, .max_depth = max_depth});

  static simdjson::dom::parser parser;
  if (parser.allocate(std::max<std::size_t>(size, 64), max_depth * 4) != simdjson::SUCCESS) return 0;
  const simdjson::padded_string padded(text);
  const simdjson::error_code error = parser.parse(padded).error();
  if (root) {
    check(!error || only_simdjson_minds(error), "simdjson refuses it", simdjson::error_message(error));
    check(root->raw().data() >= text.data(), "the root is not there");
    walk(*root, text, 0);
  } else {
    const std::string& why = root.error().message();
    const bool too_deep = why.find("nested deeper") != std::string::npos;
    check(error || too_deep, "only we refuse it", why);
    check(root.error().code() == ErrorCode::invalid_json, "the code of the refusal", why);
    const auto at = why.find("at byte ");
    check(at != std::string::npos, "the refusal has no place", why);
    check(std::stoul(why.substr(at + 8)) <= size, "the place is outside of the text", why);
    check(!document.root().exists(), "a refused document has a root");
  }
  return 0;
}
