// Photonic networks once they are read; the readers are in photonic_text.cpp.
#include "network/photonic_network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/constants.hpp"
#include "network/s_parameters.hpp"

namespace photonlink {
namespace {

constexpr double two_pi = 2.0 * constants::pi;

using PortMode = std::pair<std::string, int>;

std::vector<PortMode> all_port_modes(const PhotonicNetwork& network) {
  std::vector<PortMode> all;
  for (const PhotonicTrace& trace : network.traces)
    for (const PortMode& each : {PortMode{trace.out, trace.mode_out}, PortMode{trace.in, trace.mode_in}})
      if (std::find(all.begin(), all.end(), each) == all.end()) all.push_back(each);
  return all;
}

double mean_delay_s(const PhotonicTrace& trace) {
  double phase = 0.0, width = 0.0;
  for (std::size_t k = 0; k + 1 < trace.s.size(); ++k) {
    const Complex turn = trace.s[k + 1] * std::conj(trace.s[k]);
    phase += std::abs(turn) * std::arg(turn);
    width += std::abs(turn) * (trace.frequency_Hz[k + 1] - trace.frequency_Hz[k]);
  }
  return width > 0.0 ? -phase / (two_pi * width) : 0.0;
}

}  // namespace

std::vector<std::string> PhotonicNetwork::ports() const {
  std::vector<std::string> names;
  for (const PhotonicTrace& trace : traces)
    for (const std::string& name : {trace.out, trace.in})
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

const PhotonicTrace* PhotonicNetwork::find(const std::string& out, const std::string& in, int mode) const {
  for (const PhotonicTrace& trace : traces)
    if (trace.out == out && trace.in == in && trace.mode_out == mode && trace.mode_in == mode) return &trace;
  return nullptr;
}

PhotonicNetwork conjugated(PhotonicNetwork network) {
  for (PhotonicTrace& trace : network.traces)
    for (Complex& value : trace.s) value = std::conj(value);
  return network;
}

PassivityFinding find_passivity(const PhotonicNetwork& network) {
  const auto port_modes = all_port_modes(network);
  const auto count = port_modes.size();
  const auto index = [&](const std::string& port, int mode) {
    return static_cast<std::size_t>(std::find(port_modes.begin(), port_modes.end(), PortMode{port, mode}) -
                                    port_modes.begin());
  };
  SParameters matrix{static_cast<int>(count), 1.0, network.traces.front().frequency_Hz, {}};
  matrix.s.resize(matrix.frequency_Hz.size() * count * count);
  for (const PhotonicTrace& trace : network.traces) {
    const std::size_t entry = index(trace.out, trace.mode_out) * count + index(trace.in, trace.mode_in);
    const PhotonicCurve curve(trace);
    for (std::size_t k = 0; k < matrix.frequency_Hz.size(); ++k)
      matrix.s[k * count * count + entry] = curve(matrix.frequency_Hz[k]);
  }
  return find_passivity(matrix);
}

PhotonicCurve::PhotonicCurve(const PhotonicTrace& trace)
    : frequency_Hz_(trace.frequency_Hz), value_(trace.s), delay_s_(mean_delay_s(trace)) {
  for (std::size_t k = 0; k < value_.size(); ++k)
    value_[k] *= std::polar(1.0, two_pi * std::fmod(frequency_Hz_[k] * delay_s_, 1.0));
}

// Of f_k <= f < f_{k+1}; the first or last one beyond the ends.
std::size_t PhotonicCurve::interval(double frequency_Hz) const {
  const auto above = std::upper_bound(frequency_Hz_.begin(), frequency_Hz_.end(), frequency_Hz);
  const auto k = above - frequency_Hz_.begin();
  return static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(k - 1, 0, static_cast<std::ptrdiff_t>(frequency_Hz_.size()) - 2));
}

Complex PhotonicCurve::envelope(double frequency_Hz) const {
  const std::size_t k = interval(frequency_Hz);
  const double t =
      std::clamp((frequency_Hz - frequency_Hz_[k]) / (frequency_Hz_[k + 1] - frequency_Hz_[k]), 0.0, 1.0);
  return (1.0 - t) * value_[k] + t * value_[k + 1];
}

Complex PhotonicCurve::operator()(double frequency_Hz) const {
  return envelope(frequency_Hz) * std::polar(1.0, -two_pi * std::fmod(frequency_Hz * delay_s_, 1.0));
}

double PhotonicCurve::step_rad(double frequency_Hz) const {
  const std::size_t k = interval(frequency_Hz);
  return std::abs(std::arg(value_[k + 1] * std::conj(value_[k])));
}

}  // namespace photonlink
