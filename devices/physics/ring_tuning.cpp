#include "devices/physics/ring_tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;
constexpr int standard_chips = 4096;
constexpr std::uint64_t seed = 1;
constexpr double covered_deviations = 3.0;  // 99.9 % of a normal law lies above -3 standard deviations

bool normal(const RingTuningParameters& p) {
  return p.spread_law == "normal";
}
bool barrel(const RingTuningParameters& p) {
  return p.channel_assignment == "barrel";
}
bool heats_neighbours(const RingTuningParameters& p) {
  return p.thermal_crosstalk > 0.0 || !p.thermal_matrix.empty();
}

double blue_offset_Hz(const RingTuningParameters& p) {
  if (p.blue_offset_Hz > 0.0) return p.blue_offset_Hz;
  return normal(p) ? covered_deviations * std::hypot(p.resonance_spread_Hz, p.local_spread_Hz)
                   : p.resonance_spread_Hz + p.local_spread_Hz;
}

/// Largest shift of each heater alone.
std::vector<double> ranges_Hz(const RingTuningParameters& p, std::span<const double> carrier_Hz) {
  std::vector<double> ranges(carrier_Hz.size(), INFINITY);
  if (limited(p))
    for (std::size_t i = 0; i < ranges.size(); ++i)
      ranges[i] = frequency_shift_Hz(heater_of(p).max_shift_m(), carrier_Hz[i]);
  return ranges;
}

/// Draws of the spread: x in even strata, y of each ring.
class ChipDraws {
 public:
  ChipDraws(const RingTuningParameters& p, int rings, int chips)
      : p_(p),
        rings_(rings),
        chips_(chips),
        common_(seed, source_number("resonance spread, common")),
        local_(seed, source_number("resonance spread, local")),
        local_Hz_(static_cast<std::size_t>(rings)) {}

  /// x + y_i of a chip, valid until the next call.
  std::span<const double> chip(int index) {
    const auto first = static_cast<std::uint64_t>(index) * static_cast<std::uint64_t>(rings_);
    double u = 0.0;
    common_.uniform(static_cast<std::uint64_t>(index), {&u, 1});
    const double share = (index + u) / chips_;
    const double common_Hz =
        p_.resonance_spread_Hz * (normal(p_) ? -inverse_gaussian_tail(share) : 2.0 * share - 1.0);
    if (normal(p_)) {
      local_.normal(first, local_Hz_);
    } else {
      local_.uniform(first, local_Hz_);
      for (double& y : local_Hz_) y = 2.0 * y - 1.0;
    }
    for (double& y : local_Hz_) y = common_Hz + p_.local_spread_Hz * y;
    return local_Hz_;
  }

 private:
  const RingTuningParameters& p_;
  int rings_, chips_;
  RandomStream common_, local_;
  std::vector<double> local_Hz_;
};

/// Chooses how far the rings of one chip turn, and the shifts of its heaters.
class Assignment {
 public:
  Assignment(const RingTuningParameters& p, std::span<const double> carrier_Hz, double fsr_Hz,
             double ring_spacing_m)
      : heats_(heats_neighbours(p)),
        rings_(static_cast<int>(carrier_Hz.size())),
        fsr_Hz_(fsr_Hz),
        range_Hz_(ranges_Hz(p, carrier_Hz)),
        solver_(crosstalk_of(p, rings_, ring_spacing_m)),
        inverse_(solver_.crosstalk().inverse()) {
    trial_.wanted_Hz.resize(rings_);
    trial_.heater_Hz.resize(rings_);
    const int turns = barrel(p) ? rings_ : 1;
    for (int k = 0; k < turns; ++k)
      for (int i = 0; i < rings_; ++i)
        distance_Hz_.push_back(blue_offset_Hz(p) + carrier_Hz[static_cast<std::size_t>(i)] -
                               carrier_Hz[static_cast<std::size_t>((i + k) % rings_)]);
  }

  struct Choice {
    int turn = 0;
    Eigen::VectorXd wanted_Hz, heater_Hz;
    bool overheated = false, within = true;
  };

