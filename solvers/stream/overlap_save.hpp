/// Overlap-save filtering of endless signals: the last n_fft samples of a signal are transformed as a whole,
/// multiplied, and the last `block` samples of the result are free of wrap-around when the filter is at most
/// n_fft - block + 1 long (Oppenheim & Schafer, Discrete-Time Signal Processing, 3rd ed., Sec. 8.7.3).
#pragma once

#include <algorithm>
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
  RealWave real;
  ComplexWave wave;
};

/// out = a · b, written out: std::complex's product checks for infinities and does not vectorise.
inline void multiply_spectra(std::span<const Complex> a, std::span<const Complex> b, std::span<Complex> out) {
  for (std::size_t k = 0; k < out.size(); ++k)
    out[k] = {a[k].real() * b[k].real() - a[k].imag() * b[k].imag(),
              a[k].real() * b[k].imag() + a[k].imag() * b[k].real()};
}

/// Replaces `block` by the filtered signal. @param response (n_fft/2 + 1) of the causal window.
inline void filter_stream(const Fft& fft, OverlapBuffer<double>& buffer, std::span<const Complex> response,
                          std::span<double> block, OverlapScratch& scratch) {
  buffer.push(block);
  scratch.spectrum.resize(response.size());
  scratch.real.resize(static_cast<std::size_t>(fft.size()));
  fft.forward(buffer.data(), scratch.spectrum);
  multiply_spectra(scratch.spectrum, response, scratch.spectrum);
  fft.inverse(scratch.spectrum, scratch.real);
  std::copy_n(scratch.real.end() - static_cast<long>(block.size()), block.size(), block.begin());
}

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
