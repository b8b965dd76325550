#include "io/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "io/document_formats.hpp"

namespace photonlink {
namespace {

std::string read_bounded(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw IoError(fmt::format("{}: is a folder; name the file inside it", path));
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IoError(fmt::format("{}: cannot be opened; check the name and the permissions", path));
  std::string text;
  std::vector<char> block(1 << 16);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > largest_document_bytes)
      throw IoError(fmt::format("{}: is larger than {} MiB; that is no study, card or case file", path,
                                largest_document_bytes >> 20));
  }
  if (file.bad()) throw IoError(fmt::format("{}: reading failed", path));
  return text;
}

std::string shorten(std::string text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return text;
  std::size_t cut = longest;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
    --cut;  // not inside a UTF-8 letter
  return text.substr(0, cut) + "...";
}

}  // namespace

std::string format_place(const Place& place) {
  const std::string file = place.file ? *place.file : std::string();
  return place.line > 0 ? fmt::format("{}:{}:{}", file, place.line, place.column) : file;
}

const Member* find_member(const Node::Table& table, std::string_view key) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Member& member) { return member.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::string_view kind_name(const Node& node) {
  if (node.table()) return "a table";
  if (node.array()) return "a list";
  if (node.text()) return "text";
  if (node.integer()) return "a whole number";
  return node.number() ? "a number" : "true or false";
}

std::string show(const Node& node) {
  if (node.table()) return "{...}";
  if (const auto* text = node.text()) return "\"" + shorten(*text) + "\"";
  if (const auto* integer = node.integer()) return fmt::format("{}", *integer);
  if (const auto* number = node.number()) return fmt::format("{}", *number);
  if (const auto* truth = std::get_if<bool>(&node.value)) return *truth ? "true" : "false";
  std::string list;
  for (const Node& element : *node.array()) {
    list += (list.empty() ? "" : ", ") + show(element);
    if (list.size() > 60) break;
  }
  return "[" + shorten(list) + "]";
}

Node parse_document_text(std::string_view text, const std::string& file) {
  const auto place_file = std::make_shared<const std::string>(file);
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".toml") return parse_toml(text, place_file);
  if (ending == ".json") return parse_json(text, place_file);
  throw IoError(fmt::format("{}: the ending must be .toml or .json", file));
}

Node parse_document(const std::string& path) {
  return parse_document_text(read_bounded(path), path);
}

std::string resolve_beside(const Place& place, const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(place.file ? *place.file : "").parent_path();
  return (folder / path).lexically_normal().string();  // an absolute path stays as it is
}

}  // namespace photonlink
