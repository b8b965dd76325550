/// The few pieces of HTML that a page of tables needs; every text that comes from a file passes `escaped`.
#pragma once

#include <string>
#include <vector>

namespace photonlink::html {

/// & < > " ' as entities: safe in text and in quoted attributes.
std::string escaped(const std::string& text);
/// Everything but letters, digits and "-._~/" as %XX: a path or a DOI inside a link.
std::string percent_encoded(const std::string& text);
/// <tag attributes>content</tag>; `content` and `attributes` are HTML already.
std::string element(const std::string& tag, const std::string& content, const std::string& attributes = "");

struct Cell {
  std::string content;     ///< HTML
  std::string attributes;  ///< such as class="number"
};
/// First row: headings of the columns. The first cell of each other row heads it. Empty without rows below.
std::string table(const std::vector<std::vector<Cell>>& rows, const std::string& caption);

}  // namespace photonlink::html
