#include "app/translate.hpp"

#include "app/cli.hpp"
#include "catalog/families.hpp"
#include "dialect/host_profile.hpp"
#include "dialect/openai/encode_stream.hpp"
#include "dialect/openai/openai.hpp"
#include "gateway/answer_decoder.hpp"
#include "gateway/question.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <string_view>

namespace sluice::app {
namespace {

using What = TranslateOptions::What;

/// A request id that says what it is.
constexpr std::string_view nobody = "00000000-0000-0000-0000-000000000000";
constexpr std::size_t max_bytes = std::size_t{64} << 20;

/// Reads up to one byte more than is allowed.
std::string read_all(std::istream& in) {
  std::string text;
  char block[1 << 16];
  while (text.size() <= max_bytes && (in.read(block, sizeof block), in.gcount() > 0))
    text.append(block, static_cast<std::size_t>(in.gcount()));
  return text;
}

void report(const chat::Changes& changes, const Terminal& terminal) {
  for (const chat::Change& change : changes.list())
    terminal.err << fmt::format("{} {}: {}\n", chat::name(change.kind), change.param, change.reason);
}

int refuse(const Error& error, const Terminal& terminal) {
  terminal.err << fmt::format("sluice translate: {}{}: {}\n", error.traits().name,
                              error.param().empty() ? "" : " (" + error.param() + ")", error.message());
  return exit_failed;
}

/// The error as the client would get it.
int tell(const Error& error, const Terminal& terminal) {
  std::string body;
  dialect::openai::encode_error(error, nobody, body);
  terminal.out << body << '\n';
  terminal.err << fmt::format("HTTP {}\n", error.traits().http_status);
  return exit_ok;
}

int translate_request(const TranslateOptions& options, const dialect::Dialect& dialect,
                      const std::string& text, const Terminal& terminal) {
  gateway::Question question;
  if (auto read = question.read(text); !read) return refuse(read.error(), terminal);
  const auto families = catalog::built_in_families();
  if (!families) return refuse(families.error(), terminal);
  const std::string model = options.model.empty() ? question.request().model : options.model;
  dialect::Outgoing out;
  const auto encoded = dialect.encode_request(question.request(),
                                              {.model = model,
                                               .capabilities = families->capabilities(model),
                                               .host = dialect::profile_for(options.host)},
                                              out);
  if (!encoded) return refuse(encoded.error(), terminal);
  terminal.err << fmt::format("POST {}\n", out.path);
  for (const dialect::Header& header : out.headers)
    terminal.err << fmt::format("{}: {}\n", header.name, header.value);
  report(out.changes, terminal);
  if (out.pieces.empty()) terminal.out << out.body;
  for (const std::string_view piece : out.pieces) terminal.out << piece;
  terminal.out << '\n';
  return exit_ok;
}

/// Events of the provider's bytes, in one piece.
Result<> decode(const TranslateOptions& options, const dialect::Dialect& dialect,
                const dialect::AnswerContext& context, std::string_view bytes, chat::EventSink& sink) {
  const auto form = options.what == What::stream ? gateway::BodyForm::events : gateway::BodyForm::whole;
  gateway::AnswerDecoder decoder(form, dialect, context, max_bytes);
  if (auto fed = decoder.feed(bytes, sink); !fed) return fed;
  return decoder.finish(sink);
}

int translate_answer(const TranslateOptions& options, const dialect::Dialect& dialect,
                     const std::string& bytes, const Terminal& terminal) {
  if (options.status < 200 || options.status > 299)
    return tell(
        dialect.decode_error({.status = options.status, .body = bytes, .content_type = "application/json"}),
        terminal);
  const dialect::RenamedTools no_names;
  const dialect::AnswerContext context{.renamed_tools = no_names};
  const std::string model = options.model.empty() ? "model" : options.model;
  chat::Changes changes;
  const dialect::openai::Envelope envelope{
      .request_id = nobody, .model = model, .include_usage = options.usage, .changes = &changes};
  if (options.what == What::stream && !options.whole) {
    std::string out;
    dialect::openai::StreamEncoder encoder(envelope, out);
    const auto decoded = decode(options, dialect, context, bytes, encoder);
    if (!decoded) dialect::openai::encode_stream_error(decoded.error(), nobody, out);
    terminal.out << out;
    return exit_ok;
  }
  dialect::openai::AnswerEncoder encoder(envelope);
  if (const auto decoded = decode(options, dialect, context, bytes, encoder); !decoded)
    return tell(decoded.error(), terminal);
  std::string out;
  encoder.encode({.llm_status_code = options.status}, out);
  terminal.out << out << '\n';
  return exit_ok;
}

}  // namespace

int translate(const TranslateOptions& options, std::istream& in, const Terminal& terminal) {
  const dialect::Dialect* dialect = dialect::find(options.api);
  if (!dialect)
    return refuse(Error(ErrorCode::invalid_request, "there is no api '" + options.api + "'"), terminal);
  const std::string text = read_all(in);
  if (text.size() > max_bytes)
    return refuse(Error(ErrorCode::request_too_large, "more than 64 MiB"), terminal);
  return options.what == What::request ? translate_request(options, *dialect, text, terminal)
                                       : translate_answer(options, *dialect, text, terminal);
}

int translate_standard_input(const TranslateOptions& options, const Terminal& terminal) {
  std::ios::sync_with_stdio(false);
  return translate(options, std::cin, terminal);
}

}  // namespace sluice::app
