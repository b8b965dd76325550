#include "solvers/block_filter.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/grid.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

std::vector<Complex> draws(std::size_t size, std::uint64_t source, bool real) {
  std::vector<double> numbers(2 * size);
  RandomStream(1, source).normal(0, numbers);
  std::vector<Complex> result(size);
  for (std::size_t k = 0; k < size; ++k) result[k] = {numbers[2 * k], real ? 0.0 : numbers[2 * k + 1]};
  return result;
}

Complex sum_at(const std::vector<Complex>& wave, const std::vector<Complex>& impulse, long begin, long n) {
  Complex sum = 0.0;
  for (long k = 0; k < static_cast<long>(impulse.size()); ++k)
    sum += impulse[static_cast<std::size_t>(k)] *
           wave[static_cast<std::size_t>(wrap(n - begin - k, static_cast<long>(wave.size())))];
  return sum;
}

}  // namespace

TEST_CASE("block filter: equals the circular sum, causal or not, of prime periods and one block or many") {
  struct Row {
    std::size_t size, length;
    long begin;
  };
  for (const Row& row : {Row{8191, 50, -20}, Row{30011, 700, 3}, Row{257, 257, -100}, Row{100, 1, 5}}) {
    CAPTURE(row.size);
    for (const int threads : {1, 2}) {
      Context context(threads);
      const auto field = draws(row.size, 1, false), real = draws(row.size, 2, true);
      const auto response = draws(row.length, 3, false), real_response = draws(row.length, 4, true);
      ComplexWave light = field;
      BlockFilter(response, row.begin, context).apply(light);
      RealWave lane(row.size);
      for (std::size_t n = 0; n < row.size; ++n) lane[n] = real[n].real();
      BlockFilter(real_response, row.begin, context).apply(lane);
      for (std::size_t n = 0; n < row.size; n += row.size / 53 + 1) {
        // Rounding of sums of up to 700 numbers of order one.
        CHECK(std::abs(light[n] - sum_at(field, response, row.begin, static_cast<long>(n))) <= 1e-11);
        CHECK(abs_error(lane[n], sum_at(real, real_response, row.begin, static_cast<long>(n)).real()) <=
              1e-11);
      }
    }
  }
}

TEST_CASE("block filter: a response longer than the period is refused") {
  Context context(1);
  RealWave wave(10);
  CHECK_THROWS_WITH_AS(BlockFilter(draws(11, 1, true), 0, context).apply(wave),
                       doctest::Contains("a response of 11 samples on a period of 10"), DomainError);
}
