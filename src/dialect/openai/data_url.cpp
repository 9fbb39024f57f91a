#include "dialect/openai/data_url.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::openai {
namespace {

using namespace std::string_view_literals;

/// First bytes that prove a type. Providers refuse media whose declared type and bytes disagree.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view mime_type;
};
constexpr std::array magics{
    Magic{0, "\x89PNG"sv, "image/png"},    Magic{0, "\xFF\xD8\xFF"sv, "image/jpeg"},
    Magic{0, "GIF8"sv, "image/gif"},       Magic{8, "WEBP"sv, "image/webp"},
    Magic{0, "%PDF"sv, "application/pdf"}, Magic{8, "WAVE"sv, "audio/wav"},
    Magic{0, "fLaC"sv, "audio/flac"},      Magic{0, "OggS"sv, "audio/ogg"},
    Magic{0, "ID3"sv, "audio/mpeg"},
};
constexpr std::size_t sniffed_characters = 16;  // twelve bytes, as far as the table looks

/// Names in use for types whose registered name is another.
struct Alias {
  std::string_view used, registered;
};
constexpr std::array aliases{
    Alias{"image/jpg", "image/jpeg"},
    Alias{"audio/mp3", "audio/mpeg"},
    Alias{"audio/x-wav", "audio/wav"},
    Alias{"audio/wave", "audio/wav"},
    Alias{"audio/x-m4a", "audio/mp4"},
    Alias{"audio/x-flac", "audio/flac"},
    Alias{"application/x-pdf", "application/pdf"},
};

std::string_view sniff(std::string_view base64) {
  std::string head(base64.substr(0, sniffed_characters));
  while (head.size() % 4 != 0) head.pop_back();
  const auto bytes = decode_base64(head);
  if (!bytes) return {};
  for (const Magic& magic : magics)
    if (bytes->size() > magic.offset &&
        std::string_view(*bytes).substr(magic.offset).starts_with(magic.bytes))
      return magic.mime_type;
  return {};
}

/// In lower case and under its registered name.
std::string_view normal_type(std::string_view declared, chat::Request& request) {
  const bool lower = std::ranges::none_of(declared, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!lower) declared = request.keep(ascii_lower(declared));
  const auto* alias = std::ranges::find(aliases, declared, &Alias::used);
  return alias == aliases.end() ? declared : alias->registered;
}

/// The characters meant; a view of the body where nothing is escaped.
std::string_view plain(json::Text text, chat::Request& request) {
  return text.has_escapes() ? request.keep(text.decode()) : text.escaped();
}

Result<chat::Media> media(std::string_view base64, std::string_view declared, const Place& at,
                          chat::Request& request) {
  if (base64.empty()) return refuse(at, "holds no data");
  if (!is_base64(base64)) return refuse(at, "is not base64 (RFC 4648, with padding, without line breaks)");
  const auto sniffed = sniff(base64);
  return chat::Media{.source = chat::Media::Source::data,
                     .data = json::Text(base64),
                     .mime_type = sniffed.empty() ? normal_type(declared, request) : sniffed};
}

}  // namespace

bool is_data_url(json::Text url) {
  return iequals(url.escaped().substr(0, 5), "data:");
}

Result<chat::Media> decode_data_url(json::Text url, const Place& at, chat::Request& request) {
  const std::string_view text = plain(url, request).substr(5);
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return refuse(at, "is a data URL without a comma before its data");
  const std::string_view header = text.substr(0, comma);
  const std::string_view payload = text.substr(comma + 1);
  const std::string_view declared = trim(header.substr(0, header.find(';')));
  const std::size_t last = header.rfind(';');
  const bool base64 = last != std::string_view::npos && iequals(trim(header.substr(last + 1)), "base64");
  const std::string_view type = declared.empty() ? "text/plain"sv : declared;
  if (base64 && payload.find('%') != std::string_view::npos)
    return media(request.keep(decode_percent(payload)), type, at, request);
  if (base64) return media(payload, type, at, request);
  return media(request.keep(encode_base64(decode_percent(payload))), type, at, request);
}

Result<chat::Media> decode_base64_media(json::Text base64, std::string_view declared, const Place& at,
                                        chat::Request& request) {
  return media(plain(base64, request), declared, at, request);
}

}  // namespace sluice::dialect::openai
