#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "support.hpp"
#include "wdm_study.hpp"

using namespace photonlink;
using namespace photonlink::test;

namespace {

const LinkSpec& option(const std::string& name) {
  static const Study study = read_study(source_path("examples/copper_without_files/study.toml"),
                                        device_types(), source_path("devices/cards"));
  for (const LinkSpec& link : study.links)
    if (link.name == name) return link;
  throw std::runtime_error("the example has no link " + name);
}

LinkResult result_of(const LinkSpec& spec) {
  return evaluated(spec).result;
}

}  // namespace

TEST_CASE("copper study: crosstalk of the model costs error ratio, and more of it more" *
          doctest::test_suite("slow")) {
  const LinkSpec backplane = option("backplane");
  const LinkSpec none =
      with(with(backplane, "backplane", "far_aggressors", 0), "backplane", "near_aggressors", 0);
  const LinkSpec strong = with(backplane, "backplane", "near_coupling", 3e-3);
  const double as_is = result_of(backplane).ber_before_fec, quiet = result_of(none).ber_before_fec,
               loud = result_of(strong).ber_before_fec;
  CHECK(quiet < as_is);
  CHECK(as_is < loud);
  CHECK(quiet > 0.0);
}

TEST_CASE("copper study: ten metres of cable cannot close, none at all beats two" *
          doctest::test_suite("slow")) {
  const LinkSpec cable = option("cable");
  const double two = result_of(cable).ber_before_fec;
  CHECK(result_of(with(cable, "cable", "length", 0.0)).ber_before_fec < two);
  // More than 50 dB: a good share of the symbols is a guess.
  CHECK(result_of(with(cable, "cable", "length", 10.0)).ber_before_fec > 1e-2);
}

TEST_CASE("copper study: latency grows with a metre of cable by its delay" * doctest::test_suite("slow")) {
  const LinkSpec cable = option("cable");
  const double more_s = result_of(with(cable, "cable", "length", 3.0)).latency_s - result_of(cable).latency_s;
  // √ε/c at 10 GHz, ε = 1.75; at 26.56 GHz 2.5e-4 less by the dielectric, 1e-3 more by skin effect.
  CHECK(rel_error(more_s, std::sqrt(1.75) / constants::speed_of_light_m_per_s) <= 2e-3);
}
