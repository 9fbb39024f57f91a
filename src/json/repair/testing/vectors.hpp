#pragma once
// The shared test vectors, read where they lie: data/repair of what SLUICE_SHARED names, or of ../shared
// beside the checkout.

#include <set>
#include <string>
#include <vector>

namespace sluice::json::repair {

struct Vector {
  std::string id, category, mode, input;
  std::set<std::string> accept;  ///< canonical
  bool error_ok = false;
};

struct StreamVector {
  std::string id, mode, target, finish_reason;
  std::vector<std::string> chunks;
  std::set<std::string> accept;  ///< canonical
  std::string final_text;        ///< empty: any
  std::size_t silent_before = 0;
  struct Mark {
    std::size_t after_chunk, min_bytes;
  };
  std::vector<Mark> liveness;
};

struct Stress {
  std::string id, expect, prefix, unit, suffix, suffix_unit;
  std::size_t count = 0, suffix_count = 0;
  double limit_ms = 0;

  /// About `count` units long.
  std::string text(std::size_t count) const;
};

/// Where they lie; empty if they are not there.
std::string vectors_folder();

std::vector<Vector> visible_vectors();
std::vector<StreamVector> stream_vectors();
std::vector<Stress> stress_cases();

}  // namespace sluice::json::repair
