// Couplers, splitters and multiplexers in a whole link of four wavelengths.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "devices/dfb_laser.hpp"
#include "devices/driver.hpp"
#include "devices/edge_coupler.hpp"
#include "devices/mach_zehnder_modulator.hpp"
#include "devices/mzi_filter.hpp"
#include "devices/photodiode.hpp"
#include "devices/power_splitter.hpp"
#include "devices/single_mode_fiber.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "devices/waveguide.hpp"
#include "links.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

const std::vector<double> cwdm_m{1331e-9, 1311e-9, 1291e-9, 1271e-9};  // rising in frequency, as the carriers

template <class S, class P>
std::shared_ptr<const Stage> stage(const char* name, const P& parameters) {
  return std::make_shared<S>(name, parameters);
}

MziFilterParameters filter(const char* role, double coupling_error) {
  MziFilterParameters p;
  p.coupling_error = coupling_error;
  p.role = role;
  p.wavelengths_m = cwdm_m;
  return p;
}

std::shared_ptr<Link> four_lanes(double coupling_error) {
  DfbLaserParameters laser;
  laser.wavelengths_m = cwdm_m;
  auto link = test::copper_link(
      2, 26.5625e9, {},
      {stage<Driver>("driver", DriverParameters{.swing_Vpp = 2.0}), stage<DfbLaser>("laser", laser),
       stage<PowerSplitter>(
           "splitter", PowerSplitterParameters{.branches = 2, .excess_loss_dB = 0.1, .sharing_links = 2}),
       stage<MachZehnderModulator>("modulator", MachZehnderModulatorParameters{}),
       stage<MziFilter>("mux", filter("multiplexer", coupling_error)),
       stage<Waveguide>("route", WaveguideParameters{.length_m = 5e-3}),
       stage<EdgeCoupler>("out", EdgeCouplerParameters{}),
       stage<SingleModeFiber>("fiber", SingleModeFiberParameters{.length_m = 100.0}),
       stage<EdgeCoupler>("in", EdgeCouplerParameters{}),
       stage<MziFilter>("demux", filter("demultiplexer", coupling_error)),
       stage<Photodiode>("photodiode", PhotodiodeParameters{}),
       stage<TransimpedanceAmplifier>("tia", TransimpedanceAmplifierParameters{})},
      {});
  link->lanes = 4;
  return link;
}

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

}  // namespace

TEST_CASE("passive link: every carrier arrives with the losses of its path, neighbours with the crosstalk") {
  const test::Run run(four_lanes(0.15), "PRBS7");
  const auto& nodes = run.chain.nodes();
  const auto node = [&](const std::string& name) {
    for (std::size_t k = 0; k < nodes.size(); ++k)
      if (run.chain.stage(nodes[k]).name() == name) return k;
    return nodes.size();
  };
  const Bundle& sent = run.solution.behind_core[node("modulator")];
  const Bundle& received = run.solution.before_core[node("photodiode")];
  REQUIRE(received.port.size() == 4);
  const MziFilter mux("mux", filter("multiplexer", 0.15)), demux("demux", filter("demultiplexer", 0.15));
  const EdgeCoupler edge("edge", {});
  double worst_crosstalk = 0.0;
  for (std::size_t port = 0; port < 4; ++port)
    for (std::size_t c = 0; c < 4; ++c) {
      const double f = received.carrier_Hz[c], wavelength = 299792458.0 / f;
      // Multiplexer, 1 mm and 5 mm at 2 dB/cm, two facets, 0.035 dB of fiber, demultiplexer.
      const double expected = std::norm(mux.passband(static_cast<int>(c), f)) *
                              std::norm(demux.passband(static_cast<int>(port), f)) *
                              std::pow(10.0, -0.1 * (1.0 + 2.0 * edge.total_loss_dB(wavelength) + 0.035));
      const double found = mean_power_W(received.port[port].field[c]) / mean_power_W(sent.port[0].field[c]);
      CAPTURE(port);
      CAPTURE(c);
      // The passband is flat over the signal to a few parts in a thousand; a dark port has slopes.
      CHECK(rel_error(found, expected) <= (port == c ? 5e-3 : 0.2));
      if (port != c)
        worst_crosstalk = std::max(worst_crosstalk, found / mean_power_W(received.port[port].field[port]) *
                                                        mean_power_W(sent.port[0].field[c]));
    }
  CHECK(worst_crosstalk > 1e-4);
}

TEST_CASE("passive link: two links that share a laser pay half of it each, and the books name every stage") {
  const auto books = [](int sharing_links) {
    const auto link = four_lanes(0.0);
    link->stages[3] = stage<PowerSplitter>(
        "splitter",
        PowerSplitterParameters{.branches = 2, .excess_loss_dB = 0.1, .sharing_links = sharing_links});
    const test::Run run(link, "PRBS7");
    Ledger ledger;  // stage by stage, as evaluate() does
    std::size_t node = 0;
    for (int i = 0; i < static_cast<int>(link->stages.size()); ++i) {
      while (node + 1 < run.chain.nodes().size() && run.chain.nodes()[node + 1] <= i) ++node;
      run.chain.stage(i).ledger(
          run.chain.nodes()[node] == i ? run.solution.before_core[node] : run.solution.behind_core[node],
          ledger);
    }
    return ledger;
  };
  const Ledger alone = books(1), shared = books(2);
  const auto power_W = [](const Ledger& ledger, const char* cause) {
    double sum = 0.0;
    for (const LedgerEntry& each : ledger.energy)
      if (each.cause == cause) sum += each.power_W;
    return sum;
  };
  for (const char* cause : {"wall-plug", "temperature control"}) {
    REQUIRE(power_W(alone, cause) > 0.0);
    // Division by two is exact.
    CHECK(rel_error(power_W(shared, cause), 0.5 * power_W(alone, cause)) <= 1e-15);
  }
  REQUIRE(power_W(alone, "driver supply") > 0.0);
  CHECK(rel_error(power_W(shared, "driver supply"), power_W(alone, "driver supply")) <= 1e-15);
  for (const char* name : {"route", "mux", "demux"})
    CHECK(std::any_of(shared.latency.begin(), shared.latency.end(),
                      [&](const LatencyEntry& each) { return each.component == name; }));
}
