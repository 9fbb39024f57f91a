#include "json/document.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <memory>

namespace sluice::json {
namespace {

/// simdjson's first stage finds every structural character and checks UTF-8 and control characters, in vector
/// instructions and without needing padding behind the text. Its second stage would copy strings and forget
/// where values stand, so the tree is built here.
class StructuralScan {
 public:
  /// Positions of brackets, commas, colons, opening quotes and first characters of other scalars.
  simdjson::error_code run(std::string_view text) {
    if (!stage_ || stage_->capacity() < text.size()) {
      const std::size_t capacity = std::max<std::size_t>(text.size() + text.size() / 2, 4096);
      stage_.reset();
      const auto error =
          simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage_);
      if (error) return error;
    }
    return stage_->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                          simdjson::stage1_mode::regular);
  }
  const std::uint32_t* begin() const { return stage_->structural_indexes.get(); }
  std::uint32_t count() const { return stage_->n_structural_indexes; }
  /// Gives back what a rare huge text needed.
  void trim() {
    if (stage_ && stage_->capacity() > (std::size_t{4} << 20)) stage_.reset();
  }

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// End of the number that begins at `at` (RFC 8259 section 6), or `at` if there is none.
std::size_t number_end(std::string_view text, std::size_t at) {
  std::size_t p = at;
  const auto here = [&] { return p < text.size() ? text[p] : '\0'; };
  const auto digits = [&] {
    const std::size_t first = p;
    while (is_digit(here())) ++p;
    return p > first;
  };
  if (here() == '-') ++p;
  if (here() == '0') {
    ++p;
  } else if (!digits()) {
    return at;
  }
  if (here() == '.') {
    ++p;
    if (!digits()) return at;
  }
  if (here() == 'e' || here() == 'E') {
    ++p;
    if (here() == '+' || here() == '-') ++p;
    if (!digits()) return at;
  }
  return p;
}

/// Offset of the first escape in [begin, end) that RFC 8259 does not know, or npos.
std::size_t bad_escape(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t p = begin; p < end;) {
    const auto* slash = static_cast<const char*>(std::memchr(text.data() + p, '\\', end - p));
    if (!slash) return std::string_view::npos;
    p = static_cast<std::size_t>(slash - text.data());
    const char kind = p + 1 < end ? text[p + 1] : '\0';
    if (kind == 'u') {
      for (std::size_t i = p + 2; i < p + 6; ++i)
        if (i >= end || std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return p;
      p += 6;
    } else if (kind != '\0' && std::strchr("\"\\/bfnrt", kind)) {
      p += 2;
    } else {
      return p;
    }
  }
  return std::string_view::npos;
}

Failure broken(std::size_t at, std::string_view what) {
  return fail(ErrorCode::invalid_json,
              "invalid JSON at byte " + std::to_string(at) + ": " + std::string(what));
}

bool valid_utf8_prefix(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

/// simdjson says what is wrong but not where; this is only asked once something is.
Failure locate(std::string_view text, simdjson::error_code error) {
  if (error == simdjson::UTF8_ERROR) {
    std::size_t good = 0, bad = text.size();
    while (good <
           bad) {  // longest valid prefix, up to the three bytes of a sequence cut by the prefix itself
      const std::size_t middle = (good + bad + 1) / 2;
      bool valid = false;
      for (std::size_t cut = 0; cut < 4 && cut <= middle && !valid; ++cut)
        valid = valid_utf8_prefix(text.substr(0, middle - cut));
      if (valid) {
        good = middle;
      } else {
        bad = middle - 1;
      }
    }
    while (good > 0 && !valid_utf8_prefix(text.substr(0, good))) --good;
    return broken(good, "bytes that are not UTF-8");
  }
  std::size_t opened = 0;
  bool inside = false;
  for (std::size_t p = 0; p < text.size(); ++p) {
    if (inside && text[p] == '\\') {
      ++p;
    } else if (text[p] == '"') {
      inside = !inside;
      opened = p;
    } else if (inside && static_cast<unsigned char>(text[p]) < 0x20) {
      return broken(p, "a control character inside a string must be escaped");
    }
  }
  if (inside) return broken(opened, "the string that begins here has no end");
  if (error == simdjson::EMPTY) return broken(0, "no value");
  return broken(0, simdjson::error_message(error));
}

}  // namespace

/// Buffers that outlive the documents using them, so that parsing a stream's chunks allocates nothing.
class Document::BufferStore {
 public:
  Buffer borrow() {
    if (kept_ == 0) return {};
    return std::move(free_[--kept_]);
  }
  void give_back(Buffer buffer) {
    constexpr std::size_t most_nodes_kept = 1 << 16;
    if (kept_ < free_.size() && buffer.capacity > 0 && buffer.capacity <= most_nodes_kept)
      free_[kept_++] = std::move(buffer);
  }

