#pragma once
// For tests: recorded answers of the API, where the shared test data are present.

#include "base/text.hpp"
#include "json/document.hpp"
#include "tests/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::dialect::responses {

namespace fs = std::filesystem;

inline fs::path corpus() {
  const char* shared = std::getenv("SLUICE_SHARED");
  return fs::path(shared ? shared : SLUICE_SOURCE_DIR "/../shared") / "data" / "corpus" / "openai.responses";
}

struct Recording {
  std::string name;
  int status = 0;
  std::string body;                 ///< whole answers
  std::vector<std::string> events;  ///< streams: the data of each
  bool custom_tools = false;        ///< the client offered some
};

/// The data lines; events of recordings have one each.
inline std::vector<std::string> data_of(const std::string& raw) {
  std::vector<std::string> out;
  std::istringstream lines(raw);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("data:")) out.emplace_back(trim(std::string_view(line).substr(5)));
  return out;
}

inline std::vector<Recording> recordings() {
  std::vector<Recording> out;
  if (!fs::exists(corpus())) return out;
  for (const auto& entry : fs::directory_iterator(corpus())) {
    const std::string text = golden::read(entry.path());
    json::Document document;
    const auto root = document.parse(text);
    if (!root) continue;
    const json::Value response = (*root)["response"];
    Recording recording{.name = entry.path().stem().string(),
                        .status = static_cast<int>(response["status"].integer().value_or(0))};
    if (const json::Value body = response["body"]; body.exists()) {
      recording.body = body.raw();
    } else {
      recording.events = data_of(response["raw"].string());
    }
    for (json::Value tool : (*root)["request"]["body"]["tools"].elements())
      recording.custom_tools |= tool["type"].equals("custom");
    out.push_back(std::move(recording));
  }
  std::ranges::sort(out, {}, &Recording::name);
  return out;
}

}  // namespace sluice::dialect::responses
