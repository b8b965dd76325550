#include "devices/physics/waveguide_nonlinearity.hpp"

#include <doctest/doctest.h>

#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <vector>

#include "../microring_support.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/optical_loss.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr NonlinearGuide guide{.length_m = 5e-3, .loss_dB_per_m = 200.0};

Bundle lit(int carriers, double power_W) {
  Bundle b = test::ring_bundle(carriers, 4, 8, 32e9, 2.0);
  for (ComplexWave& field : b.port[0].field) field.assign(field.size(), std::sqrt(power_W));
  return b;
}

std::size_t nonlinear_warnings(const Stage& stage, const Bundle& b) {
  std::vector<Warning> warnings;
  stage.validity(b, warnings);
  std::size_t count = 0;
  for (const Warning& warning : warnings)
    count += warning.text.find("two-photon absorption, and more") != std::string::npos ||
             warning.text.find("products of four waves") != std::string::npos;
  return count;
}

}  // namespace

// Oracle: each carrier integrated along the guide, with itself once and with every other twice.
TEST_CASE("waveguide nonlinearity: two-photon loss equals the integrated equations of all carriers") {
  for (const int carriers : {1, 4, 16})
    for (const double power_W : {1e-3, 20e-3}) {
      using State = std::vector<double>;
      State power(static_cast<std::size_t>(carriers), power_W);
      const double alpha = guide.loss_dB_per_m * std::log(10.0) / 10.0;
      const auto slope = [&](const State& p, State& dp, double) {
        double sum = 0.0;
        for (const double each : p) sum += each;
        for (std::size_t c = 0; c < p.size(); ++c)
          dp[c] = -alpha * p[c] -
                  guide.two_photon_m_per_W / guide.mode_area_m2 * p[c] * (2.0 * (sum - p[c]) + p[c]);
      };
      using namespace boost::numeric::odeint;
      integrate_adaptive(make_controlled(1e-12, 1e-12, runge_kutta_dopri5<State>()), slope, power, 0.0,
                         guide.length_m, 1e-6);
      const double lost_dB = 10.0 * std::log10(power_W / power[0]) - guide.loss_dB_per_m * guide.length_m;
      // Tolerance of the integration.
      CHECK(abs_error(two_photon_loss_dB(guide, power_W, carriers), lost_dB) <= 1e-9);
    }
}

TEST_CASE("waveguide nonlinearity: products are those counted on the grid, most in its middle") {
  // Two carriers only mix beside themselves; of three, 0 + 2 - 1 falls onto the middle, 1 + 1 - 2 onto the
  // edge.
  CHECK(mixing_products(2, 0) == 0.0);
  CHECK(mixing_products(3, 1) == 4.0);
  CHECK(mixing_products(3, 0) == 1.0);
  // Brute force over ordered triples: each unordered pair of different i, j comes twice.
  for (const int carriers : {4, 8, 16}) {
    double most = 0.0;
    for (int place = 0; place < carriers; ++place) {
      double sum = 0.0;
      for (int i = 0; i < carriers; ++i)
        for (int j = 0; j < carriers; ++j)
          for (int k = 0; k < carriers; ++k)
            if (i + j - k == place && k != i && k != j) sum += i == j ? 1.0 : 2.0;
      CHECK(mixing_products(carriers, place) == sum);
      most = std::max(most, sum);
    }
    CHECK(mixing_products(carriers, carriers / 2) == most);
  }
}

// Oracle: field of three waves in the cubic equation dA/dz = -jγ|A|²A over a short guide: the product at 2 f₁
// - f₂ has the amplitude γ L A₁² A₂*, that at f₁ + f₂ - f₃ twice γ L A₁ A₂ A₃*.
TEST_CASE("waveguide nonlinearity: mixing ratio follows from the cubic term of the field equation") {
  const NonlinearGuide short_guide{.length_m = 1e-3};
  const double power_W = 5e-3, wavelength = 1.31e-6;
  const double gamma = 2.0 * M_PI * 6e-18 / (wavelength * 1e-13);
  for (const int carriers : {3, 8}) {
    const int samples = 64, place = carriers / 2;
    Complex product = 0.0;
    // One period of the beat; carriers with the phases of a quadratic chirp, so that products add as powers
    // only on average: sum over random phases instead.
    double power = 0.0;
    unsigned random = 5;
    const int draws = 4000;
    for (int d = 0; d < draws; ++d) {
      std::vector<double> phase;
      for (int c = 0; c < carriers; ++c) {
        random = random * 1664525u + 1013904223u;
        phase.push_back(2.0 * M_PI * random / 4294967296.0);
      }
      product = 0.0;
      for (int n = 0; n < samples; ++n) {
        Complex a = 0.0;
        for (int c = 0; c < carriers; ++c)
          a += std::sqrt(power_W) * std::polar(1.0, 2.0 * M_PI * c * n / samples + phase[c]);
        product += std::norm(a) * a * std::polar(1.0, -2.0 * M_PI * place * n / samples) / double(samples);
      }
      // Take away the carrier's own phase modulation, (2N - 1) P A.
      product -= (2.0 * carriers - 1.0) * power_W * std::sqrt(power_W) * std::polar(1.0, phase[place]);
      power += std::norm(gamma * 1e-3 * product) / draws;
    }
    // 4000 draws of a power whose spread is about its mean: 5 σ = 8 %.
    CHECK(rel_error(mixing_ratio(short_guide, wavelength, power_W, carriers), power / power_W) <= 0.08);
  }
}

TEST_CASE("waveguide nonlinearity: buses and waveguides warn with figures where they carry too much") {
  const MicroringModulator modulator("tx", {.fsr_Hz = 3.4e12, .ring_spacing_m = 200e-6});
  MicroringFilterParameters p;
  p.ring_spacing_m = 200e-6;
  const MicroringFilter filter("rx", p);
  const OpticalLoss guide_in("bus", {.length_m = 5e-3, .loss_per_length_dB_per_m = 200.0});
  for (const Stage* stage : {static_cast<const Stage*>(&modulator), static_cast<const Stage*>(&filter),
                             static_cast<const Stage*>(&guide_in)}) {
    CAPTURE(stage->name());
    CHECK(nonlinear_warnings(*stage, lit(8, 0.1e-3)) == 0);
    CHECK(nonlinear_warnings(*stage, lit(8, 20e-3)) == 2);
  }
  // Other materials have an index of their own.
  CHECK(nonlinear_warnings(OpticalLoss("nitride", {.length_m = 5e-3, .group_index = 2.1}), lit(8, 20e-3)) ==
        0);
}
