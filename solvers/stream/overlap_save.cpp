#include "solvers/stream/overlap_save.hpp"

#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"

namespace photonlink {
namespace {

// a · b, written out: std::complex's product checks for infinities and does not vectorise.
PHOTONLINK_INLINE Complex product(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

PHOTONLINK_CLONES void multiply(const Complex* a, const Complex* b, std::size_t size, Complex* out) {
  for (std::size_t k = 0; k < size; ++k) out[k] = product(a[k], b[k]);
}

// out = Σ a_i · b_i.
PHOTONLINK_CLONES void multiply_three(const std::array<const Complex*, 3>& a,
                                      const std::array<const Complex*, 3>& b, std::size_t size,
                                      Complex* __restrict out) {
  const Complex *a0 = a[0], *a1 = a[1], *a2 = a[2], *b0 = b[0], *b1 = b[1], *b2 = b[2];
  for (std::size_t k = 0; k < size; ++k)
    out[k] = product(a0[k], b0[k]) + product(a1[k], b1[k]) + product(a2[k], b2[k]);
}

// One period of the spectrum of what `sample` takes of each symbol.
template <class Sample>
void transform_symbols(const Fft& fft, Sample sample, RealWave& symbol, std::vector<Complex>& period) {
  const auto symbols = static_cast<std::size_t>(fft.size());
  symbol.resize(symbols);
  period.resize(symbols);
  for (std::size_t n = 0; n < symbols; ++n) symbol[n] = sample(n);
  fft.forward(symbol, std::span(period).first(symbols / 2 + 1));
  for (std::size_t k = symbols / 2 + 1; k < symbols; ++k) period[k] = std::conj(period[symbols - k]);
}

// Of a response, in what its filters leave out: an rms error of 1e-5, far below that of their windows.
constexpr double out_of_band_power = 1e-10;

// Bins of a response up to where less than `left_out` of its power follows.
std::size_t band(std::span<const Complex> response, double left_out) {
  double total = 0.0, above = 0.0;
  for (const Complex& each : response) total += std::norm(each);
  std::size_t end = response.size();
  while (end > 1 && (above += std::norm(response[end - 1])) <= left_out * total) --end;
  return end;
}

}  // namespace

void multiply_spectra(std::span<const Complex> a, std::span<const Complex> b, std::span<Complex> out) {
  multiply(a.data(), b.data(), out.size(), out.data());
}

bool is_held(std::span<const double> wave, std::size_t hold) {
  bool same = hold >= 3 && wave.size() % hold == 0;
  for (std::size_t n = 0; same && n < wave.size(); n += hold)
    for (std::size_t u = 2; u + 1 < hold; ++u) same = same && wave[n + u] == wave[n + 1];
  return same;
}

HeldResponse::HeldResponse(std::span<const Complex> response, int hold, int size)
    : value(response.begin(), response.begin() + static_cast<long>(band(response, out_of_band_power))),
      first(value),
      last(value) {
  value.front() *= hold;
  for (std::size_t k = 1; k < value.size(); ++k) {
    const double half = constants::pi * static_cast<double>(k) / size;
    value[k] *= std::polar(std::sin(half * hold) / std::sin(half), -half * (hold - 1));
    last[k] *= std::polar(1.0, -2.0 * half * (hold - 1));
  }
}

void filter_held_stream(const Fft& fft, const Fft& symbol_fft, OverlapBuffer<double>& buffer,
                        const HeldResponse& held, std::size_t piece, std::span<double> block,
                        OverlapScratch& scratch) {
  const auto symbols = static_cast<std::size_t>(symbol_fft.size());
  const std::size_t hold = static_cast<std::size_t>(fft.size()) / symbols;
  auto& period = scratch.period;
  const auto transform = [&](std::span<const double> signal, std::span<Complex> spectrum) {
    const auto at = [&](std::size_t n, std::size_t u) { return signal[n * hold + u]; };
    const auto value = [&](std::size_t n) { return at(n, 1); };
    const auto first = [&](std::size_t n) { return at(n, 0) - at(n, 1); };
    const auto last = [&](std::size_t n) { return at(n, hold - 1) - at(n, 1); };
    transform_symbols(symbol_fft, value, scratch.symbol, period[0]);
    transform_symbols(symbol_fft, first, scratch.symbol, period[1]);
    transform_symbols(symbol_fft, last, scratch.symbol, period[2]);
    const std::size_t bins = held.value.size();
    for (std::size_t k = 0; k < bins; k += symbols)
      multiply_three({period[0].data(), period[1].data(), period[2].data()},
                     {held.value.data() + k, held.first.data() + k, held.last.data() + k},
                     std::min(symbols, bins - k), spectrum.data() + k);
    std::fill(spectrum.begin() + static_cast<long>(bins), spectrum.end(), 0.0);
  };
  filter_pieces(fft, buffer, piece, block, scratch, transform);
}

}  // namespace photonlink
