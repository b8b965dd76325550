#include "signal/fft.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "core/error.hpp"

namespace photonlink {
namespace {

// FFTW's planner is the only part that is not thread-safe.
std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

fftw_complex* raw(Complex* data) {
  return reinterpret_cast<fftw_complex*>(data);
}

constexpr unsigned plan_flags = FFTW_ESTIMATE;

// FFTW's vector code asks for 16-byte alignment, which allocations have and a part of a wave may lack. One
// plan for both, so that results do not depend on the place: what is not aligned passes through a copy.
bool aligned(const void* data) {
  return fftw_alignment_of(static_cast<double*>(const_cast<void*>(data))) == 0;
}

}  // namespace

struct Fft::Plans {
  fftw_plan real_forward = nullptr, real_inverse = nullptr, complex_forward = nullptr,
            complex_inverse = nullptr;
};

Fft::Fft(int size) : size_(size), plans_(std::make_unique<Plans>()) {
  require(size >= 1, "FFT size must be at least 1");
  std::vector<double> real(static_cast<std::size_t>(size));
  std::vector<Complex> half(static_cast<std::size_t>(size / 2 + 1)), full(static_cast<std::size_t>(size));
  const std::lock_guard lock(planner_mutex());
  plans_->real_forward =
      fftw_plan_dft_r2c_1d(size, real.data(), raw(half.data()), plan_flags | FFTW_PRESERVE_INPUT);
  plans_->real_inverse = fftw_plan_dft_c2r_1d(size, raw(half.data()), real.data(), plan_flags);
  plans_->complex_forward =
      fftw_plan_dft_1d(size, raw(full.data()), raw(full.data()), FFTW_FORWARD, plan_flags);
  plans_->complex_inverse =
      fftw_plan_dft_1d(size, raw(full.data()), raw(full.data()), FFTW_BACKWARD, plan_flags);
}

Fft::~Fft() {
  const std::lock_guard lock(planner_mutex());
  fftw_destroy_plan(plans_->real_forward);
  fftw_destroy_plan(plans_->real_inverse);
  fftw_destroy_plan(plans_->complex_forward);
  fftw_destroy_plan(plans_->complex_inverse);
}

void Fft::forward(std::span<const double> in, std::span<Complex> out) const {
  if (!aligned(in.data())) {
    const std::vector<double> copy(in.begin(), in.end());
    return forward(copy, out);
  }
  fftw_execute_dft_r2c(plans_->real_forward, const_cast<double*>(in.data()), raw(out.data()));
}

void Fft::inverse(std::span<Complex> in, std::span<double> out) const {
  if (!aligned(out.data())) {
    std::vector<double> copy(out.size());
    inverse(in, copy);
    std::copy(copy.begin(), copy.end(), out.begin());
    return;
  }
  fftw_execute_dft_c2r(plans_->real_inverse, raw(in.data()), out.data());
  const double scale = 1.0 / size_;
  for (double& value : out) value *= scale;
}

void Fft::forward(std::span<Complex> data) const {
  fftw_execute_dft(plans_->complex_forward, raw(data.data()), raw(data.data()));
}

void Fft::inverse(std::span<Complex> data) const {
  fftw_execute_dft(plans_->complex_inverse, raw(data.data()), raw(data.data()));
  const double scale = 1.0 / size_;
  for (Complex& value : data) value *= scale;
}

void filter_periodic(const Fft& fft, std::span<const Complex> response, std::span<double> wave) {
  std::vector<Complex> spectrum(wave.size() / 2 + 1);
  fft.forward(wave, spectrum);
  for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= response[k];
  if (wave.size() % 2 == 0) spectrum.back() = spectrum.back().real();
  fft.inverse(spectrum, wave);
}

void filter_periodic(const Fft& fft, std::span<const Complex> response, std::span<Complex> wave) {
  fft.forward(wave);
  for (std::size_t k = 0; k < wave.size(); ++k) wave[k] *= response[k];
  fft.inverse(wave);
}

}  // namespace photonlink
