#include "devices/microring_filter.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/simd.hpp"
#include "core/units.hpp"
#include "devices/physics/ring_bus_parameters.hpp"
#include "devices/physics/ring_medium_parameters.hpp"
#include "devices/physics/ring_orders.hpp"
#include "devices/physics/ring_round_trip.hpp"
#include "devices/physics/ring_states.hpp"
#include "devices/physics/waveguide_nonlinearity.hpp"
#include "devices/physics/wdm_grid.hpp"

namespace photonlink {
namespace {

using P = MicroringFilterParameters;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// response *= constant + numerator / (total + j2π(detuning + offset)), both ports of a ring in one form.
PHOTONLINK_CLONES void multiply_line(const RingRates& rates, double detuning_Hz, double constant,
                                     double numerator, const double* offset_Hz, double* response, int count) {
  const double total = rates.total_per_s();
  for (int n = 0; n < count; ++n) {
    const double d = 2.0 * pi * (detuning_Hz + offset_Hz[n]);
    const double scale = numerator / (total * total + d * d);
    const double re = constant + scale * total, im = -scale * d;
    const double x = response[2 * n], y = response[2 * n + 1];
    response[2 * n] = x * re - y * im;
    response[2 * n + 1] = x * im + y * re;
  }
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"grid", wdm_grid_doc, Q::dimensionless, &P::grid, 0.0, 0.0, std::nullopt, wdm_grid_choices()},
        {"rings", "Number of rings, ports and lanes; a named grid has its own.", Q::dimensionless, &P::rings,
         1, 128},
        {"first_frequency", "Carrier of ring 0; the lowest one of a named grid.", Q::frequency,
         &P::first_frequency_Hz, 1e14, 5e14},
        {"spacing", "Carrier of ring i + 1 minus that of ring i.", Q::frequency, &P::spacing_Hz, -2e12, 2e12},
        {"frequency_errors",
         "Shift of each ring's place from the grid, as where its loop follows a laser that is off; empty: "
         "none.",
         Q::frequency, &P::frequency_errors_Hz, -1e12, 1e12},
        {"q_loaded", "Loaded quality factor.", Q::dimensionless, &P::q_loaded, 100.0, 1e6},
        {"drop_loss", "Loss to the drop port on resonance.", Q::loss, &P::drop_loss_dB, 0.0, 30.0, 0.0},
        {"coupling",
         "symmetric: equal couplers; matched: the through port is dark on resonance.",
         Q::dimensionless,
         &P::coupling,
         0.0,
         0.0,
         std::nullopt,
         {"symmetric", "matched"}},
        {"fsr", "Free spectral range.", Q::frequency, &P::fsr_Hz, 1e10, 2e13},
        {"group_index", "Group index of the bus waveguide.", Q::dimensionless, &P::group_index, 1.0, 10.0},
        {"tuning_error", "Resonance minus carrier of every ring, left by the locking loop.", Q::frequency,
         &P::tuning_error_Hz, -1e12, 1e12, 0.0},
        {"crosstalk",
         "Share of the field of other channels' carriers that leaves a port: 1 as the lines say, 0 none.",
         Q::dimensionless, &P::crosstalk, 0.0, 1.0, 0.0},
    };
    return with_heat_rows<P>(with_bus_rows<P>(std::move(rows)));
  }();
  return table;
}

MicroringFilter::MicroringFilter(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  check_tuning(p_, this->name());
  place_Hz_ = with_errors_Hz(this->name(), grid_Hz(), p_.frequency_errors_Hz);
  require_own_orders(this->name(), place_Hz_, p_.fsr_Hz, rates(0).linewidth_Hz());
}

std::vector<double> MicroringFilter::grid_Hz() const {
  if (p_.grid != "explicit") return wdm_carriers_Hz(name(), p_.grid, p_.first_frequency_Hz);
  std::vector<double> grid_Hz;
  grid_Hz.reserve(static_cast<std::size_t>(p_.rings));
  for (int i = 0; i < p_.rings; ++i) grid_Hz.push_back(p_.first_frequency_Hz + i * p_.spacing_Hz);
  return grid_Hz;
}

double MicroringFilter::resonance_Hz(int ring) const {
  return place_Hz_[static_cast<std::size_t>(ring)] + p_.tuning_error_Hz;
}

bool MicroringFilter::is_own(int ring, double carrier_Hz) const {
  const double distance_Hz = std::abs(carrier_Hz - place_Hz_[static_cast<std::size_t>(ring)]);
  if (place_Hz_.size() == 1) return distance_Hz < 0.5 * std::abs(p_.spacing_Hz);
  return std::all_of(place_Hz_.begin(), place_Hz_.end(),
                     [&](double other_Hz) { return distance_Hz <= std::abs(carrier_Hz - other_Hz); });
}

RingRates MicroringFilter::rates(int ring) const {
  return add_drop_rates(resonance_Hz(ring), p_.q_loaded, p_.drop_loss_dB,
                        p_.coupling == "matched" ? DropCoupling::matched : DropCoupling::symmetric);
}

double MicroringFilter::passing_field() const {
  return photonlink::passing_field(p_);
}

void MicroringFilter::multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                                       std::span<Complex> response) const {
  const int count = static_cast<int>(offset_Hz.size());
  auto* numbers = reinterpret_cast<double*>(response.data());  // array access granted by [complex.numbers]
  const double passing = std::pow(passing_field(), out_port);
  for (int i = 0; i <= out_port; ++i) {
    const RingRates r = rates(i);
    const double detuning = nearest_detuning_Hz(carrier_Hz, resonance_Hz(i), p_.fsr_Hz);
    const bool drops = i == out_port;
    const double numerator =
        drops ? -2.0 * passing * std::sqrt(r.bus_per_s * r.drop_per_s) : -2.0 * r.bus_per_s;  // j² = -1
    multiply_line(r, detuning, drops ? 0.0 : 1.0, numerator, offset_Hz.data(), numbers, count);
  }
  if (p_.crosstalk == 1.0 || is_own(out_port, carrier_Hz)) return;
  for (Complex& value : response) value *= p_.crosstalk;
}

