#pragma once
// Repair of a text while it arrives.
//
// A byte is written only when nothing that follows can change it, and what is written depends on the text
// alone, not on how it was cut. Nothing is written before the value begins; prose, fences and thinking before
// and behind it are swallowed, and the first plausible value wins. Valid JSON passes byte for byte, at most
// 16 bytes (and one for each open bracket) behind; once something is wrong, at most 512.

#include "json/repair/decoder.hpp"
#include "json/repair/parser.hpp"
#include "json/repair/prose.hpp"
#include "json/repair/repair.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace sluice::json::repair {

struct StreamOptions {
  bool object = false;           ///< the value must be an object
  bool empty_is_object = false;  ///< no text at all means an object without members
};

/// One for each choice's content and each call's arguments; they share nothing. Not copyable.
class Stream {
 public:
  explicit Stream(const StreamOptions& options = {});

  /// Takes the next piece and appends to `out` what is certain now. Nothing is kept of `piece`.
  void feed(std::string_view piece, std::string& out);
  /// Nothing follows: appends what closes the value. Call it once. Fails if there is no value, and nothing
  /// was written then, or past a hard limit (`too_large`, `too_deep`), whatever was written before.
  std::expected<void, Reason> finish(std::string& out);

  /// What was wrong so far; empty if what was written is what came.
  Fixes fixes() const;
  /// Whether anything was written yet.
  bool begun() const { return begun_; }

 private:
  enum class Phase : std::uint8_t { prose, value, tail };

  void read(std::string_view text, bool whole, std::string& out);
  std::size_t advance(std::string_view text, bool whole, std::string& out);
  /// Whether the value that prose_ found begins the JSON; `stuck` if more must be seen to tell.
  bool begins(Prose::Found found, std::string_view text, bool whole, bool& stuck);
  std::expected<void, Reason> last_try(std::string& out);

  StreamOptions options_;
  Phase phase_ = Phase::prose;
  bool begun_ = false;
  std::size_t size_ = 0;  ///< of the text so far
  Fixes fixes_;
  std::string held_;   ///< what came and was not yet consumed
  std::string first_;  ///< the beginning of the text, while it may still be all of it
  Decoder decoder_;
  bool decoding_ = false;  ///< what is held was decoded
  Prose prose_;
  Parser parser_;
};

}  // namespace sluice::json::repair
