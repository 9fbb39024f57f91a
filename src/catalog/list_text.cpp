#include "catalog/list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace sluice::catalog {
namespace {

std::string plain_number(const std::optional<double>& number) {
  return number ? fmt::format("{}", *number) : "";
}

std::string tokens(const std::optional<std::int64_t>& count) {
  if (!count) return "";
  if (*count >= 1'000'000) return fmt::format("{:.3g}M", static_cast<double>(*count) / 1e6);
  return *count >= 1000 ? fmt::format("{}k", *count / 1000) : fmt::format("{}", *count);
}

/// Characters, not bytes: names may be any UTF-8.
std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

struct Column {
  std::string_view heading;
  bool right;      ///< numbers
  int importance;  ///< the lowest goes first where space is short
  std::string (*cell)(const Model&);
};

constexpr std::array columns{
    Column{"MODEL", false, 9, [](const Model& m) { return m.id; }},
    Column{"NAME", false, 1, [](const Model& m) { return m.name; }},
    Column{"CREATOR", false, 3, [](const Model& m) { return m.creator; }},
    Column{
        "QUALITY", true, 8,
        [](const Model& m) { return m.lmarena_score ? fmt::format("{}", *m.lmarena_score) : std::string(); }},
    Column{"S/10K", true, 7, [](const Model& m) { return plain_number(m.latency_per_10k_tokens_s); }},
    Column{"CONTEXT", true, 4, [](const Model& m) { return tokens(m.context_window); }},
    Column{"$/M IN", true, 6,
           [](const Model& m) {
             return plain_number(m.prices ? std::optional(m.prices->input) : std::nullopt);
           }},
    Column{"$/M OUT", true, 6,
           [](const Model& m) {
             return plain_number(m.prices ? std::optional(m.prices->output) : std::nullopt);
           }},
    Column{"REGIONS", false, 5, [](const Model& m) { return m.regions.text(" "); }},
};

constexpr std::size_t gap = 2;

struct Table {
  std::array<std::size_t, columns.size()> widths{};
  std::array<bool, columns.size()> shown{};

  std::size_t total() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (shown[i]) sum += widths[i] + gap;
    return sum - gap;
  }
};

std::string cell(const Model& model, std::size_t column) {
  std::string text = columns[column].cell(model);
  return text.empty() ? "-" : text;
}

Table lay_out(std::span<const Model* const> models, std::size_t width) {
  Table table;
  table.shown.fill(true);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    table.widths[i] = columns[i].heading.size();
    for (const Model* model : models)
      table.widths[i] = std::max(table.widths[i], text_width(cell(*model, i)));
  }
  // The id, the most important, stays even where it does not fit.
  for (int lowest = 0; width > 0 && table.total() > width && lowest < columns[0].importance; ++lowest)
    for (std::size_t i = columns.size(); i-- > 0;)
      if (columns[i].importance == lowest) table.shown[i] = false;
  return table;
}

void append_row(std::string& out, const Table& table, const auto& text_of) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!table.shown[i]) continue;
    const std::string text(text_of(i));
    const std::string space(table.widths[i] - std::min(table.widths[i], text_width(text)), ' ');
    if (!line.empty()) line.append(gap, ' ');
    line += columns[i].right ? space + text : text + space;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line;
}

}  // namespace

std::string list_text(std::span<const Model* const> models, std::size_t width, bool bold_heading) {
  const Table table = lay_out(models, width);
  std::string out(bold_heading ? "\x1b[1m" : "");
  append_row(out, table, [](std::size_t i) { return columns[i].heading; });
  out += bold_heading ? "\x1b[0m\n" : "\n";
  for (const Model* model : models) {
    append_row(out, table, [model](std::size_t i) { return cell(*model, i); });
    out += '\n';
  }
  return out;
}

}  // namespace sluice::catalog
