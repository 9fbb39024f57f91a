#pragma once
// Where inference and storage happen.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::catalog {

/// `global` means anywhere: it satisfies no rule of residency.
enum class Region : std::uint8_t { us, eu, global };

inline constexpr std::array region_table{std::pair{Region::us, std::string_view("us")},
                                         std::pair{Region::eu, std::string_view("eu")},
                                         std::pair{Region::global, std::string_view("global")}};

constexpr std::string_view name(Region region) {
  return region_table[static_cast<std::size_t>(region)].second;
}

/// The region of that name, in lower case; nothing if there is none.
constexpr std::optional<Region> region_named(std::string_view text) {
  for (const auto& [region, word] : region_table)
    if (word == text) return region;
  return std::nullopt;
}

/// A set of regions.
class Regions {
 public:
  constexpr Regions() = default;
  constexpr Regions(std::initializer_list<Region> regions) {
    for (Region region : regions) add(region);
  }

  constexpr void add(Region region) { bits_ |= bit(region); }
  constexpr void add(Regions other) { bits_ |= other.bits_; }
  constexpr bool contains(Region region) const { return (bits_ & bit(region)) != 0; }
  constexpr bool contains(Regions other) const { return (bits_ & other.bits_) == other.bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const Regions&) const = default;

  /// `us, eu`, in the order of the table.
  std::string text(std::string_view separator = ", ") const {
    std::string out;
    for (const auto& [region, word] : region_table)
      if (contains(region)) out.append(out.empty() ? "" : separator).append(word);
    return out;
  }

 private:
  static constexpr std::uint8_t bit(Region region) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(region));
  }
  std::uint8_t bits_ = 0;
};

}  // namespace sluice::catalog