  const Choice& choose(std::span<const double> spread_Hz) {
    int best = -1;
    bool best_within = false;
    double least_Hz = INFINITY, worst_Hz = INFINITY;
    for (int k = 0; k * rings_ < static_cast<int>(distance_Hz_.size()); ++k) {
      consider(k, spread_Hz);
      const double sum_Hz = trial_.heater_Hz.sum(), most_Hz = trial_.wanted_Hz.maxCoeff();
      // One ring that wraps costs exactly what the others gain: of equal sums the smaller worst shift.
      const bool equal = std::abs(sum_Hz - least_Hz) <= 1e-12 * least_Hz;
      const bool better = equal ? most_Hz < worst_Hz : sum_Hz < least_Hz;
      if (best >= 0 && (trial_.within == best_within ? !better : best_within)) continue;
      best = k;
      best_within = trial_.within;
      least_Hz = sum_Hz;
      worst_Hz = most_Hz;
    }
    consider(best, spread_Hz);
    if (trial_.overheated) trial_.heater_Hz = solver_.solve(trial_.wanted_Hz).own;
    return trial_;
  }

 private:
  void consider(int turn, std::span<const double> spread_Hz) {
    trial_.turn = turn;
    for (int i = 0; i < rings_; ++i) trial_.wanted_Hz(i) = wanted_Hz(turn, i, spread_Hz);
    if (heats_)
      trial_.heater_Hz.noalias() = inverse_ * trial_.wanted_Hz;
    else
      trial_.heater_Hz = trial_.wanted_Hz;
    trial_.overheated = heats_ && trial_.heater_Hz.minCoeff() < 0.0;
    trial_.within = !trial_.overheated && in_range(trial_.heater_Hz);
  }
  double wanted_Hz(int turn, int ring, std::span<const double> spread_Hz) const {
    const auto i = static_cast<std::size_t>(ring);
    const double x = distance_Hz_[static_cast<std::size_t>(turn) * range_Hz_.size() + i] + spread_Hz[i];
    return x - fsr_Hz_ * std::floor(x / fsr_Hz_);
  }
  bool in_range(const Eigen::VectorXd& own_Hz) const {
    for (int i = 0; i < rings_; ++i)
      if (own_Hz(i) > range_Hz_[static_cast<std::size_t>(i)]) return false;
    return true;
  }

  bool heats_;
  int rings_;
  double fsr_Hz_;
  std::vector<double> range_Hz_, distance_Hz_;  // (n_ring); (n_turn, n_ring)
  HeaterSolver solver_;
  Eigen::MatrixXd inverse_;
  Choice trial_;
};

/// Where the spread is common and even, the power linear and nothing turns.
bool has_closed_form(const RingTuningParameters& p, double fsr_Hz) {
  return !normal(p) && !barrel(p) && !heats_neighbours(p) && p.local_spread_Hz == 0.0 &&
         p.blue_offset_Hz == 0.0 && p.heater_driver != "linear_dac" && 2.0 * p.resonance_spread_Hz <= fsr_Hz;
}

RingTuning even_tuning(const RingTuningParameters& p, std::span<const double> carrier_Hz) {
  const Heater heater = heater_of(p);
  RingTuning tuning{.mean_shift_Hz = p.resonance_spread_Hz, .worst_shift_Hz = 2.0 * p.resonance_spread_Hz};
  for (const double f : carrier_Hz)
    tuning.heater_W += heater.power_of_shift_W(wavelength_shift_m(p.resonance_spread_Hz, f));
  tuning.drawn_W = tuning.heater_W / p.heater_driver_efficiency;
  const std::vector<double> ranges = ranges_Hz(p, carrier_Hz);
  const double range_Hz = *std::min_element(ranges.begin(), ranges.end());
  if (range_Hz < tuning.worst_shift_Hz) tuning.yield = range_Hz / tuning.worst_shift_Hz;
  return tuning;
}

void check_carriers(std::span<const double> carrier_Hz, double fsr_Hz) {
  const auto [low, high] = std::minmax_element(carrier_Hz.begin(), carrier_Hz.end());
  if (*high - *low >= fsr_Hz * (1.0 + 1e-9))
    throw ConfigError(fmt::format(
        "channel_assignment = \"barrel\" needs carriers within the free spectral range {}, these spread over "
        "{}; "
        "use \"fixed\" or smaller rings",
        format_quantity(fsr_Hz, Quantity::frequency), format_quantity(*high - *low, Quantity::frequency)));
}

