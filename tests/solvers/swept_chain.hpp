/// A chain of stages with its rest point and spectrum in one place, so that they live together.
#pragma once

#include "links.hpp"
#include "solvers/optical_spectrum.hpp"

namespace photonlink::test {

struct SweptChain {
  Link link;
  Chain chain;
  RestPoint rest;
  OpticalSpectrum spectrum;

  explicit SweptChain(Stages stages, int lanes = 1)
      : link(make(std::move(stages), lanes)), chain(link), rest(chain), spectrum(rest) {}
  SweptChain(const SweptChain&) = delete;
  SweptChain& operator=(const SweptChain&) = delete;

  static Link make(Stages stages, int lanes = 1) {
    Link made;
    made.name = "part";
    made.symbol_rate_Bd = 25e9;
    made.lanes = lanes;
    made.stages = std::move(stages);
    return made;
  }
};

}  // namespace photonlink::test
