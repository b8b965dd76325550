#include "devices/physics/ring_junction.hpp"

#include <fmt/format.h>
#include <math.h>  // NOLINT: Boost 1.74 calls ::isnan without declaring it

#include <algorithm>
#include <boost/math/interpolators/pchip.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/quantity.hpp"
#include "devices/physics/carrier_plasma.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s,
                 charge = constants::elementary_charge_C;
constexpr double vacuum_permittivity = 1.0 / (constants::vacuum_permeability_H_per_m * c0 * c0);
// Silicon at 300 K: relative permittivity, intrinsic density, index (\cite SzeNg2007, App. G).
constexpr double silicon_permittivity = 11.9, intrinsic_per_m3 = 9.65e15, silicon_index = 3.5;
constexpr double thermal_V = constants::boltzmann_J_per_K * 300.0 / constants::elementary_charge_C;
// Where the fits of carrier_plasma.hpp have data, and the wavelengths they are made for with their reach.
constexpr double least_density = 1e23, most_density = 1e26, shortest_m = 1.25e-6, longest_m = 1.63e-6;

double wavelength_m(double carrier_Hz) {
  return c0 / carrier_Hz;
}

/// From Δn̄ and Δᾱ to the rates of the ring.
struct RingScale {
  double per_index_Hz, per_absorption;

  RingScale(const JunctionWaveguide& guide, double carrier_Hz)
      : per_index_Hz(-carrier_Hz * guide.coverage * guide.confinement / guide.group_index),
        per_absorption(0.5 * c0 / guide.group_index * guide.coverage * guide.confinement) {}
  RateChange operator()(double index, double absorption_per_m) const {
    return {per_index_Hz * index, per_absorption * absorption_per_m};
  }
};

RateChange minus(RateChange a, RateChange b) {
  return {a.resonance_Hz - b.resonance_Hz, a.loss_per_s - b.loss_per_s};
}

/// The law of a state that is zero nowhere in particular: what it differs from that at the bias.
template <class State>
class AroundBias final : public JunctionEffect {
 public:
  AroundBias(State state, double bias_V)
      : state_(std::move(state)), bias_V_(bias_V), rest_(state_.at(bias_V)) {}
  RateChange change(double u_V) const override { return minus(state_.at(bias_V_ + u_V), rest_); }
  RateChange slope(double u_V) const override { return state_.slope(bias_V_ + u_V); }

 private:
  State state_;
  double bias_V_;
  RateChange rest_;
};

template <class State>
std::shared_ptr<const JunctionEffect> around(State state, double bias_V) {
  return std::make_shared<AroundBias<State>>(std::move(state), bias_V);
}

void warn_wavelength(double carrier_Hz, std::vector<std::string>& list) {
  const double lambda_m = wavelength_m(carrier_Hz);
  if (lambda_m < shortest_m || lambda_m > longest_m)
    list.push_back(fmt::format("the fits of carrier effects are made for 1.3 and 1.55 um and extended to {}",
                               format_quantity(lambda_m, Quantity::length)));
}

void warn_density(double per_m3, const char* what, std::vector<std::string>& list) {
  if (per_m3 < least_density || per_m3 > most_density)
    list.push_back(
        fmt::format("{} {} is outside [1e17, 1e20] 1/cm^3, what the fits of carrier effects hold for", what,
                    format_quantity(per_m3, Quantity::carrier_density)));
}

// --- depletion ------------------------------------------------------------------------------------------

struct DepletionState {
  JunctionWaveguide guide;
  DepletionDoping doping;
  RingScale scale;
  PlasmaEffect electrons, holes;  // at the doping
  double potential_V;

  DepletionState(const JunctionWaveguide& g, const DepletionDoping& d, double carrier_Hz)
      : guide(g), doping(d), scale(g, carrier_Hz), potential_V(built_in_potential_V(d)) {
    const PlasmaFit fit(g.carrier_fit, wavelength_m(carrier_Hz));
    electrons = fit.electrons(d.donors_per_m3);
    holes = fit.holes(d.acceptors_per_m3);
  }

  double n_share() const {
    return doping.acceptors_per_m3 / (doping.acceptors_per_m3 + doping.donors_per_m3);
  }
  /// Share of the mode below x.
  double below(double x_m) const { return 0.5 * std::erf(std::sqrt(2.0) * x_m / guide.mode_radius_m); }
  double intensity(double x_m) const {
    const double t = x_m / guide.mode_radius_m;
    return std::sqrt(2.0 / pi) / guide.mode_radius_m * std::exp(-2.0 * t * t);
  }

