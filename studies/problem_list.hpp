/// A reader goes on after a problem and reports all of them at once.
#pragma once

#include <string>
#include <vector>

#include "io/document.hpp"

namespace photonlink {

class ProblemList {
 public:
  /// Adds "file:line:column: where: text"; `where` may be empty.
  void add(const Place& place, const std::string& where, const std::string& text);
  const std::vector<std::string>& messages() const { return messages_; }
  /// @throws ConfigError with one problem per line, unless there is none.
  void throw_if_any() const;

 private:
  std::vector<std::string> messages_;
};

/// Where the reader is, as messages say it: "link[0].stage[2] 'tx ring' (microring_modulator)".
struct Reporter {
  ProblemList& problems;
  std::string where;

  void report(const Place& place, const std::string& text) const { problems.add(place, where, text); }
  /// Reports every key of `table` that is not known, with the nearest known one.
  void report_unknown_keys(const Node::Table& table, const std::vector<std::string>& known) const;
  /// Text under `key`, "" when absent; reports what is no text, and absence or emptiness when `required`.
  enum class Need { optional, required };
  std::string text(const Node& table, std::string_view key, Need need = Need::optional) const;
  /// Table under `key`, nullptr when absent; reports what is no table.
  const Node::Table* table(const Node::Table& parent, std::string_view key) const;
  /// Reports a document whose `schema` is not `version`; `spelled` is how its format writes the right one.
  void check_schema(const Node& root, int version, std::string_view spelled) const;
};

}  // namespace photonlink
