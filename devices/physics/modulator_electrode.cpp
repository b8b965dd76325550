#include "devices/physics/modulator_electrode.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// F of the product x = xl, with e^{-x} at hand; by its series where rounding would eat the difference.
Complex mean_of_decay(Complex x, Complex decay) {
  return std::norm(x) < 1e-8 ? 1.0 - x / 2.0 + x * x / 6.0 : (1.0 - decay) / x;
}

/// The light's way through one piece: jβ_o l and its exponential.
struct Way {
  Complex angle, lead;
};

struct End {
  Complex impedance_ohm, transfer;
};

/// One piece, `length_m` long, at ω > 0.
End lumped(const ModulatorElectrode& e, double omega, const Way& light) {
  const double pieces = e.segments;
  const double capacitance_F = e.junction_capacitance_F / pieces;
  const double resistance_ohm = e.series_resistance_ohm * pieces;
  const Complex s(0.0, omega);
  const Complex admittance =
      1.0 / e.termination_ohm + s * capacitance_F / (1.0 + s * resistance_ohm * capacitance_F);
  return {1.0 / admittance,
          mean_of_decay(-light.angle, light.lead) / (1.0 + s * resistance_ohm * capacitance_F)};
}

End travelling(const ModulatorElectrode& e, double omega, const Way& light) {
  const double length_m = e.length_m / e.segments;
  const Complex s(0.0, omega);
  const Complex junction = 1.0 + s * e.series_resistance_ohm * e.junction_capacitance_F;
  LineImmittance per_m = line_immittance(e.line, omega / (2.0 * pi));
  per_m.shunt_S_per_m += s * e.junction_capacitance_F / e.length_m / junction;
  const Complex series_root = std::sqrt(per_m.series_ohm_per_m), shunt_root = std::sqrt(per_m.shunt_S_per_m);
  const Complex angle = series_root * shunt_root * length_m;  // γl
  const Complex characteristic = series_root / shunt_root;
  // Divided by R_t, so that an open end needs no branch.
  const Complex ratio = characteristic / e.termination_ohm;
  const Complex reflection = (1.0 - ratio) / (1.0 + ratio);
  const Complex forth = std::exp(-angle), round = reflection * forth * forth;
  const Complex with_light = mean_of_decay(angle - light.angle, forth * light.lead);
  const Complex against_light = mean_of_decay(angle + light.angle, forth * std::conj(light.lead));
  const Complex seen = with_light + reflection * forth * light.lead * against_light;
  return {characteristic * (1.0 + round) / (1.0 - round), seen / ((1.0 + round) * junction)};
}

/// Share of the full effect that M of N copies of the source give.
Complex pieces_together(const ModulatorElectrode& e, double omega) {
  Complex sum = 0.0;
  for (int k = 0; k < e.driven_segments; ++k) sum += std::polar(1.0, -omega * k * e.segment_delay_error_s);
  return sum / static_cast<double>(e.segments);
}

}  // namespace

LoadEnd electrode_end(const ModulatorElectrode& e, std::span<const double> frequency_Hz) {
  LoadEnd end;
  end.impedance_ohm.reserve(frequency_Hz.size());
  end.transfer.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) {
    const double omega = 2.0 * pi * std::max(f, 1.0);
    const double turn = omega * optical_transit_s(e) / e.segments;
    const Way light{{0.0, turn}, std::polar(1.0, turn)};
    const End piece = e.travelling ? travelling(e, omega, light) : lumped(e, omega, light);
    end.impedance_ohm.push_back(piece.impedance_ohm);
    end.transfer.push_back(piece.transfer * pieces_together(e, omega));
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
