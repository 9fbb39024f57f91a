#include "dialect/ollama/encode_messages.hpp"

#include "base/text.hpp"
#include "dialect/message_path.hpp"
#include "dialect/text_type.hpp"
#include "dialect/tool_arguments.hpp"

#include <string>
#include <vector>

namespace sluice::dialect::ollama {
namespace {

using chat::Media;
using chat::Message;
using chat::Part;
using chat::Role;

/// A message has one text and a list of images, whatever the order of its parts was.
class MessageWriter {
 public:
  MessageWriter(const Message& message, Encoding& encoding) : message_(message), encoding_(encoding) {}

  /// Takes the parts in; `between` (escaped) goes between texts.
  Result<> read(std::string_view between) {
    if (message_.cache_control) cache_control(path_of(message_));
    for (const Part& part : message_.parts) {
      if (part.cache_control) cache_control(path_of(message_, part));
      if (auto done = read_part(part, between); !done) return done;
    }
    return {};
  }

  json::Text thinking() const { return json::Text(thinking_); }
  bool is_empty() const { return content_.empty() && images_.empty() && thinking_.empty(); }

  /// Writes the members `content` and `images` of an open object.
  void write(std::string_view prefix = {}) {
    json::Writer& body = encoding_.body;
    body.key("content").text(json::Text(std::string(prefix) + content_));
    if (images_.empty()) return;
    body.key("images").begin_array();
    for (json::Text image : images_) body.text(image);
    body.end_array();
  }

 private:
  void cache_control(const std::string& place) {
    encoding_.repeated.cache_control.at([&] { return place + ".cache_control"; });
  }

  Failure refuse(const Part& part, std::string_view what) const {
    std::string place = path_of(message_, part);
    return fail(Error(ErrorCode::unsupported_parameter, place + ": `" + std::string(encoding_.target.model) +
                                                            "` does not take " + std::string(what))
                    .with_param(std::move(place)));
  }

  Result<> read_part(const Part& part, std::string_view between) {
    if (const auto* text = std::get_if<chat::TextPart>(&part.content))
      return add(text->text.escaped(), between);
    if (const auto* text = std::get_if<chat::RefusalPart>(&part.content))
      return add(text->text.escaped(), between);
    if (const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content)) return think(*reasoning);
    if (std::holds_alternative<chat::ToolCallPart>(part.content)) return {};
    if (message_.role == Role::assistant) {
      encoding_.repeated.media.at([&] { return path_of(message_, part); });
      return {};
    }
    if (const auto* image = std::get_if<chat::ImagePart>(&part.content)) return add_image(part, *image);
    if (const auto* file = std::get_if<chat::FilePart>(&part.content)) return add_file(part, *file, between);
    return refuse(part, "audio");
  }

  Result<> add(std::string_view escaped, std::string_view between) {
    if (!content_.empty() && !escaped.empty()) content_.append(between);
    content_.append(escaped);
    return {};
  }

  /// Signed and encrypted reasoning is another provider's.
  Result<> think(const chat::ReasoningPart& part) {
    const bool plain = part.kind == chat::ReasoningPart::Kind::text && part.format.empty();
    if (plain) {
      thinking_.append(part.text.escaped());
    } else {
      encoding_.repeated.reasoning.at([&] { return path_of(message_) + ".reasoning_details"; });
    }
    return {};
  }

  Result<> add_image(const Part& part, const chat::ImagePart& image) {
    if (!image.detail.empty() && !image.detail.equals("auto"))
      encoding_.repeated.detail.at([&] { return path_of(message_, part) + ".image_url.detail"; });
    return add_media(part, image.media);
  }

  Result<> add_media(const Part& part, const Media& media) {
    if (!encoding_.target.capabilities.images) return refuse(part, "images");
    if (media.source != Media::Source::data)
      return refuse(part, "images by their address; send them as data: URLs");
    if (!media.mime_type.empty() && !media.mime_type.starts_with("image/"))
      return refuse(part, "media of the type `" + std::string(media.mime_type) + "`");
    images_.push_back(media.data);
    return {};
  }

