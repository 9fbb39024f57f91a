#include "dialect/gemini/encode_contents.hpp"

#include "dialect/gemini/encode_media.hpp"
#include "dialect/gemini/function_response.hpp"
#include "dialect/gemini/model_turn.hpp"

namespace sluice::dialect::gemini {
namespace {

/// Adjacent parts of one side share an entry. Function responses keep entries of their own: Gemini 3 refuses
/// them beside other parts.
class ContentsWriter {
 public:
  explicit ContentsWriter(Encoding& encoding) : encoding_(encoding), body_(encoding.body) {}

  Result<> write(const History& history);

 private:
  enum class Entry : std::uint8_t { none, user, model, results };

  void enter(Entry entry);
  void leave();
  void fill(std::string_view why);
  void text(json::Text text);
  Result<> user(const chat::Message& message);
  Result<> model(const Turn& turn);
  Result<> results(const Turn& turn);

  Encoding& encoding_;
  json::Writer& body_;
  Entry open_ = Entry::none;
  bool is_empty_ = true;
};

Result<> ContentsWriter::write(const History& history) {
  body_.key("contents").begin_array();
  if (!encoding_.capabilities().system_role) {
    for (const chat::Message& message : history.instructions)
      if (auto done = user(message); !done) return fail(done);
  }
  for (const Turn& turn : history.turns) {
    const chat::Message& message = *turn.message;
    if (!message.name.empty()) encoding_.repeated.name.at([&] { return path_of(message) + ".name"; });
    if (message.cache_control)
      encoding_.repeated.cache_control.at([&] { return path_of(message) + ".cache_control"; });
    if (message.role == chat::Role::assistant) {
      if (auto done = model(turn); !done) return fail(done);
    } else {
      if (auto done = user(message); !done) return fail(done);
    }
  }
  if (is_empty_) fill("Gemini wants at least one message of the user; an empty one was added");
  leave();
  body_.end_array();
  return {};
}

void ContentsWriter::enter(Entry entry) {
  if (entry == open_) return;
  leave();
  if (is_empty_ && entry == Entry::model) {
    fill("Gemini wants the user to begin; an empty message was put first");
    leave();
  }
  body_.begin_object()
      .key("role")
      .string(entry == Entry::model ? "model" : "user")
      .key("parts")
      .begin_array();
  open_ = entry;
  is_empty_ = false;
}

void ContentsWriter::leave() {
  if (open_ != Entry::none) body_.end_array().end_object();
  open_ = Entry::none;
}

void ContentsWriter::fill(std::string_view why) {
  encoding_.changes().add(chat::Change::Kind::repaired, "messages", std::string(why));
  enter(Entry::user);
  text(json::Text(" "));
}

void ContentsWriter::text(json::Text text) {
  body_.begin_object().key("text").text(text).end_object();
}

/// A message of the user, or an instruction that keeps its place in the conversation.
Result<> ContentsWriter::user(const chat::Message& message) {
  const bool instructs = message.role != chat::Role::user;
  if (instructs) encoding_.repeated.instruction.at([&] { return path_of(message) + ".role"; });
  for (const chat::Part& part : message.parts) {
    if (part.cache_control)
      encoding_.repeated.cache_control.at([&] { return path_of(message, part) + ".cache_control"; });
    if (is_media(part)) {
      enter(Entry::user);
      if (auto done = write_media(message, part, encoding_); !done) return fail(done);
    } else if (const json::Text said = text_of(part); !said.empty()) {
      enter(Entry::user);
      if (instructs) {
        text(json::Text("<system>\\n" + std::string(said.escaped()) + "\\n</system>"));
      } else {
        text(said);
      }
    }
  }
  return {};
}

Result<> ContentsWriter::model(const Turn& turn) {
  report_lost_reasoning(*turn.message, encoding_);
  if (!has_parts(*turn.message)) return {};
  enter(Entry::model);
  if (auto done = write_model_turn(turn, encoding_); !done) return fail(done);
  return results(turn);
}

Result<> ContentsWriter::results(const Turn& turn) {
  if (turn.calls.empty()) return {};
  enter(Entry::results);
  for (const AnsweredCall& call : turn.calls)
    if (auto done = write_function_response(call, encoding_); !done) return fail(done);
  for (const AnsweredCall& call : turn.calls) {
    for (const chat::Part* part : media_behind(call, encoding_)) {
      encoding_.repeated.media_in_result.at([&] { return path_of(*call.result, *part); });
      enter(Entry::user);
      text(json::Text(caption(call)));
      if (auto done = write_media(*call.result, *part, encoding_); !done) return fail(done);
    }
  }
  return {};
}

}  // namespace

Result<> write_contents(const History& history, Encoding& encoding) {
  return ContentsWriter(encoding).write(history);
}

}  // namespace sluice::dialect::gemini
