#include "solvers/fec.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"

namespace photonlink {
namespace {

void require_ratio(double ratio) {
  require(ratio >= 0.0 && ratio <= 1.0, fmt::format("FEC: bit error ratio = {} is outside 0 ... 1", ratio));
}

double symbol_error_ratio(const Fec& fec, double ber) {
  return ber == 1.0 ? 1.0 : -std::expm1(fec.bits_per_symbol * std::log1p(-ber));
}

}  // namespace

Fec make_fec(std::string_view name, double pipeline_s) {
  require(pipeline_s >= 0.0, fmt::format("FEC {}: pipeline = {} s is below 0", name, pipeline_s));
  if (name == "none") return {};
  if (name == "KP4" || name == "RS(544,514)") return {"RS(544,514)", 544, 514, 15, 10, pipeline_s};
  if (name == "KR4" || name == "RS(528,514)") return {"RS(528,514)", 528, 514, 7, 10, pipeline_s};
  throw ConfigError(
      fmt::format("FEC: \"{}\" is unknown, allowed none, KP4 = RS(544,514), KR4 = RS(528,514); for PAM4 "
                  "Ethernet write \"KP4\"",
                  name));
}

double codeword_error_ratio(const Fec& fec, double ber_before) {
  require(fec.active(), "FEC: none has no codewords; choose KP4 or KR4");
  require_ratio(ber_before);
  return boost::math::ibeta(fec.correctable + 1.0, static_cast<double>(fec.symbols - fec.correctable),
                            symbol_error_ratio(fec, ber_before));
}

double ber_after_fec(const Fec& fec, double ber_before) {
  require_ratio(ber_before);
  if (!fec.active()) return ber_before;
  return ber_before * boost::math::ibeta(static_cast<double>(fec.correctable),
                                         static_cast<double>(fec.symbols - fec.correctable),
                                         symbol_error_ratio(fec, ber_before));
}

double required_ber_before_fec(const Fec& fec, double target) {
  require(target > 0.0 && target < 0.5, fmt::format("FEC: target BER = {} is outside (0, 0.5)", target));
  if (!fec.active()) return target;
  // In logarithms both axes are nearly straight. The BER after FEC never exceeds the one before.
  const auto excess = [&](double log_ber) {
    return std::log(ber_after_fec(fec, std::exp(log_ber))) - std::log(target);
  };
  double low = std::log(target), high = std::log(0.5);
  if (excess(high) <= 0.0) return 0.5;
  // At BER p the result is about p^(t + 1): begin where it can still be represented.
  low = std::max(low, -600.0 / (fec.correctable + 1.0));
  while (excess(low) > 0.0) low *= 1.5;
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      excess, low, high, [](double x, double y) { return std::abs(x - y) <= 1e-13; }, iterations);
  return std::exp(0.5 * (a + b));
}

double code_rate(const Fec& fec) {
  return fec.active() ? static_cast<double>(fec.message_symbols) / fec.symbols : 1.0;
}

double overhead(const Fec& fec) {
  return 1.0 / code_rate(fec) - 1.0;
}

double fec_latency_s(const Fec& fec, double line_rate_bps) {
  require(line_rate_bps > 0.0,
          fmt::format("FEC {}: line rate = {} bit/s is not positive", fec.name, line_rate_bps));
  return static_cast<double>(fec.symbols) * fec.bits_per_symbol / line_rate_bps + fec.pipeline_s;
}

}  // namespace photonlink
