#include "studies/validation/html.hpp"

#include <fmt/format.h>

#include <cctype>
#include <string_view>

namespace photonlink::html {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kept = "-._~/";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x80 && std::isalnum(byte)) || kept.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string element(const std::string& tag, const std::string& content, const std::string& attributes) {
  return "<" + tag + (attributes.empty() ? "" : " " + attributes) + ">" + content + "</" + tag + ">";
}

std::string table(const std::vector<std::vector<Cell>>& rows, const std::string& caption) {
  if (rows.size() < 2) return "";
  const auto row_of = [](const std::vector<Cell>& cells, bool head) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool heading = head || i == 0;
      const std::string scope = !heading ? "" : head ? "scope=\"col\"" : "scope=\"row\"";
      const std::string space = scope.empty() || cells[i].attributes.empty() ? "" : " ";
      row += element(heading ? "th" : "td", cells[i].content, scope + space + cells[i].attributes);
    }
    return element("tr", row) + "\n";
  };
  std::string body;
  for (std::size_t i = 1; i < rows.size(); ++i) body += row_of(rows[i], false);
  const std::string title = caption.empty() ? "" : element("caption", escaped(caption)) + "\n";
  // Wide tables scroll by themselves; a focusable frame lets the keyboard reach what is hidden.
  return element("div",
                 element("table", "\n" + title + element("thead", row_of(rows.front(), true)) + "\n" +
                                      element("tbody", "\n" + body)),
                 "class=\"scroll\" tabindex=\"0\"") +
         "\n";
}

}  // namespace photonlink::html
