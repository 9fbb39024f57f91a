#include "json/repair/testing/vectors.hpp"

#include "base/text.hpp"
#include "json/document.hpp"
#include "json/repair/testing/canonical.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::json::repair {
namespace {

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Calls `visit` with each line of a file of JSON Lines.
template <class Visit>
void for_each_line(const std::string& file, Visit visit) {
  std::istringstream lines(read_file(vectors_folder() + "/" + file));
  for (std::string line; std::getline(lines, line);) {
    Document document;
    if (const auto root = document.parse(line)) visit(*root);
  }
}

std::set<std::string> accepted(Value list) {
  std::set<std::string> accept;
  for (const Value value : list.elements()) accept.insert(canonical(value));
  return accept;
}

}  // namespace

std::string vectors_folder() {
  const char* shared = std::getenv("SLUICE_SHARED");
  const std::string folder = (shared ? std::string(shared) : SLUICE_SOURCE_DIR "/../shared") + "/data/repair";
  return std::filesystem::exists(folder + "/visible.jsonl") ? folder : "";
}

std::vector<Vector> visible_vectors() {
  std::vector<Vector> vectors;
  for_each_line("visible.jsonl", [&](Value line) {
    Vector vector{.id = line["id"].string(),
                  .category = line["category"].string(),
                  .mode = line["mode"].string(),
                  .input = line["input"].string(),
                  .accept = accepted(line["accept"]),
                  .error_ok = line["error_ok"].boolean().value_or(false)};
    if (line["input_b64"]) vector.input = decode_base64(line["input_b64"].string()).value_or("");
    vectors.push_back(std::move(vector));
  });
  return vectors;
}

std::vector<StreamVector> stream_vectors() {
  std::vector<StreamVector> vectors;
  for_each_line("stream_visible.jsonl", [&](Value line) {
    StreamVector vector{
        .id = line["id"].string(),
        .mode = line["mode"].string(),
        .target = line["target"].string(),
        .finish_reason = line["finish_reason"].string(),
        .accept = accepted(line["accept"]),
        .final_text = line["final_text"].string(),
        .silent_before = static_cast<std::size_t>(line["silent_before_chunk"].integer().value_or(0))};
    for (const Value chunk : line["chunks"].elements()) vector.chunks.push_back(chunk.string());
    for (const Value mark : line["liveness"].elements())
      vector.liveness.push_back({static_cast<std::size_t>(*mark["after_chunk"].integer()),
                                 static_cast<std::size_t>(*mark["min_bytes"].integer())});
    vectors.push_back(std::move(vector));
  });
  return vectors;
}

std::vector<Stress> stress_cases() {
  std::vector<Stress> cases;
  const std::string text = read_file(vectors_folder() + "/stress.json");
  Document document;
  const auto root = document.parse(text);
  if (!root) return cases;
  for (const Value one : (*root)["cases"].elements())
    cases.push_back({.id = one["id"].string(),
                     .expect = one["expect"].string(),
                     .prefix = one["prefix"].string(),
                     .unit = one["unit"].string(),
                     .suffix = one["suffix"].string(),
                     .suffix_unit = one["suffix_unit"].string(),
                     .count = static_cast<std::size_t>(one["count"].integer().value_or(0)),
                     .suffix_count = static_cast<std::size_t>(one["suffix_count"].integer().value_or(0)),
                     .limit_ms = one["limit_ms"].number().value_or(0)});
  return cases;
}

std::string Stress::text(std::size_t units) const {
  std::string out = prefix;
  for (std::size_t i = 0; i < units; ++i) out += unit;
  if (suffix_count > 0)
    for (std::size_t i = 0; i < units; ++i) out += suffix_unit;
  return out + suffix;
}

}  // namespace sluice::json::repair