  RateChange inside(double reverse_V) const {
    const double w = depletion_width_m(doping, reverse_V), x = guide.junction_offset_m, middle = below(x);
    const PlasmaEffect gone =
        electrons * (below(x + n_share() * w) - middle) + holes * (middle - below(x - (1.0 - n_share()) * w));
    return scale(gone.index, -gone.absorption_per_m);
  }
  RateChange slope(double reverse_V) const {
    const double v = std::max(reverse_V, -0.5 * potential_V);
    const double w = depletion_width_m(doping, v), x = guide.junction_offset_m, n = n_share();
    const double growth = 0.5 * w / (potential_V + v);  // dw/dV
    const PlasmaEffect gone = electrons * (n * growth * intensity(x + n * w)) +
                              holes * ((1.0 - n) * growth * intensity(x - (1.0 - n) * w));
    return scale(gone.index, -gone.absorption_per_m);
  }
  RateChange at(double reverse_V) const {
    const double lowest = -0.5 * potential_V;
    if (reverse_V >= lowest) return inside(reverse_V);
    const RateChange end = inside(lowest), along = slope(lowest);
    return {end.resonance_Hz + along.resonance_Hz * (reverse_V - lowest),
            end.loss_per_s + along.loss_per_s * (reverse_V - lowest)};
  }
};

class DepletionJunction final : public RingJunction {
 public:
  DepletionJunction(const JunctionWaveguide& guide, const DepletionDoping& doping)
      : guide_(guide),
        doping_(doping),
        potential_V_(built_in_potential_V(doping)),
        area_m2_(guide.extent_m * guide.coverage * guide.ring_length_m) {}

  double capacitance_F(double reverse_V) const override {
    const double v = std::max(reverse_V, -0.5 * potential_V_);
    return silicon_permittivity * vacuum_permittivity * area_m2_ / depletion_width_m(doping_, v) +
           guide_.parasitic_F;
  }
  double charge_C(double reverse_V) const override {
    const double v = std::max(reverse_V, -0.5 * potential_V_);
    const double density =
        doping_.acceptors_per_m3 * doping_.donors_per_m3 / (doping_.acceptors_per_m3 + doping_.donors_per_m3);
    return charge * density * depletion_width_m(doping_, v) * area_m2_ + guide_.parasitic_F * v +
           capacitance_F(v) * (reverse_V - v);
  }
  std::shared_ptr<const JunctionEffect> effect(double carrier_Hz, double bias_V) const override {
    return around(DepletionState(guide_, doping_, carrier_Hz), bias_V);
  }
  std::vector<std::string> warnings(double carrier_Hz, double low_V, double high_V) const override {
    std::vector<std::string> list;
    warn_wavelength(carrier_Hz, list);
    warn_density(doping_.acceptors_per_m3, "acceptor_density", list);
    warn_density(doping_.donors_per_m3, "donor_density", list);
    if (low_V < -0.5 * potential_V_)
      list.push_back(fmt::format(
          "the junction is driven forward to {}, beyond half its built-in potential {}; injection is not "
          "modelled",
          format_quantity(-low_V, Quantity::voltage), format_quantity(potential_V_, Quantity::voltage)));
    const double width_m = depletion_width_m(doping_, std::max(high_V, 0.0));
    if (width_m > 2.0 * guide_.mode_radius_m)
      list.push_back(
          fmt::format("depletion reaches {}, the width of the mode: the doping further out is taken "
                      "as uniform too",
                      format_quantity(width_m, Quantity::length)));
    return list;
  }

 private:
  JunctionWaveguide guide_;
  DepletionDoping doping_;
  double potential_V_, area_m2_;
};

// --- MOS capacitor ----------------------------------------------------------------------------------------

struct MoscapState {
  MoscapGate gate;
  RingScale scale;
  PlasmaFit fit;
  PlasmaEffect metal;    // of a Drude gate, per unit density
  double density_per_V;  // N per volt above the flat band
  double weight;         // g(x_j) t_a

  MoscapState(const JunctionWaveguide& g, const MoscapGate& m, double carrier_Hz)
      : gate(m), scale(g, carrier_Hz), fit(g.carrier_fit, wavelength_m(carrier_Hz)) {
    if (!m.silicon)
      metal = drude_effect_m3(wavelength_m(carrier_Hz), m.mass, m.scattering_time_s) * (1.0 / silicon_index);
    density_per_V = m.oxide_permittivity * vacuum_permittivity / m.oxide_thickness_m / charge /
                    m.accumulation_thickness_m;
    const double t = g.junction_offset_m / g.mode_radius_m;
    weight = std::sqrt(2.0 / pi) / g.mode_radius_m * std::exp(-2.0 * t * t) * m.accumulation_thickness_m;
  }

