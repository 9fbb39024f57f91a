#pragma once
// For tests: recorded answers of the API, where the shared test data are present.

#include "base/text.hpp"
#include "json/document.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::dialect::gemini {

namespace fs = std::filesystem;

inline fs::path corpus() {
  const char* shared = std::getenv("SLUICE_SHARED");
  return fs::path(shared ? shared : SLUICE_SOURCE_DIR "/../shared") / "data" / "corpus";
}

struct Recording {
  std::string name;
  int status = 0;
  bool stream = false;  ///< recorded as server-sent events
  std::string body;     ///< as sent; parsed JSON bodies as they stand in the file
};

/// The data of each event: good enough for recordings, whose events have one data line.
inline std::vector<std::string> events(std::string_view text) {
  std::vector<std::string> out;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.starts_with("data:")) out.emplace_back(trim(std::string_view(line).substr(5)));
  }
  return out;
}

inline std::vector<Recording> recordings() {
  std::vector<Recording> out;
  for (const auto* api : {"gemini.generateContent", "gemini.streamGenerateContent"}) {
    if (!fs::exists(corpus() / api)) continue;
    for (const auto& entry : fs::directory_iterator(corpus() / api)) {
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      json::Document document;
      const auto root = document.parse(text);
      if (!root) continue;
      const json::Value response = (*root)["response"];
      const json::Value body = response["body"];
      out.push_back({.name = entry.path().stem().string(),
                     .status = static_cast<int>(response["status"].integer().value_or(0)),
                     .stream = !body.exists(),
                     .body = body.exists() ? std::string(body.raw()) : response["raw"].string()});
    }
  }
  std::ranges::sort(out, {}, &Recording::name);
  return out;
}

/// JSON without differences that mean nothing: white space, order of members, escapes.
inline std::string canonical(json::Value value) {
  std::string out;
  if (value.is_string()) return "\"" + json::escape(value.string()) + "\"";
  if (value.is_array()) {
    for (json::Value element : value.elements()) out += canonical(element) + ",";
    return "[" + out + "]";
  }
  if (!value.is_object()) return std::string(value.raw());
  std::map<std::string, std::string> members;
  for (const json::Member& member : value.members()) members[member.key.decode()] = canonical(member.value);
  for (const auto& [key, text] : members) out += json::escape(key) + ":" + text + ",";
  return "{" + out + "}";
}

}  // namespace sluice::dialect::gemini
