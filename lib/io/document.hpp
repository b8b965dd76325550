/// A parsed TOML or JSON file as one neutral tree in which every node remembers where it was written.
///
/// Readers of studies, cards and cases see only this tree, so both formats obey the same rules and every
/// message can name the place. TOML nodes carry line and column (both from 1); JSON nodes carry line 0, and
/// messages fall back on the key path that the reader prints anyway.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace photonlink {

/// Where a node was written. Cards and studies mix in one message list, hence the file in every node.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;    ///< from 1; 0: unknown
  int column = 0;  ///< from 1, in characters; 0: unknown
};

/// "study.toml:6:7", or "study.json" when the line is unknown.
std::string format_place(const Place& place);

struct Member;

struct Node {
  using Array = std::vector<Node>;
  using Table = std::vector<Member>;  ///< in file order, keys are unique
  std::variant<bool, std::int64_t, double, std::string, Array, Table> value;
  Place place;

  const Table* table() const { return std::get_if<Table>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  const double* number() const { return std::get_if<double>(&value); }
};

struct Member {
  std::string key;
  Place place;  ///< of the key
  Node node;
};

/// nullptr when `table` has no such key.
const Member* find_member(const Node::Table& table, std::string_view key);
/// "a table", "a list", "text", "a whole number", "a number", "true or false".
std::string_view kind_name(const Node& node);
/// The value as a user would write it, shortened when long: for messages.
std::string show(const Node& node);

/// Files beyond this are refused before they are parsed.
inline constexpr std::size_t largest_document_bytes = std::size_t{16} << 20;
/// Tables and lists inside each other beyond this are refused.
inline constexpr int deepest_document_level = 32;
/// Keys of one table beyond this are refused: finding one searches them all.
inline constexpr std::size_t most_keys_per_table = 4096;

/// @param path file ending in .toml or .json.
/// @throws IoError when it can't be read or is too large. @throws ConfigError "file:line:column: reason" when
/// it is no valid TOML or JSON, nests too deeply, has too many keys in one table, holds a date, a null or the
/// same key twice.
Node parse_document(const std::string& path);
/// The same for text already in memory; `file` gives the format by its ending and the name in messages.
Node parse_document_text(std::string_view text, const std::string& file);

/// A path written in a file is meant relative to that file's folder.
std::string resolve_beside(const Place& place, const std::string& path);

}  // namespace photonlink
