#include "gateway/repair_answer.hpp"

#include "json/document.hpp"
#include "json/repair/repair.hpp"
#include "json/schema/explain.hpp"

#include <algorithm>

namespace sluice::gateway {
namespace {

using chat::FinishReason;
using json::schema::Schema;

std::string place(std::uint32_t choice, std::string_view behind) {
  return "choices[" + std::to_string(choice) + "].message" + std::string(behind);
}

/// Prefers the reading that fits the schema.
class FitsSchema final : public json::repair::Judge {
 public:
  explicit FitsSchema(const Schema& schema) : schema_(schema) {}
  bool accepts(std::string_view json) const override {
    json::Document document;
    const auto value = document.parse(json);
    return value && schema_.judge(*value, check_limits) == json::schema::Verdict::valid;
  }

 private:
  const Schema& schema_;
};

/// Nothing if it fits. The text is valid JSON.
std::optional<json::schema::Outcome> misfit(const Schema& schema, std::string_view json) {
  json::Document document;
  const auto value = document.parse(json, {.max_depth = json::Limits::most_depth});
  if (!value) return json::schema::Outcome{.verdict = json::schema::Verdict::gave_up, .violations = {}};
  auto outcome = schema.check(*value, check_limits);
  if (outcome.valid()) return std::nullopt;
  return outcome;
}

}  // namespace

RepairAnswer::Choice& RepairAnswer::choice(std::uint32_t index) {
  const auto found = std::ranges::find(choices_, index, &Choice::index);
  return found != choices_.end() ? *found : choices_.emplace_back(Choice{.index = index});
}

void RepairAnswer::on(const chat::TextDelta& e) {
  Choice& c = choice(e.choice);
  c.has_text = true;
  c.text.append(e.text.escaped());
}

void RepairAnswer::on(const chat::RefusalDelta& e) {
  choice(e.choice).refused = true;
  next_.on(e);
}

void RepairAnswer::on(const chat::ToolCallStart& e) {
  auto& calls = choice(e.choice).calls;
  if (calls.size() <= e.call) calls.resize(e.call + 1);
  calls[e.call] = {.name = e.name.decode(), .arguments = {}, .custom = e.custom};
  next_.on(e);
}

void RepairAnswer::on(const chat::ToolCallDelta& e) {
  auto& calls = choice(e.choice).calls;
  if (!form_.repair_step || e.custom || e.call >= calls.size()) return next_.on(e);
  calls[e.call].arguments.append(e.arguments.escaped());
}

void RepairAnswer::on(const chat::UsageUpdate& e) {
  usage_ = e.usage;
  next_.on(e);
}

void RepairAnswer::on(const chat::Finish& e) {
  Choice& c = choice(e.choice);
  c.reason = e.reason;
  c.native_finish = e.native.escaped();
  c.stop_sequence = e.stop_sequence.escaped();
}

void RepairAnswer::on(const chat::End& e) {
  for (const Choice& c : choices_)
    if (!settle(c)) return;
  for (const Choice& c : choices_)
    next_.on(chat::Finish{.choice = c.index,
                          .reason = c.reason,
                          .native = json::Text(c.native_finish),
                          .stop_sequence = json::Text(c.stop_sequence)});
  // The provider's own bytes still tell the answer where nothing was changed.
  if (native_ && !many_natives_ && !changed_) {
    next_.begin_native(*native_);
    next_.end_native();
  }
  next_.on(e);
}

void RepairAnswer::begin_native(const chat::Native& native) {
  many_natives_ = native_.has_value();
  native_ = native;
}

Rejected RepairAnswer::rejected(const Choice& choice, std::string param, std::size_t bytes) const {
  return {.param = std::move(param),
          .repair_step = form_.repair_step,
          .bytes = bytes,
          .finish = choice.reason,
          .usage = usage_ ? &*usage_ : nullptr};
}

bool RepairAnswer::reject(Error error, std::string answer, std::string faults) {
  if (form_.kind != AnswerForm::Kind::text)
    complaint_ = Complaint{.answer = std::move(answer), .faults = std::move(faults)};
  failure_ = std::move(error);
  return false;
}

bool RepairAnswer::settle(const Choice& choice) {
  if (!settle_content(choice)) return false;
  if (!form_.repair_step) return true;
  for (std::uint32_t i = 0; i < choice.calls.size(); ++i)
    if (!choice.calls[i].custom && !settle_call(choice, i)) return false;
  return true;
}

bool RepairAnswer::settle_content(const Choice& choice) {
  const json::Text as_written(choice.text);
  const auto leave = [&] {
    if (choice.has_text) next_.on(chat::TextDelta{.choice = choice.index, .text = as_written});
    return true;
  };
  const bool excused =
      choice.refused || !choice.calls.empty() || choice.reason == FinishReason::content_filter;
  if (excused && choice.text.empty()) return leave();
  if (!choice.has_text && form_.kind == AnswerForm::Kind::text) return leave();

  const std::string plain = as_written.decode();
  std::string buffer;
  const std::optional<FitsSchema> judge =
      form_.schema ? std::optional<FitsSchema>(*form_.schema) : std::nullopt;
  const auto repaired = json::repair::whole(
      plain, buffer, {.object = form_.wants_object(), .judge = judge ? &*judge : nullptr});
  const std::string param = place(choice.index, ".content");
  if (!repaired) {
    if (excused || (choice.reason == FinishReason::length && !form_.repair_step)) return leave();
    return reject(unrepairable(rejected(choice, param, plain.size()), repaired.error()), plain,
                  "- " + std::string(json::repair::message(repaired.error())));
  }
  if (form_.schema && choice.reason != FinishReason::length) {
    if (const auto misfits = misfit(*form_.schema, repaired->json)) {
      if (excused) return leave();
      return reject(mismatched(rejected(choice, param, plain.size()), *misfits), plain,
                    json::schema::explain(*misfits));
    }
  }
  if (!repaired->changed()) return leave();
  changed_ = true;
  changes_.add(chat::Change::Kind::repaired, param, "put right: " + repaired->fixes.names());
  const std::string escaped = json::escape(repaired->json);
  next_.on(chat::TextDelta{.choice = choice.index, .text = json::Text(escaped)});
  return true;
}

bool RepairAnswer::settle_call(const Choice& choice, std::uint32_t number) {
  const Call& call = choice.calls[number];
  const bool cut = choice.reason == FinishReason::length;
  const std::string plain = json::Text(call.arguments).decode();
  const std::string param =
      place(choice.index, ".tool_calls[" + std::to_string(number) + "].function.arguments");
  std::string buffer;
  const auto repaired =
      json::repair::whole(plain, buffer, {.object = true, .empty_is_object = true, .drop_cut_scalar = cut});
  if (!repaired) return reject(unrepairable(rejected(choice, param, plain.size()), repaired.error()), {}, {});
  if (const Schema* schema = cut ? form_.tool_schema(call.name) : nullptr)
    if (const auto misfits = misfit(*schema, repaired->json))
      return reject(mismatched(rejected(choice, param, plain.size()), *misfits), {}, {});
  const auto tell = [&](json::Text arguments) {
    next_.on(chat::ToolCallDelta{.choice = choice.index, .call = number, .arguments = arguments});
    return true;
  };
  if (!repaired->changed()) return tell(json::Text(call.arguments));
  changed_ = true;
  changes_.add(chat::Change::Kind::repaired, param, "put right: " + repaired->fixes.names());
  const std::string escaped = json::escape(repaired->json);
  return tell(json::Text(escaped));
}

}  // namespace sluice::gateway
