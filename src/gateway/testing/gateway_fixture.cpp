#include "gateway/testing/gateway_fixture.hpp"

#include "dialect/host_profile.hpp"
#include "store/memory_store.hpp"

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::gateway::testing {
namespace {

constexpr http::milliseconds patience = http::seconds(60);

policy::KeyRing keys() {
  const std::array named{policy::NamedKey{"alice", Secret("sk-alice")},
                         policy::NamedKey{"bob", Secret("sk-bob")}};
  return std::move(*policy::KeyRing::build(named));
}

}  // namespace

Routes GatewayFixture::routes(const http::Url& provider) {
  struct Row {
    std::string_view model, api, native;
  };
  constexpr std::array rows{Row{"gpt", "openai.chat", "gpt-native"},
                            Row{"claude", "anthropic.messages", "claude-native"},
                            Row{"gemini", "gemini", "gemini-native"}};
  std::vector<catalog::Model> all{{.id = "unserved"}};
  std::vector<std::unique_ptr<Provider>> providers;
  std::vector<Routes::Entry> entries;
  for (const Row& row : rows) {
    auto made = std::make_unique<Provider>();
    made->name = "fake-" + std::string(row.model);
    made->dialect = dialect::find(row.api);
    made->host = &dialect::profile_for("api.openai.com");
    made->base = provider;
    made->credentials.api_key = Secret("provider-secret-key");
    made->deadlines = provider_deadlines_;
    const Target target{.provider = made.get(),
                        .model = std::string(row.native),
                        .capabilities = &capabilities_,
                        .regions = {catalog::Region::us}};
    all.push_back({.id = std::string(row.model)});
    entries.push_back({.model = all.back(), .targets = {target}});
    providers.push_back(std::move(made));
  }
  known_ = catalog::Catalog(std::move(all));
  return {std::move(providers), std::move(entries), known_};
}

void GatewayFixture::give_up(void* self) {
  ADD_FAILURE() << "the test hangs";
  static_cast<GatewayFixture*>(self)->loop_.stop();
}

void GatewayFixture::run(FakeProvider::Script script, Body body) {
  provider_.script = std::move(script);
  http::Server upstream(loop_, provider_, server_limits_);
  auto provider_at = upstream.listen(*http::parse_listen_address("127.0.0.1:0"), 0);
  ASSERT_TRUE(provider_at) << provider_at.error().message();
  upstream.start();

  const Routes served = routes(*http::parse_url("http://" + to_string(*provider_at)));
  const policy::Authenticator authenticator(keys());
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  {
    observe::Log log({.descriptor = nowhere});
    store::Writer store(std::make_unique<store::MemoryStore>(), log, metrics_.open_counters());
    const Shared shared{.routes = served,
                        .authenticator = authenticator,
                        .metrics = metrics_,
                        .store = store,
                        .listener_regions = {listener_region_},
                        .max_body_bytes = max_body_bytes_,
                        .max_answer_bytes = max_answer_bytes_,
                        .keep_alive = keep_alive_};
    observe::Counters& counters = metrics_.open_counters();
    Gateway gateway(Core{.loop = loop_,
                         .shared = shared,
                         .log = log.open_channel(counters),
                         .counters = counters,
                         .rows = store.open_channel(counters)});
    for (const auto& one : served.providers())
      gateway.core().clients.push_back(
          *http::Client::create(loop_, resolver_, one->base, client_limits_, ""));
    http::Server server(loop_, gateway, server_limits_);
    auto at = server.listen(*http::parse_listen_address("127.0.0.1:0"), 0);
    ASSERT_TRUE(at) << at.error().message();
    server.start();
    auto client = http::Client::create(loop_, resolver_, *http::parse_url("http://" + to_string(*at)),
                                       client_limits_, "");
    ASSERT_TRUE(client);
    http::Deadline watchdog(loop_.deadlines(), &GatewayFixture::give_up, this);
    watchdog.set(http::Clock::now() + patience);
    detach(drive(server, upstream, **client, std::move(body)));
    loop_.run();
    for (const auto& one : gateway.core().clients) idle_provider_connections_ += one->idle_connections();
    store.stop();
  }
  close(nowhere);
}

Task<> GatewayFixture::drive(http::Server& gateway, http::Server& provider, http::Client& client, Body body) {
  co_await body(client);
  int drained = 0;
  const auto count = [](void* number) { ++*static_cast<int*>(number); };
  gateway.drain(count, &drained);
  while (drained < 1) co_await loop_.sleep(http::milliseconds(1));
  provider.drain(count, &drained);
  while (drained < 2) co_await loop_.sleep(http::milliseconds(1));
  loop_.stop();
}

Task<Reply> GatewayFixture::send(http::Client& client, std::string_view method, std::string_view path,
                                 std::string_view fields, std::string_view body) {
  Reply reply;
  const http::Deadlines deadlines;
  const std::array pieces{body};
  auto answer = co_await client.send({.method = method, .path = path, .fields = fields, .body = pieces},
                                     deadlines, nullptr);
  if (!answer) {
    reply.error = std::move(answer.error());
    co_return reply;
  }
  reply.status = answer->status();
  for (std::string_view name : {"content-type", "x-request-id", "retry-after", "www-authenticate", "allow"})
    if (answer->fields().has(name)) reply.fields[std::string(name)] = answer->fields().get(name);
  while (true) {
    auto piece = co_await answer->read();
    if (!piece) {
      reply.error = std::move(piece.error());
      break;
    }
    if (piece->state == http::BodyPiece::State::end) break;
    reply.body.append(piece->bytes);
  }
  co_return reply;
}

Task<Reply> GatewayFixture::ask(http::Client& client, std::string_view json, std::string_view key) {
  const std::string fields =
      "content-type: application/json\r\nauthorization: Bearer " + std::string(key) + "\r\n";
  co_return co_await send(client, "POST", "/v1/chat/completions", fields, json);
}

Task<Reply> GatewayFixture::row(http::Client& client, const Reply& of, std::string_view key) {
  const auto id = of.fields.find("x-request-id");
  const std::string path = "/v1/requests/" + (id == of.fields.end() ? "none" : id->second);
  const std::string fields = "authorization: Bearer " + std::string(key) + "\r\n";
  co_return co_await send(client, "GET", path, fields, "");
}

}  // namespace sluice::gateway::testing