  double density(double gate_V) const { return density_per_V * std::max(gate_V - gate.flat_band_V, 0.0); }
  RateChange at(double gate_V) const {
    const double n = density(gate_V);
    const PlasmaEffect all = fit.holes(n) + (gate.silicon ? fit.electrons(n) : metal * n);
    return scale(-weight * all.index, weight * all.absorption_per_m);
  }
  RateChange slope(double gate_V) const {
    const double n = density(gate_V);
    if (n == 0.0) return {};
    const PlasmaEffect all = fit.holes_slope(n) + (gate.silicon ? fit.electrons_slope(n) : metal);
    return scale(-weight * density_per_V * all.index, weight * density_per_V * all.absorption_per_m);
  }
};

class MoscapJunction final : public RingJunction {
 public:
  MoscapJunction(const JunctionWaveguide& guide, const MoscapGate& gate)
      : guide_(guide),
        gate_(gate),
        capacitance_F_(gate.oxide_permittivity * vacuum_permittivity / gate.oxide_thickness_m *
                           guide.extent_m * guide.coverage * guide.ring_length_m +
                       guide.parasitic_F) {}

  double capacitance_F(double /*gate_V*/) const override { return capacitance_F_; }
  double charge_C(double gate_V) const override { return capacitance_F_ * (gate_V - gate_.flat_band_V); }
  std::shared_ptr<const JunctionEffect> effect(double carrier_Hz, double bias_V) const override {
    return around(MoscapState(guide_, gate_, carrier_Hz), bias_V);
  }
  std::vector<std::string> warnings(double carrier_Hz, double low_V, double high_V) const override {
    std::vector<std::string> list;
    warn_wavelength(carrier_Hz, list);
    if (low_V < gate_.flat_band_V)
      list.push_back(fmt::format(
          "the gate swings to {}, below the flat band at {}: depletion there is not modelled",
          format_quantity(low_V, Quantity::voltage), format_quantity(gate_.flat_band_V, Quantity::voltage)));
    const MoscapState state(guide_, gate_, carrier_Hz);
    if (state.density(high_V) > most_density)
      list.push_back(fmt::format("{} accumulate, above 1e20 1/cm^3, where the fits of carrier effects end",
                                 format_quantity(state.density(high_V), Quantity::carrier_density)));
    // Oxides of silicon and hafnium break down at some 1 V/nm and 0.5 V/nm (\cite SzeNg2007).
    const double field_V_per_m = (high_V - gate_.flat_band_V) / gate_.oxide_thickness_m;
    if (field_V_per_m > 0.5e9)
      list.push_back(
          fmt::format("{:.2g} V/nm across the oxide, where it may break down", 1e-9 * field_V_per_m));
    return list;
  }

 private:
  JunctionWaveguide guide_;
  MoscapGate gate_;
  double capacitance_F_;
};

// --- table
// --------------------------------------------------------------------------------------------------

class Curve {
 public:
  Curve(std::vector<double> x, std::vector<double> y)
      : low_(x.front()), high_(x.back()), curve_(std::move(x), std::move(y)) {}
  double at(double x) const {
    const double inside = std::clamp(x, low_, high_);
    return curve_(inside) + (x == inside ? 0.0 : curve_.prime(inside) * (x - inside));
  }
  double held(double x) const { return curve_(std::clamp(x, low_, high_)); }
  double slope(double x) const { return curve_.prime(std::clamp(x, low_, high_)); }

 private:
  double low_, high_;
  boost::math::interpolators::pchip<std::vector<double>> curve_;
};

struct TableState {
  std::shared_ptr<const Curve> shift_m, loss_dB_per_m;  // loss null: constant
  double per_m_Hz, per_dB_per_m;

  RateChange at(double reverse_V) const {
    return {per_m_Hz * shift_m->at(reverse_V),
            loss_dB_per_m ? per_dB_per_m * loss_dB_per_m->at(reverse_V) : 0.0};
  }
  RateChange slope(double reverse_V) const {
    return {per_m_Hz * shift_m->slope(reverse_V),
            loss_dB_per_m ? per_dB_per_m * loss_dB_per_m->slope(reverse_V) : 0.0};
  }
};

class TableJunction final : public RingJunction {
 public:
  TableJunction(const JunctionWaveguide& guide, const JunctionTable& t)
      : group_index_(guide.group_index),
        reverse_V_(t.reverse_V),
        shift_m_(std::make_shared<Curve>(t.reverse_V, t.shift_m)),
        loss_(t.loss_dB_per_m.empty() ? nullptr : std::make_shared<Curve>(t.reverse_V, t.loss_dB_per_m)),
        capacitance_F_(t.reverse_V, t.capacitance_F) {}

