#pragma once
// What had to be done differently from what was asked; reported to the client as `sluice.changes`.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::chat {

struct Change {
  enum class Kind : std::uint8_t { dropped, mapped, clamped, emulated, repaired };
  Kind kind;
  std::string param;   ///< the member concerned, as `temperature` or `messages[2].name`
  std::string reason;  ///< one sentence: why, and what was done instead
};

std::string_view name(Change::Kind kind);

/// Changes in the order in which they were made.
class Changes {
 public:
  void add(Change::Kind kind, std::string param, std::string reason) {
    list_.push_back({kind, std::move(param), std::move(reason)});
  }
  void dropped(std::string param, std::string reason) {
    add(Change::Kind::dropped, std::move(param), std::move(reason));
  }
  void mapped(std::string param, std::string reason) {
    add(Change::Kind::mapped, std::move(param), std::move(reason));
  }
  void clamped(std::string param, std::string reason) {
    add(Change::Kind::clamped, std::move(param), std::move(reason));
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Change>& list() const { return list_; }
  void clear() { list_.clear(); }

 private:
  std::vector<Change> list_;
};

}  // namespace sluice::chat
