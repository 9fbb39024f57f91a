#pragma once
// Newline-delimited JSON, read from bytes in any pieces.

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::http {

/// Splits a stream into lines, which LF or CRLF end; blank ones are skipped. Whether a line is JSON is not
/// looked at. A line that lies in one piece of input is not copied.
class NdjsonReader {
 public:
  class Sink {
   public:
    /// `line` is valid during the call. False: stop reading.
    virtual bool on_line(std::string_view line) = 0;

   protected:
    ~Sink() = default;
  };

  /// Fails with upstream_protocol if a line is larger than `max_line`.
  explicit NdjsonReader(std::size_t max_line) : max_line_(max_line) {}
  Result<> feed(std::string_view bytes, Sink& sink);
  /// The stream is over: hands out what lacks its line end. The caller decides whether that is a line.
  Result<> finish(Sink& sink);
  /// Bytes that belong to a line which is not complete.
  std::size_t pending() const { return begun_.size(); }

 private:
  std::size_t max_line_;
  std::string begun_;  ///< a line whose end has not come yet
};

}  // namespace sluice::http
