#include "network/physicality.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "network/time_response.hpp"
#include "signal/fft.hpp"

namespace photonlink {
namespace {

using Matrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One element on an even grid up to four times the end of the file, as `projected` needs it.
class CausalProjection {
 public:
  CausalProjection(const SParameters& network, int out, int in, Context& context)
      : file_(&network.frequency_Hz), end_Hz_(network.frequency_Hz.back()) {
    SParameters one{1, network.reference_ohm, network.frequency_Hz, {}};
    one.s.reserve(network.frequency_Hz.size());
    for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) one.s.push_back(network.at(k, out, in));
    // Twice the longest response that the file can hold, or as long as memory allows where a few points lie
    // very close; the end of the file is a point of the grid.
    constexpr double most = 1 << 20;
    const auto inside =
        static_cast<int>(std::min(most, std::ceil(end_Hz_ / (0.5 * median_step_Hz(network.frequency_Hz)))));
    fft_ = &context.fft(2 * reach * inside);
    step_Hz_ = end_Hz_ / inside;
    inside_ = static_cast<std::size_t>(inside) + 1;
    frequency_Hz_.resize(static_cast<std::size_t>(reach * inside) + 1);
    for (std::size_t k = 0; k < frequency_Hz_.size(); ++k)
      frequency_Hz_[k] = static_cast<double>(k) * step_Hz_;
    spectrum_ = interpolate(one, frequency_Hz_).s;
    for (std::size_t k = inside_; k < spectrum_.size(); ++k) {
      const double position = (frequency_Hz_[k] - end_Hz_) / ((reach - 1) * end_Hz_);
      spectrum_[k] *= 0.5 * (1.0 + std::cos(constants::pi * position));
    }
  }

  /// Nothing before `begin_s` and in the last tenth of the period, where the past wraps to.
  std::vector<Complex> projected(std::vector<Complex> spectrum, double begin_s) const {
    std::vector<double> wave(static_cast<std::size_t>(fft_->size()));
    const double step_s = 1.0 / (fft_->size() * step_Hz_);
    spectrum.front() = spectrum.front().real();
    spectrum.back() = spectrum.back().real();
    fft_->inverse(spectrum, wave);
    const auto size = static_cast<std::ptrdiff_t>(wave.size()), half = size / 2;
    const auto begin = static_cast<std::ptrdiff_t>(
        std::min(std::ceil(std::max(begin_s, 0.0) / step_s), static_cast<double>(half)));
    // Without a flight the guard itself reaches before t = 0.
    const auto end =
        size + std::min<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(std::ceil(begin_s / step_s)));
    std::fill(wave.begin(), wave.begin() + begin, 0.0);
    std::fill(wave.begin() + half, wave.begin() + end, 0.0);
    fft_->forward(wave, spectrum);
    return spectrum;
  }

  double residual(double begin_s) const {
    const std::vector<Complex> causal = projected(spectrum_, begin_s);
    double change = 0.0, all = 0.0;
    for (std::size_t k = 0; k < inside_; ++k) {
      change += std::norm(causal[k] - spectrum_[k]);
      all += std::norm(spectrum_[k]);
    }
    return all > 0.0 ? std::sqrt(change / all) : 0.0;
  }

  /// Alternating projections; the element at the points of the file.
  std::vector<Complex> causal(double begin_s, int rounds) const {
    std::vector<Complex> now = spectrum_;
    for (int round = 0; round < rounds; ++round) {
      now = projected(std::move(now), begin_s);
      for (std::size_t k = 0; k < inside_; ++k) {
        const double size = std::abs(now[k]);
        now[k] = size > 0.0 ? now[k] * (std::abs(spectrum_[k]) / size) : spectrum_[k];
      }
    }
    SParameters fine{1,
                     50.0,
                     {frequency_Hz_.begin(), frequency_Hz_.begin() + static_cast<std::ptrdiff_t>(inside_)},
                     {now.begin(), now.begin() + static_cast<std::ptrdiff_t>(inside_)}};
    return interpolate(fine, *file_).s;
  }

 private:
  static constexpr int reach = 4;  // of the continued spectrum, in ends of the file

  static double median_step_Hz(const std::vector<double>& f) {
    std::vector<double> steps;
    steps.reserve(f.size());
    for (std::size_t k = 1; k < f.size(); ++k) steps.push_back(f[k] - f[k - 1]);
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
  }

  const std::vector<double>* file_;
  double end_Hz_, step_Hz_ = 0.0;
  std::size_t inside_ = 0;
  const Fft* fft_ = nullptr;
  std::vector<double> frequency_Hz_;
  std::vector<Complex> spectrum_;
};

void require_points(const SParameters& network) {
  constexpr std::size_t least = 8;
  require(network.frequency_Hz.size() >= least,
          fmt::format("causality needs at least {} points, the file has {}; export it with more", least,
                      network.frequency_Hz.size()));
}

double guard_s(const SParameters& network) {
  return 1.0 / network.frequency_Hz.back();
}

double power_of(const SParameters& network, int out, int in) {
  double power = 0.0;
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) power += std::norm(network.at(k, out, in));
  return power;
}

