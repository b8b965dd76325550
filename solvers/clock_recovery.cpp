#include "solvers/clock_recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/special.hpp"
#include "signal/density.hpp"
#include "signal/grid.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

constexpr double lattice = 2e-3;      // of edge densities, outer level = 1
constexpr double merge_below = 1e-3;  // smaller cursors count as Gaussian
constexpr double search_UI = 1.0 / 64;
constexpr double slope_UI = 1e-3;  // half the distance of the difference quotient
constexpr int spectrum_points = 513;
constexpr double lowest_ratio = 1e-9;  // of the logarithmic frequency axis, f / f_b
constexpr int points_per_decade = 200;
constexpr int longest_latency = 4096;

void check(const ClockInput& in) {
  require(in.levels >= 2 && in.levels <= 4 && in.samples_per_symbol >= 4,
          fmt::format("clock recovery: {} levels and {} samples per symbol, allowed 2 ... 4 and 4 or more",
                      in.levels, in.samples_per_symbol));
  require(
      static_cast<long>(in.pulse.size()) > 2 * (clock_reach + 2) * in.samples_per_symbol,
      fmt::format("clock recovery: a pulse of {} samples is shorter than {} symbols; take a longer pattern",
                  in.pulse.size(), 2 * (clock_reach + 2)));
  for (const double value : in.pulse)
    require(std::isfinite(value), "clock recovery: the pulse is not finite");
  require(in.feedback_limit >= 0.0 && (in.covariance.empty() || in.covariance[0] >= 0.0),
          fmt::format("clock recovery: feedback limit = {} and noise variance = {}, must be 0 or more",
                      in.feedback_limit, in.covariance.empty() ? 0.0 : in.covariance[0]));
}

void check(const ClockLoop& loop) {
  require(loop.proportional_UI > 0.0 && loop.integral_UI >= 0.0 && loop.latency >= 0 &&
              loop.latency <= longest_latency,
          fmt::format(
              "clock recovery: proportional = {} UI, integral = {} UI, latency = {}; allowed above 0, 0 or "
              "more, 0 ... {}",
              loop.proportional_UI, loop.integral_UI, loop.latency, longest_latency));
}

double covariance(const ClockInput& in, std::size_t lag) {
  return lag < in.covariance.size() ? in.covariance[lag] : 0.0;
}

double symbol_power(int levels) {
  const auto a = level_amplitudes(levels);
  return std::inner_product(a.begin(), a.end(), a.begin(), 0.0) / levels;
}

// p at τ by four-point Lagrange interpolation of the samples.
double pulse_at(const ClockInput& in, double phase_UI) {
  const double at = phase_UI * in.samples_per_symbol, base = std::floor(at), t = at - base;
  const long size = static_cast<long>(in.pulse.size()), first = in.main_sample + static_cast<long>(base);
  const auto v = [&](long k) { return in.pulse[static_cast<std::size_t>(wrap(first + k, size))]; };
  return v(-1) * (-t * (t - 1) * (t - 2) / 6) + v(0) * ((t + 1) * (t - 1) * (t - 2) / 2) +
         v(1) * (-(t + 1) * t * (t - 2) / 2) + v(2) * ((t + 1) * t * (t - 1) / 6);
}

// b_1 of a DFE that takes out h_1 as far as it may.
double feedback(const ClockInput& in, double phase_UI) {
  const double limit = in.feedback_limit * std::abs(pulse_at(in, phase_UI));
  return std::clamp(pulse_at(in, phase_UI + 1.0), -limit, limit);
}

double mueller_muller(const ClockInput& in, double phase_UI) {
  const double late = pulse_at(in, phase_UI + 1.0) - feedback(in, phase_UI),
               early = pulse_at(in, phase_UI - 1.0);
  return symbol_power(in.levels) * (late - early);
}

