#include "dialect/openai/answer_members.hpp"
#include "dialect/openai/openai.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

namespace sluice::dialect::openai {
namespace {

/// The word for what was wrong with the request is the client's to act on; for all else the class is
/// ours, and the provider's word is told beside it.
bool shows_native_code(const Error& error) {
  return !error.native_code().empty() &&
         (error.code() == ErrorCode::upstream_invalid_request || error.code() == ErrorCode::invalid_request);
}

/// Facts about the failure; what the error carries itself counts before what is derived.
void append_metadata(json::Writer& w, const Error& error) {
  json::Document document;
  const auto parsed = document.parse(error.metadata());
  const json::Value facts = parsed ? *parsed : json::Value();
  w.begin_object();
  if (error.upstream_status() != 0 && !facts["upstream_status"].exists())
    w.key("upstream_status").integer(error.upstream_status());
  if (!error.native_code().empty() && !shows_native_code(error) && !facts["upstream_code"].exists())
    w.key("upstream_code").string(error.native_code());
  for (const json::Member& fact : facts.members()) {
    w.key(fact.key);
    append_on_one_line(fact.value.raw(), w.out());
  }
  w.end_object();
}

void append_string_or_null(json::Writer& w, std::string_view text) {
  if (text.empty()) {
    w.null();
  } else {
    w.string(text);
  }
}

}  // namespace

void encode_error(const Error& error, std::string_view request_id, std::string& out) {
  const ErrorTraits& traits = error.traits();
  json::Writer w(out);
  w.begin_object().key("error").begin_object();
  w.key("message").string(error.message());
  w.key("type").string(traits.type);
  w.key("param");
  append_string_or_null(w, error.param());
  w.key("code").string(shows_native_code(error) ? std::string_view(error.native_code()) : traits.name);
  w.key("metadata");
  append_metadata(w, error);
  // The name that the documentation of post-processing steps has for them.
  if (error.code() == ErrorCode::json_repair_failed && !error.metadata().empty())
    w.key("details").raw(error.metadata());
  w.end_object();
  w.key("code").integer(traits.http_status);
  w.key("message").string(error.message());
  w.key("request_id").string(request_id).end_object();
}

void encode_stream_error(const Error& error, std::string_view request_id, std::string& out) {
  out.append("data: ");
  encode_error(error, request_id, out);
  out.append("\n\n");
}

}  // namespace sluice::dialect::openai
