#include "solvers/stream/stream_filter.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "signal/fft.hpp"
#include "signal/grid.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

constexpr int size = 1 << 13, samples = 16;

/// Two poles, `slow` samples and a ringing one, behind a delay.
std::vector<Complex> response(double slow, double delay) {
  std::vector<Complex> h;
  const double a = std::exp(-1.0 / slow), r = 0.9, turn = 0.7;
  for (const double omega : complex_frequencies_Hz(size, 2.0 * constants::pi)) {
    const Complex z = std::polar(1.0, -omega);
    h.push_back(
        (0.8 * (1.0 - a) / (1.0 - a * z) + 0.2 / (1.0 - 2.0 * r * std::cos(turn) * z + r * r * z * z)) *
        std::polar(1.0, -omega * delay));
  }
  return h;
}

/// Rms error of the response to a held symbol, in time.
double held_error(const std::vector<Complex>& exact, const StreamFilterSet& set, Context& context) {
  ComplexWave impulse = exact, kept(impulse.size(), 0.0);
  context.fft(size).inverse(impulse);
  for (std::size_t n = 0; n < set.impulse[0].size(); ++n)
    kept[static_cast<std::size_t>(wrap(set.begin + static_cast<long>(n), size))] = set.impulse[0][n];
  double difference = 0.0, power = 0.0;
  for (long n = 0; n < size; ++n) {
    Complex away = 0.0, pulse = 0.0;
    for (long u = 0; u < samples; ++u) {
      const auto at = static_cast<std::size_t>(wrap(n - u, size));
      away += kept[at] - impulse[at];
      pulse += impulse[at];
    }
    difference += std::norm(away);
    power += std::norm(pulse);
  }
  return std::sqrt(difference / power);
}

}  // namespace

TEST_CASE("stream filter: the error it states is that of the pulse, within the tolerance, at whole symbols") {
  Context context(1);
  for (const double slow : {5.0, 30.0, 90.0, 170.0})
    for (const double tolerance : {1e-2, 1e-3, 1e-4}) {
      const auto exact = response(slow, 333.0);
      const StreamFilterSet set = design_stream_filters({exact}, samples, tolerance, context);
      CAPTURE(slow);
      CAPTURE(tolerance);
      CHECK(set.error <= tolerance);
      CHECK(set.begin % samples == 0);
      // The designer holds symbols in continuous time: sin x / x for the sum of samples, beyond the band.
      CHECK(test::rel_error(held_error(exact, set, context), set.error) <= 0.1);
      // Not wastefully long: the slow pole falls by the tolerance in slow · ln(1 / tolerance) samples.
      CHECK(set.length <= 333 % samples + 12 * samples + 2.5 * slow * std::log(1.0 / tolerance));
    }
}
