#include "gateway/chat_handler.hpp"

#include "base/text.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/call.hpp"
#include "gateway/choose_dialect.hpp"
#include "gateway/plan.hpp"
#include "gateway/question.hpp"
#include "gateway/record.hpp"
#include "gateway/relay.hpp"
#include "gateway/reply_error.hpp"
#include "gateway/request_echo.hpp"

#include <algorithm>
#include <memory>

namespace sluice::gateway {
namespace {

/// The body, which must be plain JSON. Waiting for the client is no time of the gateway's.
Task<Result<std::string_view>> read_question(Core& core, http::Exchange& exchange, Story& story) {
  const std::string_view coding = exchange.fields().get("content-encoding");
  if (!coding.empty() && !iequals(coding, "identity"))
    co_return fail(ErrorCode::unsupported_media_type,
                   "the body must be sent as it is, without a Content-Encoding");
  story.wait_begins();
  auto body = co_await exchange.read_body(core.shared.max_body_bytes);
  story.wait_ends();
  co_return body;
}

bool offers_custom_tools(const chat::Request& request) {
  return std::ranges::any_of(request.tools,
                             [](const chat::Tool& tool) { return tool.kind == chat::Tool::Kind::custom; });
}

/// The stages, one per paragraph, each in a file of that name. A failure of any ends the request.
Task<Result<>> answer(Core& core, http::Exchange& exchange, Story& story) {
  auto caller = authenticate(core, exchange);
  if (!caller) co_return fail(caller);
  story.key = caller->name;

  auto body = co_await read_question(core, exchange, story);
  if (!body) co_return fail(body);

  auto question = std::make_unique<Question>();
  auto read = question->read(*body);
  if (!read) co_return fail(read);
  const chat::Request& request = question->request();
  story.model_asked = request.model;
  story.stream = request.stream;

  const auto region = core.region_of(exchange);
  auto planned = plan(core.shared.routes, request, region, question->bytes());
  if (!planned) co_return fail(planned);
  story.route = planned->route;
  story.target = planned->target;

  http::Cancellation cancellation;
  exchange.on_client_gone([](void* c) { static_cast<http::Cancellation*>(c)->cancel(); }, &cancellation);
  if (exchange.client_gone()) co_return fail(ErrorCode::client_gone, "the client closed its connection");
  const dialect::Dialect& dialect = choose_dialect(request, *planned->target);
  dialect::Outgoing outgoing;
  auto response = co_await call(core, request, *planned->target, dialect, outgoing, cancellation, story);
  story.changes = std::move(outgoing.changes);
  if (!response) co_return fail(response);

  const dialect::AnswerContext context{.renamed_tools = outgoing.renamed_tools,
                                       .seed = story.id.random_bits(),
                                       .legacy_functions = request.legacy_functions,
                                       .custom_tools = offers_custom_tools(request),
                                       .reasoning_format = planned->target->provider->host->reasoning_format};
  const dialect::openai::Envelope envelope{
      .request_id = story.id.text(),
      .model = planned->route->model->id,
      .created = static_cast<std::int64_t>(story.unix_milliseconds / 1000),
      .include_usage = request.include_usage,
      .legacy_functions = request.legacy_functions,
      .changes = &story.changes};
  const Relay relay{core, exchange, *response, dialect, context, envelope, story};
  const std::string echo = request.stream ? "" : request_echo(request, core.shared.echo_request);
  question.reset();  // an answer may take minutes and needs none of it
  if (story.stream) co_return co_await relay_stream(relay);
  co_return co_await relay_whole(relay, echo);
}

/// Counted for as long as it lives, whatever ends it.
class InFlight {
 public:
  explicit InFlight(observe::Counters& counters) : counters_(counters) {
    counters_.add(observe::Metric::requests_in_flight);
  }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  ~InFlight() { counters_.add(observe::Metric::requests_in_flight, -1); }

 private:
  observe::Counters& counters_;
};

}  // namespace

Task<> serve_chat(Core& core, http::Exchange& exchange) {
  Story story(exchange);
  story.endpoint = "POST /v1/chat/completions";
  const InFlight in_flight(core.counters);
  Result<> done;
  try {
    done = co_await answer(core, exchange, story);
  } catch (const std::exception& bug) {
    done = fail(ErrorCode::internal, bug.what());
  }
  exchange.on_client_gone(nullptr, nullptr);
  story.wait_ends();
  if (!done) co_await reply_error(exchange, std::move(done.error()), story);
  co_await record(core, exchange, story);
}

}  // namespace sluice::gateway
