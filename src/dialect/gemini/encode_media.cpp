#include "dialect/gemini/encode_media.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::gemini {
namespace {

struct NamedType {
  std::string_view name, mime_type;
};

constexpr std::array endings{
    NamedType{".png", "image/png"},         NamedType{".jpg", "image/jpeg"},
    NamedType{".jpeg", "image/jpeg"},       NamedType{".webp", "image/webp"},
    NamedType{".heic", "image/heic"},       NamedType{".heif", "image/heif"},
    NamedType{".gif", "image/gif"},         NamedType{".pdf", "application/pdf"},
    NamedType{".txt", "text/plain"},        NamedType{".md", "text/markdown"},
    NamedType{".csv", "text/csv"},          NamedType{".html", "text/html"},
    NamedType{".json", "application/json"}, NamedType{".mp3", "audio/mpeg"},
    NamedType{".wav", "audio/wav"},         NamedType{".flac", "audio/flac"},
    NamedType{".ogg", "audio/ogg"},         NamedType{".mp4", "video/mp4"},
    NamedType{".mov", "video/mov"},         NamedType{".webm", "video/webm"},
};

/// Text whose type Gemini refuses by name.
constexpr std::array<std::string_view, 5> other_text_types{"application/json", "application/xml",
                                                           "application/yaml", "application/x-yaml",
                                                           "application/javascript"};

/// Gemini watches these itself.
constexpr std::array<std::string_view, 3> video_sites{"://www.youtube.com/", "://youtube.com/",
                                                      "://youtu.be/"};

/// Files that were uploaded to Gemini's own store; it knows their types.
constexpr std::string_view file_store = "https://generativelanguage.googleapis.com/v1beta/";

/// What functionResponse.parts may hold (ai.google.dev/gemini-api/docs/function-calling, multimodal
/// responses).
constexpr std::array<std::string_view, 5> types_in_tool_results{"image/png", "image/jpeg", "image/webp",
                                                                "application/pdf", "text/plain"};

/// What kind of part a piece of media came in.
struct Description {
  const chat::Media& media;
  std::string_view what;  ///< as in "does not take ..."
  std::string_view default_type;
  bool is_taken;
};

Description describe(const chat::Part& part, const catalog::Capabilities& capabilities) {
  if (const auto* image = std::get_if<chat::ImagePart>(&part.content))
    return {image->media, "images", "image/jpeg", capabilities.images};
  if (const auto* audio = std::get_if<chat::AudioPart>(&part.content))
    return {audio->media, "audio", "audio/wav", capabilities.audio};
  const auto& file = std::get<chat::FilePart>(part.content);
  const bool is_pdf = file.media.mime_type.empty() || file.media.mime_type == "application/pdf";
  return {file.media, "PDF files", "application/pdf", !is_pdf || capabilities.pdf};
}

std::string_view type_by_address(std::string_view address) {
  const auto is_in = [&](std::string_view site) { return address.find(site) != std::string_view::npos; };
  if (std::ranges::any_of(video_sites, is_in)) return "video/mp4";
  const std::string path = ascii_lower(address.substr(0, address.find_first_of("?#")));
  const auto* row = std::ranges::find_if(endings, [&](const NamedType& t) { return path.ends_with(t.name); });
  return row == endings.end() ? std::string_view() : row->mime_type;
}

void write_data(json::Text base64, std::string_view type, Encoding& encoding) {
  encoding.body.begin_object().key("inlineData").begin_object();
  encoding.body.key("mimeType").string(type).key("data").text(base64);
  encoding.body.end_object().end_object();
}

void write_address(std::string_view uri, std::string_view type, Encoding& encoding) {
  encoding.body.begin_object().key("fileData").begin_object();
  if (!type.empty()) encoding.body.key("mimeType").string(type);
  encoding.body.key("fileUri").string(uri);
  encoding.body.end_object().end_object();
}

void report_lost_details(const chat::Message& message, const chat::Part& part, Encoding& encoding) {
  if (const auto* image = std::get_if<chat::ImagePart>(&part.content))
    if (!image->detail.empty() && !image->detail.equals("auto"))
      encoding.repeated.detail.at([&] { return path_of(message, part) + ".image_url.detail"; });
  if (const auto* file = std::get_if<chat::FilePart>(&part.content))
    if (!file->filename.empty())
      encoding.repeated.filename.at([&] { return path_of(message, part) + ".file.filename"; });
}

/// The address of an uploaded file; empty if the id is none of Gemini's.
std::string file_address(std::string_view id) {
  if (id.find("://") != std::string_view::npos) return std::string(id);
  return id.starts_with("files/") ? std::string(file_store).append(id) : "";
}

}  // namespace

bool is_media(const chat::Part& part) {
  return std::holds_alternative<chat::ImagePart>(part.content) ||
         std::holds_alternative<chat::AudioPart>(part.content) ||
         std::holds_alternative<chat::FilePart>(part.content);
}

Result<> write_media(const chat::Message& message, const chat::Part& part, Encoding& encoding) {
  const Description description = describe(part, encoding.capabilities());
  const chat::Media& media = description.media;
  if (!description.is_taken) return refuse(path_of(message, part), description.what, encoding);
  report_lost_details(message, part, encoding);

  std::string address;
  if (media.source == chat::Media::Source::url) address = media.data.decode();
  if (media.source == chat::Media::Source::file_id) {
    address = file_address(media.data.decode());
    if (address.empty())
      return refuse(path_of(message, part), "ids of other providers' file stores; send `file_data`",
                    encoding);
  }
  std::string_view type = media.mime_type;
  if (type.empty()) type = type_by_address(address);
  if (type.empty() && !address.starts_with(file_store)) {
    type = description.default_type;
    encoding.repeated.media_type.at([&] { return path_of(message, part); });
  }
  if (std::ranges::find(other_text_types, type) != other_text_types.end()) type = "text/plain";
  if (address.empty()) {
    write_data(media.data, type, encoding);
  } else {
    write_address(address, type, encoding);
  }
  return {};
}

bool fits_in_tool_result(const chat::Part& part) {
  const chat::Media* media = nullptr;
  if (const auto* image = std::get_if<chat::ImagePart>(&part.content)) media = &image->media;
  if (const auto* file = std::get_if<chat::FilePart>(&part.content)) media = &file->media;
  return media && media->source == chat::Media::Source::data &&
         std::ranges::find(types_in_tool_results, media->mime_type) != types_in_tool_results.end();
}

}  // namespace sluice::dialect::gemini
