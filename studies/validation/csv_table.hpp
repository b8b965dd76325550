/// Numbers of a small CSV file by the names of its columns.
#pragma once

#include <string>
#include <vector>

namespace photonlink {

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;  ///< (n_column, n_row)
};

/// Lines that start with '#' are notes, the first other line names the columns, separated by commas.
/// At most 100000 rows. @throws IoError naming file, line, cause and fix.
CsvTable read_csv_table(const std::string& path);

}  // namespace photonlink