 private:
  std::array<Buffer, 8> free_;
  std::size_t kept_ = 0;
};

Document::BufferStore& Document::buffers() {
  thread_local BufferStore store;
  return store;
}

/// Turns structural positions into nodes. One pass, its own stack.
class Indexer {
 public:
  /// `nodes` has room for as many as there are positions: each node begins at one.
  Indexer(std::string_view text, const std::uint32_t* positions, std::uint32_t count, Document::Node* nodes,
          std::uint32_t max_depth)
      : text_(text),
        positions_(positions),
        count_(count),
        nodes_(nodes),
        max_depth_(std::min(max_depth, Limits::most_depth)) {}

  /// The number of nodes.
  Result<std::uint32_t> run() {
    auto state = State::value;
    for (;;) {
      switch (state) {
        case State::value:
          state = value();
          break;
        case State::key:
          state = key();
          break;
        case State::after_value:
          state = after_value();
          break;
        case State::done:
          return size_;
        case State::broken:
          return std::move(*failure_);
      }
    }
  }

 private:
  enum class State : std::uint8_t { value, key, after_value, done, broken };

  State broken(std::size_t at, std::string_view what) {
    failure_ = json::broken(at, what);
    return State::broken;
  }

  char here() const { return at_ < count_ ? text_[positions_[at_]] : '\0'; }
  std::size_t offset() const { return at_ < count_ ? positions_[at_] : text_.size(); }

  State value() {
    switch (here()) {
      case '{':
        return open(Type::object, '}', State::key);
      case '[':
        return open(Type::array, ']', State::value);
      case '"':
        return string() ? State::after_value : State::broken;
      case 't':
        return literal("true", Type::boolean);
      case 'f':
        return literal("false", Type::boolean);
      case 'n':
        return literal("null", Type::null);
      default:
        return number();
    }
  }

  State open(Type type, char closing, State inside) {
    if (depth_ >= max_depth_)
      return broken(offset(), "nested deeper than " + std::to_string(max_depth_) + " levels");
    open_[depth_++] = size_;
    add(type, offset(), offset() + 1);
    ++at_;
    return here() == closing ? close() : inside;
  }

  State close() {
    auto& node = nodes_[open_[--depth_]];
    node.end = static_cast<std::uint32_t>(offset() + 1);
    node.next = size_;
    ++at_;
    return State::after_value;
  }

  State key() {
    if (here() != '"') return broken(offset(), "a member name in quotes is expected");
    if (!string()) return State::broken;
    if (here() != ':') return broken(offset(), "':' is expected behind a member name");
    ++at_;
    return State::value;
  }

  State after_value() {
    if (depth_ == 0) return at_ == count_ ? State::done : broken(offset(), "nothing may follow the value");
    const bool object = nodes_[open_[depth_ - 1]].type == Type::object;
    const char next = here();
    if (next == ',') {
      ++at_;
      return object ? State::key : State::value;
    }
    if (next == (object ? '}' : ']')) return close();
    if (at_ >= count_)
      return broken(offset(), "the text ends inside " + std::string(object ? "an object" : "an array"));
    return broken(offset(), object ? "',' or '}' is expected" : "',' or ']' is expected");
  }

