#include "simulate/perform.hpp"

#include "simulate/pause.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::simulate {
namespace {

using namespace std::string_view_literals;
using std::chrono::milliseconds;

constexpr std::size_t bytes_per_event = 64;  ///< of a body that is no stream
constexpr milliseconds longest_silence = std::chrono::hours(1);
constexpr milliseconds short_wait{40};  ///< below this, being told of a client that leaves is worth nothing
/// Bytes that look like a TLS record to a client that came without TLS.
constexpr std::string_view no_http = "\x16\x03\x01\x00\x10simulated, and no HTTP at all\r\n\r\n"sv;
constexpr std::string_view html_page =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
    "Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// False: the client has left.
Task<bool> wait(http::Exchange& exchange, milliseconds duration) {
  if (duration <= milliseconds(0)) co_return !exchange.client_gone();
  if (duration < short_wait) {
    co_await exchange.loop().sleep(duration);
  } else {
    co_await Pause(exchange, duration);
  }
  co_return !exchange.client_gone();
}

std::vector<http::OutField> fields_of(const Script& script) {
  std::vector<http::OutField> fields;
  for (const auto& [name, value] : script.fields) fields.push_back({name, value});
  return fields;
}

/// The beginning of a head, in pieces. The whole head that the connection writes behind it thereby starts as
/// the value of a field.
Task<bool> trickle_head(http::Exchange& exchange, int status, milliseconds duration) {
  const std::string head = "HTTP/1.1 " + std::to_string(status) + " " +
                           std::string(http::reason_phrase(status)) + "\r\nx-simulated-slowly: ";
  constexpr std::size_t steps = 8;
  const std::size_t piece = head.size() / steps + 1;
  for (std::size_t at = 0; at < head.size(); at += piece) {
    const auto sent = co_await exchange.write_raw(std::string_view(head).substr(at, piece));
    if (!sent || !co_await wait(exchange, duration / steps)) co_return false;
  }
  co_return true;
}

/// The message without the last third of its JSON.
std::string damage(std::string message) {
  const std::size_t brace = message.rfind('}');
  if (brace == std::string::npos) return message;
  const std::size_t begin = std::min(message.find('{'), brace);
  return message.erase(begin + (brace - begin) * 2 / 3, brace + 1 - (begin + (brace - begin) * 2 / 3));
}

/// Announces a whole chunk and sends half of it.
Task<Outcome> break_off(http::Exchange& exchange, const std::string& message) {
  std::array<char, 20> digits;
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), message.size() + 1, 16);
  std::string bytes(digits.data(), end);
  bytes.append("\r\n").append(message, 0, message.size() / 2);
  const auto sent = co_await exchange.write_raw(bytes);
  co_return sent ? Outcome::broken : Outcome::left;
}

/// What a fault puts in the place of message number `number`; nothing if it comes as it should.
Task<std::optional<Outcome>> strike(http::Exchange& exchange, const Script& script, const Fault& fault,
                                    std::size_t number) {
  if (fault.stall_after == number) {
    if (number == 0) co_await exchange.write("");
    co_return co_await wait(exchange, longest_silence) ? Outcome::broken : Outcome::left;
  }
  if (fault.reset_after == number) {
    if (number == 0) co_await exchange.write("");
    co_await exchange.loop().sleep(milliseconds(5));  // so that what was sent is on its way
    exchange.reset_connection();
    co_return Outcome::broken;
  }
  if (fault.end_early == number || fault.error_in_stream == number) {
    const auto sent =
        co_await exchange.end_stream(fault.end_early == number ? std::string_view() : script.failure);
    co_return sent ? Outcome::broken : Outcome::left;
  }
  if (fault.truncate && number == script.messages.size() / 2)
    co_return co_await break_off(exchange, script.messages[number]);
  if (fault.bad_sse && number == std::min<std::size_t>(1, script.messages.size() - 1)) {
    const auto sent = co_await exchange.end_stream(html_page);
    co_return sent ? Outcome::broken : Outcome::left;
  }
  co_return std::nullopt;
}

Task<Outcome> send_stream(http::Exchange& exchange, Script script, Fault fault, milliseconds pace) {
  const auto fields = fields_of(script);
  exchange.begin_stream(script.status, fields);
  const std::size_t count = script.messages.size();
  if (fault.bad_json && count > 0) {
    std::string& message = script.messages[std::min<std::size_t>(1, count - 1)];
    message = damage(std::move(message));
  }
  for (std::size_t i = 0; i <= count; ++i) {
    const auto struck = co_await strike(exchange, script, fault, i);
    if (struck) co_return *struck;
    if (i == count) break;
    const auto sent = co_await exchange.write(script.messages[i]);
    if (!sent || !co_await wait(exchange, i + 1 < count ? pace : milliseconds(0))) co_return Outcome::left;
  }
  const auto ended = co_await exchange.end_stream("");
  co_return ended ? Outcome::complete : Outcome::left;
}

/// A whole body in the pieces that count as events.
void cut_body(Script& script, const Fault& fault) {
  std::string body;
  for (const std::string& message : script.messages) body += message;
  if (fault.bad_json) body = damage(std::move(body));
  script.messages.clear();
  for (std::size_t at = 0; at < body.size(); at += bytes_per_event)
    script.messages.push_back(body.substr(at, bytes_per_event));
  if (script.messages.empty()) script.messages.emplace_back();
}

}  // namespace

Task<Outcome> perform(http::Exchange& exchange, Script script, Fault fault, milliseconds pace) {
  if (!co_await wait(exchange, fault.stall_before)) co_return Outcome::left;
  if (fault.garbage) {
    const auto sent = co_await exchange.write_raw(no_http);
    co_return sent ? Outcome::broken : Outcome::left;
  }
  if (fault.slow_headers.count() > 0) {
    const bool stayed = co_await trickle_head(exchange, script.status, fault.slow_headers);
    if (!stayed) co_return Outcome::left;
  }
  if (!script.streamed && fault.breaks_body()) {
    cut_body(script, fault);
    fault.bad_json = false;
    script.streamed = true;
    pace = milliseconds(0);
  }
  if (script.streamed)
    co_return co_await send_stream(exchange, std::move(script), std::move(fault), fault.pace.value_or(pace));

  const auto fields = fields_of(script);
  const std::vector<std::string_view> body(script.messages.begin(), script.messages.end());
  const auto sent = co_await exchange.respond(script.status, fields, body);
  co_return sent ? Outcome::complete : Outcome::left;
}

}  // namespace sluice::simulate
