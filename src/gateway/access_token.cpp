#include "gateway/access_token.hpp"

#include "base/text.hpp"
#include "dialect/provider_error.hpp"
#include "http/grammar.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::gateway {
namespace {

constexpr std::size_t max_answer = 64 * 1024;
constexpr std::int64_t reserve_seconds = 60;  // a request that is sent with it takes its time
/// The metadata server gives out its old token until five minutes before the end.
constexpr std::int64_t renewal_seconds = 240;
constexpr std::int64_t pause_after_failure = 10;  // while the old one is still good
constexpr std::int64_t longest_lifetime = 24 * 3600;
constexpr http::Deadlines deadlines{.connect = http::seconds(5),
                                    .first_byte = http::seconds(10),
                                    .idle = http::seconds(10),
                                    .total = http::seconds(15)};

constexpr std::string_view metadata_path = "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr std::string_view metadata_fields = "metadata-flavor: Google\r\naccept: application/json\r\n";
constexpr std::string_view exchange_fields =
    "content-type: application/x-www-form-urlencoded\r\naccept: application/json\r\n";
constexpr std::string_view exchange_form =
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

/// What a token server says about a failure (RFC 6749 section 5.2), without anything that looks like a
/// credential.
std::string refusal(int status, std::string_view body) {
  std::string text = "it answered with status " + std::to_string(status);
  json::Document document;
  const auto root = document.parse(trim(body));
  if (!root) return text;
  for (std::string_view name : {"error", "error_description"})
    if (const json::Value said = (*root)[name]; said.is_string())
      text.append(": ").append(dialect::redact_secrets(said.string()));
  return text;
}

}  // namespace

/// Ends a fetch for those who wait, also when an exception does.
class AccessToken::Fetch {
 public:
  explicit Fetch(AccessToken& token) : token_(token) {
    token_.fetching_ = true;
    token_.failure_.emplace(ErrorCode::upstream_auth, "the fetch of an access token was interrupted");
  }
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;
  ~Fetch() {
    token_.fetching_ = false;
    for (const std::coroutine_handle<> waiting : std::exchange(token_.waiting_, {})) waiting.resume();
  }

 private:
  AccessToken& token_;
};

struct AccessToken::Wait {
  AccessToken& token;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { token.waiting_.push_back(waiting); }
  void await_resume() const noexcept {}
};

Task<Result<>> AccessToken::ready() {
  const std::int64_t at = now();
  if (at < renew_at_) co_return Result<>();
  const bool still_good = at < good_until_;
  if (!fetching_) {
    auto renewed = co_await renew();
    if (renewed || !still_good) co_return renewed;
    renew_at_ = at + pause_after_failure;
    co_return Result<>();
  }
  if (still_good) co_return Result<>();
  co_await Wait{*this};
  if (failure_) co_return fail(failure_->clone());
  co_return Result<>();
}

Task<Result<>> AccessToken::renew() {
  const Fetch fetch_of_all(*this);
  const std::int64_t asked_at = now();
  auto answer = co_await fetch();
  Result<> taken = answer ? take(*answer, asked_at) : Result<>(fail(answer));
  failure_.reset();
  if (taken) co_return taken;
  failure_.emplace(
      ErrorCode::upstream_auth,
      "cannot get an access token from " + source_.server().authority() + ": " + taken.error().message());
  co_return fail(failure_->clone());
}

Task<Result<std::string>> AccessToken::fetch() {
  std::string form;
  if (source_.account) {
    auto assertion = sign_assertion(*source_.account, now());
    if (!assertion) co_return fail(assertion);
    form.append(exchange_form).append(*assertion);
  }
  const std::array body{std::string_view(form)};
  const http::ClientRequest request =
      source_.account ? http::ClientRequest{.path = "", .fields = exchange_fields, .body = body}
                      : http::ClientRequest{
                            .method = "GET", .path = metadata_path, .fields = metadata_fields, .body = {}};
  auto response = co_await client_->send(request, deadlines, nullptr);
  if (!response) co_return fail(response);
  auto answer = co_await response->read_all(max_answer);
  if (!answer) co_return fail(answer);
  if (response->status() != 200)
    co_return fail(ErrorCode::upstream_auth, refusal(response->status(), *answer));
  co_return answer;
}

Result<> AccessToken::take(std::string_view answer, std::int64_t asked_at) {
  json::Document document;
  const auto root = document.parse(trim(answer));
  if (!root) return fail(ErrorCode::upstream_auth, "its answer is no JSON");
  const json::Value token = (*root)["access_token"];
  const auto lifetime = (*root)["expires_in"].integer();
  if (!token.is_string() || !lifetime || *lifetime <= 0)
    return fail(ErrorCode::upstream_auth, "its answer has no access_token that lasts");
  std::string text = token.string();
  if (text.empty() || !http::is_field_value(text))
    return fail(ErrorCode::upstream_auth, "its access_token cannot be sent");
  text_ = Secret(std::move(text));
  const std::int64_t end = asked_at + std::min(*lifetime, longest_lifetime);
  good_until_ = std::max(end - reserve_seconds, asked_at + 1);
  renew_at_ = std::max(end - renewal_seconds, asked_at + 1);
  renew_at_ = std::min(renew_at_, good_until_);
  return {};
}

}  // namespace sluice::gateway
