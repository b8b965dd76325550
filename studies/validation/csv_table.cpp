#include "studies/validation/csv_table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <string_view>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr std::size_t most_rows = 100000;

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    const auto first = cell.find_first_not_of(" \t\r");
    cell = first == cell.npos ? std::string_view{}
                              : cell.substr(first, cell.find_last_not_of(" \t\r") - first + 1);
    cells.push_back(cell);
    if (comma == line.npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

double number(std::string_view cell, const std::string& place) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size())
    throw IoError(
        fmt::format("{}: \"{}\" is no number; write for example 1.5e-3", place, cell.substr(0, 40)));
  return value;
}

}  // namespace

CsvTable read_csv_table(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw IoError(fmt::format("{}: cannot be read", path));
  CsvTable table;
  int line_number = 0;
  for (std::string line; std::getline(file, line);) {
    ++line_number;
    if (line.empty() || line[0] == '#' || line == "\r") continue;
    const std::string place = fmt::format("{}:{}", path, line_number);
    const auto cells = cells_of(line);
    if (table.columns.empty()) {
      table.columns.assign(cells.begin(), cells.end());
      table.values.resize(cells.size());
      continue;
    }
    if (cells.size() != table.columns.size())
      throw IoError(fmt::format("{}: {} cells where the first line names {} columns", place, cells.size(),
                                table.columns.size()));
    if (table.values.front().size() == most_rows)
      throw IoError(fmt::format("{}: more than {} rows; thin the table out", place, most_rows));
    for (std::size_t c = 0; c < cells.size(); ++c) table.values[c].push_back(number(cells[c], place));
  }
  if (table.columns.empty()) throw IoError(fmt::format("{}: no line names the columns", path));
  return table;
}

}  // namespace photonlink
