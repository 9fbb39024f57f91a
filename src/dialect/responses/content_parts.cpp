#include "dialect/responses/content_parts.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::responses {
namespace {

using chat::Media;

struct NamedType {
  std::string_view mime_type, name;
};
constexpr std::array audio_formats{NamedType{"audio/wav", "wav"}, NamedType{"audio/mpeg", "mp3"}};

/// The API wants a name of every file that it is handed; models see it.
constexpr std::array default_names{
    NamedType{"application/pdf", "document.pdf"}, NamedType{"text/plain", "document.txt"},
    NamedType{"text/markdown", "document.md"},    NamedType{"text/csv", "document.csv"},
    NamedType{"text/html", "document.html"},      NamedType{"application/json", "document.json"}};

template <std::size_t N>
std::string_view name_of(const std::array<NamedType, N>& table, std::string_view mime_type,
                         std::string_view otherwise) {
  const auto* row = std::ranges::find(table, mime_type, &NamedType::mime_type);
  return row == table.end() ? otherwise : row->name;
}

class UserPart {
 public:
  UserPart(const chat::Message& message, const chat::Part& part, Encoding& encoding)
      : message_(message), part_(part), encoding_(encoding), body_(encoding.body) {}

  Result<> operator()(const chat::TextPart& part) {
    write_input_text(part.text, encoding_);
    return {};
  }

  Result<> operator()(const chat::RefusalPart& part) {
    write_input_text(part.text, encoding_);
    return {};
  }

  Result<> operator()(const chat::ImagePart& part) {
    if (part.media.mime_type == "application/pdf") return write_file(part.media, {});
    return write_image(part.media, part.detail);
  }

  Result<> operator()(const chat::FilePart& part) {
    if (part.media.mime_type.starts_with("image/")) return write_image(part.media, {});
    return write_file(part.media, part.filename);
  }

  Result<> operator()(const chat::AudioPart& part) {
    if (!encoding_.model().audio) return refuse("audio");
    const std::string_view format = name_of(audio_formats, part.media.mime_type, "");
    if (format.empty() || part.media.source != Media::Source::data)
      return refuse("a recording of the type `" + std::string(part.media.mime_type) + "`, only WAV and MP3");
    body_.begin_object().key("type").string("input_audio").key("input_audio").begin_object();
    body_.key("data").text(part.media.data).key("format").string(format).end_object().end_object();
    return {};
  }

  Result<> operator()(const chat::ReasoningPart&) {
    return refuse("reasoning in a message that is not the model's");
  }

  Result<> operator()(const chat::ToolCallPart&) {
    return refuse("tool calls in a message that is not the model's");
  }

 private:
  Failure refuse(std::string_view what) const {
    return responses::refuse(path_of(message_, part_), what, encoding_);
  }

  void write_data_url(std::string_view key, const Media& media) {
    const std::string_view type = media.mime_type.empty() ? "application/octet-stream" : media.mime_type;
    std::string& out = body_.key(key).out();
    out.append("\"data:");
    json::append_escaped(out, type);
    out.append(";base64,").append(media.data.escaped()).push_back('"');
  }

  Result<> write_image(const Media& media, json::Text detail) {
    if (!encoding_.model().images) return refuse("images");
    body_.begin_object().key("type").string("input_image");
    switch (media.source) {
      case Media::Source::data:
        write_data_url("image_url", media);
        break;
      case Media::Source::url:
        body_.key("image_url").text(media.data);
        break;
      case Media::Source::file_id:
        body_.key("file_id").text(media.data);
        break;
    }
    if (!detail.empty()) body_.key("detail").text(detail);
    body_.end_object();
    return {};
  }

  Result<> write_file(const Media& media, json::Text filename) {
    if (!encoding_.model().pdf && (media.mime_type.empty() || media.mime_type == "application/pdf"))
      return refuse("PDF files");
    body_.begin_object().key("type").string("input_file");
    if (media.source == Media::Source::data) {
      const json::Text otherwise(name_of(default_names, media.mime_type, "document"));
      body_.key("filename").text(filename.empty() ? otherwise : filename);
      write_data_url("file_data", media);
    } else {
      body_.key(media.source == Media::Source::url ? "file_url" : "file_id").text(media.data);
      if (!filename.empty())
        encoding_.repeated.filename.at([&] { return path_of(message_, part_) + ".file.filename"; });
    }
    body_.end_object();
    return {};
  }

  const chat::Message& message_;
  const chat::Part& part_;
  Encoding& encoding_;
  json::Writer& body_;
};

}  // namespace

void write_input_text(json::Text text, Encoding& encoding) {
  encoding.body.begin_object().key("type").string("input_text").key("text").text(text).end_object();
}

Result<> write_user_part(const chat::Message& message, const chat::Part& part, Encoding& encoding) {
  return std::visit(UserPart(message, part, encoding), part.content);
}

}  // namespace sluice::dialect::responses
