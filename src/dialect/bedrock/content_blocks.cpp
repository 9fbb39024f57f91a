#include "dialect/bedrock/content_blocks.hpp"

#include "base/text.hpp"
#include "dialect/bedrock/document_name.hpp"
#include "dialect/message_path.hpp"
#include "dialect/text_type.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice::dialect::bedrock {
namespace {

using chat::Media;

/// MIME types and Converse's words for them.
struct Format {
  std::string_view mime_type, word;
};
constexpr std::array image_formats{Format{"image/jpeg", "jpeg"}, Format{"image/png", "png"},
                                   Format{"image/gif", "gif"}, Format{"image/webp", "webp"}};
constexpr std::array document_formats{
    Format{"application/pdf", "pdf"},
    Format{"text/csv", "csv"},
    Format{"text/html", "html"},
    Format{"text/markdown", "md"},
    Format{"text/plain", "txt"},
    Format{"application/msword", "doc"},
    Format{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    Format{"application/vnd.ms-excel", "xls"},
    Format{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"}};
constexpr std::array audio_formats{Format{"audio/wav", "wav"},   Format{"audio/mpeg", "mp3"},
                                   Format{"audio/flac", "flac"}, Format{"audio/ogg", "ogg"},
                                   Format{"audio/mp4", "m4a"},   Format{"audio/webm", "webm"}};

template <std::size_t N>
std::optional<std::string_view> format_of(std::string_view mime_type, const std::array<Format, N>& formats) {
  const auto* row = std::ranges::find(formats, mime_type, &Format::mime_type);
  return row == formats.end() ? std::nullopt : std::optional(row->word);
}

/// AWS reads from its own store.
bool is_s3(const Media& media) {
  std::string buffer;
  return media.source == Media::Source::url && iequals(media.data.decode(buffer).substr(0, 5), "s3://");
}

class UserPart {
 public:
  UserPart(const chat::Message& message, const chat::Part& part, Encoding& encoding)
      : message_(message), part_(part), encoding_(encoding), json_(encoding.body) {}

  Result<> operator()(const chat::TextPart& part) {
    write_text(part.text, encoding_);
    return {};
  }

  Result<> operator()(const chat::RefusalPart& part) {
    write_text(part.text, encoding_);
    return {};
  }

  Result<> operator()(const chat::ImagePart& part) {
    if (!part.detail.empty() && !part.detail.equals("auto"))
      encoding_.repeated.detail.at([&] { return path() + ".image_url.detail"; });
    return is_document(part_) ? write_document(part.media, {}) : write_image(part.media);
  }

  Result<> operator()(const chat::FilePart& part) {
    if (part.media.source == Media::Source::file_id)
      return refuse(
          path(),
          "a file by its id: ids of other providers' file stores mean nothing to it; send `file_data`",
          encoding_);
    if (part.media.mime_type.starts_with("image/")) return write_image(part.media);
    if (part.media.mime_type.starts_with("audio/")) return write_audio(part.media);
    return write_document(part.media, part.filename);
  }

  Result<> operator()(const chat::AudioPart& part) { return write_audio(part.media); }

  Result<> operator()(const chat::ReasoningPart&) {
    return refuse(path(), "reasoning in a message that is not the model's", encoding_);
  }

  Result<> operator()(const chat::ToolCallPart&) {
    return refuse(path(), "tool calls in a message that is not the model's", encoding_);
  }

 private:
  std::string path() const { return path_of(message_, part_); }

  Result<> check_source(const Media& media) const {
    if (media.source == Media::Source::data || is_s3(media)) return {};
    if (media.source == Media::Source::file_id) return refuse(path(), "media by their id", encoding_);
    return refuse(path(), "media by their address; send them as data, or from s3://", encoding_);
  }

  Result<> write_image(const Media& media) {
    if (!encoding_.capabilities().images) return refuse(path(), "images", encoding_);
    return write_media("image", media, format_of(media.mime_type, image_formats), "png", {});
  }

  Result<> write_audio(const Media& media) {
    if (!encoding_.capabilities().audio) return refuse(path(), "audio", encoding_);
    return write_media("audio", media, format_of(media.mime_type, audio_formats), "mp3", {});
  }

  Result<> write_document(const Media& media, json::Text filename) {
    auto format = format_of(media.mime_type, document_formats);
    if (!encoding_.capabilities().pdf && format == "pdf") return refuse(path(), "PDF documents", encoding_);
    if (!format && is_text_type(media.mime_type)) {
      encoding_.repeated.text_file.at([&] { return path(); });
      format = "txt";
    }
    const std::string given = filename.decode();
    const std::string name = document_name(given, encoding_.document_names);
    if (!given.empty() && name != without_ending(given))
      encoding_.repeated.filename.at([&] { return path() + ".file.filename"; });
    return write_media("document", media, format, "pdf", name);
  }

  /// `usual`: the format of what lies in S3 without telling its type.
  Result<> write_media(std::string_view kind, const Media& media, std::optional<std::string_view> format,
                       std::string_view usual, std::string_view name) {
    if (auto possible = check_source(media); !possible) return possible;
    if (!format && media.source == Media::Source::url && media.mime_type.empty()) format = usual;
    if (!format)
      return refuse(path(),
                    "media of the type `" + std::string(media.mime_type) + "` as " + std::string(kind),
                    encoding_);
    json_.begin_object().key(kind).begin_object().key("format").string(*format);
    if (!name.empty()) json_.key("name").string(name);
    json_.key("source").begin_object();
    if (media.source == Media::Source::url) {
      json_.key("s3Location").begin_object().key("uri").text(media.data).end_object();
    } else {
      json_.key("bytes").text(media.data);
    }
    json_.end_object().end_object().end_object();
    return {};
  }

  const chat::Message& message_;
  const chat::Part& part_;
  Encoding& encoding_;
  json::Writer& json_;
};

}  // namespace

bool is_blank(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::TextPart>(&part.content)) return text->text.is_blank();
  if (const auto* refusal = std::get_if<chat::RefusalPart>(&part.content)) return refusal->text.is_blank();
  return false;
}

bool is_document(const chat::Part& part) {
  if (const auto* image = std::get_if<chat::ImagePart>(&part.content))
    return image->media.mime_type == "application/pdf";
  const auto* file = std::get_if<chat::FilePart>(&part.content);
  return file && !file->media.mime_type.starts_with("image/") && !file->media.mime_type.starts_with("audio/");
}

void write_text(json::Text text, Encoding& encoding) {
  encoding.body.begin_object().key("text").text(text).end_object();
}

Result<> write_user_part(const chat::Message& message, const chat::Part& part, Encoding& encoding) {
  return std::visit(UserPart(message, part, encoding), part.content);
}

}  // namespace sluice::dialect::bedrock
