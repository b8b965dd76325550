/// The one door to the FFT library (FFTW, GPL-2.0-or-later): another implementation can take its place here.
///
/// Plans are made in estimate mode, once per size, and shared by all threads of a process, so that results
/// repeat bit by bit. Forward e^{-j2πft}, inverse carries 1/n.
#pragma once

#include <memory>
#include <span>

#include "core/conventions.hpp"

namespace photonlink {

/// Plans of one size; safe to use from several threads at once.
class Fft {
 public:
  /// @param size number of samples, >= 1
  explicit Fft(int size);
  ~Fft();
  Fft(const Fft&) = delete;
  Fft& operator=(const Fft&) = delete;

  int size() const { return size_; }
  /// (n) real to (n/2 + 1) complex.
  void forward(std::span<const double> in, std::span<Complex> out) const;
  /// (n/2 + 1) complex to (n) real; `in` is used as scratch.
  void inverse(std::span<Complex> in, std::span<double> out) const;
  /// (n) complex to (n) complex, in place.
  void forward(std::span<Complex> data) const;
  void inverse(std::span<Complex> data) const;

 private:
  struct Plans;
  int size_;
  std::unique_ptr<Plans> plans_;
};

/// Multiplies the spectrum of a periodic real wave by `response` (n/2 + 1). At the Nyquist bin of an even
/// size only the real part acts, as it must for a real result.
void filter_periodic(const Fft& fft, std::span<const Complex> response, std::span<double> wave);
/// The same for a complex wave and a response in FFT order (n).
void filter_periodic(const Fft& fft, std::span<const Complex> response, std::span<Complex> wave);

}  // namespace photonlink