  double capacitance_F(double reverse_V) const override { return capacitance_F_.held(reverse_V); }
  /// From the first voltage of the table: cubics, piece by piece, for which four points are exact.
  double charge_C(double reverse_V) const override {
    using boost::math::quadrature::gauss;
    const auto capacitance = [&](double v) { return capacitance_F_.held(v); };
    const double first = reverse_V_.front();
    if (reverse_V <= first) return capacitance(first) * (reverse_V - first);
    double sum = 0.0;
    for (std::size_t k = 1; k < reverse_V_.size() && reverse_V_[k - 1] < reverse_V; ++k)
      sum += gauss<double, 7>::integrate(capacitance, reverse_V_[k - 1], std::min(reverse_V_[k], reverse_V));
    return sum + capacitance(reverse_V_.back()) * std::max(reverse_V - reverse_V_.back(), 0.0);
  }
  std::shared_ptr<const JunctionEffect> effect(double carrier_Hz, double bias_V) const override {
    // α [1/m] = α_dB ln(10)/10 of the power; 2/τ_l = v_g α.
    return around(TableState{shift_m_, loss_, -carrier_Hz * carrier_Hz / c0,
                             0.5 * c0 / group_index_ * std::log(10.0) / 10.0},
                  bias_V);
  }
  std::vector<std::string> warnings(double /*carrier_Hz*/, double low_V, double high_V) const override {
    if (low_V >= reverse_V_.front() && high_V <= reverse_V_.back()) return {};
    return {fmt::format("the swing from {} to {} leaves the table of [{}, {}], which goes on straight",
                        format_quantity(low_V, Quantity::voltage), format_quantity(high_V, Quantity::voltage),
                        format_quantity(reverse_V_.front(), Quantity::voltage),
                        format_quantity(reverse_V_.back(), Quantity::voltage))};
  }

 private:
  double group_index_;
  std::vector<double> reverse_V_;
  std::shared_ptr<const Curve> shift_m_, loss_;
  Curve capacitance_F_;
};

}  // namespace

double built_in_potential_V(const DepletionDoping& d) {
  return thermal_V *
         (std::log(d.acceptors_per_m3 / intrinsic_per_m3) + std::log(d.donors_per_m3 / intrinsic_per_m3));
}

double depletion_width_m(const DepletionDoping& d, double reverse_V) {
  const double inverse = 1.0 / d.acceptors_per_m3 + 1.0 / d.donors_per_m3;
  return std::sqrt(2.0 * silicon_permittivity * vacuum_permittivity * (built_in_potential_V(d) + reverse_V) *
                   inverse / charge);
}

double capacitance_change(const RingJunction& junction, double bias_V, double swing_Vpp) {
  const double rest_F = junction.capacitance_F(bias_V);
  double most = 0.0;
  for (const double side : {-0.5, 0.5})
    most = std::max(most, std::abs(junction.capacitance_F(bias_V + side * swing_Vpp) / rest_F - 1.0));
  return most;
}

std::shared_ptr<const RingJunction> RingJunction::depletion(const JunctionWaveguide& guide,
                                                            const DepletionDoping& doping) {
  return std::make_shared<DepletionJunction>(guide, doping);
}

std::shared_ptr<const RingJunction> RingJunction::moscap(const JunctionWaveguide& guide,
                                                         const MoscapGate& gate) {
  return std::make_shared<MoscapJunction>(guide, gate);
}

std::shared_ptr<const RingJunction> RingJunction::table(const JunctionWaveguide& guide,
                                                        const JunctionTable& t, const std::string& owner) {
  const std::size_t size = t.reverse_V.size();
  const bool ascending =
      std::adjacent_find(t.reverse_V.begin(), t.reverse_V.end(), std::greater_equal<>()) == t.reverse_V.end();
  if (size < 4 || t.shift_m.size() != size || t.capacitance_F.size() != size || !ascending ||
      (!t.loss_dB_per_m.empty() && t.loss_dB_per_m.size() != size))
    throw ConfigError(
        fmt::format("{}: junction = \"table\" with {} voltages, {} shifts, {} losses and {} capacitances; "
                    "give at least 4 "
                    "ascending voltages and as many of each (of table_loss: or none)",
                    owner, size, t.shift_m.size(), t.loss_dB_per_m.size(), t.capacitance_F.size()));
  return std::make_shared<TableJunction>(guide, t);
}

}  // namespace photonlink
