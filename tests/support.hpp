/// Helpers every test shares. doctest::Approx is not used: its scale of 1 makes tiny numbers equal.
#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace photonlink::test {

inline double rel_error(double actual, double expected) {
  return std::abs(actual - expected) / std::abs(expected);
}
inline double abs_error(double actual, double expected) {
  return std::abs(actual - expected);
}

/// Path inside the source tree.
inline std::string source_path(const std::string& relative) {
  const char* root = std::getenv("PHOTONLINK_SOURCE_ROOT");
  return (root ? std::string(root) : std::string(".")) + "/" + relative;
}

/// Numeric rows of a CSV; lines that start with '#' or a letter are skipped.
inline std::vector<std::vector<double>> read_csv(const std::string& relative) {
  std::ifstream file(source_path(relative));
  if (!file) throw std::runtime_error("cannot open " + relative);
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || std::isalpha(static_cast<unsigned char>(line[0]))) continue;
    std::vector<double> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace photonlink::test
