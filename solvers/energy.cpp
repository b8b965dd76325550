#include "solvers/energy.hpp"

namespace photonlink {

EnergySum add_energy(const Ledger& ledger, double bit_rate_b_per_s) {
  EnergySum sum;
  for (const LedgerEntry& entry : ledger.energy) {
    const double energy_J = entry.power_W / bit_rate_b_per_s;
    if (entry.owner == Owner::module) sum.module_J_per_bit += energy_J;
    sum.with_host_J_per_bit += energy_J;
  }
  sum.link_J_per_bit = 2.0 * sum.with_host_J_per_bit;
  return sum;
}

double add_latency_s(const Ledger& ledger) {
  double sum = 0.0;
  for (const LatencyEntry& entry : ledger.latency) sum += entry.delay_s;
  return sum;
}

}  // namespace photonlink
