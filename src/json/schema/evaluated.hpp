#pragma once
// Evaluated: which members or elements of one value some subschema has looked at, for unevaluatedProperties
// and unevaluatedItems.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::json::schema {

class Evaluated {
 public:
  void add(std::size_t ordinal) {
    if (ordinal / 64 >= words_.size()) words_.resize(ordinal / 64 + 1);
    words_[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
  }
  void add_all() { all_ = true; }
  void add(const Evaluated& other) {
    all_ |= other.all_;
    if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
  bool has(std::size_t ordinal) const {
    return all_ || (ordinal / 64 < words_.size() && (words_[ordinal / 64] >> (ordinal % 64) & 1) != 0);
  }

 private:
  bool all_ = false;
  std::vector<std::uint64_t> words_;
};

/// Which of the required names were there. The names of nearly all schemas fit into the object itself.
class NameSet {
 public:
  explicit NameSet(std::uint32_t names) {
    if (names > 64) more_.resize((names - 1) / 64);
  }
  void add(std::uint32_t name) {
    std::uint64_t& word = name < 64 ? first_ : more_[name / 64 - 1];
    const std::uint64_t bit = std::uint64_t{1} << (name % 64);
    count_ += (word & bit) == 0 ? 1 : 0;
    word |= bit;
  }
  bool has(std::uint32_t name) const {
    return ((name < 64 ? first_ : more_[name / 64 - 1]) >> (name % 64) & 1) != 0;
  }
  std::uint32_t count() const { return count_; }

 private:
  std::uint64_t first_ = 0;
  std::uint32_t count_ = 0;
  std::vector<std::uint64_t> more_;
};

}  // namespace sluice::json::schema
