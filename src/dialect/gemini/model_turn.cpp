#include "dialect/gemini/model_turn.hpp"

#include "dialect/gemini/encode_media.hpp"
#include "dialect/tool_arguments.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
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

/// The signatures of one turn.
class Signatures {
 public:
  explicit Signatures(const Turn& turn) {
    std::unordered_set<std::string_view> calls;
    for (const AnsweredCall& call : turn.calls) calls.insert(call.call->id.escaped());
    for (const chat::Part& part : turn.message->parts) {
      const auto* reasoning = std::get_if<chat::ReasoningPart>(&part.content);
      if (!reasoning) continue;
      const json::Text signature = signature_of(*reasoning);
      if (signature.empty()) continue;
      if (calls.contains(reasoning->id.escaped())) {
        of_calls_.emplace(reasoning->id.escaped(), signature);
      } else {
        of_text_.push_back(signature);
      }
    }
  }

  /// On the call itself or, from clients of OpenRouter, in a reasoning block with the call's id.
  json::Text of(const chat::ToolCallPart& call) const {
    if (!call.signature.empty() || of_calls_.empty()) return call.signature;
    const auto found = of_calls_.find(call.id.escaped());
    return found == of_calls_.end() ? json::Text() : found->second;
  }
  /// Those of text, in their order.
  const std::vector<json::Text>& of_text() const { return of_text_; }

 private:
  std::unordered_map<std::string_view, json::Text> of_calls_;
  std::vector<json::Text> of_text_;
};

class ModelTurn {
 public:
  ModelTurn(const Turn& turn, Encoding& encoding)
      : turn_(turn), message_(*turn.message), encoding_(encoding), signatures_(turn) {}

  Result<> write() {
    const auto& signatures = signatures_.of_text();
    const chat::Part* signed_text = signatures.empty() ? nullptr : last_text();
    // The last signature belongs to the last text; others came with parts that the client has no trace of.
    const std::size_t alone = signatures.size() - (signed_text ? 1 : 0);
    for (std::size_t i = 0; i < alone; ++i) text({}, signatures[i]);
    for (const chat::Part& part : message_.parts) {
      if (part.cache_control)
        encoding_.repeated.cache_control.at([&] { return path_of(message_, part) + ".cache_control"; });
      if (is_media(part)) {
        if (auto done = write_media(message_, part, encoding_); !done) return fail(done);
      } else if (const json::Text said = text_of(part); !said.empty()) {
        text(said, &part == signed_text ? signatures.back() : json::Text());
      }
    }
    for (const AnsweredCall& answered : turn_.calls) call(answered);
    return {};
  }

 private:
  const chat::Part* last_text() const {
    const auto says = [](const chat::Part& part) { return !text_of(part).empty(); };
    const auto last = std::ranges::find_if(message_.parts.rbegin(), message_.parts.rend(), says);
    return last == message_.parts.rend() ? nullptr : &*last;
  }

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
    if (encoding_.takes_call_ids()) body.key("id").text(made.id);
    body.key("name").string(tool_name(made.name, encoding_)).key("args");
    if (!append_arguments_object(encoding_.out.body, made))
      encoding_.repeated.arguments.at([&] { return call_path(turn_, answered) + ".function.arguments"; });
    body.end_object();
    const bool is_first = answered.call == turn_.calls.front().call;
    if (const json::Text signature = signatures_.of(made); !signature.empty()) {
      body.key("thoughtSignature").text(signature);
    } else if (is_first && encoding_.capabilities().signatures_required) {
      body.key("thoughtSignature").string(no_signature);
      encoding_.repeated.signature.at([&] { return call_path(turn_, answered); });
    }
    body.end_object();
  }

  const Turn& turn_;
  const chat::Message& message_;
  Encoding& encoding_;
  Signatures signatures_;
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
    encoding.repeated.reasoning.at([&] { return path_of(message) + ".reasoning"; });
}

Result<> write_model_turn(const Turn& turn, Encoding& encoding) {
  return ModelTurn(turn, encoding).write();
}

}  // namespace sluice::dialect::gemini
