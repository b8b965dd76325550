#include "solvers/com/sampling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;

namespace {

constexpr int samples = 100;
constexpr long start = 300;

// Rises over `rise` symbols and falls over `fall`, both straight, from sample `start` on.
std::vector<double> triangle(double rise, double fall) {
  std::vector<double> p(1500, 0.0);
  for (std::size_t n = 0; n < p.size(); ++n) {
    const double t = (static_cast<double>(n) - start) / samples;
    p[n] = std::max(0.0, std::min(t / rise, 1.0 - (t - rise) / fall));
  }
  return p;
}

long instant(const std::vector<double>& p, double smallest, double largest, MuellerMuller rule) {
  const long peak = std::max_element(p.begin(), p.end()) - p.begin();
  return sampling_instant({p, 0}, peak, samples, smallest, largest, rule);
}

}  // namespace

TEST_CASE("com sampling: a triangle of 2 + 2 symbols is sampled at 4 / (2 + b) symbols by both rules") {
  // Before the peak (93A-25) reads (t - T) = 2T - (t - T) - b t in units of 1/2T, so t = 4T / (2 + b).
  const auto p = triangle(2.0, 2.0);
  for (const double b : {0.1, 0.5, 1.0, 1.5})
    for (const MuellerMuller rule : {MuellerMuller::annex, MuellerMuller::script}) {
      // Half a sample of rounding to the grid, and the half on which two samples tie.
      CHECK(abs_error(static_cast<double>(instant(p, 0.0, b, rule) - start), samples * 4.0 / (2.0 + b)) <=
            1.0);
    }
}

TEST_CASE("com sampling: a tap forced by its lower limit moves the annex's instant alone") {
  const auto p = triangle(2.0, 2.0);
  // b = 0.5 whatever the pulse asks for.
  CHECK(abs_error(static_cast<double>(instant(p, 0.5, 0.5, MuellerMuller::annex) - start), 160.0) <= 1.0);
  // b = 3 takes more away than there is: behind T/2, where p(t + T) = 3 p(t), the right side is negative.
  CHECK(abs_error(static_cast<double>(instant(p, 3.0, 3.0, MuellerMuller::annex) - start), 50.0) <= 1.0);
}

TEST_CASE("com sampling: without a solution before the peak the one behind it is taken") {
  // Rise of 1, fall of 2 symbols, no DFE: (t - T)/T = 1 - t/2T, t = 4T/3, the peak is at T.
  const auto p = triangle(1.0, 2.0);
  CHECK(abs_error(static_cast<double>(instant(p, 0.0, 0.0, MuellerMuller::annex) - start), 400.0 / 3.0) <=
        1.0);
  CHECK(abs_error(static_cast<double>(instant(p, 0.0, 0.0, MuellerMuller::script) - start), 400.0 / 3.0) <=
        1.0);
}

TEST_CASE("com sampling: a symmetric pulse without DFE is sampled at its peak") {
  const auto p = triangle(1.5, 1.5);
  CHECK(instant(p, 0.0, 0.0, MuellerMuller::annex) == start + 150);
  CHECK(instant(p, 0.0, 0.0, MuellerMuller::script) == start + 150);
}

TEST_CASE("com sampling: a piece of the pulse gives the same instant as the whole") {
  const auto p = triangle(2.0, 2.0);
  const std::vector<double> part(p.begin() + 50, p.begin() + 1100);
  for (const MuellerMuller rule : {MuellerMuller::annex, MuellerMuller::script})
    CHECK(sampling_instant({part, 50}, start + 200, samples, 0.0, 0.5, rule) == instant(p, 0.0, 0.5, rule));
}

TEST_CASE("com sampling: no instant when the pulse does not rise within four symbols or is cut off") {
  const auto slow = triangle(5.0, 2.0);
  CHECK(instant(slow, 0.0, 0.5, MuellerMuller::script) == -1);
  auto lifted = triangle(2.0, 2.0);
  for (double& each : lifted) each += 0.1;  // never below 1 % of the peak
  CHECK(instant(lifted, 0.0, 0.5, MuellerMuller::annex) == -1);
  auto cut = triangle(2.0, 2.0);
  cut.resize(start + 250);
  CHECK(instant(cut, 0.0, 0.5, MuellerMuller::script) == -1);
}