RingTuning MicroringFilter::tuning() const {
  std::vector<double> carriers;
  carriers.reserve(static_cast<std::size_t>(fan_out()));
  for (int i = 0; i < fan_out(); ++i) carriers.push_back(resonance_Hz(i));
  return ring_tuning(name(), p_, carriers, p_.fsr_Hz, p_.ring_spacing_m);
}

void MicroringFilter::ledger(const Bundle&, Ledger& ledger) const {
  ledger.energy.push_back(tuning_entry(name(), p_, tuning(), static_cast<std::size_t>(fan_out())));
  const double bus_s = 0.5 * (fan_out() - 1) * p_.ring_spacing_m * p_.group_index / c0;
  ledger.latency.push_back({name(), bus_s + 1.0 / rates(0).total_per_s()});
}

void MicroringFilter::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  const RingRates r = rates(0);
  const auto coupling = [&](double rate) { return -std::expm1(-2.0 * rate / p_.fsr_Hz); };
  const RoundTripRing same{coupling(r.bus_per_s), coupling(r.drop_per_s),
                           20.0 / std::log(10.0) * r.loss_per_s / p_.fsr_Hz, 0.0};
  const double error = drop_error_bound(same, std::min(pi, 2.0 * pi * r.linewidth_Hz() / p_.fsr_Hz));
  if (error > 0.01)
    warn(fmt::format("finesse {:.1f}: the Lorentzian line may be off by {:.1f} % of the dropped field",
                     finesse(r, p_.fsr_Hz), 100.0 * error));
  for (std::size_t c = 0; c < input.carrier_Hz.size() && static_cast<int>(c) < fan_out(); ++c) {
    const double off_Hz =
        nearest_detuning_Hz(input.carrier_Hz[c], resonance_Hz(static_cast<int>(c)), p_.fsr_Hz);
    if (std::abs(off_Hz) <= r.linewidth_Hz()) continue;
    warn(fmt::format(
        "carrier {} lies {} from ring {}, more than its linewidth {}; check first_frequency and spacing", c,
        format_quantity(off_Hz, Quantity::frequency), c,
        format_quantity(r.linewidth_Hz(), Quantity::frequency)));
    break;
  }
  check_orders(name(), place_Hz_, p_.fsr_Hz, warnings);
  check_nonlinearity(name(), bus_guide(p_, fan_out()), input, warnings);
  if (input.grid.symbol_rate_Bd > 0.25 * p_.fsr_Hz)
    warn(fmt::format(
        "symbol rate {} approaches the free spectral range {}: only one resonance order acts per carrier",
        format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate),
        format_quantity(p_.fsr_Hz, Quantity::frequency)));
  tuning_warnings(name(), p_, tuning(), warnings);
  warn_of_heat(input, warnings);
}

void MicroringFilter::warn_of_heat(const Bundle& input, std::vector<Warning>& warnings) const {
  for (const OpticalPort& port : input.port)
    for (std::size_t c = 0; c < port.field.size() && static_cast<int>(c) < fan_out(); ++c) {
      double power_W = 0.0;
      for (const Complex& a : port.field[c]) power_W += std::norm(a);
      if (!port.field[c].empty()) power_W /= static_cast<double>(port.field[c].size());
      const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
      if (p_.thermal_resistance_K_per_W == 0.0) {
        // Same estimate as for the modulator: between the -6 and 10 dBm of Mueller 2014.
        if (power_W * p_.q_loaded <= 10.0) continue;
        return warn(
            fmt::format("{} per carrier at Q {:.0f}: self-heating is not computed; set "
                        "thermal_resistance",
                        format_quantity(power_W, Quantity::power), p_.q_loaded));
      }
      const int ring = static_cast<int>(c);
      const RingRates r = rates(ring);
      RingMedium m;
      m.absorbed_share = p_.absorbed_fraction;
      m.thermal_resistance_K_per_W = p_.thermal_resistance_K_per_W;
      m.thermal_shift_Hz_per_K = thermal_shift_Hz_per_K(resonance_Hz(ring), p_.core_overlap, p_.group_index);
      const double detuning_Hz = nearest_detuning_Hz(input.carrier_Hz[c], resonance_Hz(ring), p_.fsr_Hz);
      const double heat_W =
          m.heat_W(r.loss_per_s, 0.0, power_W * std::norm(mode_response(r, detuning_Hz)), 0.0);
      const double shift_Hz = m.shift_Hz_per_W() * heat_W;
      if (shift_Hz <= 0.05 * r.linewidth_Hz()) continue;
      const double least_W = DispersiveBistability{r, linear_shift_Hz_per_J(r, m)}.least_power_W();
      return warn(fmt::format(
          "ring {}: {} heats it by {:.3g} K, which moves it by {} ({:.2g} of the linewidth) to the red; the "
          "response takes that as tuned out{}",
          c, format_quantity(power_W, Quantity::power), heat_W * m.thermal_resistance_K_per_W,
          format_quantity(shift_Hz, Quantity::frequency), shift_Hz / r.linewidth_Hz(),
          power_W > least_W
              ? fmt::format(" and is bistable above {}", format_quantity(least_W, Quantity::power))
              : ""));
    }
}

}  // namespace photonlink