  Result<> add_file(const Part& part, const chat::FilePart& file, std::string_view between) {
    const Media& media = file.media;
    if (media.mime_type.starts_with("image/")) return add_media(part, media);
    if (media.source != Media::Source::data || !is_text_type(media.mime_type))
      return refuse(part, "files, only images and text");
    const auto text = decode_base64(media.data.escaped());
    if (!text) return refuse(part, "a file whose data is not base64");
    encoding_.repeated.text_file.at([&] { return path_of(message_, part); });
    return add(json::escape(*text), between);
  }

  const Message& message_;
  Encoding& encoding_;
  std::string content_, thinking_;  ///< escaped
  std::vector<json::Text> images_;
};

constexpr std::string_view line_end = "\\n";

void begin(std::string_view role, Encoding& encoding) {
  encoding.body.begin_object().key("role").string(role);
}

/// An instruction, wherever it stands, or what the user says.
Result<> write_plain(const Message& message, Encoding& encoding) {
  MessageWriter writer(message, encoding);
  if (auto read = writer.read(line_end); !read) return read;
  begin(message.role == Role::user ? "user" : "system", encoding);
  writer.write();
  encoding.body.end_object();
  return {};
}

/// A call's result; it names the tool, and newer versions know ids too.
Result<> write_result(const AnsweredCall& call, Encoding& encoding) {
  json::Writer& body = encoding.body;
  begin("tool", encoding);
  body.key("tool_name").text(call.call->name).key("tool_call_id").text(call.call->id);
  if (call.result) {
    MessageWriter writer(*call.result, encoding);
    if (auto read = writer.read(line_end); !read) return read;
    const bool failed = call.result->is_error == true;
    if (failed) encoding.repeated.error.at([&] { return path_of(*call.result) + ".is_error"; });
    writer.write(failed ? "Error: " : "");
  } else {
    body.key("content").string(missing_result);
  }
  body.end_object();
  return {};
}

void write_call(const Turn& turn, const AnsweredCall& call, Encoding& encoding) {
  json::Writer& body = encoding.body;
  body.begin_object()
      .key("id")
      .text(call.call->id)
      .key("type")
      .string("function")
      .key("function")
      .begin_object();
  body.key("name").text(call.call->name).key("arguments");
  if (!append_arguments_object(body.out(), *call.call))
    encoding.repeated.arguments.at([&] { return call_path(turn, call) + ".function.arguments"; });
  body.end_object().end_object();
}

Result<> write_assistant(const Turn& turn, Encoding& encoding) {
  MessageWriter writer(*turn.message, encoding);
  if (auto read = writer.read({}); !read) return read;
  if (writer.is_empty() && turn.calls.empty()) return {};
  json::Writer& body = encoding.body;
  begin("assistant", encoding);
  if (!writer.thinking().empty()) body.key("thinking").text(writer.thinking());
  writer.write();
  if (!turn.calls.empty()) {
    body.key("tool_calls").begin_array();
    for (const AnsweredCall& call : turn.calls) write_call(turn, call, encoding);
    body.end_array();
  }
  body.end_object();
  for (const AnsweredCall& call : turn.calls)
    if (auto written = write_result(call, encoding); !written) return written;
  return {};
}

}  // namespace

Result<> write_messages(const History& history, std::string_view instruction, Encoding& encoding) {
  json::Writer& body = encoding.body;
  body.key("messages").begin_array();
  for (const Message& message : history.instructions)
    if (auto written = write_plain(message, encoding); !written) return written;
  if (!instruction.empty()) {
    begin("system", encoding);
    body.key("content").string(instruction).end_object();
  }
  for (const Turn& turn : history.turns) {
    const Message& message = *turn.message;
    if (!message.name.empty()) encoding.repeated.name.at([&] { return path_of(message) + ".name"; });
    auto written =
        message.role == Role::assistant ? write_assistant(turn, encoding) : write_plain(message, encoding);
    if (!written) return written;
  }
  body.end_array();
  return {};
}

}  // namespace sluice::dialect::ollama
