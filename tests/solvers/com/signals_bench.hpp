/// Everything that an equaliser sees of one package case, kept together for as long as a test needs it.
#pragma once

#include <utility>
#include <vector>

#include "solvers/com/case_signals.hpp"
#include "solvers/com/transmit_taps.hpp"

namespace photonlink::test {

struct SignalsBench {
  com::Parameters p;
  com::Mode mode;
  Context context;
  com::TransmitTaps taps;
  com::ChannelSet channels;
  com::CaseSignals signals;
  SignalsBench(com::Parameters parameters, const std::vector<com::Path>& paths, const char* name,
               int threads = 1)
      : p(std::move(parameters)),
        mode(com::mode(name)),
        context(threads),
        taps(com::transmit_taps(p)),
        channels(com::channel_set(p, paths, mode)),
        signals(p, p.package_case[0], channels, mode, context) {}
};

}  // namespace photonlink::test
