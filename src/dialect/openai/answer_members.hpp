#pragma once
// Members of answers that whole answers and stream chunks have in common.

#include "chat/event.hpp"
#include "chat/response.hpp"
#include "dialect/openai/openai.hpp"
#include "json/writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dialect::openai {

/// Whether JSON stands on several lines. Line breaks would end an SSE line; outside of strings they are white
/// space, and inside JSON has none.
bool has_line_breaks(std::string_view json);
/// Appends JSON without its line breaks.
void append_on_one_line(std::string_view json, std::string& out);

/// Whether the gateway writes a member of that name itself, so that a provider's must not stand beside it;
/// also of padding, which has done its work on the way here.
bool is_ours(chat::Extra::Place place, json::Text name);
/// Whether a top-level member of a provider's answer stays where that is passed on.
bool passes_on(json::Text name);

/// Appends `"name":value` for each; `w` stands inside an object.
void append_extras(json::Writer& w, chat::Extra::Place place, const std::vector<chat::ExtraMember>& extras);

/// `"id":...`: the provider's, else one made of the request's. With quotes.
std::string answer_id(json::Text provider_id, const Envelope& envelope);

/// OpenAI's word; a client that speaks `functions` knows `function_call`.
std::string_view finish_word(chat::FinishReason reason, const Envelope& envelope);

/// An entry of `reasoning_details`, or a fragment of one. Empty texts are left out.
struct ReasoningEntry {
  chat::ReasoningBlock::Kind kind = chat::ReasoningBlock::Kind::text;  ///< not Kind::entry
  json::Text content;                                                  ///< text, or data of Kind::opaque
  json::Text signature, id;
  std::string_view format;
  std::int32_t index = 0;
};
void append_reasoning_entry(json::Writer& w, const ReasoningEntry& entry);

/// A tool call in OpenAI's form.
struct CallView {
  std::optional<std::uint32_t> index;  ///< streams: its number
  json::Text id, name, arguments, signature;
  bool custom = false;
};
void append_call(json::Writer& w, const CallView& call);

/// Whether `sluice` has anything to say.
bool has_report(const Envelope& envelope);
/// Appends the value of `sluice`: attempts, and what was done differently from what was asked.
void append_report(json::Writer& w, const Envelope& envelope);

}  // namespace sluice::dialect::openai