double bang_bang(const ClockInput& in, double phase_UI) {
  const double edge = phase_UI - 0.5, slope = pulse_at(in, edge + 1.0) - pulse_at(in, edge);
  std::vector<double> others;
  for (long m = -clock_reach; m <= clock_reach; ++m)
    if (m != 0 && m != 1) others.push_back(pulse_at(in, edge + static_cast<double>(m)));
  const auto isi = interference_density(others, in.levels, lattice, merge_below);
  const double sigma = std::sqrt(
      std::max(covariance(in, 0) + isi.merged_variance - isi.excess_variance, 0.25 * covariance(in, 0)));
  double sum = 0.0;
  for (const double a : level_amplitudes(in.levels))
    if (a > 0.0) sum += 2.0 * upper_tail_with_noise(isi.density, sigma, -a * slope) - 1.0;
  return 2.0 / (in.levels * in.levels) * sum;
}

// Products of the pattern and of the noise; see the header of this solver for e_k.
std::vector<double> mueller_muller_spectrum(const ClockInput& in, double phase_UI) {
  const double power = symbol_power(in.levels);
  double fourth = 0.0;
  for (const double a : level_amplitudes(in.levels)) fourth += a * a * a * a / in.levels;
  // part[l][v]: weight in e_k of the product of two symbols l apart, the later of them symbol k - v.
  std::map<long, std::map<long, double>> part;
  for (long m = -clock_reach; m <= clock_reach; ++m) {
    const double h =
        pulse_at(in, phase_UI + static_cast<double>(m)) - (m == 1 ? feedback(in, phase_UI) : 0.0);
    part[std::abs(m - 1)][std::min(m, 1L)] += h;
    part[std::abs(m + 1)][std::min(m + 1, 0L)] -= h;
  }
  std::vector<double> spectrum;
  for (int i = 0; i < spectrum_points; ++i) {
    const double angle = constants::pi * i / (spectrum_points - 1);
    double sum = 2.0 * power * (covariance(in, 0) - covariance(in, 2) * std::cos(angle));
    for (const auto& [distance, weights] : part) {
      Complex transform = 0.0;
      for (const auto& [v, weight] : weights)
        transform += std::polar(weight, -angle * static_cast<double>(v));
      sum += (distance == 0 ? fourth - power * power : power * power) * std::norm(transform);
    }
    spectrum.push_back(sum);
  }
  return spectrum;
}

Complex loop_filter(const ClockLoop& loop, double frequency_ratio) {
  const Complex delay = std::polar(1.0, -2.0 * constants::pi * frequency_ratio);
  // 1 - exp(-jx) = 2 j sin(x/2) exp(-jx/2) keeps its digits at low frequency.
  const double half = constants::pi * frequency_ratio;
  const Complex difference = 2.0 * std::sin(half) * std::polar(1.0, 0.5 * constants::pi - half);
  return std::pow(delay, 1 + loop.latency) * (loop.proportional_UI + loop.integral_UI / difference) /
         difference;
}

// Cursors of one sampling phase, time-reversed onto the symbols: sample = Σ_m p(τ + m) d_{k-m}.
double sample_at(const ClockInput& in, std::span<const double> amplitude, long k, double phase_UI) {
  double sum = 0.0;
  for (long m = -clock_reach; m <= clock_reach; ++m)
    sum += pulse_at(in, phase_UI + static_cast<double>(m)) * amplitude[static_cast<std::size_t>(k - m)];
  return sum;
}

}  // namespace

double mean_detector_output(PhaseDetector detector, const ClockInput& input, double phase_UI) {
  check(input);
  require(detector == PhaseDetector::mueller_muller || covariance(input, 0) > 0.0,
          "clock recovery: a bang-bang detector without noise has no slope but hunts; add the noise of the "
          "receiver");
  return detector == PhaseDetector::mueller_muller ? mueller_muller(input, phase_UI)
                                                   : bang_bang(input, phase_UI);
}