void require_yield(const RingTuningParameters& p, const RingTuning& tuning) {
  if (tuning.yield > 0.0) return;
  throw ConfigError(
      tuning.overheated >= 1.0
          ? fmt::format(
                "the grid cannot be reached: on every chip heat of the neighbours makes a ring too red; "
                "raise blue_offset = {}, or space the rings",
                format_quantity(p.blue_offset_Hz, Quantity::frequency))
          : fmt::format(
                "the heaters reach {}, every chip needs more, {} on average; raise heater_max_voltage = {}, "
                "or reduce resonance_spread, or use channel_assignment = \"barrel\"",
                format_quantity(heater_of(p).max_shift_m(), Quantity::length),
                format_quantity(tuning.mean_shift_Hz, Quantity::frequency),
                format_quantity(p.heater_max_voltage_V, Quantity::voltage)));
}

}  // namespace

RingTuningParameters::RingTuningParameters() = default;

void check_tuning(const RingTuningParameters& p, const std::string& owner) {
  if (!limited(p)) {
    if (p.heater_driver == "linear_dac" || p.heater_dac_bits > 0)
      throw ConfigError(
          fmt::format("{}: heater_max_voltage = 0 V, but {} need a range; state the highest "
                      "voltage and the resistances",
                      owner, p.heater_dac_bits > 0 ? "heater_dac_bits" : "heater_driver = \"linear_dac\""));
    return;
  }
  if (p.heater_hot_resistance_ohm < p.heater_resistance_ohm)
    throw ConfigError(
        fmt::format("{}: heater_hot_resistance = {} is below heater_resistance = {}; a heater's "
                    "resistance grows with its heat",
                    owner, format_quantity(p.heater_hot_resistance_ohm, Quantity::resistance),
                    format_quantity(p.heater_resistance_ohm, Quantity::resistance)));
  if (p.heater_supply_V > 0.0 && p.heater_supply_V < p.heater_max_voltage_V)
    throw ConfigError(
        fmt::format("{}: heater_supply = {} is below heater_max_voltage = {}; a linear DAC only "
                    "takes voltage away",
                    owner, format_quantity(p.heater_supply_V, Quantity::voltage),
                    format_quantity(p.heater_max_voltage_V, Quantity::voltage)));
}

Heater heater_of(const RingTuningParameters& p) {
  const bool limits = limited(p);
  return {.cold_resistance_ohm = p.heater_resistance_ohm,
          .hot_resistance_ohm = limits ? p.heater_hot_resistance_ohm : p.heater_resistance_ohm,
          .max_voltage_V = limits ? p.heater_max_voltage_V : INFINITY,
          .efficiency_m_per_W = p.heater_efficiency_m_per_W,
          .driver = heater_driver(p.heater_driver),
          .supply_V = std::max(p.heater_supply_V, p.heater_max_voltage_V),
          .driver_efficiency = p.heater_driver_efficiency,
          .dac_bits = p.heater_dac_bits};
}

Eigen::MatrixXd crosstalk_of(const RingTuningParameters& p, int rings, double ring_spacing_m) {
  return p.thermal_matrix.empty()
             ? thermal_crosstalk(rings, p.thermal_crosstalk, ring_spacing_m, p.thermal_decay_length_m)
             : thermal_crosstalk(rings, p.thermal_matrix);
}

double frequency_shift_Hz(double shift_m, double frequency_Hz) {
  return shift_m * frequency_Hz * frequency_Hz / c0;
}

double wavelength_shift_m(double shift_Hz, double frequency_Hz) {
  const double wavelength_m = c0 / frequency_Hz;
  return shift_Hz * wavelength_m * wavelength_m / c0;
}

