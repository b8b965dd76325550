/// docs/study_files.md against the program: a page that lies is worse than none.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/quantity.hpp"
#include "studies/link_table.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

std::string page() {
  std::ifstream file(test::source_path("docs/study_files.md"));
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// "`Hz` with prefixes", or every unit in its own quotes.
std::string units_cell(const std::vector<std::string>& units) {
  const auto accepts = [&](const std::string& unit) {
    return std::find(units.begin(), units.end(), unit) != units.end();
  };
  const auto is_prefixed = [&](const std::string& unit) {
    for (const std::string prefix : {"f", "p", "n", "u", "µ", "m", "k", "M", "G", "T"})
      if (unit.starts_with(prefix) && accepts(unit.substr(prefix.size())) &&
          accepts("G" + unit.substr(prefix.size())))
        return true;
    return false;
  };
  std::vector<std::string> shown;
  std::size_t last_prefixed = 0;
  for (const std::string& unit : units) {
    if (is_prefixed(unit)) continue;
    shown.push_back("`" + unit + "`");
    if (accepts("G" + unit)) last_prefixed = shown.size();
  }
  if (last_prefixed > 0) shown[last_prefixed - 1] += " with prefixes";
  return fmt::format("{}", fmt::join(shown, ", "));
}

}  // namespace

TEST_CASE("study files page: the units table is what the reader accepts") {
  const std::string text = page();
  int checked = 0;
  for (const Quantity kind : all_quantities()) {
    if (kind == Quantity::dimensionless) continue;
    const std::string row =
        fmt::format("| {} | {} |\n", quantity_name(kind), units_cell(accepted_units(kind)));
    CHECK_MESSAGE(text.find(row) != std::string::npos, row);
    ++checked;
  }
  CHECK(checked == static_cast<int>(all_quantities().size()) - 1);
}

TEST_CASE("study files page: every key of a link has its row") {
  const std::string text = page();
  int checked = 0;
  for (const FieldInfo& row : describe<LinkSpec>()) {
    CHECK_MESSAGE(text.find("`" + row.name + "`") != std::string::npos, row.name);
    ++checked;
  }
  CHECK(checked > 5);
}

TEST_CASE("study files page: the blank before a unit may be left out") {
  // 26.5625e9 is exact in a double, the product with 1e9 rounds once.
  CHECK(test::rel_error(parse_quantity("26.5625GBd", Quantity::symbol_rate), 26.5625e9) <= 1e-15);
}
