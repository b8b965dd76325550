#include "solvers/power_budget.hpp"

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "signal/pattern.hpp"

namespace photonlink {
namespace {

using Kind = BudgetStep::Kind;

class Waterfall {
 public:
  void start(std::string label, double level) { push(std::move(label), level, 0.0, Kind::start); }
  void change(std::string label, double change_dB) {
    push(std::move(label), level_ + change_dB, change_dB, Kind::change);
  }
  void level(std::string label, double level) { push(std::move(label), level, 0.0, Kind::level); }
  void finish(double margin_dB) {
    if (std::isnan(margin_dB)) return;
    push("required", level_ - margin_dB, 0.0, Kind::required);
    push("margin", level_ + margin_dB, margin_dB, Kind::margin);
  }
  std::vector<BudgetStep> steps;

 private:
  void push(std::string label, double level, double change_dB, Kind kind) {
    steps.push_back({std::move(label), level, change_dB, kind});
    level_ = level;
  }
  double level_ = 0.0;
};

double mean_power(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

// Losses of the linear stages of one block at the carrier, one bar each.
void add_block(Waterfall& fall, const Chain& chain, Block block, int port, double carrier_Hz) {
  const double offset = 0.0;
  for (int i = block.first; i < block.last; ++i) {
    const auto response = chain.optical_response({i, i + 1}, port, carrier_Hz, {&offset, 1});
    const double loss = 10.0 * std::log10(std::norm(response.front()));
    if (std::abs(loss) > 1e-9) fall.change(chain.stage(i).name(), loss);
  }
}

std::vector<BudgetStep> optical_budget(const PatternSolution& s, int lane, double margin_dB) {
  Waterfall fall;
  const auto own = static_cast<std::size_t>(lane);
  const auto& level = s.lane[own]->inputs().index;
  bool modulated = false, lit = false;
  double level_dBm = 0.0;
  for (std::size_t node = 0; node < s.chain->nodes().size(); ++node) {
    const Bundle& in = s.periodic.before_core[node];
    const Bundle& out = s.periodic.behind_core[node];
    const std::string& name = s.chain->stage(s.chain->nodes()[node]).name();
    if (out.port.empty() && !in.port.empty()) {  // detector
      const auto port = std::min(own, in.port.size() - 1);
      const Modulation m = modulation_of(in.port[port].field[own], in.grid, level, s.link->levels);
      const double oma_dBm = photonlink::level_dBm(std::abs(m.high_W - m.low_W)).value;
      fall.change("filtering", oma_dBm - level_dBm);
      fall.level("OMA at " + name, oma_dBm);
      break;
    }
    if (out.port.empty()) continue;
    const double power = mean_power(out.port.front().field[own]);
    if (!lit) {
      fall.start(name, photonlink::level_dBm(power).value);
      lit = true;
    } else if (!modulated && !s.chain->stage(s.chain->nodes()[node]).modulator_curves()) {
      const double gain_dB = photonlink::level_dBm(power).value -
                             photonlink::level_dBm(mean_power(in.port.front().field[own])).value;
      if (std::abs(gain_dB) > 1e-9) fall.change(name, gain_dB);
    } else if (!modulated) {
      const double in_dBm = photonlink::level_dBm(mean_power(in.port.front().field[own])).value;
      const Modulation m = modulation_of(out.port.front().field[own], out.grid, level, s.link->levels);
      fall.change(name + ": OMA / carrier",
                  photonlink::level_dBm(std::abs(m.high_W - m.low_W)).value - in_dBm);
      modulated = true;
    }
    add_block(fall, *s.chain, s.chain->block(static_cast<int>(node)), lane, out.carrier_Hz[own]);
    level_dBm = fall.steps.back().level;
  }
  fall.finish(margin_dB);
  return fall.steps;
}

std::vector<BudgetStep> copper_budget(const PatternSolution& s, double scale_V, double margin_dB) {
  Waterfall fall;
  const double swing_V = s.link->transmitter().parameters().swing_Vpp;
  const double nyquist_Hz = 0.5 * s.link->symbol_rate_Bd;
  fall.start("transmitted swing", field_gain_dB(swing_V).value);
  double through = 1.0;
  for (int node = 0; node < static_cast<int>(s.chain->nodes().size()); ++node)
    through *= std::abs(s.chain->electrical_response(s.chain->block(node), {&nyquist_Hz, 1}).front());
  // The lane waveform is an EMF, twice the matched voltage.
  fall.change("channel and receiver at Nyquist", field_gain_dB(2.0 * through).value);
  const double slicer_V = 2.0 * scale_V / (s.link->levels - 1);
  const double slicer_dB = field_gain_dB(slicer_V).value;
  if (s.link->levels > 2)
    fall.change("level spacing of " + modulation_name(s.link->levels),
                field_gain_dB(1.0 / (s.link->levels - 1)).value);
  fall.change("equalisers (FFE, CTLE)", slicer_dB - fall.steps.back().level);
  fall.level("level step at the slicer", slicer_dB);
  fall.finish(margin_dB);
  return fall.steps;
}

}  // namespace

Modulation modulation_of(const ComplexWave& field, const TimeGrid& grid, std::span<const int> level,
                         int levels) {
  const int samples = grid.samples_per_symbol;
  const long size = grid.size();
  // Power in a fifth of a symbol around each sample.
  const int half = samples / 10;
  RealWave power(field.size(), 0.0);
  for (long u = 0; u < size; ++u)
    for (int v = -half; v <= half; ++v)
      power[static_cast<std::size_t>(u)] +=
          std::norm(field[static_cast<std::size_t>(wrap(u + v, size))]) / (2 * half + 1);
  const auto at = [&](long delay) {
    double low = 0.0, high = 0.0, lows = 0.0, highs = 0.0;
    long place = wrap(samples / 2 + delay, size);
    for (const int each : level) {
      if (each == 0 || each == levels - 1) {
        (each == 0 ? low : high) += power[static_cast<std::size_t>(place)];
        (each == 0 ? lows : highs) += 1.0;
      }
      place += samples;
      if (place >= size) place -= size;
    }
    return Modulation{.low_W = low / lows, .high_W = high / highs};
  };
  const auto depth = [](const Modulation& m) { return std::abs(m.high_W - m.low_W); };
  // The field arrives late by an unknown group delay, long behind a board: the delay at which outer symbols
  // differ most is taken, first to half a symbol.
  long coarse = 0;
  Modulation best;
  for (long delay = 0; delay < size; delay += std::max(samples / 2, 1)) {
    const Modulation trial = at(delay);
    if (depth(trial) <= depth(best)) continue;
    best = trial;
    coarse = delay;
  }
  for (long delay = coarse - samples; delay <= coarse + samples; ++delay)
    if (const Modulation trial = at(delay); depth(trial) > depth(best)) best = trial;
  best.average_W = mean_power(field);
  return best;
}

std::vector<BudgetStep> power_budget(const PatternSolution& solution, int lane, double scale_V,
                                     double margin_dB) {
  return solution.chain->optical() ? optical_budget(solution, lane, margin_dB)
                                   : copper_budget(solution, scale_V, margin_dB);
}

}  // namespace photonlink
