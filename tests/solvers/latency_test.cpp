#include <doctest/doctest.h>

#include <memory>

#include "solvers/evaluate.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

std::shared_ptr<Link> back_to_back(int lanes, const std::string& fec) {
  auto link = std::make_shared<Link>();
  link->name = "back to back";
  link->symbol_rate_Bd = 25e9;
  link->lanes = lanes;
  link->fec = fec;
  link->pattern = "deBruijn5";
  link->stages = {std::make_shared<SerdesTransmitter>("tx", SerdesTransmitterParameters{.snr_dB = 20.0}),
                  std::make_shared<SerdesReceiver>("rx", SerdesReceiverParameters{.noise_V2_per_Hz = 1e-15})};
  return link;
}

double latency_s(int lanes, const std::string& fec) {
  Context context(1);
  return evaluate(back_to_back(lanes, fec), {.pictures = false}, context).latency_s;
}

}  // namespace

// Oracle: a decoder can start when the last of 528 symbols of 10 bits has come in over its lane.
TEST_CASE("evaluate: FEC latency is one codeword at the rate of one lane, for any number of lanes") {
  for (const int lanes : {1, 4}) {
    CAPTURE(lanes);
    const double added_s = latency_s(lanes, "RS(528,514)") - latency_s(lanes, "none");
    // A sum and a difference of like terms.
    CHECK(test::rel_error(added_s, 5280 / 25e9) <= 1e-12);
  }
}
