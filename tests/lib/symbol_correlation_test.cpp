#include "signal/symbol_correlation.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/averages.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

TEST_CASE("symbol correlation: equals the sum for even and odd samples, prime and even periods") {
  for (const auto& [samples, symbols] : {std::pair{4, 31}, std::pair{5, 32}, std::pair{1, 8}}) {
    CAPTURE(samples);
    RealWave wave(static_cast<std::size_t>(samples * symbols));
    std::vector<double> weight(static_cast<std::size_t>(symbols));
    RandomStream(1, 1).normal(0, wave);
    RandomStream(1, 2).normal(0, weight);
    for (const int threads : {1, 2}) {
      Context context(threads);
      const RealWave c = correlate_symbols(wave, weight, context);
      REQUIRE(c.size() == wave.size());
      for (std::size_t u = 0; u < wave.size(); ++u) {
        double sum = 0.0;
        for (std::size_t i = 0; i < weight.size(); ++i)
          sum += weight[i] * wave[(i * static_cast<std::size_t>(samples) + u) % wave.size()];
        // Rounding of sums of some 30 numbers of order one.
        CHECK(abs_error(c[u], sum) <= 1e-13);
      }
    }
  }
}

TEST_CASE("symbol correlation: a wave that does not hold whole symbols is refused") {
  Context context(1);
  CHECK_THROWS_WITH_AS(correlate_symbols(RealWave(9), std::vector<double>(2), context),
                       doctest::Contains("9 samples are no multiple of 2 symbols"), DomainError);
}

TEST_CASE("averages: the first of equal peaks, of either sign") {
  CHECK(strongest(std::vector<double>{1.0, -3.0, 3.0, 2.0}) == 1);
  CHECK(mean(std::vector<double>{1.0, -3.0, 8.0}) == 2.0);
}
