#pragma once
// The head of a message: its first line and its fields, parsed strictly (RFC 9112) from bytes that arrive in
// any pieces. Knows no socket.

#include "http/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::http {

struct Field {
  std::string_view name, value;
};

/// Fields in order, as offsets into the head's bytes.
class Fields {
 public:
  /// The value of the only field of that name, compared without case; empty if there is none; the first if
  /// there are several.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return count(name) > 0; }
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return offsets_.size(); }
  Field operator[](std::size_t index) const;

 private:
  friend class HeadParser;
  struct Offsets {
    std::uint32_t name, name_size, value, value_size;
  };
  const char* bytes_ = nullptr;
  bool is_named(const Offsets& field, std::string_view name) const;

  std::vector<Offsets> offsets_;
};

/// Why a head is refused: the status to answer, and a sentence.
struct Refusal {
  int status = 400;
  std::string_view why;
};

enum class BodyFraming : std::uint8_t { none, length, chunked, until_close };

/// Splits a head into lines and fields. Parsing is incremental: each line is looked at once. The bytes may
/// move between calls, as a growing buffer does.
class HeadParser {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  struct Bounds {
    std::size_t max_first_line, max_head, max_fields;
  };
  explicit HeadParser(Bounds bounds) : bounds_(bounds) {}

  /// `bytes` is everything from the start of the head on that has arrived.
  State parse(std::string_view bytes);
  /// Forgets the head, keeps memory.
  void reset();

  std::string_view first_line() const { return {fields_.bytes_ + first_line_, first_line_size_}; }
  const Fields& fields() const { return fields_; }
  /// Bytes up to and including the empty line.
  std::size_t size() const { return line_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  State refuse(int status, std::string_view why);
  State parse_line(std::string_view bytes, std::size_t end);
  bool add_field(std::string_view bytes, std::size_t begin, std::size_t end);

  Bounds bounds_;
  Fields fields_;
  Refusal refusal_;
  std::size_t line_ = 0;     ///< start of the line that is not complete yet
  std::size_t scanned_ = 0;  ///< how far a line end has been looked for
  std::size_t first_line_ = 0, first_line_size_ = 0;
  bool has_first_line_ = false;
  bool skipped_empty_line_ = false;
  bool done_ = false;
};

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, trace, connect };

/// What the head of a request says. Views the bytes that the parser was last given.
struct RequestHead {
  Method method = Method::get;
  std::string_view method_name;
  std::string_view path;   ///< as sent, percent-encoded; "*" for OPTIONS *
  std::string_view query;  ///< without the question mark
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;
};

/// Reads a complete head. Nothing if all is well; else why not.
std::optional<Refusal> read_request_head(const HeadParser& parser, const ServerLimits& limits,
                                         RequestHead& head);

/// What the head of a response says.
struct ResponseHead {
  int status = 0;
  bool keep_alive = true;
  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;
};

/// Reads a complete head of a response to a request other than HEAD or CONNECT.
std::optional<Refusal> read_response_head(const HeadParser& parser, ResponseHead& head);

}  // namespace sluice::http
