#include "simulate/scenario.hpp"

#include "json/document.hpp"
#include "json/writer.hpp"
#include "simulate/contains.hpp"
#include "simulate/example_value.hpp"
#include "simulate/mentioned_tools.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::simulate {
namespace {

std::vector<Call> plan_calls(const Reading& reading);
std::string answer_text(const Reading& reading, std::size_t max_words);
/// What the answer is to be: as the request says in its own words, or as its instructions do.
struct Form {
  Format format = Format::text;
  std::string schema;
};
Form wanted_form(const Reading& reading);
std::string document(const Reading& reading, const Form& form, std::size_t max_words);
std::string reasoning_text(const Reading& reading, const Plan& plan, std::size_t max_words);
void obey_stops(const Reading& reading, Plan& plan);
void obey_token_limit(const Reading& reading, Plan& plan);

constexpr std::size_t most_filler_words = 20'000;
constexpr std::size_t most_rounds = 1'000;

/// The number behind a word, as in `loop 3`; nothing if the word is not there with a number.
std::optional<std::size_t> number_behind(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    std::size_t number = 0;
    const std::string_view digits = text.substr(at + word.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc()) return number;
  }
  return std::nullopt;
}

/// At most so many words of a text; an ellipsis stands for the rest.
std::string first_words(std::string_view text, std::size_t most) {
  constexpr std::string_view blanks = " \t\r\n";
  std::size_t at = text.find_first_not_of(blanks);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at;
  for (std::size_t words = 0; at < text.size(); ++words) {
    if (words == most) return std::string(trim(text.substr(begin, at - begin))) + " …";
    at = std::min(text.find_first_of(blanks, at), text.size());
    at = std::min(text.find_first_not_of(blanks, at), text.size());
  }
  return std::string(trim(text.substr(begin)));
}

}  // namespace

std::vector<Plan> plan_answer(const Reading& reading, std::size_t max_words) {
  Plan plan;
  plan.calls = plan_calls(reading);
  const Form form = wanted_form(reading);
  if (!plan.calls.empty()) {
    plan.finish = Finish::calls;
    if (reading.speaks_before_calls && reading.tool_use == ToolUse::automatic)
      plan.text = "I will call " + plan.calls.front().name + ".";
  } else {
    plan.text =
        form.format == Format::text ? answer_text(reading, max_words) : document(reading, form, max_words);
  }
  if (reading.reasoning != Reasoning::none) plan.reasoning = reasoning_text(reading, plan, max_words);

  std::vector<Plan> plans;
  for (std::size_t i = 0; i < reading.choices; ++i) {
    Plan choice = plan;
    if (i > 0 && form.format == Format::text && plan.calls.empty())
      choice.text.insert(0, "Choice " + std::to_string(i + 1) + ". ");
    obey_stops(reading, choice);
    obey_token_limit(reading, choice);
    if (reading.reasoning != Reasoning::shown) choice.reasoning.clear();
    plans.push_back(std::move(choice));
  }
  return plans;
}

