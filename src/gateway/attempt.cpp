#include "gateway/attempt.hpp"

#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/attempts_json.hpp"
#include "gateway/call.hpp"
#include "gateway/choose_dialect.hpp"
#include "gateway/relay.hpp"
#include "gateway/request_echo.hpp"

#include <algorithm>

namespace sluice::gateway {
namespace {

constexpr std::chrono::milliseconds usual_rest{1000};

/// Tells the target's health how an attempt ended, once, also when an exception ends it.
class Watch {
 public:
  explicit Watch(policy::TargetHealth& health) : health_(health) { health_.begin(http::Clock::now()); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    if (!told_) health_.ended();
  }

  void answered(std::chrono::microseconds first_token) {
    told_ = true;
    health_.succeeded(http::Clock::now(), first_token);
  }
  void failed(const Error& error) {
    const auto now = http::Clock::now();
    if (error.traits().fault == Fault::target) {
      told_ = true;
      health_.failed(now);
    }
    const bool busy =
        error.code() == ErrorCode::upstream_rate_limited || error.code() == ErrorCode::upstream_overloaded;
    if (busy) health_.rest(now, error.retry_after().value_or(usual_rest));
  }

 private:
  policy::TargetHealth& health_;
  bool told_ = false;
};

/// Lets go of all that the question holds.
class AskedQuestion final : public Asked {
 public:
  AskedQuestion(Trial& trial, std::unique_ptr<Question>& rewritten) : trial_(trial), rewritten_(rewritten) {}
  void let_go() override {
    rewritten_.reset();
    trial_.question.reset();
    trial_.plan.models.clear();
    trial_.exchange.release_body();
  }

 private:
  Trial& trial_;
  std::unique_ptr<Question>& rewritten_;
};

/// What the model is to be held to, and how. A question that must be asked otherwise for that is put into
/// `rewritten`.
Result<Shaping> shape(const Question& question, const Target& target, std::unique_ptr<Question>& rewritten,
                      chat::Changes& changes) {
  const chat::Request& request = question.request();
  if (!question.form()) return Shaping();
  const AnswerForm& form = *question.form();
  Shaping shaping{.form = question.form(), .rung = rung_of(request, *target.capabilities)};
  if (!form.unchecked.empty() && shaping.rung != Rung::native)
    return fail(Error(ErrorCode::unsupported_schema, form.unchecked)
                    .with_param("response_format.json_schema.schema"));
  if (shaping.rung != Rung::forced_tool) return shaping;
  rewritten = std::make_unique<Question>();
  if (auto read = rewritten->read_own(body_with_forced_tool(request)); !read) return fail(read);
  changes.add(chat::Change::Kind::emulated, "response_format",
              "this model knows no schema here: it had to call a tool whose parameters are the schema");
  return shaping;
}

bool offers_custom_tools(const chat::Request& request) {
  return std::ranges::any_of(request.tools,
                             [](const chat::Tool& tool) { return tool.kind == chat::Tool::Kind::custom; });
}

Task<Result<>> ask(Trial& trial, const Route& route, const Question& question, const Target& target) {
  Story& story = trial.story;
  story.changes.clear();
  std::unique_ptr<Question> rewritten;
  auto shaping = shape(question, target, rewritten, story.changes);
  if (!shaping) co_return fail(shaping);
  const chat::Request& request = (rewritten ? *rewritten : question).request();
  dialect::Outgoing outgoing;
  outgoing.changes = std::move(story.changes);
  const dialect::Dialect& dialect = choose_dialect(request, target);
  auto response = co_await call(trial.core, request, target, dialect, outgoing, trial.cancellation, story);
  story.changes = std::move(outgoing.changes);
  if (!response) co_return fail(response);

  const dialect::AnswerContext context{.renamed_tools = outgoing.renamed_tools,
                                       .seed = story.id.random_bits(),
                                       .legacy_functions = request.legacy_functions,
                                       .custom_tools = offers_custom_tools(request),
                                       .reasoning_format = target.provider->host->reasoning_format};
  const dialect::openai::Envelope envelope{
      .request_id = story.id.text(),
      .model = route.model->id,
      .created = static_cast<std::int64_t>(story.unix_milliseconds / 1000),
      .include_usage = request.include_usage,
      .legacy_functions = request.legacy_functions,
      .changes = &story.changes,
      .attempts = story.attempts_report};
  AskedQuestion asked(trial, rewritten);
  const Relay relay{trial.core, trial.exchange, *response, dialect, context,
                    envelope,   story,          asked,     *shaping};
  if (story.stream) co_return co_await relay_stream(relay);
  const std::string echo = request_echo(question.request(), trial.core.shared.echo_request);
  co_return co_await relay_whole(relay, echo);
}

}  // namespace

Task<Result<>> attempt(Trial& trial, const Route& route, const Question& question, const Target& target,
                       Attempt::Why why) {
  Story& story = trial.story;
  story.route = &route;
  const std::size_t number = story.attempts.size();
  Attempt& begun = story.attempts.emplace_back();
  begun.why = why;
  begun.route = &route;
  begun.target = &target;
  begun.began_us = story.elapsed_us();
  if (number > 0) story.attempts_report = attempts_for_client(story);

  Watch watch(trial.core.health[target.index]);
  policy::RetryBudget& budget = trial.core.retry_budgets[target.provider->index];
  if (number == 0) budget.first_attempt();
  auto done = co_await ask(trial, route, question, target);

  story.wait_ends();
  Attempt& ended = story.attempts[number];
  ended.ended_us = story.elapsed_us();
  if (!done) {
    ended.error = done.error().clone();
  } else if (story.error) {  // a stream that broke off
    ended.error = story.error->clone();
  }
  if (ended.error) {
    watch.failed(*ended.error);
  } else {
    watch.answered(std::chrono::microseconds(ended.first_token_us - ended.began_us));
    if (number > 0) budget.succeeded();
  }
  co_return done;
}

}  // namespace sluice::gateway
