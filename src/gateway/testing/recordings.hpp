#pragma once
// For tests: streams of providers, recorded or made by hand.

#include "dialect/dialect.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sluice::gateway::testing {

struct RecordedStream {
  std::string name;
  const dialect::Dialect* dialect = nullptr;
  std::string bytes;
  std::vector<std::size_t> reads;  ///< sizes of the network reads; empty where they were not recorded
  bool synthetic = false;          ///< nobody recorded it: made by hand after the provider's documentation
};

/// Where recordings are looked for: `data/corpus` of what SLUICE_SHARED names, or of ../shared beside the
/// sources.
std::string recordings_folder();
/// Every recorded stream of the dialects that this gateway speaks, by name; none if there are no recordings.
std::vector<RecordedStream> recorded_streams();
/// What no recording has: failures in the middle of a stream.
std::vector<RecordedStream> synthetic_streams();

}  // namespace sluice::gateway::testing
