#include "devices/optical_loss.hpp"

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/waveguide_nonlinearity.hpp"

namespace photonlink {

template <>
const ParameterTable<OpticalLossParameters>& parameter_table() {
  using P = OpticalLossParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"loss", "loss of one coupler, connector or splitter", loss, &P::loss_dB, 0.0, 100.0, 0.0},
      {"count", "how many of them follow one another", dimensionless, &P::count, 0, 1000},
      {"length", "length of waveguide", length, &P::length_m, 0.0, 100.0},
      {"loss_per_length", "propagation loss of the waveguide", loss_per_length, &P::loss_per_length_dB_per_m,
       0.0, 1e5, 0.0},
      {"group_index", "n_g of the waveguide, for the latency; about 4.2 in a silicon strip", dimensionless,
       &P::group_index, 1.0, 10.0},
  };
  return table;
}

OpticalLoss::OpticalLoss(std::string name, const OpticalLossParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

double OpticalLoss::total_loss_dB() const {
  const auto& p = parameters_;
  return p.count * p.loss_dB + p.length_m * p.loss_per_length_dB_per_m;
}

void OpticalLoss::multiply_optical(int, double, std::span<const double>, std::span<Complex> response) const {
  const double field = field_ratio(Gain_dB{-total_loss_dB()});
  for (Complex& value : response) value *= field;
}

void OpticalLoss::ledger(const Bundle&, Ledger& ledger) const {
  if (parameters_.length_m == 0.0) return;
  const double delay_s = parameters_.group_index * parameters_.length_m / constants::speed_of_light_m_per_s;
  ledger.latency.push_back({name(), delay_s});
}

void OpticalLoss::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  constexpr double silicon_index = 3.5;  // of the group velocity: strips have 3.8 to 4.4, nitride 2.1
  if (parameters_.group_index < silicon_index) return;
  check_nonlinearity(
      name(), {.length_m = parameters_.length_m, .loss_dB_per_m = parameters_.loss_per_length_dB_per_m},
      input, warnings);
}

}  // namespace photonlink
