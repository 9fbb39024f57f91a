#include "app/repair.hpp"

#include "app/cli.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "json/document.hpp"
#include "json/repair/repair.hpp"
#include "json/writer.hpp"

#include <fmt/format.h>

#include <iostream>
#include <string>
#include <string_view>

namespace sluice::app {
namespace {

/// A line holds a text of at most 8 MiB, each byte of which may be escaped as six, and names.
constexpr std::size_t longest_line = json::repair::max_bytes * 6 + (std::size_t{1} << 16);

/// Reads up to one byte more than a text may have.
std::string read_text(std::istream& in) {
  std::string text;
  char block[1 << 16];
  while (text.size() <= json::repair::max_bytes) {
    in.read(block, sizeof block);
    if (in.gcount() == 0) break;
    text.append(block, static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

/// The next line without its end. False at the end; `too_long` if the line was skipped for its length.
bool read_line(std::istream& in, std::string& line, bool& too_long) {
  line.clear();
  too_long = false;
  std::streambuf& buffer = *in.rdbuf();
  int c = buffer.sbumpc();
  if (c == std::streambuf::traits_type::eof()) return false;
  for (; c != std::streambuf::traits_type::eof() && c != '\n'; c = buffer.sbumpc()) {
    if (line.size() < longest_line) {
      line += static_cast<char>(c);
    } else {
      too_long = true;
    }
  }
  return true;
}

int repair_text(const json::repair::Options& options, std::istream& in, const Terminal& terminal) {
  std::string buffer;
  const std::string text = read_text(in);
  const auto repaired = json::repair::whole(text, buffer, options);
  if (!repaired) {
    terminal.err << "sluice repair: cannot be repaired: " << json::repair::message(repaired.error()) << '\n';
    return exit_failed;
  }
  terminal.out << repaired->json;
  if (repaired->json.empty() || repaired->json.back() != '\n') terminal.out << '\n';
  if (repaired->changed()) terminal.err << "fixed: " << repaired->fixes.names() << '\n';
  return exit_ok;
}

/// What one line of JSON Lines asks for.
struct Job {
  std::string id;  ///< JSON
  std::string text;
};

Result<Job> job_of(std::string_view line) {
  json::Document document;
  const auto root = document.parse(line);
  if (!root) return fail(ErrorCode::invalid_json, root.error().message());
  const json::Value id = (*root)["id"], input = (*root)["input"], encoded = (*root)["input_b64"];
  if (!id.is_string() && !id.is_number())
    return fail(ErrorCode::invalid_request, R"("id" is missing; allowed is a string or a number)");
  if (input.is_string()) return Job{std::string(id.raw()), input.string()};
  if (encoded.is_string()) {
    if (auto bytes = decode_base64(encoded.string())) return Job{std::string(id.raw()), std::move(*bytes)};
    return fail(ErrorCode::invalid_request, R"("input_b64" is no base64)");
  }
  return fail(ErrorCode::invalid_request, R"("input" or "input_b64" is missing; allowed is a string)");
}

void answer(const Job& job, const json::repair::Options& options, const Terminal& terminal) {
  std::string buffer, line;
  const auto repaired = json::repair::whole(job.text, buffer, options);
  json::Writer writer(line);
  writer.begin_object().key("id").raw(job.id);
  if (repaired) {
    writer.key("out").string(repaired->json);
  } else {
    writer.key("error").string(name(repaired.error()));
  }
  writer.end_object();
  terminal.out << line << '\n';
  if (repaired && repaired->changed())
    terminal.err << job.id << ": fixed: " << repaired->fixes.names() << '\n';
}

int repair_lines(const json::repair::Options& options, std::istream& in, const Terminal& terminal) {
  int status = exit_ok;
  std::string line;
  bool too_long = false;
  for (std::size_t number = 1; read_line(in, line, too_long); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto job = too_long ? Result<Job>(fail(ErrorCode::request_too_large,
                                           fmt::format("longer than {} bytes", longest_line)))
                        : job_of(line);
    if (job) {
      answer(*job, options, terminal);
    } else {
      terminal.err << "sluice repair: line " << number << ": " << job.error().message() << '\n';
      status = exit_failed;
    }
  }
  return status;
}

}  // namespace

int repair(const RepairOptions& options, std::istream& in, const Terminal& terminal) {
  const json::repair::Options wanted{.object = options.object};
  return options.lines ? repair_lines(wanted, in, terminal) : repair_text(wanted, in, terminal);
}

int repair_standard_input(const RepairOptions& options, const Terminal& terminal) {
  std::ios::sync_with_stdio(false);
  return repair(options, std::cin, terminal);
}

}  // namespace sluice::app
