#include <doctest/doctest.h>

#include <cmath>

#include "signal/pattern.hpp"
#include "solvers/power_budget.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

TEST_CASE("modulation: outer levels are found however late the light is") {
  Context context(1);
  for (const int levels : {2, 4, 6}) {
    const SymbolPattern pattern = make_pattern(levels == 6 ? "deBruijn2" : "PRBS9", levels);
    const TimeGrid grid{50e9, 16, static_cast<int>(pattern.index.size())};
    for (const long late : {0L, 37L, 16L * 300 + 5, -20L}) {
      ComplexWave field(static_cast<std::size_t>(grid.size()));
      for (long u = 0; u < grid.size(); ++u) {
        const auto symbol = static_cast<std::size_t>(wrap(u - late, grid.size()) / 16);
        field[static_cast<std::size_t>(u)] =
            std::sqrt(1e-3 * (0.2 + 0.8 * pattern.index[symbol] / (levels - 1)));
      }
      const Modulation found = modulation_of(field, grid, pattern.index, levels, context);
      CAPTURE(levels);
      CAPTURE(late);
      // Rounding of a mean.
      CHECK(rel_error(found.high_W, 1e-3) <= 1e-12);
      CHECK(rel_error(found.low_W, 0.2e-3) <= 1e-12);
    }
  }
}
