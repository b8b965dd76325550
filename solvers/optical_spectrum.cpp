#include "solvers/optical_spectrum.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace photonlink {
namespace {

int stage_count(const Chain& chain) {
  return static_cast<int>(chain.link().stages.size());
}

bool is_source(const RestPoint& rest, int i) {
  return rest.in_front_of(i).port.empty() && !rest.behind(i).port.empty();
}
bool is_detector(const RestPoint& rest, int i) {
  return !rest.in_front_of(i).port.empty() && rest.behind(i).port.empty();
}

Block optical_part(const RestPoint& rest) {
  Block part{0, stage_count(rest.chain())};
  for (int i = 0; i < part.last; ++i)
    if (is_source(rest, i)) part.first = i + 1;
  for (int i = part.first; i < part.last; ++i)
    if (is_detector(rest, i)) part.last = i;
  return part;
}

/// A core that light passes untouched, such as a driver's between laser and modulator.
bool leaves_light_alone(const RestPoint& rest, int i) {
  const auto &in = rest.in_front_of(i).port, &out = rest.behind(i).port;
  if (in.size() != out.size()) return false;
  for (std::size_t p = 0; p < in.size(); ++p)
    if (in[p].field != out[p].field) return false;
  return true;
}

/// Without a light source only the response tells an optical stage from an electrical one.
bool acts_on_light(const Stage& stage) {
  if (stage.modulator_curves() || stage.fan_out() > 1) return true;
  const double carrier_Hz = 230e12, offset_Hz = 0.0;  // 1303 nm, within every band the models know
  Complex response = 1.0;
  stage.multiply_optical(0, carrier_Hz, {&offset_Hz, 1}, {&response, 1});
  return response != 1.0;
}

double modulator_transmission(const ModulatorCurves& curves, const Bundle& at, double probe_Hz,
                              double drive_V) {
  std::vector<double> drive;
  drive.reserve(at.lane.size());
  for (const RealWave& lane : at.lane) drive.push_back(lane.front() + drive_V);
  return curves.transmission(at, probe_Hz, drive);
}

}  // namespace

OpticalSpectrum::OpticalSpectrum(const RestPoint& rest) : rest_(rest), part_(optical_part(rest)) {
  const Chain& chain = rest.chain();
  bool optical = part_.first > 0;  // there is a light source
  for (int i = part_.first; i < part_.last; ++i) {
    const Stage& stage = chain.stage(i);
    optical = optical || acts_on_light(stage);
    if (stage.has_core() && !stage.modulator_curves() && !leaves_light_alone(rest, i))
      throw ConfigError(
          fmt::format("link '{}': stage '{}' changes light by a core without closed form; a laser cannot be "
                      "swept through it",
                      chain.link().name, stage.name()));
  }
  if (!optical)
    throw ConfigError(
        fmt::format("link '{}': no stage acts on light, there is no optical spectrum; name a laser, a "
                    "modulator or a filter",
                    chain.link().name));
}

int OpticalSpectrum::ports() const {
  return rest_.chain().fan_out(part_);
}

double OpticalSpectrum::transmission(Block stages, double probe_Hz, double drive_V, int port) const {
  const Chain& chain = rest_.chain();
  const double carrier = 0.0;  // offset of the probe from itself
  double power = 1.0;
  for (int i = stages.first; i < stages.last; ++i) {
    power *= std::norm(chain.optical_response({i, i + 1}, port, probe_Hz, {&carrier, 1}).front());
    if (const ModulatorCurves* curves = chain.stage(i).modulator_curves())
      power *= modulator_transmission(*curves, rest_.in_front_of(i), probe_Hz, drive_V);
  }
  return power;
}

std::vector<double> OpticalSpectrum::transmission(std::span<const double> probe_Hz, double drive_V,
                                                  int port) const {
  require(port >= 0 && port < ports(),
          fmt::format("port {} is outside [0, {}) of the optical part; count from 0", port, ports()));
  std::vector<double> power;
  power.reserve(probe_Hz.size());
  for (const double f : probe_Hz) power.push_back(transmission(part_, f, drive_V, port));
  return power;
}

Resonance OpticalSpectrum::resonance(const ResonanceSearch& search, double drive_V, int port) const {
  return find_resonance([&](double f) { return transmission({&f, 1}, drive_V, port).front(); }, search);
}

ResonanceShift OpticalSpectrum::resonance_shift(const ResonanceSearch& search, double from_V, double to_V,
                                                int port) const {
  return resonance_shift(search, resonance(search, from_V, port), to_V, port);
}

ResonanceShift OpticalSpectrum::resonance_shift(const ResonanceSearch& search, const Resonance& from,
                                                double to_V, int port) const {
  if (!(from.frequency_Hz > 0.0)) return {};
  ResonanceSearch next = search;
  next.near_m = from.wavelength_m;
  next.kind = from.peak ? ResonanceKind::peak : ResonanceKind::dip;
  const Resonance to = resonance(next, to_V, port);
  return {to.frequency_Hz - from.frequency_Hz, to.wavelength_m - from.wavelength_m};
}

}  // namespace photonlink
