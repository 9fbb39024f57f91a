#include "dialect/openai/answer_said.hpp"

#include <array>
#include <string>

namespace sluice::dialect::openai {
namespace {

/// The text of a `reasoning_details` entry that people can read; empty for signatures and encrypted data.
json::Text readable(json::Value detail) {
  const json::Text text = detail["text"].text();
  return text.empty() ? detail["summary"].text() : text;
}

class SaidReader {
 public:
  SaidReader(std::uint32_t choice, bool whole, chat::EventSink& sink)
      : choice_(choice), whole_(whole), sink_(sink) {}

  SaidSoFar read(json::Value said, const SaidParts& parts) {
    reasoning(parts);
    content(parts.content);
    refusal(parts.refusal.text());
    for (json::Value entry : parts.annotations.elements()) annotation(entry);
    for (json::Value entry : parts.images.elements()) image(entry);
    for (const json::Member& member : said.members())
      if (member.value && is_other_of_said(member.key.escaped())) other(member.key, member.value.raw());
    return done_;
  }

 private:
  /// The same text may come under several names at once.
  void reasoning(const SaidParts& parts) {
    const std::array names{parts.reasoning_content.text(), parts.reasoning.text(), parts.thinking.text()};
    bool shown = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      bool repeated = names[i].empty();
      for (std::size_t j = 0; j < i; ++j) repeated |= names[j].escaped() == names[i].escaped();
      if (!repeated) thought(names[i]);
      shown |= !names[i].empty();
    }
    for (json::Value detail : parts.reasoning_details.elements()) {
      if (!detail.is_object()) continue;
      if (!shown) thought(readable(detail));
      sink_.on(chat::ReasoningDetail{choice_, detail});
      done_.content = true;
    }
  }

  void thought(json::Text text) {
    if (text.empty()) return;
    sink_.on(chat::ReasoningDelta{.choice = choice_, .text = text});
    done_.content = true;
  }

  /// A string, or Mistral's and others' list of parts.
  void content(json::Value content) {
    if (content.is_string()) text(content.text());
    for (json::Value entry : content.elements()) part(entry);
  }

  void part(json::Value part) {
    if (part.is_string()) return text(part.text());
    const json::Value type = part["type"];
    if (type.equals("thinking")) return thinking(part["thinking"]);
    if (type.equals("image_url")) return image(part);
    if (type.equals("refusal")) return refusal(part["refusal"].text());
    if (part["text"].is_string()) return text(part["text"].text());
    if (!type.is_string() || type.text().empty()) return;
    other(type.text(), "[" + std::string(part.raw()) + "]");  // Mistral's `reference`, say
  }

  void thinking(json::Value thinking) {
    thought(thinking.text());
    for (json::Value inner : thinking.elements()) thought(inner["text"].text());
  }

  void text(json::Text text) {
    if (text.empty() && !whole_) return;
    sink_.on(chat::TextDelta{choice_, text});
    done_.content |= !text.empty();
  }

  void refusal(json::Text text) {
    if (text.empty()) return;
    sink_.on(chat::RefusalDelta{choice_, text});
    done_.content = true;
  }

  void annotation(json::Value entry) {
    sink_.on(chat::Annotation{choice_, entry.raw()});
    done_.other = true;
  }

  void image(json::Value entry) {
    sink_.on(chat::Image{choice_, entry.raw()});
    done_.other = true;
  }

  void other(json::Text name, std::string_view json) {
    sink_.on(chat::Extra{chat::Extra::Place::message, choice_, name, json});
    done_.other = true;
  }

  std::uint32_t choice_;
  bool whole_;
  chat::EventSink& sink_;
  SaidSoFar done_;
};

}  // namespace

bool has_readable_detail(json::Value details) {
  for (json::Value detail : details.elements())
    if (!readable(detail).empty()) return true;
  return false;
}

SaidSoFar read_said(json::Value said, const SaidParts& parts, std::uint32_t choice, bool whole,
                    chat::EventSink& sink) {
  return SaidReader(choice, whole, sink).read(said, parts);
}

}  // namespace sluice::dialect::openai
