#include "devices/physics/modulator_electrode.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// F of the product x = xl; by its series where rounding would eat the difference.
Complex mean_of_decay(Complex x) {
  return std::abs(x) < 1e-4 ? 1.0 - x / 2.0 + x * x / 6.0 : (1.0 - std::exp(-x)) / x;
}

struct End {
  Complex impedance_ohm, transfer;
};

/// One piece, `length_m` long, at ω > 0.
End lumped(const ModulatorElectrode& e, double omega, Complex optical_angle) {
  const double pieces = e.segments;
  const double capacitance_F = e.junction_capacitance_F / pieces;
  const double resistance_ohm = e.series_resistance_ohm * pieces;
  const Complex s(0.0, omega);
  const Complex admittance =
      1.0 / e.termination_ohm + s * capacitance_F / (1.0 + s * resistance_ohm * capacitance_F);
  return {1.0 / admittance, mean_of_decay(optical_angle) / (1.0 + s * resistance_ohm * capacitance_F)};
}

End travelling(const ModulatorElectrode& e, double omega, Complex optical_angle) {
  const double length_m = e.length_m / e.segments;
  const Complex s(0.0, omega);
  const Complex junction = 1.0 + s * e.series_resistance_ohm * e.junction_capacitance_F;
  LineImmittance per_m = line_immittance(e.line, omega / (2.0 * pi));
  per_m.shunt_S_per_m += s * e.junction_capacitance_F / e.length_m / junction;
  const Complex angle = std::sqrt(per_m.series_ohm_per_m) * std::sqrt(per_m.shunt_S_per_m) * length_m;  // γl
  const Complex characteristic = std::sqrt(per_m.series_ohm_per_m) / std::sqrt(per_m.shunt_S_per_m);
  // Divided by R_t, so that an open end needs no branch.
  const Complex ratio = characteristic / e.termination_ohm;
  const Complex reflection = (1.0 - ratio) / (1.0 + ratio);
  const Complex forth = std::exp(-angle), round = reflection * forth * forth;
  const Complex seen = std::exp(-optical_angle) * mean_of_decay(angle - optical_angle) +
                       reflection * forth * mean_of_decay(angle + optical_angle);
  return {characteristic * (1.0 + round) / (1.0 - round), seen / (1.0 + round) / junction};
}

/// Share of the full effect that M of N copies of the source give, with the light's way to the last.
Complex pieces_together(const ModulatorElectrode& e, double omega, Complex optical_angle) {
  Complex sum = 0.0;
  for (int k = 0; k < e.driven_segments; ++k) sum += std::polar(1.0, -omega * k * e.segment_delay_error_s);
  return sum * std::exp(-optical_angle * static_cast<double>(e.driven_segments - 1)) /
         static_cast<double>(e.segments);
}

}  // namespace

LoadEnd electrode_end(const ModulatorElectrode& e, std::span<const double> frequency_Hz) {
  LoadEnd end;
  end.impedance_ohm.reserve(frequency_Hz.size());
  end.transfer.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) {
    const double omega = 2.0 * pi * std::max(f, 1.0);
    const Complex optical_angle(0.0, omega * optical_transit_s(e) / e.segments);
    const End piece = e.travelling ? travelling(e, omega, optical_angle) : lumped(e, omega, optical_angle);
    end.impedance_ohm.push_back(piece.impedance_ohm);
    end.transfer.push_back(piece.transfer * pieces_together(e, omega, optical_angle));
  }
  return end;
}

double electrode_resistance_ohm(const ModulatorElectrode& e) {
  const double line_ohm = e.travelling ? e.line.metal.dc_resistance_ohm_per_m * e.length_m / e.segments : 0.0;
  return line_ohm + e.termination_ohm;
}

double electrode_capacitance_F(const ModulatorElectrode& e) {
  const double line_F_per_m =
      e.travelling ? std::sqrt(e.line.dielectric.permittivity) / (c0 * e.line.impedance_ohm) : 0.0;
  return (line_F_per_m * e.length_m + e.junction_capacitance_F) / e.segments;
}

double optical_transit_s(const ModulatorElectrode& e) {
  return e.optical_group_index * e.length_m / c0;
}

}  // namespace photonlink
