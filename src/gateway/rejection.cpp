#include "gateway/rejection.hpp"

#include "json/patch.hpp"
#include "json/schema/explain.hpp"
#include "json/writer.hpp"

namespace sluice::gateway {
namespace {

void append_facts(json::Writer& w, const Rejected& rejected, std::string_view reason) {
  w.key("step").string(rejected.repair_step ? "json-repair" : "structured-output");
  w.key("reason").string(reason);
  if (rejected.finish) w.key("finish_reason").string(chat::name(*rejected.finish));
  w.key("response_bytes").integer(static_cast<std::int64_t>(rejected.bytes));
  if (!rejected.usage) return;
  w.key("usage").begin_object();
  w.key("input_tokens").integer(rejected.usage->input).key("output_tokens").integer(rejected.usage->output);
  w.end_object();
}

}  // namespace

Error unrepairable(const Rejected& rejected, json::repair::Reason reason) {
  std::string details;
  json::Writer w(details);
  w.begin_object();
  append_facts(w, rejected, json::repair::name(reason));
  w.end_object();
  return Error(ErrorCode::json_repair_failed, "The model response could not be repaired to valid JSON: " +
                                                  std::string(json::repair::message(reason)))
      .with_param(rejected.param)
      .with_metadata(std::move(details));
}

Error mismatched(const Rejected& rejected, const json::schema::Outcome& outcome) {
  std::string details, first = "it could not be checked";
  json::Writer w(details);
  w.begin_object();
  append_facts(w, rejected, "schema_mismatch");
  if (!outcome.violations.empty()) {
    const json::schema::Violation& violation = outcome.violations.front();
    w.key("keyword").string(violation.keyword).key("instance_path").string(violation.instance_path);
    w.key("schema_path").string(violation.schema_path);
    first =
        (violation.instance_path.empty() ? "" : "at " + violation.instance_path + ": ") + violation.message;
  }
  w.end_object();
  return Error(ErrorCode::json_repair_failed, "The model response does not match the JSON Schema: " + first)
      .with_param(rejected.param)
      .with_metadata(std::move(details));
}

std::string body_with_complaint(const chat::Request& request, const Complaint& complaint) {
  std::string messages;
  json::Writer w(messages);
  w.begin_array();
  if (request.from_prompt) {
    w.begin_object()
        .key("role")
        .string("user")
        .key("content")
        .raw(request.source["prompt"].raw())
        .end_object();
  } else {
    for (const json::Value message : request.source["messages"].elements()) w.raw(message.raw());
  }
  if (!complaint.answer.empty())
    w.begin_object().key("role").string("assistant").key("content").string(complaint.answer).end_object();
  w.begin_object().key("role").string("user").key("content");
  w.string("Your last answer was not what was asked for:\n" + complaint.faults +
           "\nGive the whole answer again, corrected, as JSON and nothing else.");
  w.end_object().end_array();

  json::Patch patch(request.source);
  for (std::string_view member : {"prompt", "fallbacks", "fallback_config"}) patch.remove(member);
  patch.set("messages", messages);
  std::string body;
  patch.append_to(body);
  return body;
}

}  // namespace sluice::gateway
