/// Reed-Solomon forward error correction of IEEE 802.3 over GF(2^10) \cite IEEE8023, random independent bit
/// errors.
///
/// Symbol error      p_s = 1 - (1 - p)^m                                   p: bit error ratio before FEC, m =
/// 10 bits Codeword error    P(X > t), X ~ Binomial(n, p_s)  = I_{p_s}(t + 1, n - t)       (bounded-distance
/// decoding) Symbol errors left  Σ_{i > t} (i / n) P(X = i)    = p_s I_{p_s}(t, n - t)       (uncorrected
/// codewords pass as received) BER after FEC     errors left times bit errors per wrong symbol: p I_{p_s}(t,
/// n - t) with the regularised incomplete beta function I; no sum is cut, so the result holds down to 1e-300.
///
/// Validity: errors must be independent. Bursts (DFE error propagation, unprecoded) put several errors in
/// neighbouring symbols, and interleaving spreads them again: with a DFE and no precoding or interleaving the
/// result is optimistic. Miscorrection (below 1/t! of the failures) is not counted. Verified against the sum
/// over the binomial law in logarithms, the leading term for small p, and the limits quoted for KP4.
#pragma once

#include <string>
#include <string_view>

namespace photonlink {

struct Fec {
  std::string name = "none";
  int symbols = 0;           ///< n, codeword length; 0: no FEC
  int message_symbols = 0;   ///< k
  int correctable = 0;       ///< t = (n - k) / 2
  int bits_per_symbol = 10;  ///< m
  double pipeline_s = 0.0;   ///< encoder and decoder processing, without the accumulation of one codeword

  bool active() const { return symbols > 0; }
};

/// @param name "none", "KP4" or "RS(544,514)", "KR4" or "RS(528,514)". @throws ConfigError for another one.
Fec make_fec(std::string_view name, double pipeline_s = 0.0);

/// Probability that a codeword keeps errors. @param ber_before 0 ... 1. @throws DomainError outside, or
/// without FEC.
double codeword_error_ratio(const Fec& fec, double ber_before);
/// Bit error ratio behind the decoder; without FEC the one before it.
double ber_after_fec(const Fec& fec, double ber_before);
/// Bit error ratio before FEC that gives `target` behind it, to 1e-12 of its value. @throws DomainError
/// outside (0, 0.5).
double required_ber_before_fec(const Fec& fec, double target);
/// k / n; 1 without FEC.
double code_rate(const Fec& fec);
/// n / k - 1, extra line rate over the message rate.
double overhead(const Fec& fec);
/// Time to accumulate one codeword at the line rate plus the pipeline, [s]. @param line_rate_bps > 0,
/// [bit/s], of everything that shares the codeword (all lanes when it is striped over lanes).
double fec_latency_s(const Fec& fec, double line_rate_bps);

}  // namespace photonlink
