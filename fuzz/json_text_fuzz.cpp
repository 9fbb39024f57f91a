// Escaping and its reverse: nothing is lost but bytes that are not UTF-8, which become U+FFFD, one for each.

#include "fuzz/check.hpp"
#include "json/document.hpp"

namespace sluice::fuzz {
namespace {

/// The length of the UTF-8 sequence at the start of `text`, by decoding it; 0 if there is none.
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc0 || byte(0) >= 0xf8 || text.size() < length) return 0;
  std::uint32_t code = byte(0) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code >= smallest[length] && code <= 0x10ffff && !surrogate ? length : 0;
}

std::string mended(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    out.append(length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD");
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::vector<char> exact(data, data + size);
  const std::string_view plain(exact.data(), exact.size());
  const std::string expected = mended(plain);
  const std::string escaped = json::escape(plain);
  const json::Text text(escaped);
  check(text.decode() == expected, "decode(escape(x)) is not x", escaped);
  check(text.equals(expected), "a text does not equal what it means", escaped);
  check(!text.equals(expected + "x") && (expected.empty() || !text.equals(expected.substr(1))),
        "a text equals something else", escaped);
  check(text.is_blank() == (expected.find_first_not_of(" \t\n\r\f\v") == std::string::npos), "is_blank()",
        escaped);
  const std::string quoted = "\"" + escaped + "\"";
  json::Document document;
  const auto parsed = document.parse(quoted);
  check(parsed && parsed->string() == expected, "an escaped text is no JSON string", quoted);

  // Bytes taken for escaped text, whatever they are: nothing is read beyond their end.
  const json::Text wild(plain);
  std::string buffer;
  check(wild.decode(buffer) == wild.decode(), "two ways to decode differ", plain);
  check(wild.decode().size() <= 2 * plain.size(), "decoding makes it longer than U+FFFD for each escape",
        plain);
  wild.is_blank();
  wild.equals("abc");
  return 0;
}
