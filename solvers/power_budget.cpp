#include "solvers/power_budget.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/units.hpp"
#include "signal/averages.hpp"
#include "signal/pattern.hpp"
#include "signal/symbol_correlation.hpp"

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

// Power averaged over a fifth of a symbol around each sample.
RealWave middle_power(const ComplexWave& field, int samples_per_symbol) {
  const long size = static_cast<long>(field.size()), half = samples_per_symbol / 10;
  RealWave result(field.size(), 0.0);
  for (long u = -half; u <= half; ++u)
    for (long n = 0, at = wrap(u, size); n < size; ++n, at = at + 1 == size ? 0 : at + 1)
      result[static_cast<std::size_t>(n)] +=
          std::norm(field[static_cast<std::size_t>(at)]) / static_cast<double>(2 * half + 1);
  return result;
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
      const Modulation m = modulation_of(in.port[port].field[own], in.grid, level, s.link->levels, s.context);
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
      const Modulation m =
          modulation_of(out.port.front().field[own], out.grid, level, s.link->levels, s.context);
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
                         int levels, Context& context) {
  const RealWave power = middle_power(field, grid.samples_per_symbol);
  const auto outer = [&](int which) {  // weights of a mean over the symbols of one level
    std::vector<double> weight(level.size());
    std::transform(level.begin(), level.end(), weight.begin(), [&](int l) { return l == which ? 1.0 : 0.0; });
    const double count = std::accumulate(weight.begin(), weight.end(), 0.0);
    for (double& each : weight) each /= count;
    return weight;
  };
  const std::vector<double> lowest = outer(0), highest = outer(levels - 1);
  std::vector<double> difference(level.size());
  for (std::size_t i = 0; i < level.size(); ++i) difference[i] = highest[i] - lowest[i];
  const auto delay = static_cast<std::size_t>(strongest(correlate_symbols(power, difference, context)));
  const auto mean_of = [&](const std::vector<double>& weight) {
    double sum = 0.0;
    for (std::size_t i = 0; i < weight.size(); ++i)
      if (weight[i] != 0.0)
        sum +=
            weight[i] * power[(i * static_cast<std::size_t>(grid.samples_per_symbol) + delay) % power.size()];
    return sum;
  };
  return {mean_of(lowest), mean_of(highest), mean_power(field)};
}

std::vector<BudgetStep> power_budget(const PatternSolution& solution, int lane, double scale_V,
                                     double margin_dB) {
  return solution.chain->optical() ? optical_budget(solution, lane, margin_dB)
                                   : copper_budget(solution, scale_V, margin_dB);
}

}  // namespace photonlink