/// Elements are numbered row by row.
std::size_t element_index(const SParameters& network, int out, int in) {
  return static_cast<std::size_t>(out) * static_cast<std::size_t>(network.ports) +
         static_cast<std::size_t>(in);
}

/// Time before which nothing may arrive, of every element.
std::vector<double> begin_times_s(const SParameters& network, Context& context) {
  const int ports = network.ports;
  std::vector<double> begin(element_index(network, ports, 0), -guard_s(network));
  for (int in = 0; in < ports; ++in) {
    int strongest = -1;
    for (int out = 0; out < ports; ++out)
      if (out != in && (strongest < 0 || power_of(network, out, in) > power_of(network, strongest, in)))
        strongest = out;
    if (strongest >= 0)
      begin[element_index(network, strongest, in)] += time_of_flight_s(network, strongest, in, context);
  }
  return begin;
}

double largest_residual(const SParameters& network, const std::vector<double>& begin_s, Context& context) {
  double largest = 0.0;
  for (int out = 0; out < network.ports; ++out)
    for (int in = 0; in < network.ports; ++in) {
      const double begin = begin_s[element_index(network, out, in)];
      if (begin <= -guard_s(network)) continue;  // a reflection or coupling
      largest = std::max(largest, CausalProjection(network, out, in, context).residual(begin));
    }
  return largest;
}

/// Elements whose residual is within the tolerance stay as they are.
SParameters make_causal(const SParameters& network, const std::vector<double>& begin_s, double tolerance,
                        Context& context) {
  constexpr int rounds = 10;
  SParameters causal = network;
  const std::size_t elements = begin_s.size();
  for (std::size_t e = 0; e < elements; ++e) {
    const int out = static_cast<int>(e) / network.ports, in = static_cast<int>(e) % network.ports;
    const CausalProjection projection(network, out, in, context);
    if (projection.residual(begin_s[e]) <= tolerance) continue;
    const auto values = projection.causal(begin_s[e], rounds);
    for (std::size_t k = 0; k < values.size(); ++k) causal.s[k * elements + e] = values[k];
  }
  return causal;
}

double relative_change(const SParameters& before, const SParameters& after) {
  double change = 0.0, all = 0.0;
  for (std::size_t i = 0; i < before.s.size(); ++i) {
    change += std::norm(after.s[i] - before.s[i]);
    all += std::norm(before.s[i]);
  }
  return all > 0.0 ? std::sqrt(change / all) : 0.0;
}

}  // namespace

PassivityFinding find_passivity(const SParameters& network) {
  PassivityFinding finding;
  constexpr double slack = 1e-6;
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) {
    const double gain = largest_singular_value(network, k);
    if (gain > 1.0 + slack) ++finding.points_above;
    if (gain <= finding.largest_gain) continue;
    finding.largest_gain = gain;
    finding.frequency_Hz = network.frequency_Hz[k];
  }
  return finding;
}

SParameters clip_passivity(const SParameters& network, double limit) {
  require(limit > 0.0, fmt::format("limit = {} of the singular values must be above 0", limit));
  SParameters clipped = network;
  const std::size_t size = element_index(network, network.ports, 0);
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) {
    if (largest_singular_value(network, k) <= limit) continue;
    Eigen::Map<Matrix> s(clipped.s.data() + k * size, network.ports, network.ports);
    const Eigen::JacobiSVD<Matrix> svd(s, Eigen::ComputeFullU | Eigen::ComputeFullV);
    s = svd.matrixU() * svd.singularValues().cwiseMin(limit).asDiagonal() * svd.matrixV().adjoint();
  }
  return clipped;
}

CausalityFinding find_causality(const SParameters& network, int out, int in, Context& context) {
  require_points(network);
  CausalityFinding finding;
  finding.time_of_flight_s = time_of_flight_s(network, out, in, context);
  const double end_Hz = network.frequency_Hz.back();
  const ResponseFilter filter{.rise_time_s = fastest_rise_time_s(end_Hz)};
  const TimeResponse impulse = impulse_response(network, out, in, filter, 1.0 / (8.0 * end_Hz), context);
  const double share =
      energy_share_before(impulse, finding.time_of_flight_s - 4.0 * gaussian_sigma_s(filter.rise_time_s));
  finding.early_energy_dB = 10.0 * std::log10(std::max(share, 1e-30));
  finding.residual =
      CausalProjection(network, out, in, context).residual(finding.time_of_flight_s - guard_s(network));
  return finding;
}

Enforced enforce(const SParameters& network, const EnforceSettings& settings, Context& context) {
  Enforced result{network};
  std::vector<double> begin_s;
  if (settings.causal) {
    require_points(network);
    begin_s = begin_times_s(network, context);
  }
  const int most = settings.causal ? settings.most_iterations : 1;
  while (!result.converged && result.iterations < most) {
    ++result.iterations;
    if (settings.causal) result.network = make_causal(result.network, begin_s, settings.tolerance, context);
    if (settings.passive) result.network = clip_passivity(result.network);
    result.residual = settings.causal ? largest_residual(result.network, begin_s, context) : 0.0;
    result.converged = result.residual <= settings.tolerance;
  }
  result.largest_gain = find_passivity(result.network).largest_gain;
  result.change = relative_change(network, result.network);
  return result;
}

}  // namespace photonlink
