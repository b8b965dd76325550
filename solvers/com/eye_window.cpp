#include "solvers/com/eye_window.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <memory>
#include <numeric>

#include "solvers/com/noise_distribution.hpp"

namespace photonlink::com {
namespace {

/// Everything about one instant of the window.
struct Instant {
  double weight = 0.0;
  double swing_V = 0.0;  ///< R_LM p(t), the outermost level
  std::unique_ptr<NoiseDistribution> noise;
};

/// The equalised pulse at any time; zero outside.
class PulseReader {
 public:
  PulseReader(const std::vector<double>& pulse, long cursor, int samples)
      : pulse_(pulse), cursor_(static_cast<double>(cursor)), samples_(samples) {}
  /// @param time_UI from t_s
  double at(double time_UI) const {
    const double place = cursor_ + time_UI * samples_;
    const double below = std::floor(place);
    if (below < 0.0 || below + 1.0 >= static_cast<double>(pulse_.size())) return 0.0;
    const auto i = static_cast<std::size_t>(below);
    return pulse_[i] + (place - below) * (pulse_[i + 1] - pulse_[i]);
  }
  /// The script leaves out the first symbol of a pulse and what lies beyond the last but one.
  bool script_keeps(double time_UI) const {
    const double place = cursor_ / samples_ + time_UI,
                 symbols = std::round(static_cast<double>(pulse_.size()) / samples_);
    return place >= 1.0 && place < symbols - 1.0;
  }
  long first_symbol() const { return -static_cast<long>(cursor_ / samples_) - 1; }
  long last_symbol() const {
    return static_cast<long>((static_cast<double>(pulse_.size()) - cursor_) / samples_) + 1;
  }

 private:
  const std::vector<double>& pulse_;
  double cursor_;
  int samples_;
};

Instant instant_at(double offset_UI, double step_UI, const EqualizedCase& e, const Parameters& p,
                   const Mode& mode, const std::vector<double>& crosstalk, double bin_V) {
  const PulseReader pulse(e.through, e.cursor, p.signal.samples_per_symbol);
  const double cursor = pulse.at(0.0);
  std::vector<double> cursors = crosstalk;
  double slopes = 0.0;
  for (long n = pulse.first_symbol(); n <= pulse.last_symbol(); ++n) {
    const double t = static_cast<double>(n) + offset_UI;
    if (mode.script && !pulse.script_keeps(t)) continue;
    const double slope = (pulse.at(t + step_UI) - pulse.at(t - step_UI)) / (2.0 * step_UI);
    slopes += slope * slope;
    cursors.push_back(p.transmitter.dual_dirac_jitter_UI * slope);
    if (n == 0) continue;
    const bool removed = n > 0 && n <= static_cast<long>(e.dfe.tap.size());
    cursors.push_back(pulse.at(t) - (removed ? e.dfe.tap[static_cast<std::size_t>(n - 1)] * cursor : 0.0));
  }
  const double random_V = p.transmitter.random_jitter_UI * std::sqrt(symbol_power(p.signal.levels) * slopes);
  const double sigma_V = std::sqrt(random_V * random_V + e.terms.noise_V * e.terms.noise_V +
                                   e.terms.transmitter_V * e.terms.transmitter_V);
  Instant instant;
  instant.swing_V = p.transmitter.level_mismatch_ratio * pulse.at(offset_UI);
  instant.noise =
      noise_distribution(cursors, p.signal.levels, bin_V, sigma_V, p.signal.detector_error_ratio, mode);
  return instant;
}

/// Voltage that level `position` (-1 ... 1) stays above but for DER_0.
double lower_contour(const std::vector<Instant>& window, double position, double error_ratio) {
  double low = 0.0, high = 0.0;
  for (const Instant& i : window) {
    low = std::min(low, i.swing_V * position - i.noise->reach_V());
    high = std::max(high, i.swing_V * position);
  }
  const auto miss = [&](double y) {
    double below = 0.0;
    for (const Instant& i : window) below += i.weight * i.noise->below(y - i.swing_V * position);
    return std::log(std::max(below, 1e-300)) - std::log(error_ratio);
  };
  std::uintmax_t steps = 60;
  const boost::math::tools::eps_tolerance<double> tolerance(24);
  const auto [left, right] = boost::math::tools::toms748_solve(miss, low, high + 1e-12, tolerance, steps);
  return 0.5 * (left + right);
}

}  // namespace

std::vector<double> window_weights(const std::string& kind, int half, double sigma) {
  std::vector<double> weight;
  weight.reserve(static_cast<std::size_t>(2L * half + 1));
  const auto rayleigh = [&](double x) {
    return x / (sigma * sigma) * std::exp(-0.5 * x * x / (sigma * sigma));
  };
  for (int i = -half; i <= half; ++i) {
    if (kind == "gaussian") {
      weight.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    } else if (kind == "triangle") {
      weight.push_back(half == 0 ? 1.0 : 1.0 - std::abs(i) / static_cast<double>(half));
    } else if (kind == "dual_rayleigh") {
      weight.push_back(half == 0 ? 1.0 : rayleigh(i + half) + rayleigh(half - i));
    } else {
      weight.push_back(1.0);
    }
  }
  const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (double& each : weight) each /= total;
  return weight;
}

EyeOpening eye_opening(const EqualizedCase& e, const Parameters& p, const Mode& mode) {
  const EyeWindow& w = p.eye_window;
  const int levels = p.signal.levels;
  const double step_UI = 1.0 / w.samples_per_symbol, bin_V = density_bin_V(e.available_V);
  const int half = static_cast<int>(std::floor(w.half_width_UI * w.samples_per_symbol + 1e-9));
  const auto weight = window_weights(w.weight, half, w.sigma_UI * w.samples_per_symbol);
  const auto crosstalk = crosstalk_cursors(e, p, mode);
  std::vector<Instant> window;
  window.reserve(weight.size());
  for (int i = -half; i <= half; ++i) {
    window.push_back(instant_at(i * step_UI, step_UI, e, p, mode, crosstalk, bin_V));
    window.back().weight = weight[static_cast<std::size_t>(long{i} + half)];
  }
  // Levels are symmetric: the upper contour of level l is the mirrored lower one of level L - 1 - l.
  std::vector<double> lower(static_cast<std::size_t>(levels), 0.0);
  for (int l = 1; l < levels; ++l)
    lower[static_cast<std::size_t>(l)] =
        lower_contour(window, 2.0 * l / (levels - 1) - 1.0, p.signal.detector_error_ratio);
  EyeOpening eye;
  eye.height_V = HUGE_VAL;
  for (int l = 0; l + 1 < levels; ++l) {
    eye.upper_V.push_back(lower[static_cast<std::size_t>(long{l} + 1)]);
    eye.lower_V.push_back(-lower[static_cast<std::size_t>(levels - 1 - l)]);
    eye.height_V = std::min(eye.height_V, eye.upper_V.back() - eye.lower_V.back());
  }
  eye.closure_dB = eye.height_V > 0.0 ? 20.0 * std::log10(2.0 * e.available_V / eye.height_V) : std::nan("");
  return eye;
}

}  // namespace photonlink::com
