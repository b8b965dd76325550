#include "devices/physics/half_band.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink {
namespace {

constexpr std::array<std::array<double, 3>, 2> coupling{
    {{0.5, 0.5, 0.0}, {0.5, 0.25, 0.066987298107780677}}};  // sin² of 45°; of 45°, 30°, 15°
constexpr std::array<double, 2> delay{1.0, -2.0};

}  // namespace

HalfBand::HalfBand(int stages, double coupling_error) : stages_(stages), cosine_{}, sine_{} {
  for (std::size_t i = 0; i < 3; ++i) {
    const double power =
        std::clamp(coupling[static_cast<std::size_t>(stages - 1)][i] * (1.0 + coupling_error), 0.0, 1.0);
    cosine_[i] = std::sqrt(1.0 - power);
    sine_[i] = std::sqrt(power);
  }
}

std::array<Complex, 2> HalfBand::output(double phase_rad) const {
  constexpr Complex minus_j(0.0, -1.0);
  Complex upper = cosine_[0], lower = minus_j * sine_[0];
  for (int stage = 0; stage < stages_; ++stage) {
    const auto next = static_cast<std::size_t>(stage) + 1;
    const Complex turn = std::polar(1.0, -0.5 * delay[next - 1] * phase_rad);
    const Complex first = upper * turn, second = lower * std::conj(turn);
    upper = cosine_[next] * first + minus_j * sine_[next] * second;
    lower = minus_j * sine_[next] * first + cosine_[next] * second;
  }
  return {upper, lower};
}

}  // namespace photonlink
