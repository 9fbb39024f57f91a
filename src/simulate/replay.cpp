#include "simulate/replay.hpp"

#include "base/text.hpp"
#include "json/document.hpp"
#include "simulate/contains.hpp"
#include "simulate/pretty_json.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace sluice::simulate {
namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;

constexpr std::array hop_by_hop{"connection", "content-encoding", "content-length",   "date",
                                "keep-alive", "server",           "transfer-encoding"};

struct EncodingType {
  std::string_view encoding, content_type;
};
constexpr std::array content_types{
    EncodingType{"sse", "text/event-stream"}, EncodingType{"ndjson", "application/x-ndjson"},
    EncodingType{"base64", "application/vnd.amazon.eventstream"}, EncodingType{"text", "text/plain"}};

Result<std::string> read_text(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return fail(ErrorCode::invalid_request, error.message());
  if (size > largest_file) return fail(ErrorCode::invalid_request, "the file is larger than 64 MB");
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::invalid_request, "cannot be opened");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void read_fields(json::Value response, std::string_view encoding, Recording& recording) {
  bool typed = false;
  for (const json::Member& member : response["headers"].members()) {
    const std::string name = ascii_lower(member.key.decode());
    if (contains(hop_by_hop, name)) continue;
    typed |= name == "content-type";
    recording.fields.emplace_back(name, member.value.string());
  }
  if (typed) return;
  const auto* known = std::ranges::find(content_types, encoding, &EncodingType::encoding);
  recording.fields.emplace_back("content-type",
                                known == content_types.end() ? "application/json" : known->content_type);
}

Result<> read_body(json::Value response, std::string_view encoding, Recording& recording) {
  const json::Value raw = response["raw"];
  if (!raw.exists()) {
    if (!response["body"].exists())
      return fail(ErrorCode::invalid_request, "response has neither body nor raw");
    recording.parsed = true;
    recording.bytes = compact_json(response["body"]);
    return {};
  }
  recording.bytes = raw.string();
  recording.sse = encoding == "sse";
  if (encoding != "base64") return {};
  auto decoded = decode_base64(recording.bytes);
  if (!decoded) return fail(ErrorCode::invalid_request, "response.raw is not base64");
  recording.bytes = std::move(*decoded);
  return {};
}

Result<Recording> read_recording(const std::filesystem::path& path) {
  auto text = read_text(path);
  if (!text) return fail(text);
  json::Document document;
  const auto root = document.parse(*text);
  if (!root) return fail(ErrorCode::invalid_request, root.error().message());
  const json::Value response = (*root)["response"];
  const auto status = response["status"].integer();
  if (!(*root)["id"].is_string() || !(*root)["api"].is_string() || !status)
    return fail(ErrorCode::invalid_request, "a recording needs id, api and response.status");
  Recording recording{
      .id = (*root)["id"].string(), .api = (*root)["api"].string(), .status = static_cast<int>(*status)};
  const std::string encoding = response["encoding"].string();
  read_fields(response, encoding, recording);
  if (auto read = read_body(response, encoding, recording); !read) return fail(read);
  for (json::Value length : response["chunk_lengths"].elements())
    recording.reads.push_back(
        static_cast<std::size_t>(std::max<std::int64_t>(0, length.integer().value_or(0))));
  recording.stream = encoding == "sse" || encoding == "ndjson" || encoding == "base64" ||
                     recording.api == "gemini.streamGenerateContent" ||
                     recording.api == "bedrock.converse-stream" ||
                     (*root)["request"]["body"]["stream"].boolean() == true;
  return recording;
}

}  // namespace

Result<Replay> Replay::load(const std::filesystem::path& folder) {
  Replay replay;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(folder, error);
  if (error) return fail(ErrorCode::invalid_request, folder.string() + ": " + error.message());
  for (const auto& entry : entries) {
    if (!entry.is_regular_file() || entry.path().extension() != ".json") continue;
    auto recording = read_recording(entry.path());
    if (!recording) return fail(std::move(recording.error()).within(entry.path().string()));
    std::string id = recording->id;
    replay.recordings_.insert_or_assign(std::move(id), std::move(*recording));
  }
  if (replay.recordings_.empty())
    return fail(ErrorCode::invalid_request, folder.string() + " holds no recordings");
  return replay;
}

const Recording* Replay::find(std::string_view path, std::string_view model) const {
  const auto named = [&](std::string_view name) -> const Recording* {
    for (const std::string_view candidate : {name, name.substr(0, name.rfind(':'))})
      if (const auto found = recordings_.find(candidate); found != recordings_.end()) return &found->second;
    return nullptr;
  };
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (const Recording* found = named(path.substr(0, end))) return found;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (model.empty()) return nullptr;
  if (const Recording* found = named(model)) return found;
  return named(model.substr(model.rfind('/') + 1));
}

}  // namespace sluice::simulate
