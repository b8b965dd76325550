// The one translation unit that includes toml++.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "core/error.hpp"
#include "io/document_formats.hpp"

namespace photonlink {
namespace {

using File = std::shared_ptr<const std::string>;

Place place_of(const toml::source_region& region, const File& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

[[noreturn]] void fail(const Place& place, std::string_view reason) {
  throw ConfigError(fmt::format("{}: {}", format_place(place), reason));
}

/// toml++ 3.3 bounds nested values but not dotted keys, and its destructor recurses: "a.a.a..." of some MB
/// would overflow the stack. Looks for the longest chain of key characters joined by single dots.
void refuse_long_dotted_keys(std::string_view text, const File& file) {
  int dots = 0, line = 1;
  char before = '\n';
  for (const char c : text) {
    const bool part_of_key = std::isalnum(static_cast<unsigned char>(c)) ||
                             static_cast<unsigned char>(c) >= 0x80 ||
                             std::string_view("-_.\"' \t").find(c) != std::string_view::npos;
    if (!part_of_key || (c == '.' && before == '.')) dots = 0;
    if (c == '.' && before != '.' && ++dots > deepest_document_level)
      fail({file, line, 1},
           fmt::format("a chain of more than {} dots nests too deeply", deepest_document_level));
    if (c == '\n') ++line;
    before = c;
  }
}

Node convert(const toml::node& source, const File& file, int level);

Node::Table convert_table(const toml::table& source, const File& file, int level) {
  if (source.size() > most_keys_per_table)
    fail(place_of(source.source(), file), fmt::format("a table has more than {} keys", most_keys_per_table));
  Node::Table members;
  members.reserve(source.size());
  for (const auto& [key, value] : source)
    members.push_back(
        {std::string(key.str()), place_of(key.source(), file), convert(value, file, level + 1)});
  // toml++ sorts by name; readers want the order of the file.
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  return members;
}

Node convert(const toml::node& source, const File& file, int level) {
  Node node{false, place_of(source.source(), file)};
  if (level > deepest_document_level)
    fail(node.place, fmt::format("tables and lists nest deeper than {}", deepest_document_level));
  if (const auto* table = source.as_table()) {
    node.value = convert_table(*table, file, level);
  } else if (const auto* array = source.as_array()) {
    Node::Array elements;
    elements.reserve(array->size());
    for (const toml::node& element : *array) elements.push_back(convert(element, file, level + 1));
    node.value = std::move(elements);
  } else if (const auto* text = source.as_string()) {
    node.value = text->get();
  } else if (const auto* integer = source.as_integer()) {
    node.value = integer->get();
  } else if (const auto* number = source.as_floating_point()) {
    node.value = number->get();
  } else if (const auto* truth = source.as_boolean()) {
    node.value = truth->get();
  } else {
    fail(node.place, "a date or time has no meaning here; write text in quotes");
  }
  return node;
}

}  // namespace

Node parse_toml(std::string_view text, const File& file) {
  refuse_long_dotted_keys(text, file);
  try {
    const toml::table root = toml::parse(text, *file);
    Node node = convert(root, file, 0);
    node.place = {file, 1, 1};
    return node;
  } catch (const toml::parse_error& error) {
    fail(place_of(error.source(), file), fmt::format("not valid TOML: {}", error.description()));
  }
}

}  // namespace photonlink
