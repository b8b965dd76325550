/// Aligned text for terminals: tables and wrapped lines, by displayed width.
#pragma once

#include <string>
#include <vector>

namespace photonlink {

enum class TableColor { plain, ansi };

namespace text_table {

using Row = std::vector<std::string>;

/// Code points: the tables use no wide or combining characters.
std::size_t shown_width(const std::string& text);
/// `text` in the ANSI colour `code` ("32": green), or as it is.
std::string colored(const std::string& text, const char* code, TableColor color);
/// First row: headings. Columns are right-aligned but those named; "yes", "no" and verdicts in colour.
std::string table(const std::vector<Row>& rows, TableColor color,
                  const std::vector<std::size_t>& left_columns = {0});
/// Cut to `width` code points, the last one an ellipsis.
std::string shortened(const std::string& text, std::size_t width);
/// Broken at spaces to lines of `width`, those behind the first indented; a longer word keeps its line. 0:
/// whole.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace text_table
}  // namespace photonlink
