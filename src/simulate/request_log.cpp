#include "simulate/request_log.hpp"

#include "json/document.hpp"
#include "json/writer.hpp"

#include <algorithm>

namespace sluice::simulate {
namespace {

constexpr std::size_t longest_body = 256 * 1024;  ///< larger ones are described, not kept

/// JSON as it is, other text as a string, what is too long not at all.
void write_body(json::Writer& writer, std::string_view body) {
  writer.key("body_bytes").integer(static_cast<std::int64_t>(body.size())).key("body");
  json::Document document;
  if (body.size() > longest_body) {
    writer.null();
  } else if (document.parse(body)) {
    writer.raw(body);
  } else {
    writer.string(body);
  }
}

}  // namespace

void RequestLog::add(const Received& request, std::uint64_t unix_milliseconds) {
  if (most_ == 0) return;
  std::string entry;
  json::Writer writer(entry);
  writer.begin_object().key("at_ms").integer(static_cast<std::int64_t>(unix_milliseconds));
  writer.key("method")
      .string(request.method)
      .key("path")
      .string(request.path)
      .key("query")
      .string(request.query);
  writer.key("headers").begin_object();
  for (const auto& [name, value] : request.fields) writer.key(json::Text(json::escape(name))).string(value);
  writer.end_object();
  write_body(writer, request.body);
  writer.end_object();
  if (entries_.size() == most_) entries_.pop_front();
  entries_.push_back(std::move(entry));
}

std::string RequestLog::last(std::size_t count) const {
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (std::size_t i = entries_.size() - std::min(count, entries_.size()); i < entries_.size(); ++i)
    writer.raw(entries_[i]);
  writer.end_array();
  return out;
}

}  // namespace sluice::simulate
