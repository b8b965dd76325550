/// Lines in closed form, shared by the tests of time responses, causality and TDR.
#pragma once

#include <cmath>
#include <numbers>
#include <vector>

#include "network/s_parameters.hpp"

namespace photonlink::test {

inline std::vector<double> grid_Hz(double step_Hz, int points) {
  std::vector<double> f;
  for (int k = 0; k < points; ++k) f.push_back(step_Hz * k);
  return f;
}

/// A line of impedance `line_ohm` between references of `reference_ohm`: delay, skin effect
/// `skin` sqrt(j 2 f) [Np], whose real part is skin sqrt(f). Causal when `phase_of_loss`; without it the loss
/// has no phase of its own and its response is as long before the delay as behind.
struct LossyLine {
  double delay_s = 1e-9, skin = 1e-5, line_ohm = 100.0, reference_ohm = 100.0;
  bool phase_of_loss = true;

  Abcd chain(double f) const {
    const Complex loss =
        phase_of_loss ? skin * std::sqrt(Complex(0.0, 2.0 * f)) : Complex(skin * std::sqrt(f));
    const Complex gamma = loss + Complex(0.0, 2.0 * std::numbers::pi * f * delay_s);
    return {std::cosh(gamma), line_ohm * std::sinh(gamma), std::sinh(gamma) / line_ohm, std::cosh(gamma)};
  }
  SParameters network(const std::vector<double>& frequency_Hz) const {
    SParameters n{2, reference_ohm, frequency_Hz, {}};
    for (const double f : frequency_Hz) {
      const S2 s = to_s(chain(f), reference_ohm);
      n.s.insert(n.s.end(), {s.s11, s.s12, s.s21, s.s22});
    }
    return n;
  }
};

}  // namespace photonlink::test
