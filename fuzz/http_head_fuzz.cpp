// The head of a message is the same however it is cut, and what is accepted can be read in one way only.
// FUZZ_REQUESTS: requests, else responses.

#include "fuzz/check.hpp"
#include "http/grammar.hpp"
#include "http/head.hpp"

namespace sluice::fuzz {
namespace {

using State = http::HeadParser::State;

struct Verdict {
  State state = State::more;
  int status = 0;
  std::string first_line;
  std::vector<std::pair<std::string, std::string>> fields;
  std::size_t size = 0;
  bool operator==(const Verdict&) const = default;
};

/// Bounds that inputs reach.
constexpr http::HeadParser::Bounds bounds{512, 2048, 16};

Verdict parse(const std::vector<std::string>& pieces, http::HeadParser& parser) {
  Verdict verdict;
  std::string arrived;
  for (const std::string& piece : pieces) {
    const std::string moved = arrived + piece;  // elsewhere each time
    verdict.state = parser.parse(moved);
    arrived = moved;
    if (verdict.state != State::more) break;
  }
  if (verdict.state == State::refused) verdict.status = parser.refusal().status;
  if (verdict.state != State::complete) return verdict;
  check(parser.parse(arrived) == State::complete, "a complete head is not complete any more");
  verdict.first_line = parser.first_line();
  verdict.size = parser.size();
  for (std::size_t i = 0; i < parser.fields().size(); ++i)
    verdict.fields.emplace_back(parser.fields()[i].name, parser.fields()[i].value);
  return verdict;
}

void check_fields(const Verdict& verdict) {
  check(verdict.size <= bounds.max_head && verdict.fields.size() <= bounds.max_fields &&
            verdict.first_line.size() <= bounds.max_first_line,
        "a bound is exceeded");
  for (const auto& [name, value] : verdict.fields)
    check(http::is_token(name) && http::is_field_value(value) && http::trim_ows(value) == value, "a field",
          name);
}

std::size_t count(const Verdict& verdict, std::string_view lower_name) {
  std::size_t found = 0;
  for (const auto& [name, value] : verdict.fields) {
    std::string lower;
    for (char c : name) lower.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
    found += lower == lower_name;
  }
  return found;
}

#if FUZZ_REQUESTS
void check_meaning(const http::HeadParser& parser, const Verdict& verdict) {
  const http::ServerLimits limits;
  http::RequestHead head;
  if (const auto refusal = http::read_request_head(parser, limits, head)) {
    check(refusal->status >= 400 && refusal->status <= 505 && !refusal->why.empty(),
          "a refusal without a reason");
    return;
  }
  check(head.path == "*" || http::is_origin_form(head.path), "a path that is none", head.path);
  check(head.path.find('?') == std::string_view::npos && http::is_query(head.query), "a query that is none");
  check(http::is_token(head.method_name), "a method that is none");
  check(count(verdict, "host") == 1 || (head.http_1_0 && count(verdict, "host") == 0), "not one Host");
  const std::size_t lengths = count(verdict, "content-length"), codings = count(verdict, "transfer-encoding");
  check(lengths + codings <= 1, "two framings");
  check((head.framing == http::BodyFraming::chunked) == (codings == 1), "the framing is not what is said");
  check(head.content_length <= limits.max_body, "a body beyond the limit");
  check(head.framing != http::BodyFraming::length || lengths == 1, "a length from nowhere");
  check(head.framing != http::BodyFraming::until_close, "a request cannot end with its connection");
}
#else
void check_meaning(const http::HeadParser& parser, const Verdict& verdict) {
  http::ResponseHead head;
  if (const auto refusal = http::read_response_head(parser, head)) {
    check(refusal->status == 502 && !refusal->why.empty(), "a refusal without a reason");
    return;
  }
  check(head.status >= 100 && head.status <= 999, "a status that is none");
  const std::size_t codings = count(verdict, "transfer-encoding");
  check(head.framing != http::BodyFraming::chunked || codings == 1, "chunked from nowhere");
  check(head.framing != http::BodyFraming::until_close || !head.keep_alive,
        "a body without end on a kept connection");
}
#endif

}  // namespace
}  // namespace sluice::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  using namespace sluice::fuzz;
  const std::string_view bytes = text_of(data, size);
  http::HeadParser parser(bounds);
  const std::string whole_bytes(bytes);
  const Verdict whole = parse({whole_bytes}, parser);
  if (whole.state == State::complete) {
    check_fields(whole);
    parser.parse(whole_bytes);  // views memory that is still there
    check_meaning(parser, whole);
  }
  Choices choices(bytes);
  for (int i = 0; i < 4; ++i) {
    parser.reset();
    check(parse(cut(bytes, choices), parser) == whole, "a cut changes the head");
  }
  return 0;
}
