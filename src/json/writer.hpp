#pragma once
// json::Writer: appends JSON to a string; commas are its business.

#include "json/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::json {

/// Writes whatever it is told in order: it does not check that a key is followed by a value. `out` is not
/// cleared, so several writers may add to one buffer.
///
///   Writer w(out);
///   w.begin_object().key("model").string(model).key("stream").boolean(true).end_object();
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  /// `name` needs no escaping: it is a literal of ours.
  Writer& key(std::string_view name);
  Writer& key(Text name);

  /// Escapes `plain`.
  Writer& string(std::string_view plain);
  /// Text that is already escaped, put between quotes.
  Writer& text(Text text);
  /// A complete JSON value, copied as it is.
  Writer& raw(std::string_view value);
  Writer& integer(std::int64_t value);
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null() { return raw("null"); }

  std::string& out() { return out_; }

 private:
  void separate();
  Writer& open(char bracket);
  Writer& close(char bracket);

  std::string& out_;
};

}  // namespace sluice::json