LockPoint find_lock_point(PhaseDetector detector, const ClockInput& input) {
  const auto s = [&](double phase) { return mean_detector_output(detector, input, phase); };
  LockPoint lock;
  double nearest = INFINITY;
  double before = s(-1.0);
  for (double phase = -1.0; phase < 1.0 - 0.5 * search_UI; phase += search_UI) {
    const double behind = s(phase + search_UI);
    if (before > 0.0 && behind <= 0.0) {
      std::uintmax_t iterations = 60;
      const auto root =
          boost::math::tools::toms748_solve(s, phase, phase + search_UI, before, behind,
                                            boost::math::tools::eps_tolerance<double>(40), iterations);
      const double found = 0.5 * (root.first + root.second);
      if (std::abs(found) < std::abs(nearest)) nearest = found;
    }
    before = behind;
  }
  require(std::isfinite(nearest),
          "clock recovery: the mean detector output does not fall through zero within a symbol "
          "of the pulse's peak; equalise the pulse, or fix the sampling phase");
  lock.phase_UI = nearest;
  lock.gain_per_UI = (s(nearest - slope_UI) - s(nearest + slope_UI)) / (2.0 * slope_UI);
  if (detector == PhaseDetector::mueller_muller) {
    lock.error_PSD = mueller_muller_spectrum(input, nearest);
  } else {
    const int transitions = input.levels - input.levels % 2;  // from a to -a, a not 0
    lock.error_PSD.assign(spectrum_points, static_cast<double>(transitions) / (input.levels * input.levels));
  }
  return lock;
}

Complex jitter_transfer(const ClockLoop& loop, double gain_per_UI, double frequency_ratio) {
  check(loop);
  const Complex open = gain_per_UI * loop_filter(loop, frequency_ratio);
  return open / (1.0 + open);
}

double phase_margin_deg(const ClockLoop& loop, double gain_per_UI) {
  check(loop);
  double before = lowest_ratio;
  const double factor = std::pow(10.0, 1.0 / points_per_decade);
  const auto magnitude = [&](double f) { return std::abs(gain_per_UI * loop_filter(loop, f)); };
  require(magnitude(before) > 1.0,
          fmt::format("clock recovery: the loop crosses over below {:g} of the symbol rate; "
                      "raise the proportional gain",
                      lowest_ratio));
  for (double f = before * factor; f <= 0.5; before = f, f *= factor) {
    if (magnitude(f) > 1.0) continue;
    const double cross = std::sqrt(before * f), angle = 2.0 * constants::pi * cross;
    // Unwrapped: a quarter turn and half a symbol of the difference, the delay, and the integral path.
    const Complex difference = 2.0 * std::sin(0.5 * angle) * std::polar(1.0, 0.5 * (constants::pi - angle));
    const double lag =
        angle * (0.5 + loop.latency) - std::arg(loop.proportional_UI + loop.integral_UI / difference);
    return 90.0 - lag * 180.0 / constants::pi;
  }
  return -90.0;  // still above 1 at half the symbol rate
}

double generated_jitter_UI(const ClockLoop& loop, const LockPoint& lock) {
  require(
      phase_margin_deg(loop, lock.gain_per_UI) > 0.0,
      fmt::format("clock recovery: the loop is unstable with a gain of {:g} per UI, its jitter has no bound; "
                  "lower its gains or its latency",
                  lock.gain_per_UI));
  const auto integrand = [&](double f) {
    const double at = 2.0 * f * static_cast<double>(lock.error_PSD.size() - 1), base = std::floor(at);
    const auto n = std::min(static_cast<std::size_t>(base), lock.error_PSD.size() - 2);
    const double t = at - static_cast<double>(n);
    const double density = (1.0 - t) * lock.error_PSD[n] + t * lock.error_PSD[n + 1];
    return std::norm(jitter_transfer(loop, lock.gain_per_UI, f) / lock.gain_per_UI) * density;
  };
  // Trapezoids in the logarithm: ∫ y df = ∫ y f d(ln f).
  const int points = static_cast<int>(points_per_decade * std::log10(0.5 / lowest_ratio));
  const double step = std::log(0.5 / lowest_ratio) / points;
  double sum = 0.0;
  for (int n = 0; n <= points; ++n) {
    const double f = lowest_ratio * std::exp(n * step);
    sum += (n == 0 || n == points ? 0.5 : 1.0) * integrand(f) * f * step;
  }
  return std::sqrt(2.0 * sum);  // both sides
}

double jitter_tolerance_UI(const ClockLoop& loop, double gain_per_UI, double frequency_ratio,
                           double margin_UI) {
  require(margin_UI > 0.0 && frequency_ratio > 0.0 && frequency_ratio <= 0.5,
          fmt::format(
              "jitter tolerance: margin = {} UI and frequency = {} of the symbol rate, allowed above 0 and "
              "(0, 0.5]",
              margin_UI, frequency_ratio));
  check(loop);
  return margin_UI * std::abs(1.0 + gain_per_UI * loop_filter(loop, frequency_ratio));
}

