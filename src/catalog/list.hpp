#pragma once
// Models as clients and operators read them.

#include "catalog/model.hpp"

#include <span>
#include <string>
#include <vector>

namespace sluice::catalog {

/// Appends OpenAI's model object, with what is known beside it.
void append_model_json(const Model& model, std::string& out);
/// Appends OpenAI's list object: the body of `GET /v1/models`.
void append_list_json(std::span<const Model* const> models, std::string& out);

/// A table with a heading. Columns that do not fit into `width` are left out, the least important first; 0 is
/// no limit. `bold_heading` writes ANSI codes around the heading.
std::string list_text(std::span<const Model* const> models, std::size_t width, bool bold_heading);

}  // namespace sluice::catalog
