#include "studies/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace photonlink::text_table {

std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

static std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string space(width - std::min(width, shown_width(text)), ' ');
  return left ? text + space : space + text;
}

std::string colored(const std::string& text, const char* code, TableColor color) {
  return color == TableColor::ansi ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

/// ANSI colour of a cell that says how something ended, or null.
static const char* word_color(const std::string& cell) {
  static const std::pair<const char*, const char*> colors[] = {
      {"yes", "32"},  {"pass", "32"}, {"FAIL", "31"},        {"no", "31"},
      {"miss", "31"}, {"band", "33"}, {"not computed", "35"}};
  for (const auto& [word, code] : colors)
    if (cell == word) return code;
  return nullptr;
}

std::string table(const std::vector<Row>& rows, TableColor color,
                  const std::vector<std::size_t>& left_columns) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], shown_width(row[i]));
  std::string text, rule;
  for (const std::size_t width : widths) {
    if (!rule.empty()) rule += "  ";
    for (std::size_t i = 0; i < width; ++i) rule += "─";
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const bool left = std::find(left_columns.begin(), left_columns.end(), i) != left_columns.end();
      std::string cell = padded(rows[r][i], widths[i], left);
      if (const char* code = word_color(rows[r][i])) cell = colored(cell, code, color);
      line += (i == 0 ? "" : "  ") + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (r == 0 ? colored(line, "1", color) : line) + "\n";
    if (r == 0) text += rule + "\n";
  }
  return text;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (shown_width(text) <= width) return text;
  std::string cut = text;
  while (!cut.empty() && shown_width(cut) > width - 1) {
    // A UTF-8 character goes with its continuation bytes.
    while ((static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80) cut.pop_back();
    cut.pop_back();
  }
  return cut + "…";
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  if (width == 0) return text;
  std::string lines, line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && shown_width(line) + 1 + shown_width(word) > width) {
      lines += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines + line;
}

}  // namespace photonlink::text_table
