#pragma once
// Replay: answers that real providers once gave, byte for byte.
//
// A recording is a JSON file: `id`, `api` (such as anthropic.messages), and `response` with `status`,
// `headers`, and either `body` (JSON, parsed) or `raw` (text, or base64 where `encoding` says so);
// `chunk_lengths` are the sizes of the reads in which it came. A request asks for it by naming its id as the
// model, in the body or as a segment of the path.

#include "base/result.hpp"
#include "simulate/reading.hpp"
#include "simulate/script.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::simulate {

struct Recording {
  std::string id, api;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string bytes;    ///< the body as it was sent
  bool parsed = false;  ///< it was kept parsed: `bytes` is JSON in one line
  bool sse = false;
  bool stream = false;  ///< the recorded client asked for a stream
  std::vector<std::size_t> reads = {};
};

class Replay {
 public:
  /// All recordings below a folder, by their ids. Fails with the file that cannot be read and why.
  static Result<Replay> load(const std::filesystem::path& folder);

  /// The recording that a request names; null if it names none. `model` may be empty.
  const Recording* find(std::string_view path, std::string_view model) const;
  std::size_t size() const { return recordings_.size(); }

 private:
  std::map<std::string, Recording, std::less<>> recordings_;
};

/// The recording as the provider would have sent it for this request: Gemini lets the query choose between
/// events and an array (`alt=sse`) and between names and numbers of enumerators (`enum-encoding=int`). A
/// request that asks for a stream where none was recorded, or the reverse, or calls another API, is refused
/// with 404 and an explanation.
Script replay_script(const Recording& recording, const Received& request);

}  // namespace sluice::simulate
