#include "solvers/retimed_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "signal/pattern.hpp"
#include "solvers/fec.hpp"

namespace photonlink {
namespace {

double bit_rate_b_per_s(const LinkResult& hop) {
  return hop.symbol_rate_Bd * bits_per_symbol(levels_of(hop.modulation)) * hop.lanes;
}

}  // namespace

double error_ratio_of_hops(std::span<const double> error_ratio) {
  // ½ (1 - Π (1 - 2 p)) from the outside in: p + q - 2 p q keeps its digits.
  double sum = 0.0;
  for (const double p : error_ratio) sum += p - 2.0 * sum * p;
  return sum;
}

PathResult evaluate_path(const RetimedPath& path, std::span<const LinkResult* const> hops) {
  if (hops.empty()) throw ConfigError(fmt::format("path '{}': no links; name at least one", path.name));
  const Fec fec = make_fec(path.fec);
  PathResult result{.name = path.name, .title = path.title, .fec = path.fec, .hops = {}};
  std::vector<double> errors;
  const double rate = bit_rate_b_per_s(*hops.front());
  double floor = 0.0, one_way_J = 0.0, latency_s = 0.0;
  for (const LinkResult* hop : hops) {
    // A retimer sends what arrives: to the oscillator tolerance of Ethernet, 100 ppm.
    if (std::abs(bit_rate_b_per_s(*hop) - rate) > 1e-4 * rate)
      throw ConfigError(
          fmt::format("path '{}': link '{}' carries {:.6g} Gb/s and link '{}' {:.6g} Gb/s; a retimer "
                      "passes on what arrives, give all hops one bit rate",
                      path.name, hop->name, bit_rate_b_per_s(*hop) / 1e9, hops.front()->name, rate / 1e9));
    result.hops.push_back(hop->name);
    errors.push_back(hop->ber_after_fec);
    floor += hop->ber_floor;
    one_way_J += hop->energy.with_host_J_per_bit;
    latency_s += hop->latency_s;
  }
  result.ber_floor = floor;
  result.ber_before_fec = error_ratio_of_hops(errors);
  result.ber_after_fec = std::max(ber_after_fec(fec, result.ber_before_fec), floor);
  result.target_ber = path.target_ber;
  result.closes = result.ber_after_fec <= path.target_ber;
  result.latency_s = latency_s + (fec.active() ? fec_latency_s(fec, rate / hops.front()->lanes) : 0.0);
  result.one_way_J_per_bit = one_way_J;
  result.both_ways_J_per_bit = 2.0 * one_way_J;
  return result;
}

}  // namespace photonlink
