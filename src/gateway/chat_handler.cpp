#include "gateway/chat_handler.hpp"

#include "base/text.hpp"
#include "gateway/authenticate.hpp"
#include "gateway/plan.hpp"
#include "gateway/question.hpp"
#include "gateway/record.hpp"
#include "gateway/reply_error.hpp"
#include "gateway/try_models.hpp"

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

  auto planned = plan(core.shared.routes, request, core.region_of(exchange), question->bytes());
  if (!planned) co_return fail(planned);

  http::Cancellation cancellation;
  exchange.on_client_gone([](void* c) { static_cast<http::Cancellation*>(c)->cancel(); }, &cancellation);
  if (exchange.client_gone()) co_return fail(ErrorCode::client_gone, "the client closed its connection");
  co_return co_await try_models({core, exchange, story, cancellation, question, *planned});
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
