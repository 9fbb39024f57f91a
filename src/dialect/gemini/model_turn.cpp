#include "dialect/gemini/model_turn.hpp"

#include "dialect/gemini/encode_media.hpp"
#include "dialect/tool_arguments.hpp"

#include <algorithm>
#include <vector>

namespace sluice::dialect::gemini {
namespace {

constexpr std::string_view own_format = "google-gemini-v1";
/// What Google documents for calls that another model made.
constexpr std::string_view no_signature = "skip_thought_signature_validator";

/// The signature in a reasoning block of Gemini's; empty if it is another's or unsigned.
json::Text signature_of(const chat::ReasoningPart& part) {
  if (!part.format.equals(own_format)) return {};
  return part.kind == chat::ReasoningPart::Kind::encrypted ? part.data : part.signature;
}

/// The signature of a call: on the call, or, from clients of OpenRouter, in a reasoning block with the call's
/// id.
json::Text signature_of(const chat::ToolCallPart& call, const chat::Message& message) {
  if (!call.signature.empty()) return call.signature;
  for (const chat::Part& part : message.parts) {
    const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
    if (reasoning && !reasoning->id.empty() && reasoning->id.escaped() == call.id.escaped())
      return signature_of(*reasoning);
  }
  return {};
}

bool belongs_to_a_call(const chat::ReasoningPart& reasoning, const Turn& turn) {
  if (reasoning.id.empty()) return false;
  return std::ranges::any_of(turn.calls, [&](const AnsweredCall& call) {
    return call.call->id.escaped() == reasoning.id.escaped();
  });
}

/// Signatures of text, in their order.
std::vector<json::Text> text_signatures(const Turn& turn) {
  std::vector<json::Text> signatures;
  for (const chat::Part& part : turn.message->parts) {
    const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
    if (!reasoning || belongs_to_a_call(*reasoning, turn)) continue;
    if (const json::Text signature = signature_of(*reasoning); !signature.empty())
      signatures.push_back(signature);
  }
  return signatures;
}

class ModelTurn {
 public:
  ModelTurn(const Turn& turn, Encoding& encoding)
      : turn_(turn), message_(*turn.message), encoding_(encoding), signatures_(text_signatures(turn)) {}

  Result<> write() {
    // The last signature belongs to the last text; others came with parts that the client has no trace of.
    const auto last = std::ranges::find_if(message_.parts.rbegin(), message_.parts.rend(),
                                           [](const chat::Part& part) { return !text_of(part).empty(); });
    const chat::Part* last_text = last == message_.parts.rend() ? nullptr : &*last;
    const std::size_t alone = signatures_.size() - (last_text && !signatures_.empty() ? 1 : 0);
    for (std::size_t i = 0; i < alone; ++i) text({}, signatures_[i]);
    for (const chat::Part& part : message_.parts) {
      if (part.cache_control) encoding_.repeated.cache_control.at(path_of(message_, part) + ".cache_control");
      if (const json::Text said = text_of(part); !said.empty()) {
        text(said, &part == last_text && !signatures_.empty() ? signatures_.back() : json::Text());
      } else if (is_media(part)) {
        if (auto done = write_media(message_, part, encoding_); !done) return fail(done);
      }
    }
    for (const AnsweredCall& answered : turn_.calls) call(answered);
    return {};
  }

 private:
  void text(json::Text text, json::Text signature) {
    json::Writer& body = encoding_.body;
    body.begin_object().key("text").text(text);
    if (!signature.empty()) body.key("thoughtSignature").text(signature);
    body.end_object();
  }

  void call(const AnsweredCall& answered) {
    json::Writer& body = encoding_.body;
    const chat::ToolCallPart& made = *answered.call;
    body.begin_object().key("functionCall").begin_object();
    body.key("id").text(made.id);
    body.key("name").string(tool_name(made.name, encoding_)).key("args");
    if (!append_arguments_object(encoding_.out.body, made))
      encoding_.repeated.arguments.at(call_path(turn_, answered) + ".function.arguments");
    body.end_object();
    const bool is_first = answered.call == turn_.calls.front().call;
    if (const json::Text signature = signature_of(made, message_); !signature.empty()) {
      body.key("thoughtSignature").text(signature);
    } else if (is_first && encoding_.capabilities().signatures_required) {
      body.key("thoughtSignature").string(no_signature);
      encoding_.repeated.signature.at(call_path(turn_, answered));
    }
    body.end_object();
  }

  const Turn& turn_;
  const chat::Message& message_;
  Encoding& encoding_;
  std::vector<json::Text> signatures_;
};

}  // namespace

bool has_parts(const chat::Message& message) {
  return std::ranges::any_of(message.parts, [](const chat::Part& part) {
    const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
    if (reasoning) return !signature_of(*reasoning).empty();
    return is_media(part) || !text_of(part).empty() ||
           std::holds_alternative<chat::ToolCallPart>(part.content);
  });
}

void report_lost_reasoning(const chat::Message& message, Encoding& encoding) {
  const auto is_lost = [](const chat::Part& part) {
    const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
    return reasoning && signature_of(*reasoning).empty();
  };
  if (std::ranges::any_of(message.parts, is_lost))
    encoding.repeated.reasoning.at(path_of(message) + ".reasoning");
}

Result<> write_model_turn(const Turn& turn, Encoding& encoding) {
  return ModelTurn(turn, encoding).write();
}

}  // namespace sluice::dialect::gemini
