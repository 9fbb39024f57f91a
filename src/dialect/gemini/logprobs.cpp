#include "dialect/gemini/logprobs.hpp"

#include "json/writer.hpp"

namespace sluice::dialect::gemini {
namespace {

/// The members `token`, `logprob` and `bytes` of an open object.
void write_token(json::Writer& writer, json::Value candidate) {
  const json::Text token = candidate["token"].text();
  const json::Value probability = candidate["logProbability"];
  writer.key("token").text(token);
  writer.key("logprob").raw(probability.is_number() ? probability.raw() : "0");
  writer.key("bytes").begin_array();
  std::string buffer;
  for (const char c : token.decode(buffer)) writer.integer(static_cast<unsigned char>(c));
  writer.end_array();
}

}  // namespace

void append_logprobs(std::string& out, json::Value logprobs_result) {
  json::Writer writer(out);
  writer.begin_object().key("content").begin_array();
  // topCandidates[i] holds the alternatives of chosenCandidates[i].
  const json::Elements tops = logprobs_result["topCandidates"].elements();
  auto top = tops.begin();
  for (json::Value chosen : logprobs_result["chosenCandidates"].elements()) {
    writer.begin_object();
    write_token(writer, chosen);
    writer.key("top_logprobs").begin_array();
    if (!(top == tops.end())) {
      for (json::Value candidate : (*top)["candidates"].elements()) {
        writer.begin_object();
        write_token(writer, candidate);
        writer.end_object();
      }
      ++top;
    }
    writer.end_array().end_object();
  }
  writer.end_array().key("refusal").null().end_object();
}

}  // namespace sluice::dialect::gemini
