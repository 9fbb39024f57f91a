#include "simulate/simulator.hpp"

#include "base/hash.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "simulate/anthropic.hpp"
#include "simulate/converse.hpp"
#include "simulate/gemini.hpp"
#include "simulate/ollama.hpp"
#include "simulate/openai.hpp"
#include "simulate/receive.hpp"
#include "simulate/responses.hpp"
#include "simulate/scenario.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::simulate {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t largest_body = std::size_t{64} << 20;
constexpr std::size_t most_counted_faults = 1'000;

bool asks_for_array(const Received& request) {
  return request.path.ends_with(":streamGenerateContent") && !request.asks("alt=sse");
}

/// One provider, as functions of what the simulator needs of it.
struct Provider {
  Read<Reading> (*read)(const Received&);
  Script (*answer)(const Reading&, std::span<const Plan>, std::size_t piece_bytes);
  Script (*complain)(const Complaint&, const Received&);
  Complaint (*failure)(int status);
  Script (*list_models)(std::span<const std::string_view> ids);
  std::array<std::string_view, 3> models;  ///< what it lists
};

constexpr Provider openai_provider{openai::read_request,
                                   openai::write_answer,
                                   [](const Complaint& c, const Received& request) {
                                     return openai::write_complaint(c, fnv1a(request.body));
                                   },
                                   openai::failure,
                                   openai::list_models,
                                   {"gpt-5", "gpt-4.1-mini", "simulated-model"}};
constexpr Provider responses_provider{responses::read_request,
                                      responses::write_answer,
                                      [](const Complaint& c, const Received& request) {
                                        return openai::write_complaint(c, fnv1a(request.body));
                                      },
                                      openai::failure,
                                      openai::list_models,
                                      {"gpt-5", "gpt-4.1-mini", "simulated-model"}};
constexpr Provider anthropic_provider{anthropic::read_request,
                                      anthropic::write_answer,
                                      [](const Complaint& c, const Received& request) {
                                        return anthropic::write_complaint(c, fnv1a(request.body));
                                      },
                                      anthropic::failure,
                                      anthropic::list_models,
                                      {"claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5"}};
constexpr Provider gemini_provider{gemini::read_request,
                                   gemini::write_answer,
                                   [](const Complaint& c, const Received& request) {
                                     return gemini::write_complaint(c, asks_for_array(request));
                                   },
                                   gemini::failure,
                                   gemini::list_models,
                                   {"gemini-3-pro-preview", "gemini-3-flash-preview", "gemini-2.5-flash"}};

constexpr Provider converse_provider{
    converse::read_request,
    converse::write_answer,
    [](const Complaint& c, const Received& request) {
      return converse::write_complaint(c, fnv1a(request.body));
    },
    converse::failure,
    converse::list_models,
    {"us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.amazon.nova-pro-v1:0", "openai.gpt-oss-120b-1:0"}};
constexpr Provider ollama_provider{
    ollama::read_request,
    ollama::write_answer,
    [](const Complaint& c, const Received&) { return ollama::write_complaint(c); },
    ollama::failure,
    ollama::list_models,
    {"qwen3:4b", "gpt-oss:20b", "gemma3:1b"}};

/// Whose endpoint a path is; null if nobody's.
const Provider* endpoint_of(const Received& request) {
  const std::string_view path = request.path;
  if (path.ends_with("/chat/completions")) return &openai_provider;
  if (path.ends_with("/responses")) return &responses_provider;
  if (path.ends_with("/messages")) return &anthropic_provider;
  if (path.contains("/model/") && (path.ends_with("/converse") || path.ends_with("/converse-stream")))
    return &converse_provider;
  if (path.ends_with("/api/chat")) return &ollama_provider;
  if (path.contains("/models/") &&
      (path.ends_with(":generateContent") || path.ends_with(":streamGenerateContent")))
    return &gemini_provider;
  return nullptr;
}

