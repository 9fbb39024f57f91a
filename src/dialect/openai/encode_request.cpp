#include "base/text.hpp"
#include "dialect/openai/openai.hpp"
#include "dialect/openai/request_edit.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sluice::dialect::openai {
namespace {

/// Addressed to the gateway; providers would refuse or misread them.
constexpr std::array<std::string_view, 8> for_the_gateway{
    "fallbacks",     "fallback_config",    "post_processing_steps", "model_region",
    "transcript_id", "unsupported_params", "zero_data_retention",   "sluice"};

std::string quoted(std::string_view plain) {
  std::string out = "\"";
  json::append_escaped(out, plain);
  return out += '"';
}

/// Usage is always asked for: the gateway accounts for it, whether the client wants to see it or not.
void edit_stream_options(RequestEdit& edit) {
  if (!edit.host().stream_options) return edit.discard("stream_options");
  if (!edit.request.stream) return;
  const json::Value options = edit.member("stream_options");
  const json::Value asked = options["include_usage"];
  if (asked.boolean() == true) return;
  if (!options.is_object() || options.size() == 0)
    return edit.set("stream_options", R"({"include_usage":true})");
  if (asked.exists()) {
    edit.patch.replace(asked, "true");
  } else {
    edit.patch.insert(options.offset() + 1, R"("include_usage":true,)");
  }
}

/// What is not worth a report: asking for what happens anyway.
bool is_default(std::string_view name, json::Value value) {
  if (name == "n") return value.integer() == 1;
  if (name == "parallel_tool_calls") return value.boolean() == true;
  if (name == "tool_choice") return value.equals("auto");
  return value.boolean() == false || value.number() == 0.0;
}

void refuse(RequestEdit& edit, std::string_view name, json::Value value) {
  if (is_default(name, value)) return edit.discard(name);
  edit.drop(name, "this host does not take it");
}

void edit_refused(RequestEdit& edit) {
  for (std::string_view name : edit.host().refused) refuse(edit, name, edit.member(name));
}

/// Last: other stages may have sent an unknown member under another name.
void edit_unknown(RequestEdit& edit) {
  const auto known = edit.host().known;
  if (known.empty()) return;
  for (const json::Member& member : edit.request.source.members())
    if (std::ranges::find(known, member.key.escaped()) == known.end())
      refuse(edit, member.key.escaped(), member.value);
}

/// Azure: /deployments/NAME/chat/completions?api-version=2024-10-21
std::string path(const Target& target) {
  std::string path;
  if (target.cloud.deployments) path.append("/deployments/").append(encode_percent(target.model));
  return path.append("/chat/completions").append(target.cloud.query);
}

bool is_inside(std::string_view piece, std::string_view whole) {
  const std::less_equal<> before;
  return before(whole.data(), piece.data()) &&
         before(piece.data() + piece.size(), whole.data() + whole.size());
}

/// The body is sent as slices of what the client wrote; only what the edits wrote is copied.
void lay_out(RequestEdit& edit, Outgoing& out) {
  const std::string_view source = edit.request.source.raw();
  out.pieces = edit.patch.slices();
  std::size_t size = 0;
  for (std::string_view piece : out.pieces)
    if (!is_inside(piece, source)) size += piece.size();
  std::string& written = out.patch_storage.emplace_back();
  written.reserve(size);
  for (std::string_view& piece : out.pieces) {
    if (is_inside(piece, source)) continue;
    const std::size_t at = written.size();
    written.append(piece);
    piece = std::string_view(written).substr(at);
  }
}

}  // namespace

void RequestEdit::set(std::string_view name, std::string_view json) {
  if (is_settled(name)) return;
  settled_.push_back(name);
  patch.set(name, json);
}

void RequestEdit::discard(std::string_view name) {
  if (is_settled(name)) return;
  settled_.push_back(name);
  if (member(name).exists()) patch.remove(name);
}

void RequestEdit::drop(std::string_view name, std::string_view why) {
  if (is_settled(name)) return;
  if (member(name)) changes.dropped(std::string(name), std::string(why));
  discard(name);
}

bool RequestEdit::is_settled(std::string_view name) const {
  return std::ranges::find(settled_, name) != settled_.end();
}

void RequestEdit::report_once(chat::Change::Kind kind, std::string param, std::string_view key,
                              std::string_view why) {
  if (std::ranges::find(reported_, key) != reported_.end()) return;
  reported_.emplace_back(key);
  changes.add(kind, std::move(param), std::string(why));
}

Result<> encode_request(const chat::Request& request, const Target& target, Outgoing& out) {
  RequestEdit edit(request, target, out);
  edit.set("model", quoted(target.model));
  for (std::string_view name : for_the_gateway) edit.discard(name);
  edit_refused(edit);
  std::string instruction;
  edit_answer_format(edit, instruction);
  edit_effort(edit);
  if (auto done = edit_sampling(edit); !done) return done;
  edit_tools(edit);
  edit_messages(edit, instruction);
  edit_stream_options(edit);
  edit_unknown(edit);
  out.path = path(target);
  lay_out(edit, out);
  return {};
}

}  // namespace sluice::dialect::openai
