#include "dialect/openai/decode_content.hpp"

#include "base/text.hpp"
#include "dialect/openai/data_url.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::openai {
namespace {

using Content = decltype(chat::Part::content);
using DecodePart = Result<Content> (*)(json::Value part, const Place& at, chat::Request& request);

Result<Content> text_part(json::Value part, const Place& at, chat::Request&) {
  const json::Value text = part["text"];
  if (!text.is_string()) return refuse_type(at.member("text"), text, "a string");
  return chat::TextPart{text.text()};
}

Result<Content> refusal_part(json::Value part, const Place& at, chat::Request&) {
  const json::Value refusal = part["refusal"];
  if (!refusal.is_string()) return refuse_type(at.member("refusal"), refusal, "a string");
  return chat::RefusalPart{refusal.text()};
}

bool is_address(json::Text text) {
  return text.escaped().find("://") != std::string_view::npos ||
         text.escaped().find(":\\/\\/") != std::string_view::npos;
}

Result<Content> image_part(json::Value part, const Place& at, chat::Request& request) {
  const Place place = at.member("image_url");
  const json::Value image = part["image_url"];
  if (!image.is_object() && !image.is_string()) return refuse_type(place, image, "an object with a `url`");
  const Place url_place = image.is_object() ? place.member("url") : place;
  auto url = required_text(image.is_object() ? image["url"] : image, url_place);
  if (!url) return fail(url);
  auto detail = optional_text(image["detail"], place.member("detail"));
  if (!detail) return fail(detail);
  if (is_data_url(*url)) {
    auto media = decode_data_url(*url, url_place, request);
    if (!media) return fail(media);
    return chat::ImagePart{*media, *detail};
  }
  if (!is_address(*url))
    return refuse(url_place, "must be a `data:` URL or the address of an image (https://...)");
  return chat::ImagePart{{.source = chat::Media::Source::url, .data = *url}, *detail};
}

struct NamedType {
  std::string_view name, mime_type;
};

constexpr std::array audio_formats{
    NamedType{"wav", "audio/wav"},   NamedType{"mp3", "audio/mpeg"},  NamedType{"flac", "audio/flac"},
    NamedType{"ogg", "audio/ogg"},   NamedType{"opus", "audio/opus"}, NamedType{"aac", "audio/aac"},
    NamedType{"aiff", "audio/aiff"}, NamedType{"m4a", "audio/mp4"},   NamedType{"webm", "audio/webm"},
    NamedType{"pcm16", "audio/pcm"},
};

Result<Content> audio_part(json::Value part, const Place& at, chat::Request& request) {
  const Place place = at.member("input_audio");
  auto audio = required_object(part["input_audio"], place);
  if (!audio) return fail(audio);
  auto data = required_text((*audio)["data"], place.member("data"));
  if (!data) return fail(data);
  const json::Value format = (*audio)["format"];
  const auto* row =
      std::ranges::find_if(audio_formats, [&](const NamedType& t) { return format.equals(t.name); });
  if (row == audio_formats.end())
    return refuse_word(place.member("format"), format,
                       {"wav", "mp3", "flac", "ogg", "opus", "aac", "aiff", "m4a", "webm", "pcm16"});
  auto media = is_data_url(*data) ? decode_data_url(*data, place.member("data"), request)
                                  : decode_base64_media(*data, row->mime_type, place.member("data"), request);
  if (!media) return fail(media);
  return chat::AudioPart{*media};
}

constexpr std::array file_endings{
    NamedType{".pdf", "application/pdf"}, NamedType{".txt", "text/plain"},
    NamedType{".md", "text/markdown"},    NamedType{".csv", "text/csv"},
    NamedType{".html", "text/html"},      NamedType{".json", "application/json"},
    NamedType{".png", "image/png"},       NamedType{".jpg", "image/jpeg"},
    NamedType{".jpeg", "image/jpeg"},
};

std::string_view type_by_ending(json::Text filename) {
  const std::string name = ascii_lower(filename.escaped());
  const auto* row =
      std::ranges::find_if(file_endings, [&](const NamedType& t) { return name.ends_with(t.name); });
  return row == file_endings.end() ? std::string_view() : row->mime_type;
}

/// `file_data` is a data URL by OpenAI's rules; bare base64 and addresses are in use too.
Result<chat::Media> file_media(json::Text data, json::Text filename, const Place& at,
                               chat::Request& request) {
  if (is_data_url(data)) return decode_data_url(data, at, request);
  if (is_address(data))
    return chat::Media{
        .source = chat::Media::Source::url, .data = data, .mime_type = type_by_ending(filename)};
  return decode_base64_media(data, type_by_ending(filename), at, request);
}

Result<Content> file_part(json::Value part, const Place& at, chat::Request& request) {
  const Place place = at.member("file");
  auto file = required_object(part["file"], place);
  if (!file) return fail(file);
  auto filename = optional_text((*file)["filename"], place.member("filename"));
  if (!filename) return fail(filename);
  const json::Value data = (*file)["file_data"], id = (*file)["file_id"];
  if (bool(data) == bool(id)) return refuse(place, "must hold either `file_data` or `file_id`");
  auto text = required_text(data ? data : id, place.member(data ? "file_data" : "file_id"));
  if (!text) return fail(text);
  if (id) return chat::FilePart{{.source = chat::Media::Source::file_id, .data = *text}, *filename};
  auto media = file_media(*text, *filename, place.member("file_data"), request);
  if (!media) return fail(media);
  return chat::FilePart{*media, *filename};
}

struct PartType {
  std::string_view name;
  DecodePart decode;
};
constexpr std::array part_types{
    PartType{"text", text_part}, PartType{"image_url", image_part}, PartType{"input_audio", audio_part},
    PartType{"file", file_part}, PartType{"refusal", refusal_part},
};

bool is_empty_text(const Content& content) {
  const auto* text = std::get_if<chat::TextPart>(&content);
  return text && text->text.empty();
}

Result<> decode_part(json::Value part, const Place& at, chat::Request& request,
                     std::pmr::vector<chat::Part>& parts) {
  if (!part.is_object()) return refuse_type(at, part, "an object with a `type`");
  const json::Value type = part["type"];
  const auto* row = std::ranges::find_if(part_types, [&](const PartType& t) { return type.equals(t.name); });
  if (row == part_types.end()) {
    Failure refusal =
        refuse_word(at.member("type"), type, {"text", "image_url", "input_audio", "file", "refusal"});
    if (!type.is_string()) return refusal;
    return leave_to_provider(request, std::move(refusal));  // as OpenRouter's `video_url`
  }
  auto content = row->decode(part, at, request);
  if (!content) return fail(content);
  auto cache_control = optional_object(part["cache_control"], at.member("cache_control"));
  if (!cache_control) return fail(cache_control);
  if (!is_empty_text(*content)) parts.push_back({std::move(*content), *cache_control});
  return {};
}

}  // namespace

Result<> decode_content(json::Value content, const Place& at, chat::Request& request,
                        std::pmr::vector<chat::Part>& parts) {
  if (!content) return {};
  if (content.is_string()) {
    if (!content.text().empty()) parts.push_back({chat::TextPart{content.text()}, {}});
    return {};
  }
  if (!content.is_array()) return refuse_type(at, content, "one of a string, an array of parts or null");
  std::size_t index = 0;
  for (json::Value part : content.elements()) {
    auto decoded = decode_part(part, at.at(index++), request, parts);
    if (!decoded) return fail(decoded);
  }
  return {};
}

}  // namespace sluice::dialect::openai
