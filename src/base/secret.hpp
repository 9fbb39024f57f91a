#pragma once
// Secret: text that cannot be printed, logged or compared in variable time by accident.

#include <string>
#include <string_view>
#include <utility>

namespace sluice {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  bool empty() const { return text_.empty(); }
  /// The text itself, for the one place that must send it. Never store, log or format what this returns.
  std::string_view reveal() const { return text_; }

 private:
  std::string text_;
};

/// Equality whose duration does not depend on where the texts differ.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace sluice
