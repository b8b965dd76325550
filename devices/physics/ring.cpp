#include "devices/physics/ring.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr Complex j{0.0, 1.0};

void require_positive(double value, const char* name) {
  require(value > 0.0, fmt::format("ring: {} = {} must be positive", name, value));
}

/// d and p of s_out/s_in = d - p/(1/τ + jD).
struct Line {
  double d, p;
};
Line line(const RingRates& rates, RingPort port) {
  return port == RingPort::through ? Line{1.0, 2.0 * rates.bus_per_s}
                                   : Line{0.0, 2.0 * std::sqrt(rates.bus_per_s * rates.drop_per_s)};
}

}  // namespace

double RingRates::linewidth_Hz() const {
  return total_per_s() / pi;
}
double RingRates::q_loaded(double resonance_Hz) const {
  return pi * resonance_Hz / total_per_s();
}

PortCoupling port_coupling(const RingRates& rates, RingPort port) {
  return port == RingPort::through ? PortCoupling{1.0, std::sqrt(2.0 * rates.bus_per_s)}
                                   : PortCoupling{0.0, std::sqrt(2.0 * rates.drop_per_s)};
}

RingRates rates_from_couplings(double bus_power_coupling, double drop_power_coupling,
                               double round_trip_loss_dB, double fsr_Hz) {
  require(bus_power_coupling >= 0.0 && bus_power_coupling < 1.0 && drop_power_coupling >= 0.0 &&
              drop_power_coupling < 1.0,
          fmt::format("ring: power coupling = {} and {} must lie in [0, 1)", bus_power_coupling,
                      drop_power_coupling));
  require_positive(fsr_Hz, "free spectral range");
  const double nepers = round_trip_loss_dB * std::log(10.0) / 20.0;
  return {fsr_Hz * nepers, -0.5 * fsr_Hz * std::log1p(-bus_power_coupling),
          -0.5 * fsr_Hz * std::log1p(-drop_power_coupling)};
}

RingRates all_pass_rates(double resonance_Hz, double q_loaded, double extinction_dB, Coupling coupling) {
  require_positive(resonance_Hz, "resonance frequency");
  require_positive(q_loaded, "loaded Q");
  require_positive(extinction_dB, "extinction in dB");
  const double total = pi * resonance_Hz / q_loaded;             // 1/τ = ω₀/(2Q)
  const double residue = std::pow(10.0, -extinction_dB / 20.0);  // |1/τ_l - 1/τ_e| τ
  const double larger = 0.5 * total * (1.0 + residue), smaller = 0.5 * total * (1.0 - residue);
  return coupling == Coupling::under ? RingRates{larger, smaller, 0.0} : RingRates{smaller, larger, 0.0};
}

RingRates add_drop_rates(double resonance_Hz, double q_loaded, double drop_loss_dB, DropCoupling coupling) {
  require_positive(resonance_Hz, "resonance frequency");
  require_positive(q_loaded, "loaded Q");
  require(drop_loss_dB >= 0.0, fmt::format("ring: drop loss = {} dB must not be negative", drop_loss_dB));
  const double total = pi * resonance_Hz / q_loaded;
  const double drop_power = std::pow(10.0, -drop_loss_dB / 10.0);
  if (coupling == DropCoupling::symmetric) {  // 4τ²/τ_e² = drop power
    const double each = 0.5 * total * std::sqrt(drop_power);
    return {total - 2.0 * each, each, each};
  }
  const double drop = 0.5 * total * drop_power;  // 1/τ_e = 1/(2τ): 4τ²/(τ_e τ_d) = 2τ/τ_d
  return {0.5 * total - drop, 0.5 * total, drop};
}

double free_spectral_range_Hz(double length_m, double group_index) {
  return constants::speed_of_light_m_per_s / (group_index * length_m);
}

double finesse(const RingRates& rates, double fsr_Hz) {
  return fsr_Hz / rates.linewidth_Hz();
}

double nearest_detuning_Hz(double carrier_Hz, double resonance_Hz, double fsr_Hz) {
  return std::remainder(carrier_Hz - resonance_Hz, fsr_Hz);
}

Complex mode_response(const RingRates& rates, double detuning_Hz) {
  return j * std::sqrt(2.0 * rates.bus_per_s) / Complex(rates.total_per_s(), 2.0 * pi * detuning_Hz);
}

Complex through_response(const RingRates& rates, double detuning_Hz) {
  return 1.0 - 2.0 * rates.bus_per_s / Complex(rates.total_per_s(), 2.0 * pi * detuning_Hz);
}

Complex drop_response(const RingRates& rates, double detuning_Hz) {
  return j * std::sqrt(2.0 * rates.drop_per_s) * mode_response(rates, detuning_Hz);
}

Complex port_response(const RingRates& rates, RingPort port, double detuning_Hz) {
  return port == RingPort::through ? through_response(rates, detuning_Hz) : drop_response(rates, detuning_Hz);
}

double through_power(const RingRates& rates, double detuning_Hz) {
  return std::norm(through_response(rates, detuning_Hz));
}

double port_power(const RingRates& rates, RingPort port, double detuning_Hz) {
  return std::norm(port_response(rates, port, detuning_Hz));
}

double through_power_slope_per_Hz(const RingRates& rates, double detuning_Hz) {
  const double d = 2.0 * pi * detuning_Hz, total = rates.total_per_s(), bus = rates.bus_per_s;
  const double width = d * d + total * total;
  return 2.0 * pi * 8.0 * d * bus * (total - bus) / (width * width);
}

double through_power_slope_per_loss_s(const RingRates& rates, double detuning_Hz) {
  const double d = 2.0 * pi * detuning_Hz, total = rates.total_per_s(), bus = rates.bus_per_s;
  const double width = d * d + total * total;
  return 4.0 * bus * ((total - 2.0 * bus) * total - d * d) / (width * width);
}

Complex small_signal_response(const RingRates& rates, double detuning_Hz, const RateChange& change,
                              double modulation_Hz, RingPort port) {
  const auto [d, p] = line(rates, port);
  const double detuning = 2.0 * pi * detuning_Hz, total = rates.total_per_s();
  const double width = detuning * detuning + total * total;
  const Complex s = j * (2.0 * pi * modulation_Hz);
  const Complex denominator = width * (s * s + 2.0 * total * s + width);
  const Complex of_shift = 2.0 * p * detuning * (d * s + 2.0 * d * total - p) / denominator;  // per unit of D
  const Complex of_loss = 2.0 * p * ((d * total - p) * (s + total) - d * detuning * detuning) / denominator;
  return -2.0 * pi * change.resonance_Hz * of_shift + change.loss_per_s * of_loss;
}

double modulation_delay_s(const RingRates& rates, double detuning_Hz, RingPort port) {
  const auto [d, p] = line(rates, port);
  const double detuning = 2.0 * pi * detuning_Hz, total = rates.total_per_s();
  return 2.0 * total / (detuning * detuning + total * total) - d / (2.0 * d * total - p);
}

}  // namespace photonlink
