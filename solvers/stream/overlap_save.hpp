/// Overlap-save filtering of endless signals: the last n_fft samples of a signal are transformed as a whole,
/// multiplied, and the last `block` samples of the result are free of wrap-around when the filter is at most
/// n_fft - block + 1 long (Oppenheim & Schafer, Discrete-Time Signal Processing, 3rd ed., Sec. 8.7.3).
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/conventions.hpp"
#include "signal/fft.hpp"

namespace photonlink {

/// The last samples of one signal.
template <class T>
class OverlapBuffer {
 public:
  explicit OverlapBuffer(int size = 0) : data_(static_cast<std::size_t>(size)) {}
  void clear() { std::fill(data_.begin(), data_.end(), T{}); }
  void push(std::span<const T> block) {
    std::copy(data_.begin() + static_cast<long>(block.size()), data_.end(), data_.begin());
    std::copy(block.begin(), block.end(), data_.end() - static_cast<long>(block.size()));
  }
  std::span<const T> data() const { return data_; }
  /// The newest samples, `delay` samples old, size of `out`.
  void read_delayed(long delay, std::span<T> out) const {
    std::copy_n(data_.end() - static_cast<long>(out.size()) - delay, out.size(), out.begin());
  }

 private:
  std::vector<T> data_;
};

/// Spectra and waves a filter works in; one per thread.
struct OverlapScratch {
  std::vector<Complex> spectrum, sum;
  std::array<std::vector<Complex>, 3> period;
  RealWave real, symbol;
  ComplexWave wave;
};

/// out = a · b.
void multiply_spectra(std::span<const Complex> a, std::span<const Complex> b, std::span<Complex> out);

/// Replaces `block` by the filtered signal, piece by piece. @param transform (buffer, spectrum): the spectrum
/// of the buffer times the response. @param piece largest number of samples of one transform that are free of
/// wrap-around
template <class Transform>
void filter_pieces(const Fft& fft, OverlapBuffer<double>& buffer, std::size_t piece, std::span<double> block,
                   OverlapScratch& scratch, Transform transform) {
  scratch.spectrum.resize(static_cast<std::size_t>(fft.size()) / 2 + 1);
  scratch.real.resize(static_cast<std::size_t>(fft.size()));
  for (; !block.empty(); block = block.subspan(std::min(piece, block.size()))) {
    const std::span<double> part = block.first(std::min(piece, block.size()));
    buffer.push(part);
    transform(buffer.data(), std::span(scratch.spectrum));
    fft.inverse(scratch.spectrum, scratch.real);
    std::copy_n(scratch.real.end() - static_cast<long>(part.size()), part.size(), part.begin());
  }
}

/// @param response (n_fft/2 + 1) of the causal window.
inline void filter_stream(const Fft& fft, OverlapBuffer<double>& buffer, std::span<const Complex> response,
                          std::size_t piece, std::span<double> block, OverlapScratch& scratch) {
  filter_pieces(fft, buffer, piece, block, scratch,
                [&](std::span<const double> signal, std::span<Complex> spectrum) {
                  fft.forward(signal, spectrum);
                  multiply_spectra(spectrum, response, spectrum);
                });
}

/// Whether the wave keeps its value over each `hold` samples but for the first and the last of them, which
/// small displacements of edges change.
bool is_held(std::span<const double> wave, std::size_t hold);

/// A response times the spectra of what a symbol of a held wave consists of. Cut where what follows holds
/// less than 1e-10 of its power.
struct HeldResponse {
  /// The hold, Σ_u e^{-j2πku/n}, u = 0 ... hold - 1; one unit more in its first, its last sample.
  std::vector<Complex> value, first, last;

  HeldResponse() = default;
  HeldResponse(std::span<const Complex> response, int hold, int size);
};

/// The same as filter_stream for a held signal: its spectrum is made of those of its symbols and edges, which
/// repeat, so that transforms there are n_fft / symbol_fft.size() times shorter. Pieces and blocks hold whole
/// symbols.
void filter_held_stream(const Fft& fft, const Fft& symbol_fft, OverlapBuffer<double>& buffer,
                        const HeldResponse& held, std::size_t piece, std::span<double> block,
                        OverlapScratch& scratch);

/// Spectrum of the last samples, n_fft.
inline void transform_stream(const Fft& fft, const OverlapBuffer<Complex>& buffer,
                             std::vector<Complex>& spectrum) {
  spectrum.assign(buffer.data().begin(), buffer.data().end());
  fft.forward(spectrum);
}
/// One output of a spectrum that feeds several.
inline void filter_spectrum(const Fft& fft, std::span<const Complex> spectrum,
                            std::span<const Complex> response, std::span<Complex> block,
                            OverlapScratch& scratch) {
  scratch.wave.resize(spectrum.size());
  multiply_spectra(spectrum, response, scratch.wave);
  fft.inverse(scratch.wave);
  std::copy_n(scratch.wave.end() - static_cast<long>(block.size()), block.size(), block.begin());
}

}  // namespace photonlink