double jitter_mask_ratio(const ClockLoop& loop, double gain_per_UI, double margin_UI, double symbol_rate_Bd,
                         std::span<const JitterMaskPoint> mask) {
  require(mask.size() >= 2, "jitter mask: fewer than two points");
  double least = INFINITY;
  for (std::size_t n = 0; n + 1 < mask.size(); ++n) {
    const auto &a = mask[n], &b = mask[n + 1];
    require(
        a.frequency_Hz > 0.0 && b.frequency_Hz > a.frequency_Hz && a.peak_UI > 0.0 && b.peak_UI > 0.0,
        fmt::format("jitter mask: points {} and {} must ascend in frequency, with peaks above 0", n, n + 1));
    const double decades = std::log10(b.frequency_Hz / a.frequency_Hz);
    const int points = static_cast<int>(32.0 * decades) + 1;
    for (int i = 0; i <= points; ++i) {
      const double share = static_cast<double>(i) / points;
      const double f = a.frequency_Hz * std::pow(b.frequency_Hz / a.frequency_Hz, share);
      const double peak = a.peak_UI * std::pow(b.peak_UI / a.peak_UI, share);
      least = std::min(least, jitter_tolerance_UI(loop, gain_per_UI, f / symbol_rate_Bd, margin_UI) / peak);
    }
  }
  return least;
}

Hunting bang_bang_hunting(const ClockLoop& loop) {
  check(loop);
  const double high = loop.latency + 0.5;
  double square = 2.0 * high * high;  // the two ends once, all between twice per period
  for (int n = 1; n <= 2 * loop.latency; ++n) square += 2.0 * (high - n) * (high - n);
  const int period = 4 * loop.latency + 2;
  return {2.0 * high * loop.proportional_UI, std::sqrt(square / period) * loop.proportional_UI, period};
}

std::vector<double> run_clock_loop(const ClockLoop& loop, const ClockInput& input, std::span<const int> level,
                                   std::span<const double> jitter_UI, double start_UI, unsigned long seed) {
  check(loop);
  check(input);
  const long symbols = static_cast<long>(level.size());
  require(symbols > 2 * clock_reach + 2 && (jitter_UI.empty() || jitter_UI.size() == level.size()),
          fmt::format("clock recovery: {} symbols and {} values of jitter", symbols, jitter_UI.size()));
  const auto levels = level_amplitudes(input.levels);
  std::vector<double> amplitude, noise(level.size()), phase(level.size(), start_UI), error(level.size(), 0.0),
      slow(level.size(), 0.0);
  amplitude.reserve(level.size());
  for (const int each : level) amplitude.push_back(levels[static_cast<std::size_t>(each)]);
  const double sigma = std::sqrt(covariance(input, 0));
  RandomStream(seed, source_number("clock recovery noise")).normal(0, noise);
  double before = 0.0;
  for (long k = clock_reach + 1; k + clock_reach < symbols; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const double tau = phase[at] - (jitter_UI.empty() ? 0.0 : jitter_UI[at]);
    const double now = amplitude[at], past = amplitude[at - 1];
    if (loop.detector == PhaseDetector::mueller_muller) {
      const double y = sample_at(input, amplitude, k, tau) - feedback(input, tau) * past + sigma * noise[at];
      error[at] = k > clock_reach + 1 ? y * past - before * now : 0.0;
      before = y;
    } else if (past == -now && now != 0.0) {
      const double x = sample_at(input, amplitude, k, tau - 0.5) + sigma * noise[at];
      error[at] = x * past > 0.0 ? 1.0 : -1.0;
    }
    slow[at] = slow[at - 1] + loop.integral_UI * error[at];
    if (k + 1 == symbols) break;
    const auto delayed = static_cast<std::size_t>(std::max(k - loop.latency, 0L));
    phase[at + 1] = phase[at] + loop.proportional_UI * error[delayed] + slow[delayed];
  }
  std::fill(phase.end() - clock_reach, phase.end(), phase[static_cast<std::size_t>(symbols - clock_reach)]);
  return phase;
}

}  // namespace photonlink
