#include "dialect/responses/call_ids.hpp"

#include "base/hash.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace sluice::dialect::responses {

json::Text CallIds::sent(json::Text id) {
  constexpr std::size_t max_length = 64;
  const std::string plain = id.decode();
  const std::size_t before = used_[plain]++;
  if (before == 0 && plain.size() <= max_length) return id;
  std::string made;
  for (std::size_t number = before; made.empty() || used_.contains(made); ++number)
    made = fmt::format("call_{:016x}_{}", fnv1a(plain), number);
  used_.emplace(made, 1);
  return json::Text(made_.emplace_back(std::move(made)));
}

}  // namespace sluice::dialect::responses
