#pragma once
// Server-sent events, read from bytes in any pieces (WHATWG HTML section 9.2.6).

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::http {

/// Splits a stream into events. LF, CR and CRLF end lines, wherever reads are cut; comments, a BOM, `id` and
/// `retry` are skipped; `data` lines are joined with LF. Data that lies in one piece of input is not copied.
class SseReader {
 public:
  class Sink {
   public:
    /// `type` is the event's name, or empty. Both are valid during the call. False: stop reading.
    virtual bool on_event(std::string_view type, std::string_view data) = 0;

   protected:
    ~Sink() = default;
  };

  /// Fails if one event is larger than `max_event`. Stops without failure when the sink says so.
  explicit SseReader(std::size_t max_event) : max_event_(max_event) {}
  Result<> feed(std::string_view bytes, Sink& sink);
  /// The stream is over: hands out what lacks its empty line. The caller decides whether that is an event.
  Result<> finish(Sink& sink);
  /// Bytes that belong to an event which is not complete.
  std::size_t pending() const { return line_.size() + data_.size(); }

 private:
  bool end_line(std::string_view line, Sink& sink);
  bool dispatch(Sink& sink);
  void add_data(std::string_view value);

  std::size_t max_event_;
  std::string line_;  ///< a line whose end has not come yet
  std::string type_;
  std::string data_;       ///< data lines so far, where they could not be viewed
  std::string_view view_;  ///< the only data line so far, in the current input
  bool has_data_ = false;
  bool owns_data_ = false;
  bool skip_lf_ = false;  ///< the last line ended with CR: an LF right behind it belongs to it
  bool first_line_ = true;
};

}  // namespace sluice::http
