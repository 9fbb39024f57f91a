#pragma once
// A change that may be needed at many places of one request.

#include "chat/change.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::dialect {

/// Is reported once, with the first of its places and their number: a long conversation has many, and a
/// client needs to be told once.
class RepeatedChange {
 public:
  RepeatedChange(chat::Change::Kind kind, std::string_view reason) : kind_(kind), reason_(reason) {}

  /// `place` is asked for the path only the first time.
  template <std::invocable Place>
  void at(Place place) {
    if (count_++ == 0) first_ = place();
  }
  void report(chat::Changes& changes) const;

 private:
  chat::Change::Kind kind_;
  std::string_view reason_;
  std::string first_;
  std::size_t count_ = 0;
};

}  // namespace sluice::dialect
