/// Reader of configurations for channel operating margin: one TOML or JSON file per table of the standard.
///
/// Sections carry the names of the structs in solvers/com/parameters.hpp, their keys the rows of the tables
/// there; [[tap]] and [[case]] repeat. What a section leaves out keeps its default.
#pragma once

#include <string>
#include <vector>

#include "solvers/com/parameters.hpp"

namespace photonlink {

/// @throws ConfigError with every problem, one per line with its place; IoError when the file can't be read.
com::Parameters read_com(const std::string& path);

/// Every problem of a file, one message each; empty when it can be used.
std::vector<std::string> lint_com(const std::string& path);
/// The file has sections of such a configuration and no [[link]] of a study; false when it cannot be read.
bool is_com_configuration(const std::string& path);

/// A section of the file: name, whether it repeats, its rows. In the order of the manual.
struct ComSection {
  std::string name;
  bool repeated = false;
  std::vector<FieldInfo> rows;
};
std::vector<ComSection> com_sections();

/// JSON Schema of the files, for editors.
std::string com_schema();

}  // namespace photonlink
