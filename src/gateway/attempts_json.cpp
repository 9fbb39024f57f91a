#include "gateway/attempts_json.hpp"

#include "json/writer.hpp"

namespace sluice::gateway {
namespace {

constexpr std::size_t longest_message = 500;

void append_outline(json::Writer& w, const Attempt& attempt) {
  w.key("provider").string(attempt.target->provider->name);
  w.key("model").string(attempt.target->model);
  w.key("why").string(name(attempt.why));
  if (attempt.status != 0) w.key("status").integer(attempt.status);
  if (attempt.error) w.key("error").string(attempt.error->traits().name);
}

void append_details(json::Writer& w, const Attempt& attempt) {
  w.key("region").string(attempt.target->regions.text(","));
  if (!attempt.address.empty()) w.key("address").string(attempt.address);
  if (attempt.error) {
    w.key("fault").string(name(attempt.error->traits().fault));
    w.key("message").string(attempt.error->message().substr(0, longest_message));
  }
  struct Time {
    std::string_view name;
    std::uint32_t value;
  };
  w.key("began_us").integer(attempt.began_us);
  for (const Time& time :
       {Time{"connect_us", attempt.connect_us}, Time{"sent_us", attempt.sent_us},
        Time{"first_byte_us", attempt.first_byte_us}, Time{"first_token_us", attempt.first_token_us},
        Time{"ended_us", attempt.ended_us}})
    if (time.value != 0) w.key(time.name).integer(time.value);
}

std::string attempts_json(const Story& story, bool details) {
  std::string out;
  json::Writer w(out);
  w.begin_array();
  for (const Attempt& attempt : story.attempts) {
    w.begin_object();
    append_outline(w, attempt);
    if (details) append_details(w, attempt);
    w.end_object();
  }
  w.end_array();
  return out;
}

}  // namespace

std::string_view name(Attempt::Why why) {
  switch (why) {
    case Attempt::Why::first:
      return "first";
    case Attempt::Why::other_target:
      return "other_target";
    case Attempt::Why::other_model:
      return "other_model";
    case Attempt::Why::again:
      return "again";
    case Attempt::Why::corrected:
      return "corrected";
  }
  return "first";
}

std::string attempts_for_client(const Story& story) {
  return attempts_json(story, false);
}

std::string attempts_for_record(const Story& story) {
  return story.attempts.empty() ? std::string() : attempts_json(story, true);
}

}  // namespace sluice::gateway
