/// Fields of several carriers over a block of samples, carriers side by side so that they fill SIMD lanes.
///
/// Carriers are cut into groups of `width` lanes (2, 4 or 8, the smallest that holds them all; 8 beyond).
/// Sample n of carrier c lies at index(c, n); unused lanes hold zero field.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/conventions.hpp"

namespace photonlink {

class CarrierBlock {
 public:
  CarrierBlock(int carriers, int samples)
      : carriers_(carriers),
        capacity_(samples),
        samples_(samples),
        width_(lane_width(carriers)),
        re_(static_cast<std::size_t>(groups()) * width_ * samples),
        im_(re_.size()) {}

  static int lane_width(int carriers) { return carriers <= 2 ? 2 : carriers <= 4 ? 4 : 8; }
  int carriers() const { return carriers_; }
  int samples() const { return samples_; }
  int width() const { return width_; }
  int groups() const { return (carriers_ + width_ - 1) / width_; }
  /// Shortens or lengthens the block within the capacity it was made with.
  void set_samples(int samples) { samples_ = samples; }
  int capacity() const { return capacity_; }

  std::size_t index(int carrier, int sample) const {
    return (static_cast<std::size_t>(carrier / width_) * capacity_ + sample) * width_ + carrier % width_;
  }
  double* re(int group) { return re_.data() + static_cast<std::size_t>(group) * capacity_ * width_; }
  double* im(int group) { return im_.data() + static_cast<std::size_t>(group) * capacity_ * width_; }

  void load(int carrier, std::span<const Complex> wave) {
    for (int n = 0; n < samples_; ++n) {
      const std::size_t i = index(carrier, n);
      re_[i] = wave[n].real();
      im_[i] = wave[n].imag();
    }
  }
  void save(int carrier, std::span<Complex> wave) const {
    for (int n = 0; n < samples_; ++n) {
      const std::size_t i = index(carrier, n);
      wave[n] = {re_[i], im_[i]};
    }
  }

 private:
  int carriers_, capacity_, samples_, width_;
  std::vector<double> re_, im_;
};

}  // namespace photonlink