  /// Behind a string stands only white space up to the next structural character.
  bool string() {
    const std::size_t begin = offset();
    ++at_;
    std::size_t end = offset();
    while (end > begin && is_space(text_[end - 1])) --end;
    if (end < begin + 2 || text_[end - 1] != '"') {
      broken(begin, "the string that begins here has no end");
      return false;
    }
    if (next_escape_ < begin) next_escape_ = escape_from(begin);
    const bool escaped = next_escape_ < end;
    if (escaped)
      if (const auto bad = bad_escape(text_, next_escape_, end - 1); bad != std::string_view::npos) {
        broken(bad, "an escape that JSON does not have");
        return false;
      }
    add(Type::string, begin, end, escaped);
    return true;
  }

  /// Most texts have few escapes: one look ahead serves all strings before the next of them.
  std::size_t escape_from(std::size_t at) const { return std::min(text_.find('\\', at), text_.size()); }

  State literal(std::string_view word, Type type) {
    const std::size_t begin = offset();
    if (text_.substr(begin, word.size()) != word || !ends(begin + word.size()))
      return broken(begin, "a value is expected");
    return scalar(type, begin, begin + word.size());
  }

  State number() {
    const std::size_t begin = offset();
    if (at_ >= count_) return broken(begin, "a value is expected, but the text ends");
    const std::size_t end = number_end(text_, begin);
    if (end == begin || !ends(end)) {
      const bool numeric = is_digit(text_[begin]) || text_[begin] == '-';
      return broken(begin, numeric ? "a number that JSON does not allow" : "a value is expected");
    }
    return scalar(Type::number, begin, end);
  }

  State scalar(Type type, std::size_t begin, std::size_t end) {
    add(type, begin, end);
    ++at_;
    return State::after_value;
  }

  bool ends(std::size_t p) const {
    return p >= text_.size() || is_space(text_[p]) || text_[p] == ',' || text_[p] == '}' || text_[p] == ']';
  }

  void add(Type type, std::size_t begin, std::size_t end, bool escaped = false) {
    nodes_[size_] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), size_ + 1, type,
                     escaped};
    ++size_;
  }

  std::string_view text_;
  const std::uint32_t* positions_;
  std::uint32_t count_;
  Document::Node* nodes_;
  std::uint32_t max_depth_;
  std::uint32_t at_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t depth_ = 0;
  std::size_t next_escape_ = escape_from(0);  ///< at or behind every string read so far, or the end
  std::optional<Failure> failure_;
  std::uint32_t open_[Limits::most_depth];  ///< nodes of the open brackets
};

Document::Document() : buffer_(buffers().borrow()) {}

Document::~Document() {
  buffers().give_back(std::move(buffer_));
}

Result<Value> Document::parse(std::string_view text, const Limits& limits) {
  thread_local StructuralScan scan;
  count_ = 0;
  text_ = text;
  if (text.size() > limits.max_bytes)
    return broken(limits.max_bytes, "larger than " + std::to_string(limits.max_bytes) + " bytes");
  if (const auto error = scan.run(text)) return locate(text, error);
  if (buffer_.capacity < scan.count()) {
    buffer_.capacity = std::max<std::size_t>(scan.count(), 256);
    buffer_.nodes = std::make_unique_for_overwrite<Node[]>(buffer_.capacity);
  }
  nodes_ = buffer_.nodes.get();
  auto indexed = Indexer(text, scan.begin(), scan.count(), buffer_.nodes.get(), limits.max_depth).run();
  scan.trim();
  if (!indexed) return fail(indexed);
  count_ = *indexed;
  return root();
}

}  // namespace sluice::json
