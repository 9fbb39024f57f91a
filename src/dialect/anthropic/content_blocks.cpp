#include "dialect/anthropic/content_blocks.hpp"

#include "base/text.hpp"
#include "dialect/message_path.hpp"
#include "dialect/text_type.hpp"

#include <algorithm>
#include <array>

namespace sluice::dialect::anthropic {
namespace {

using chat::Media;

constexpr std::array<std::string_view, 4> image_types{"image/jpeg", "image/png", "image/gif", "image/webp"};

/// Whether the path of an address ends so, whatever query follows it.
bool path_ends_with(json::Text url, std::string_view ending) {
  std::string buffer;
  const std::string_view address = url.decode(buffer);
  const std::string_view path = address.substr(0, address.find_first_of("?#"));
  return path.size() >= ending.size() && iequals(path.substr(path.size() - ending.size()), ending);
}

class UserPart {
 public:
  UserPart(const BlockContext& context, const chat::Message& message, const chat::Part& part)
      : context_(context), message_(message), part_(part) {}

  Result<> operator()(const chat::TextPart& part) {
    write_text(context_, part.text);
    return {};
  }

  Result<> operator()(const chat::RefusalPart& part) {
    write_text(context_, part.text);
    return {};
  }

  Result<> operator()(const chat::ImagePart& part) {
    if (!part.detail.empty() && !part.detail.equals("auto"))
      context_.repeated.detail.at([&] { return path_of(message_, part_) + ".image_url.detail"; });
    const bool document = part.media.source == Media::Source::url ? path_ends_with(part.media.data, ".pdf")
                                                                  : part.media.mime_type == "application/pdf";
    return document ? write_document(part.media, {}) : write_image(part.media);
  }

  Result<> operator()(const chat::FilePart& part) {
    const std::string_view type = part.media.mime_type;
    if (part.media.source == Media::Source::file_id)
      return refuse(
          "a file by its id: ids of other providers' file stores mean nothing to it; send `file_data`");
    if (type.starts_with("image/")) return write_image(part.media);
    if (part.media.source == Media::Source::data && is_text_type(type))
      return write_text_document(part.media, part.filename);
    if (type == "application/pdf" || (part.media.source == Media::Source::url && type.empty()))
      return write_document(part.media, part.filename);
    return refuse("a file of the type `" + std::string(type) + "`, only PDF, text and images");
  }

  Result<> operator()(const chat::AudioPart&) { return refuse("audio"); }

  Result<> operator()(const chat::ReasoningPart&) {
    return refuse("reasoning in a message that is not the model's");
  }

  Result<> operator()(const chat::ToolCallPart&) {
    return refuse("tool calls in a message that is not the model's");
  }

 private:
  Failure refuse(std::string what) const {
    std::string path = path_of(message_, part_);
    return fail(Error(ErrorCode::unsupported_parameter, path + ": `" + std::string(context_.target.model) +
                                                            "` does not take " + std::move(what))
                    .with_param(std::move(path)));
  }

  Result<> write_image(const Media& media) {
    if (!context_.target.capabilities.images) return refuse("images");
    if (media.source == Media::Source::file_id) return refuse("an image by its id");
    const bool known = std::ranges::find(image_types, media.mime_type) != image_types.end();
    if (media.source == Media::Source::data && !known)
      return refuse("an image of the type `" + std::string(media.mime_type) +
                    "`, only JPEG, PNG, GIF and WebP");
    return write_media("image", media, {});
  }

  Result<> write_document(const Media& media, json::Text title) {
    if (!context_.target.capabilities.pdf) return refuse("PDF documents");
    return write_media("document", media, title);
  }

  Result<> write_media(std::string_view type, const Media& media, json::Text title) {
    json::Writer& json = context_.json;
    if (media.source == Media::Source::url && !is_https(media.data))
      return refuse("an address that does not begin with https://");
    json.begin_object().key("type").string(type).key("source").begin_object();
    if (media.source == Media::Source::url) {
      json.key("type").string("url").key("url").text(media.data);
    } else {
      json.key("type").string("base64").key("media_type").string(media.mime_type);
      json.key("data").text(media.data);
    }
    json.end_object();
    if (!title.empty()) json.key("title").text(title);
    json.end_object();
    return {};
  }

  static bool is_https(json::Text url) {
    std::string buffer;
    return iequals(url.decode(buffer).substr(0, 8), "https://");
  }

  Result<> write_text_document(const Media& media, json::Text title) {
    const auto text = decode_base64(media.data.escaped());
    if (!text) return refuse("a file whose data is not base64");
    json::Writer& json = context_.json;
    json.begin_object().key("type").string("document").key("source").begin_object();
    json.key("type")
        .string("text")
        .key("media_type")
        .string("text/plain")
        .key("data")
        .string(*text)
        .end_object();
    if (!title.empty()) json.key("title").text(title);
    json.end_object();
    return {};
  }

  const BlockContext& context_;
  const chat::Message& message_;
  const chat::Part& part_;
};

}  // namespace

void RepeatedChanges::report(chat::Changes& changes) const {
  for (const RepeatedChange* change :
       {&name, &detail, &instruction, &foreign_reasoning, &reasoning, &media, &arguments, &empty, &filler})
    change->report(changes);
}

bool is_blank(const chat::Part& part) {
  if (const auto* text = std::get_if<chat::TextPart>(&part.content)) return text->text.is_blank();
  if (const auto* refusal = std::get_if<chat::RefusalPart>(&part.content)) return refusal->text.is_blank();
  return false;
}

void write_text(const BlockContext& context, json::Text text) {
  context.json.begin_object().key("type").string("text").key("text").text(text).end_object();
}

Result<> write_user_part(const BlockContext& context, const chat::Message& message, const chat::Part& part) {
  return std::visit(UserPart(context, message, part), part.content);
}

}  // namespace sluice::dialect::anthropic
