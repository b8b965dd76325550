#include "signal/symbol_correlation.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "signal/fft.hpp"

namespace photonlink {

RealWave correlate_symbols(std::span<const double> wave, std::span<const double> weight, Context& context) {
  const std::size_t symbols = weight.size();
  require(symbols > 0 && wave.size() % symbols == 0,
          fmt::format("correlation: {} samples are no multiple of {} symbols", wave.size(), symbols));
  const std::size_t samples = wave.size() / symbols;
  const Fft& fft = context.fft(static_cast<int>(symbols));
  std::vector<Complex> weights(weight.begin(), weight.end());
  fft.forward(std::span(weights));
  RealWave result(wave.size());
  // Two phases at a time, as real and imaginary part: the weights are real.
  parallel_for((samples + 1) / 2, context, [&](std::size_t pair) {
    const std::size_t first = 2 * pair, second = std::min(first + 1, samples - 1);
    std::vector<Complex> phase(symbols);
    for (std::size_t i = 0; i < symbols; ++i)
      phase[i] = {wave[i * samples + first], wave[i * samples + second]};
    fft.forward(std::span(phase));
    for (std::size_t k = 0; k < symbols; ++k) phase[k] *= std::conj(weights[k]);
    fft.inverse(std::span(phase));
    for (std::size_t i = 0; i < symbols; ++i) {
      result[i * samples + first] = phase[i].real();
      if (second != first) result[i * samples + second] = phase[i].imag();
    }
  });
  return result;
}

}  // namespace photonlink