/// Whose client this seems to be, by what only that one sends.
const Provider& likely_provider(const Received& request) {
  if (!request.field("anthropic-version").empty() || !request.field("x-api-key").empty())
    return anthropic_provider;
  const bool google =
      !request.field("x-goog-api-key").empty() || request.asks("key=") || request.path.contains("/v1beta");
  return google ? gemini_provider : openai_provider;
}

std::size_t number_in(std::string_view text, std::size_t otherwise, std::size_t most) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || error != std::errc() ? otherwise : std::min(number, most);
}

/// The model that a body names, before anybody has checked the body.
std::string model_in(std::string_view body) {
  json::Document document;
  const auto parsed = document.parse(body);
  return parsed ? (*parsed)["model"].string() : std::string();
}

Task<> respond_json(http::Exchange& exchange, int status, std::string body) {
  const std::array fields{http::OutField{"content-type", "application/json"}};
  const std::array pieces{std::string_view(body)};
  co_await exchange.respond(status, fields, pieces);
}

/// Counts a stream for as long as it lives.
class OpenStream {
 public:
  OpenStream(std::uint64_t& open, bool streamed) : open_(streamed ? &open : nullptr) {
    if (open_) ++*open_;
  }
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;
  ~OpenStream() {
    if (open_) --*open_;
  }

 private:
  std::uint64_t* open_;
};

}  // namespace

Simulator::Simulator(Options options, std::optional<Replay> replay)
    : options_(options), replay_(std::move(replay)), log_(options.kept_requests) {}

Task<> Simulator::serve(http::Exchange& exchange) {
  Received request = receive(exchange);
  const auto body = co_await exchange.read_body(largest_body);
  if (!body) {
    if (exchange.client_gone()) co_return;
    const int status = body.error().traits().http_status;
    co_await respond_json(exchange, status, describe_refusal(status, body.error().message()).body);
    co_return;
  }
  request.body = *body;
  if (request.path.starts_with("/simulate/")) {
    co_await tell(exchange, request);
  } else {
    co_await answer(exchange, request);
  }
}