RingTuning ring_tuning(const std::string& owner, const RingTuningParameters& p,
                       std::span<const double> carrier_Hz, double fsr_Hz, double ring_spacing_m) {
  try {
    const RingTuning tuning = has_closed_form(p, fsr_Hz)
                                  ? even_tuning(p, carrier_Hz)
                                  : drawn_ring_tuning(p, carrier_Hz, fsr_Hz, ring_spacing_m, standard_chips);
    require_yield(p, tuning);
    return tuning;
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", owner, error.what()));
  }
}

RingTuning drawn_ring_tuning(const RingTuningParameters& p, std::span<const double> carrier_Hz, double fsr_Hz,
                             double ring_spacing_m, int chips) {
  if (barrel(p)) check_carriers(carrier_Hz, fsr_Hz);
  const Heater heater = heater_of(p);
  const int rings = static_cast<int>(carrier_Hz.size());
  ChipDraws draws(p, rings, chips);
  Assignment assignment(p, carrier_Hz, fsr_Hz, ring_spacing_m);
  RingTuning sum{.yield = 0.0, .chips = chips};
  for (int n = 0; n < chips; ++n) {
    const Assignment::Choice& chip = assignment.choose(draws.chip(n));
    sum.mean_shift_Hz += chip.wanted_Hz.sum() / rings;
    sum.worst_shift_Hz = std::max(sum.worst_shift_Hz, chip.wanted_Hz.maxCoeff());
    sum.yield += chip.within ? 1.0 : 0.0;
    sum.turned += chip.turn != 0 ? 1.0 : 0.0;
    sum.overheated += chip.overheated ? 1.0 : 0.0;
    for (int i = 0; i < rings; ++i) {
      const double asked_W = heater.power_of_shift_W(
          wavelength_shift_m(chip.heater_Hz(i), carrier_Hz[static_cast<std::size_t>(i)]));
      const double power_W = std::min(asked_W, heater.max_power_W());
      sum.heater_W += power_W;
      sum.drawn_W += heater.drawn_W(power_W);
    }
  }
  for (double* each :
       {&sum.mean_shift_Hz, &sum.yield, &sum.turned, &sum.overheated, &sum.heater_W, &sum.drawn_W})
    *each /= chips;
  return sum;
}

LedgerEntry tuning_entry(const std::string& owner, const RingTuningParameters& p, const RingTuning& tuning,
                         std::size_t rings) {
  std::string basis =
      fmt::format("mean red shift {} over heater efficiency {}, {} rings",
                  format_quantity(tuning.mean_shift_Hz, Quantity::frequency),
                  format_quantity(p.heater_efficiency_m_per_W, Quantity::wavelength_per_power), rings);
  if (tuning.chips > 0)
    basis += fmt::format(", {} assignment, largest shift {}, yield {:.4g} % of {} chips",
                         p.channel_assignment, format_quantity(tuning.worst_shift_Hz, Quantity::frequency),
                         100.0 * tuning.yield, tuning.chips);
  if (p.heater_driver != "ideal" || p.heater_driver_efficiency < 1.0)
    basis += fmt::format("; {} in the heaters, {} driver", format_quantity(tuning.heater_W, Quantity::power),
                         p.heater_driver);
  return {owner, "tuning", Owner::module, tuning.drawn_W, std::move(basis)};
}

void tuning_warnings(const std::string& owner, const RingTuningParameters& p, const RingTuning& tuning,
                     std::vector<Warning>& warnings) {
  if (tuning.overheated > 0.0)
    warnings.push_back(
        {owner, fmt::format("on {:.2g} % of chips heat of the neighbours makes a ring too red for "
                            "its carrier: the grid is not reached; raise blue_offset",
                            100.0 * tuning.overheated)});
  const double out_of_range = 1.0 - tuning.yield - tuning.overheated;
  if (out_of_range > 1e-9)
    warnings.push_back(
        {owner, fmt::format(
                    "{:.2g} % of chips need more than the {} that a heater reaches; their power is cut there",
                    100.0 * out_of_range, format_quantity(heater_of(p).max_shift_m(), Quantity::length))});
  if (tuning.turned > 0.0)
    warnings.push_back(
        {owner, fmt::format("on {:.2g} % of chips the rings turn to other carriers: the host has to "
                            "re-order the lanes, its power is not counted",
                            100.0 * tuning.turned)});
}

}  // namespace photonlink
