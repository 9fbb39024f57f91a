#pragma once
// json::Document: a whole JSON text, checked, and an index into it; json::Value: one value of it.
//
//   text --Document::parse--> Document --root()--> Value --["choices"][0]["delta"]--> Value --raw()--> slice
//   of text
//
// The text is not copied and values are never converted before somebody asks, so what is only passed on costs
// nothing and stays as it was written, digits, member order and unknown members included. All of the text is
// validated (RFC 8259: syntax, numbers, escapes, UTF-8), so a slice of it may be sent on without a second
// look.

#include "base/result.hpp"
#include "json/text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::json {

enum class Type : std::uint8_t { missing, null, boolean, number, string, array, object };
std::string_view name(Type type);

class Document;
class Elements;
class Members;

/// One value, or the absence of one: looking up what is not there gives a missing value, and so does looking
/// into it. Two words wide; valid as long as its Document and the text that it was parsed from.
class Value {
 public:
  constexpr Value() = default;

  Type type() const;
  bool exists() const { return type() != Type::missing; }
  bool is_null() const { return type() == Type::null; }
  bool is_string() const { return type() == Type::string; }
  bool is_object() const { return type() == Type::object; }
  bool is_array() const { return type() == Type::array; }
  bool is_number() const { return type() == Type::number; }
  bool is_boolean() const { return type() == Type::boolean; }
  /// Neither missing nor null. Providers write null for what is not there.
  explicit operator bool() const { return type() > Type::null; }

  /// As it stands in the text, strings with their quotes. Empty if missing.
  std::string_view raw() const;
  /// Where raw() begins, in bytes from the start of the text.
  std::size_t offset() const;

  /// The first member of that name (compared decoded); missing if there is none or this is no object.
  Value operator[](std::string_view key) const;
  /// The element at `index`; missing if there is none or this is no array. Linear.
  Value operator[](std::size_t index) const;
  /// Elements of an array or members of an object; 0 for anything else. Linear.
  std::size_t size() const;
  /// To iterate: nothing if this is no array (no object).
  Elements elements() const;
  Members members() const;

  /// Between the quotes; empty if this is no string.
  Text text() const;
  /// The characters of a string; empty if this is no string.
  std::string string() const { return text().decode(); }
  bool equals(std::string_view plain) const { return is_string() && text().equals(plain); }
  std::optional<bool> boolean() const;
  /// A number without fraction (1, 1.0 and 1e3 are; 1.5 is not) that fits; nothing otherwise.
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;

 private:
  friend class Document;
  friend class Elements;
  friend class Members;
  constexpr Value(const Document* document, std::uint32_t node) : document_(document), node_(node) {}

  const Document* document_ = nullptr;
  std::uint32_t node_ = 0;
};

struct Limits {
  static constexpr std::uint32_t most_depth = 1024;

  std::size_t max_bytes = std::size_t{64} << 20;  ///< a body is capped before it gets here
  std::uint32_t max_depth = 128;  ///< deeper than any schema in use; bounds the stack of whoever walks it
};

/// Use one per text or reuse it: buffers come from, and return to, a small store of the thread. Not shared
/// between threads while it parses.
class Document {
 public:
  Document();
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// Indexes `text`, which must outlive the values. Fails with invalid_json, "at byte N", and what was
  /// expected.
  Result<Value> parse(std::string_view text, const Limits& limits = {});
  Value root() const { return count_ == 0 ? Value() : Value(this, 0); }
  std::string_view text() const { return text_; }

 private:
  friend class Value;
  friend class Elements;
  friend class Members;
  friend class Indexer;

  struct Node {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t next;  ///< the node behind this one's descendants
    Type type;
    bool has_escapes;  ///< of a string: a backslash stands in it
  };
  struct Buffer {
    std::unique_ptr<Node[]> nodes;
    std::size_t capacity = 0;
  };
  class BufferStore;
  static BufferStore& buffers();

  std::string_view slice(const Node& node) const {
    return {text_.data() + node.begin, node.end - node.begin};
  }

  std::string_view text_;
  const Node* nodes_ = nullptr;  ///< in `buffer_`
  std::uint32_t count_ = 0;
  Buffer buffer_;  ///< borrowed from the thread's store
};

class Elements {
 public:
  class Iterator {
   public:
    Value operator*() const { return {document_, at_}; }
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class Elements;
    Iterator(const Document* document, std::uint32_t at) : document_(document), at_(at) {}
    const Document* document_;
    std::uint32_t at_;
  };
  Iterator begin() const { return {document_, first_}; }
  Iterator end() const { return {document_, last_}; }

 private:
  friend class Value;
  Elements(const Document* document, std::uint32_t first, std::uint32_t last)
      : document_(document), first_(first), last_(last) {}
  const Document* document_;
  std::uint32_t first_, last_;
};

struct Member {
  Text key;
  Value value;
  std::size_t begin;  ///< offset of the key's opening quote
  std::size_t end;    ///< offset behind the value
};

class Members {
 public:
  class Iterator {
   public:
    Member operator*() const;
    /// The member's name as a value of its own, a string.
    Value key() const { return {document_, at_}; }
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    friend class Members;
    Iterator(const Document* document, std::uint32_t at) : document_(document), at_(at) {}
    const Document* document_;
    std::uint32_t at_;
  };
  Iterator begin() const { return {document_, first_}; }
  Iterator end() const { return {document_, last_}; }

 private:
  friend class Value;
  Members(const Document* document, std::uint32_t first, std::uint32_t last)
      : document_(document), first_(first), last_(last) {}
  const Document* document_;
  std::uint32_t first_, last_;
};

// Every look at a value goes through these.

inline Type Value::type() const {
  return document_ ? document_->nodes_[node_].type : Type::missing;
}

inline std::string_view Value::raw() const {
  return document_ ? document_->slice(document_->nodes_[node_]) : std::string_view();
}

inline std::size_t Value::offset() const {
  return document_ ? document_->nodes_[node_].begin : 0;
}

inline Text Value::text() const {
  if (!is_string()) return {};
  const std::string_view quoted = raw();
  return Text({quoted.data() + 1, quoted.size() - 2});
}

inline Elements Value::elements() const {
  if (!is_array()) return {document_, 0, 0};
  return {document_, node_ + 1, document_->nodes_[node_].next};
}

inline Members Value::members() const {
  if (!is_object()) return {document_, 0, 0};
  return {document_, node_ + 1, document_->nodes_[node_].next};
}

inline Elements::Iterator& Elements::Iterator::operator++() {
  at_ = document_->nodes_[at_].next;
  return *this;
}

inline Member Members::Iterator::operator*() const {
  const auto& key = document_->nodes_[at_];
  const auto& value = document_->nodes_[at_ + 1];
  const std::string_view quoted = document_->slice(key);
  return {Text({quoted.data() + 1, quoted.size() - 2}), Value(document_, at_ + 1), key.begin, value.end};
}

inline Members::Iterator& Members::Iterator::operator++() {
  at_ = document_->nodes_[at_ + 1].next;
  return *this;
}

}  // namespace sluice::json
