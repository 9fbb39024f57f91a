#pragma once
// Data files that are part of the program; CMakeLists.txt says which.

#include <string_view>

namespace sluice::catalog {

extern const std::string_view embedded_models;
extern const std::string_view embedded_families;

}  // namespace sluice::catalog
