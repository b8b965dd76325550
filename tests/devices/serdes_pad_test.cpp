#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "devices/serdes_receiver.hpp"
#include "devices/serdes_transmitter.hpp"
#include "network/two_port.hpp"
#include "support.hpp"

using namespace photonlink;

// Oracle: nodal analysis of EMF - R - node (C to ground) - series Z - R_load, written out by hand.
TEST_CASE("serdes transmitter: the pad capacitance is part of the segment, whatever load reflects") {
  const double emf_ohm = 100.0, pad_F = 150e-15, load_ohm = 35.0, line_H = 80e-12;
  const SerdesTransmitter transmitter("tx", {.source_resistance_ohm = emf_ohm, .pad_capacitance_F = pad_F});
  const SerdesReceiver receiver("rx", {.input_resistance_ohm = load_ohm});
  for (const double f : {1e6, 5e9, 20e9, 60e9}) {
    CAPTURE(f);
    const std::vector<double> frequency{f};
    const double omega = 2.0 * constants::pi * f;
    const std::vector<Abcd> line{series_impedance(Complex(0.0, omega * line_H))};
    std::vector<Complex> actual =
        segment_transfer(*transmitter.source_end(frequency), line, *receiver.load_end(frequency));
    transmitter.multiply_electrical(frequency, actual);
    const Complex branch(load_ohm, omega * line_H);
    const Complex node = (1.0 / emf_ohm) / (1.0 / emf_ohm + Complex(0.0, omega * pad_F) + 1.0 / branch);
    // A handful of complex operations.
    CHECK(std::abs(actual[0] - node * load_ohm / branch) <= 1e-14);
  }
}