namespace {

// ---- tools --------------------------------------------------------------------------------------

bool is_allowed(const Reading& reading, const Tool& tool) {
  return reading.allowed_tools.empty() || contains(reading.allowed_tools, tool.name);
}

Call make_call(const Tool& tool, std::string_view wishes) {
  if (tool.takes_text) return {tool.name, wishes.empty() ? "example input" : std::string(wishes), true};
  json::Document schema;
  json::Document wished;
  json::Value schema_value;
  json::Value wish;
  if (!tool.schema.empty()) {
    if (const auto parsed = schema.parse(tool.schema)) schema_value = *parsed;
  }
  if (!wishes.empty()) {
    if (const auto parsed = wished.parse(wishes)) wish = *parsed;
  }
  if (!schema_value.is_object()) return {tool.name, wish.is_object() ? std::string(wishes) : "{}"};
  std::string arguments = example_value(schema_value, wish, Fill::required);
  if (!arguments.starts_with('{')) arguments = "{}";
  return {tool.name, std::move(arguments)};
}

/// A tool goes on being called while the first message asked for more rounds than there are results.
bool loops(const Reading& reading) {
  const auto rounds = number_behind(reading.first_user_text, "loop ");
  return rounds && reading.results_in_history < std::min(*rounds, most_rounds);
}

std::vector<Call> plan_calls(const Reading& reading) {
  std::vector<Tool> offered;
  for (const Tool& tool : reading.tools)
    if (is_allowed(reading, tool)) offered.push_back(tool);
  if (offered.empty() || reading.tool_use == ToolUse::none) return {};

  const bool forced = reading.tool_use == ToolUse::forced;
  const bool looping = loops(reading);
  if (!reading.results.empty() && !forced && !looping) return {};
  std::vector<Mention> mentions = mentioned_tools(reading.last_user_text, offered);
  if (mentions.empty() && (forced || looping))
    mentions.push_back({0, std::string(first_json_object(reading.last_user_text))});
  if (mentions.size() > 1 && (!reading.parallel_calls || looping)) mentions.resize(1);

  std::vector<Call> calls;
  for (const Mention& mention : mentions) calls.push_back(make_call(offered[mention.tool], mention.wishes));
  return calls;
}

// ---- text ---------------------------------------------------------------------------------------

void append_filler(std::string& out, std::size_t words) {
  constexpr std::array filler{"the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "and"};
  for (std::size_t i = 0; i < words; ++i) out.append(" ").append(filler[i % filler.size()]);
}

std::string count_of(std::size_t number, std::string_view one) {
  return std::to_string(number) + ' ' + std::string(one) + (number == 1 ? "" : "s");
}

void append_attachments(const Reading& reading, std::string& out) {
  std::vector<std::string> sent;
  if (reading.images > 0) sent.push_back(count_of(reading.images, "image"));
  if (reading.documents > 0) sent.push_back(count_of(reading.documents, "document"));
  if (reading.recordings > 0) sent.push_back(count_of(reading.recordings, "recording"));
  for (std::size_t i = 0; i < sent.size(); ++i)
    out.append(i == 0 ? " You sent " : " and ").append(sent[i]).append(i + 1 == sent.size() ? "." : "");
}

std::string answer_text(const Reading& reading, std::size_t max_words) {
  std::string out = "This is a simulated answer from " + reading.model + ".";
  if (!reading.results.empty()) {
    for (const ToolResult& result : reading.results)
      out.append(" ")
          .append(result.name)
          .append(" returned: \"")
          .append(first_words(result.text, max_words))
          .append("\".");
    return out;
  }
  const std::string said = first_words(reading.last_user_text, max_words);
  out.append(said.empty() ? " You said nothing." : " You said: \"" + said + "\"");
  append_attachments(reading, out);
  if (const auto words = number_behind(reading.last_user_text, "write ");
      words && reading.last_user_text.contains(" words"))
    append_filler(out, std::min(*words, most_filler_words));
  return out;
}

/// The first object in a text that reads like a JSON schema; empty if there is none.
std::string_view schema_in(std::string_view text) {
  while (true) {
    const std::string_view object = first_json_object(text);
    if (object.empty()) return {};
    json::Document document;
    const auto value = document.parse(object);
    for (const std::string_view keyword : {"type", "properties", "$ref", "anyOf", "enum"})
      if (value && (*value)[keyword].exists()) return object;
    text.remove_prefix(static_cast<std::size_t>(object.data() - text.data()) + object.size());
  }
}

/// Models that take no format, or no schema, are told in words to answer only in JSON, and a good one does.
Form wanted_form(const Reading& reading) {
  if (reading.format == Format::json_schema) return {reading.format, reading.schema};
  const std::string_view told = reading.instructions;
  if (!icontains(told, "json") || !(icontains(told, "nothing else") || icontains(told, "only")))
    return {reading.format, {}};
  const std::string_view schema = schema_in(told);
  return {schema.empty() ? Format::json_object : Format::json_schema, std::string(schema)};
}

/// A JSON document: of the schema, or of our own making.
std::string document(const Reading& reading, const Form& form, std::size_t max_words) {
  if (form.format == Format::json_schema) {
    json::Document schema;
    json::Document wished;
    json::Value wish;
    const std::string_view wishes = first_json_object(reading.last_user_text);
    if (!wishes.empty()) {
      if (const auto parsed = wished.parse(wishes)) wish = *parsed;
    }
    if (const auto parsed = schema.parse(form.schema)) return example_value(*parsed, wish, Fill::all);
  }
  std::string out;
  json::Writer(out)
      .begin_object()
      .key("simulated")
      .boolean(true)
      .key("model")
      .string(reading.model)
      .key("you_said")
      .string(first_words(reading.last_user_text, max_words))
      .end_object();
  return out;
}

std::string reasoning_text(const Reading& reading, const Plan& plan, std::size_t max_words) {
  std::string out = "I am a simulator, so I only pretend to think. The user said: \"" +
                    first_words(reading.last_user_text, max_words) + "\".";
  if (!plan.calls.empty()) {
    out += " I need " + plan.calls.front().name + " for that.";
  } else if (!reading.results.empty()) {
    out += " The tools have answered, so I can quote them.";
  } else {
    out += " I will say that I have heard it.";
  }
  return out;
}

// ---- limits -------------------------------------------------------------------------------------

void obey_stops(const Reading& reading, Plan& plan) {
  std::size_t first = std::string::npos;
  for (const std::string& stop : reading.stops) {
    const std::size_t at = stop.empty() ? std::string::npos : plan.text.find(stop);
    if (at >= first) continue;
    first = at;
    plan.stop_sequence = stop;
  }
  if (first == std::string::npos) return;
  plan.text.resize(first);
  plan.calls.clear();
  plan.finish = Finish::stop_sequence;
}

/// Cuts a text to so many tokens, between characters.
bool cut_to(std::string& text, std::size_t tokens) {
  std::size_t bytes = tokens * 4;
  if (text.size() <= bytes) return false;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) --bytes;
  text.resize(bytes);
  return true;
}

/// Reasoning, text and calls spend the limit in this order. Where it ends, the answer does: a call that it
/// falls into keeps the arguments so far, those behind it are not made.
void obey_token_limit(const Reading& reading, Plan& plan) {
  std::size_t left = reading.max_tokens.value_or(std::size_t{1} << 40);
  const auto spend = [&](std::string& text) {
    const bool cut = cut_to(text, left);
    const std::size_t tokens = tokens_in(text.size());
    left -= std::min(left, tokens);
    plan.output_tokens += tokens;
    return cut;
  };
  bool over = spend(plan.reasoning);
  plan.reasoning_tokens = plan.output_tokens;
  if (over) plan.text.clear();
  over = spend(plan.text) || over;
  std::size_t kept = 0;
  for (; kept < plan.calls.size() && !over; ++kept) {
    const std::size_t name = tokens_in(plan.calls[kept].name.size());
    if (left <= name) break;
    left -= name;
    plan.output_tokens += name;
    plan.calls[kept].cut = over = spend(plan.calls[kept].arguments);
  }
  if (kept < plan.calls.size()) over = true;
  plan.calls.resize(kept);
  if (over) plan.finish = Finish::length;
  plan.output_tokens = std::max<std::size_t>(plan.output_tokens, 1);
}

}  // namespace
}  // namespace sluice::simulate
