#include "solvers/wdm_crosstalk.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/power_budget.hpp"

namespace photonlink {
namespace {

// T_l(+) - T_l(-) of carrier `lane` with lane `driven` at half of its swing to either side.
double modulation_of_carrier(const ModulatorCurves& curves, const Bundle& at, std::size_t lane,
                             std::size_t driven) {
  std::vector<double> drive_V(at.lane.size(), 0.0);
  const auto transmission = [&](double sign) {
    drive_V[driven] = 0.5 * sign * at.full_scale_Vpp;
    return curves.transmission(at, at.carrier_Hz[lane], drive_V);
  };
  return std::abs(transmission(1.0) - transmission(-1.0));
}

void add_modulation(const PatternSolution& s, std::vector<double>& crosstalk) {
  for (std::size_t node = 0; node < s.chain->nodes().size(); ++node) {
    const ModulatorCurves* curves = s.chain->stage(s.chain->nodes()[node]).modulator_curves();
    const Bundle& at = s.periodic.before_core[node];
    if (!curves || at.lane.size() != crosstalk.size() || at.full_scale_Vpp == 0.0) continue;
    for (std::size_t l = 0; l < crosstalk.size(); ++l) {
      double others = 0.0;
      for (std::size_t j = 0; j < crosstalk.size(); ++j)
        if (j != l) others += modulation_of_carrier(*curves, at, l, j);
      crosstalk[l] = others / modulation_of_carrier(*curves, at, l, l);
    }
    return;
  }
}

double amplitude_W(const PatternSolution& s, const ComplexWave& field, std::size_t lane) {
  const auto& in = s.lane[lane]->inputs();
  const Modulation m = modulation_of(field, in.grid, in.index, s.link->levels, s.context);
  return std::abs(m.high_W - m.low_W);
}

void add_demultiplexer(const PatternSolution& s, std::vector<double>& crosstalk) {
  for (std::size_t node = 0; node < s.chain->nodes().size(); ++node) {
    const Bundle& in = s.periodic.before_core[node];
    if (in.port.size() != crosstalk.size() || !s.periodic.behind_core[node].port.empty()) continue;
    for (std::size_t l = 0; l < crosstalk.size(); ++l) {
      double others_W = 0.0;
      for (std::size_t c = 0; c < std::min(in.port[l].field.size(), crosstalk.size()); ++c)
        if (c != l) others_W += amplitude_W(s, in.port[l].field[c], c);
      crosstalk[l] = others_W / amplitude_W(s, in.port[l].field[l], l);
    }
    return;
  }
}

}  // namespace

WdmCrosstalk wdm_crosstalk(const PatternSolution& s) {
  const std::size_t lanes = s.lane.size();
  WdmCrosstalk result{std::vector<double>(lanes, not_computed), std::vector<double>(lanes, not_computed),
                      std::vector<double>(lanes, not_computed)};
  if (!s.chain->optical()) return result;
  if (lanes > 1) {
    add_modulation(s, result.modulation);
    add_demultiplexer(s, result.demultiplexer);
  }
  for (std::size_t l = 0; l < lanes; ++l) {
    const double closure = s.lane[l]->beat_closure();
    if (closure > 0.0) result.in_band_dB[l] = closure < 1.0 ? -10.0 * std::log10(1.0 - closure) : INFINITY;
  }
  return result;
}

}  // namespace photonlink
