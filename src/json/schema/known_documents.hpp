#pragma once
// KnownDocuments: schemas that others may refer to by address. Nothing is ever fetched: what is not here does
// not exist.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::json::schema {

/// The metaschemas of draft 7 and 2020-12 are always known. Once filled, may be read by several threads.
class KnownDocuments {
 public:
  /// `address` is absolute and has no fragment; `text` is JSON. A later document replaces an earlier one.
  void add(std::string address, std::string text);
  /// The text, which lives as long as this; nothing if it is not known.
  std::optional<std::string_view> find(std::string_view address) const;

 private:
  std::map<std::string, std::string, std::less<>> documents_;
};

/// A metaschema of the JSON Schema project, by its address without fragment.
std::optional<std::string_view> find_metaschema(std::string_view address);

}  // namespace sluice::json::schema
