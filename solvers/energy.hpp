/// Energy per bit at three boundaries, since published totals differ in it.
///
///   module     one optical engine or pluggable: its transmit and its receive half
///   with host  the same plus the SerDes that talk to it on that end, transmit and receive
///   link       both ends of the duplex link, per bit of the rate one direction carries: twice `with host`
/// A chain describes one direction: its transmit half stands at one end and its receive half at the other,
/// which by symmetry is what one end dissipates. On copper there is no module: that sum is 0.
#pragma once

#include "solvers/result.hpp"

namespace photonlink {

/// @param bit_rate_b_per_s of all lanes, one direction
EnergySum add_energy(const Ledger& ledger, double bit_rate_b_per_s);
double add_latency_s(const Ledger& ledger);

}  // namespace photonlink
