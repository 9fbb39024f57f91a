#pragma once
// What a model answers, as a sequence of events. A whole answer is the same sequence, given at once, so that
// streaming and non-streaming cannot disagree.
//
// Order per choice: Start first (once per answer); deltas in any mix; a ToolCallStart before the deltas of
// its call; exactly one Finish; Usage any number of times (the last one counts); End last, after success
// only. A failure is not an event: the decoder returns it.

#include "base/error.hpp"
#include "chat/change.hpp"
#include "chat/usage.hpp"
#include "json/document.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::chat {

enum class FinishReason : std::uint8_t { stop, length, tool_calls, content_filter };
std::string_view name(FinishReason reason);

struct Start {
  json::Text id;             ///< the provider's id of the answer; empty if it gives none
  json::Text model;          ///< the model that the provider names; empty if it names none
  std::int64_t created = 0;  ///< seconds since 1970; 0 if the provider does not say
};

struct TextDelta {
  std::uint32_t choice = 0;
  json::Text text;
};

struct RefusalDelta {
  std::uint32_t choice = 0;
  json::Text text;
};

/// Readable reasoning. `detail` is the reasoning block it belongs to (0, 1, ... per choice) where the block
/// must survive a round trip, and `format` its family; -1 where the text alone is all there is.
struct ReasoningDelta {
  std::uint32_t choice = 0;
  json::Text text;
  std::int32_t detail = -1;
  std::string_view format;
  bool summary = false;  ///< what the provider tells of the thoughts, not the thoughts themselves
};

/// The signature of reasoning block `detail`; comes behind its text.
struct ReasoningSignature {
  std::uint32_t choice = 0;
  std::int32_t detail = 0;
  json::Text signature;
  std::string_view format;
};

/// A whole reasoning block that only its own family can read (redacted thinking, encrypted items, a signature
/// of plain text).
struct ReasoningOpaque {
  std::uint32_t choice = 0;
  std::int32_t detail = 0;
  json::Text data;
  json::Text id;
  std::string_view format;
};

/// A reasoning_details entry that came in OpenRouter's form already; passed on as it is.
struct ReasoningDetail {
  std::uint32_t choice = 0;
  json::Value entry;
};

/// Calls are numbered 0, 1, 2, ... per choice in the order of their starts, whatever the provider's numbers
/// are.
struct ToolCallStart {
  std::uint32_t choice = 0;
  std::uint32_t call = 0;
  json::Text id;         ///< unique in the answer, never empty
  json::Text name;       ///< the client's name for the tool
  json::Text signature;  ///< Gemini's thought signature; empty if none
  bool custom = false;
};

/// A piece of a call's arguments. Every call gets at least one; the pieces of a complete call join to JSON.
struct ToolCallDelta {
  std::uint32_t choice = 0;
  std::uint32_t call = 0;
  json::Text arguments;
  bool custom = false;
};

/// A citation in OpenAI's form (`{"type":"url_citation",...}`).
struct Annotation {
  std::uint32_t choice = 0;
  std::string_view json;
};

/// An image that the model made, as a content part (`{"type":"image_url","image_url":{"url":"data:..."}}`).
struct Image {
  std::uint32_t choice = 0;
  std::string_view json;
};

/// A member that OpenAI's dialect has and this model has no word for (`logprobs`, `system_fingerprint`,
/// vendors' own members): kept by name so that it reaches the client.
struct Extra {
  enum class Place : std::uint8_t { answer, choice, message };
  Place place = Place::answer;
  std::uint32_t choice = 0;
  json::Text name;
  std::string_view json;
};

struct UsageUpdate {
  Usage usage;
  json::Value native;  ///< the provider's own object if it is OpenAI's dialect, for members we do not know
};

struct Finish {
  std::uint32_t choice = 0;
  FinishReason reason = FinishReason::stop;
  json::Text native;         ///< the provider's word; empty if it gave none
  json::Text stop_sequence;  ///< the sequence that ended it, where the provider tells
};

struct End {};

/// The provider's own JSON behind the events that follow, in OpenAI's dialect. A client of the same dialect
/// gets it as it is where `conforms`; the events tell the same.
struct Native {
  json::Value json;
  bool conforms = false;
};

/// Receives events in order. Texts and slices are valid only during the call.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on(const Start&) = 0;
  virtual void on(const TextDelta&) = 0;
  virtual void on(const RefusalDelta&) {}
  virtual void on(const ReasoningDelta&) {}
  virtual void on(const ReasoningSignature&) {}
  virtual void on(const ReasoningOpaque&) {}
  virtual void on(const ReasoningDetail&) {}
  virtual void on(const ToolCallStart&) = 0;
  virtual void on(const ToolCallDelta&) = 0;
  virtual void on(const Annotation&) {}
  virtual void on(const Image&) {}
  virtual void on(const Extra&) {}
  virtual void on(const UsageUpdate&) = 0;
  virtual void on(const Finish&) = 0;
  virtual void on(const End&) = 0;
  /// Brackets the events of one piece of native JSON; see Native.
  virtual void begin_native(const Native&) {}
  virtual void end_native() {}
};

}  // namespace sluice::chat