Task<> Simulator::answer(http::Exchange& exchange, const Received& request) {
  ++stats_.requests;
  log_.add(request, exchange.loop().unix_milliseconds());
  Answer prepared = prepare(request);
  if (prepared.script.status >= 400) ++stats_.refused;
  const OpenStream counted(stats_.streams_open, prepared.script.streamed);
  const milliseconds pace(number_in(request.field("x-simulate-pace-ms"),
                                    static_cast<std::size_t>(options_.pace.count()), 60'000));
  const Outcome outcome =
      co_await perform(exchange, std::move(prepared.script), std::move(prepared.fault), pace);
  note(exchange, outcome);
}

void Simulator::note(const http::Exchange& exchange, Outcome outcome) {
  if (outcome == Outcome::complete) ++stats_.completed;
  if (outcome == Outcome::broken) ++stats_.broken;
  if (outcome != Outcome::left) return;
  ++stats_.cancelled;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  stats_.last_cancel_unix_ms =
      static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
  const auto lived = http::Clock::now() - exchange.began();
  stats_.last_cancel_ms = static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(lived).count());
}

// ---- what to answer -----------------------------------------------------------------------------

Simulator::Answer Simulator::prepare(const Received& request) {
  const Provider* const provider = endpoint_of(request);
  if (replay_) {
    std::string model = model_in(request.body);
    const std::string suffix = take_fault_suffix(model);
    if (const Recording* recording = replay_->find(request.path, model)) {
      auto fault = fault_of(request, model, suffix);
      if (fault) return {replay_script(*recording, request), std::move(*fault)};
    }
  }
  if (request.method == "GET" && request.path.ends_with("/models")) {
    const Provider& likely = likely_provider(request);
    return {likely.list_models(likely.models), {}};
  }
  if (provider && request.method == "POST") return simulate(request);
  const Provider& likely = provider ? *provider : likely_provider(request);
  Complaint complaint = likely.failure(404);
  complaint.message = "Invalid URL (" + request.method + " " + request.path + ")";
  complaint.code.clear();
  return {likely.complain(complaint, request), {}};
}

Simulator::Answer Simulator::simulate(const Received& request) {
  const Provider& provider = *endpoint_of(request);
  auto reading = provider.read(request);
  std::string suffix;
  if (reading) suffix = take_fault_suffix(reading->model);
  auto fault = fault_of(request, reading ? std::string_view(reading->model) : std::string_view(), suffix);
  if (!fault) {
    Complaint complaint = provider.failure(400);
    complaint.message = "simulate: " + fault.error().message();
    return {provider.complain(complaint, request), {}};
  }
  if (fault->status != 0) {
    Complaint complaint = provider.failure(fault->status);
    complaint.retry_after = fault->retry_after;
    return {provider.complain(complaint, request), std::move(*fault)};
  }
  if (!reading) return {provider.complain(reading.error(), request), std::move(*fault)};
  constexpr std::size_t most_words = 20'000;
  const std::size_t words = number_in(request.field("x-simulate-words"), options_.max_words, most_words);
  return {provider.answer(*reading, plan_answer(*reading, words), options_.piece_bytes), std::move(*fault)};
}

Result<Fault> Simulator::fault_of(const Received& request, std::string_view model, std::string_view suffix) {
  std::string list(suffix);
  if (const std::string_view wished = request.field("x-simulate-fault"); !wished.empty())
    list.append(list.empty() ? "" : ",").append(wished);
  auto fault = parse_fault(list);
  if (!fault || !fault->times) return fault;
  const std::string key = std::string(model) + "\n" + list;
  if (struck_.size() >= most_counted_faults && !struck_.contains(key)) struck_.clear();
  if (struck_[key]++ < *fault->times) return fault;
  Fault none;
  none.pace = fault->pace;
  return none;
}

// ---- what it tells ------------------------------------------------------------------------------

Task<> Simulator::tell(http::Exchange& exchange, const Received& request) {
  if (request.path == "/simulate/stats") {
    co_await respond_json(exchange, 200, stats_json());
  } else if (request.path == "/simulate/requests") {
    constexpr std::string_view parameter = "last=";
    const std::size_t at = request.query.find(parameter);
    const std::string_view number = at == std::string::npos
                                        ? std::string_view()
                                        : std::string_view(request.query).substr(at + parameter.size());
    co_await respond_json(exchange, 200,
                          log_.last(number_in(number, options_.kept_requests, options_.kept_requests)));
  } else {
    co_await respond_json(
        exchange, 404,
        R"({"error":{"message":"the simulator tells /simulate/stats and /simulate/requests"}})");
  }
}

std::string Simulator::stats_json() const {
  const std::array<std::pair<std::string_view, std::uint64_t>, 8> members{
      {{"requests", stats_.requests},
       {"streams_open", stats_.streams_open},
       {"completed", stats_.completed},
       {"refused", stats_.refused},
       {"broken", stats_.broken},
       {"cancelled", stats_.cancelled},
       {"last_cancel_ms", stats_.last_cancel_ms},
       {"last_cancel_unix_ms", stats_.last_cancel_unix_ms}}};
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  for (const auto& [name, value] : members) writer.key(name).integer(static_cast<std::int64_t>(value));
  writer.end_object();
  return out;
}

http::RefusalAnswer Simulator::describe_refusal(int status, std::string_view why) {
  http::RefusalAnswer answer{.fields = {{"content-type", "application/json"}}, .body = {}};
  json::Writer writer(answer.body);
  writer.begin_object().key("error").begin_object().key("message").string(why);
  writer.key("type").string("invalid_request_error").key("code").integer(status).end_object().end_object();
  return answer;
}

}  // namespace sluice::simulate
