#pragma once
// dialect: how each vendor writes the same conversation.
//
// A dialect turns a chat::Request into a provider's request, and what the provider answers into chat events.
// It is pure: no socket, clock, log or configuration; what it needs comes as an argument, so that files can
// pin every behaviour.
//
//   client JSON --openai::decode_request--> chat::Request --Dialect::encode_request--> provider's request
//   client JSON <--openai::AnswerEncoder--- chat events  <--Dialect::decode_response-- provider's body
//   client SSE  <--openai::StreamEncoder--- chat events  <--StreamDecoder------------- provider's stream
//
// To add one: a folder with these functions, one file each; a row in registry.cpp; cases in testdata/.
// Nothing else changes.

#include "base/result.hpp"
#include "base/secret.hpp"
#include "catalog/capabilities.hpp"
#include "chat/change.hpp"
#include "chat/event.hpp"
#include "chat/request.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sluice::dialect {

struct HostProfile;

/// How a cloud serves another vendor's API, as far as the base address does not tell.
struct Cloud {
  /// Azure: the path of chat completions names the model, which is a deployment.
  bool deployments = false;
  /// Google's Vertex AI: models are behind /models/, and Anthropic's version is a member of the body.
  bool vertex = false;
  std::string query;  ///< behind the paths of OpenAI's APIs, with its `?`: Azure's api-version
};
inline const Cloud no_cloud;

/// What a request is encoded for.
struct Target {
  std::string_view model;  ///< the provider's name for it
  const catalog::Capabilities& capabilities;
  const HostProfile& host;  ///< how this OpenAI-compatible host deviates; other dialects ignore it
  const Cloud& cloud = no_cloud;
};

/// Tool names that a provider would refuse, and what was sent in their place. Usually empty.
class RenamedTools {
 public:
  /// The name to send for `name`: itself where it fits `max_length` and [a-zA-Z0-9_-], else a stable
  /// replacement that no other tool of the request has. Remembers it for restore(). Ask for the tools in
  /// their order before anything else (history calls, tool_choice), so that replacements stay the same from
  /// turn to turn. `name` must live as long as sent() is called; the result as long as both.
  /// `letter_first` asks for a letter or `_` at the start.
  std::string_view sent(json::Text name, std::size_t max_length, bool letter_first = false);
  /// The client's name for what the provider calls `sent`; names it never gave out are returned as they are.
  json::Text restore(json::Text sent) const;

 private:
  struct Pair {
    std::string original_escaped, sent;
  };

  std::vector<std::unique_ptr<Pair>> pairs_;
  std::unordered_map<std::string_view, const Pair*> by_original_, by_sent_;
  std::vector<std::string_view> kept_;          ///< names that were sent as they are, not yet in `taken_`
  std::unordered_set<std::string_view> taken_;  ///< the others of them; filled once a replacement is needed
};

struct Header {
  std::string name;  ///< lower case
  std::string value;
};

/// A request ready to be sent. `pieces` view `body`, `patch_storage` and the client's body.
struct Outgoing {
  std::string path;  ///< behind the provider's base address, with query
  std::vector<Header> headers;
  std::string body;                        ///< what the encoder wrote
  std::vector<std::string_view> pieces;    ///< the body to send in order, where it is not `body` alone
  std::vector<std::string> patch_storage;  ///< texts that pieces view
  RenamedTools renamed_tools;
  chat::Changes changes;
};

/// What proves to a provider who asks; empty where there is none.
struct Credentials {
  Secret api_key;  ///< sent as the provider wants it
  /// OAuth: sent as Bearer, in place of an api_key.
  Secret access_token;
  /// OpenAI's APIs: the api_key goes into the field `api-key`, not into `authorization`.
  bool api_key_field = false;
  /// AWS: without an api_key, requests are signed with these.
  Secret access_key_id, secret_access_key, session_token;
  std::string region;  ///< AWS' name for it; part of a signature
};

/// Where and when a request goes, as far as a signature covers it. It is a POST of JSON.
struct Destination {
  std::string_view host;  ///< value of the Host field
  std::string_view path;  ///< in front of Outgoing::path, without a slash at its end
  std::int64_t now = 0;   ///< unix seconds
};

/// The type of every body that is sent.
inline constexpr std::string_view body_type = "application/json";

/// What a decoder must know of the request that it answers. Must outlive the decoder.
struct AnswerContext {
  const RenamedTools& renamed_tools;
  std::uint64_t seed = 0;  ///< makes minted tool call ids unique across answers
  bool legacy_functions = false;
  bool custom_tools = false;  ///< the client offered tools of its own that take text
  std::string_view reasoning_format = "openai-responses-v1";  ///< HostProfile::reasoning_format
};

/// Events of one streamed answer. One per answer. Framing is done: it gets whole messages (SSE events, AWS
/// event-stream messages) in order.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  /// `type` is the name of the event, or empty where the framing has none; `data` its data. An error ends the
  /// answer. What the framing itself marks as a failure (AWS exceptions) goes to Dialect::decode_error
  /// instead.
  virtual Result<> on_message(std::string_view type, std::string_view data, chat::EventSink& sink) = 0;
  /// The provider closed the stream. Fails with upstream_truncated if the answer was cut short.
  virtual Result<> finish(chat::EventSink& sink) = 0;
  /// True once nothing more is expected (`[DONE]`, message_stop): the connection can be let go.
  virtual bool done() const = 0;
};

/// What a provider said beside the body; names are lower case.
struct ErrorAnswer {
  int status = 0;
  std::string_view body;
  std::string_view content_type;
  std::string_view retry_after;  ///< seconds or a date
  std::string_view retry_after_ms;
  std::string_view error_type;  ///< x-amzn-errortype, or the type of an exception in a stream
  std::int64_t now = 0;         ///< unix seconds, for dates
};

/// How a dialect's streams are cut into messages.
enum class Framing : std::uint8_t { sse, aws_event_stream, ndjson };

/// The media type of such a stream.
constexpr std::string_view media_type(Framing framing) {
  constexpr std::array<std::string_view, 3> types{"text/event-stream", "application/vnd.amazon.eventstream",
                                                  "application/x-ndjson"};
  return types[static_cast<std::size_t>(framing)];
}

/// One wire format. Rows are listed in registry.cpp.
struct Dialect {
  std::string_view api;     ///< as in configuration: `anthropic.messages`
  bool of_clients = false;  ///< clients speak it: its providers judge what chat::Request::doubt is about
  Framing framing = Framing::sse;

  /// Is given requests in doubt (chat::Request::doubt) only where clients speak this dialect.
  /// Fails with the client's fault only (unsupported content, say); what is merely not available is dropped
  /// or mapped and reported in `out.changes`.
  Result<> (*encode_request)(const chat::Request& request, const Target& target, Outgoing& out) = nullptr;
  /// Puts the credential, or what it proves, where this provider wants it. The body must be complete.
  void (*authorize)(const Credentials& credentials, const Destination& to, Outgoing& out) = nullptr;
  /// A whole 2xx body. Emits the same events as a stream would. Fails if it is an error after all.
  Result<> (*decode_response)(std::string_view body, const AnswerContext& context,
                              chat::EventSink& sink) = nullptr;
  std::unique_ptr<StreamDecoder> (*new_stream_decoder)(const AnswerContext& context) = nullptr;
  /// A non-2xx answer.
  Error (*decode_error)(const ErrorAnswer& answer) = nullptr;
};

/// The dialect of that name; nullptr if there is none.
const Dialect* find(std::string_view api);
/// All of them.
std::span<const Dialect> all();

}  // namespace sluice::dialect
