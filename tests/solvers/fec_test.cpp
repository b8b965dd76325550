#include "solvers/fec.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

struct Sums {
  double codeword = 0.0, symbols_left = 0.0;
};

// Binomial law term by term with log-gamma.
Sums binomial_sums(const Fec& fec, double ber) {
  const int n = fec.symbols;
  const double p = -std::expm1(10.0 * std::log1p(-ber));
  Sums sums;
  for (int i = fec.correctable + 1; i <= n; ++i) {
    const double term = std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) +
                                 i * std::log(p) + (n - i) * std::log1p(-p));
    sums.codeword += term;
    sums.symbols_left += term * i / n;
  }
  return sums;
}

}  // namespace

TEST_CASE("fec: codeword and bit errors equal the sums over the binomial law") {
  for (const char* name : {"KP4", "KR4"}) {
    const Fec fec = make_fec(name);
    for (const double ber : {1e-12, 1e-6, 1e-5, 1e-4, 2.4e-4, 1e-3, 1e-2, 0.1}) {
      const Sums sums = binomial_sums(fec, ber);
      const double symbol_error = -std::expm1(10.0 * std::log1p(-ber));
      // log-gamma near 2900 carries 4e-13 in each of three terms.
      CHECK(rel_error(codeword_error_ratio(fec, ber), sums.codeword) <= 3e-12);
      CHECK(rel_error(ber_after_fec(fec, ber), sums.symbols_left * ber / symbol_error) <= 3e-12);
    }
  }
}

TEST_CASE("fec: for few errors the leading term C(n, t + 1) (10 p)^(t + 1) remains, down to 1e-250") {
  const Fec fec = make_fec("KP4");
  const double p = 1e-19;
  const double log_choose = std::lgamma(545.0) - std::lgamma(17.0) - std::lgamma(529.0);
  // Log-gamma again; next order is 528 · 10 p.
  CHECK(rel_error(codeword_error_ratio(fec, p), std::exp(log_choose + 16.0 * std::log(10.0 * p))) <= 3e-12);
  CHECK(codeword_error_ratio(fec, p) < 1e-250);
  CHECK(rel_error(ber_after_fec(fec, p),
                  std::exp(log_choose + 16.0 * std::log(10.0 * p)) * 16.0 / 544.0 / 10.0) <= 3e-12);
}

TEST_CASE("fec: KP4 at its random-error limit 2.4e-4 loses one codeword in about 1e12") {
  // 8.2e-13 is quoted with two digits.
  CHECK(rel_error(codeword_error_ratio(make_fec("KP4"), 2.4e-4), 8.2e-13) <= 0.01);
}

TEST_CASE("fec: the required BER undoes the BER after FEC") {
  for (const char* name : {"none", "KP4", "KR4"}) {
    const Fec fec = make_fec(name);
    for (const double target : {1e-2, 1e-6, 1e-13, 1e-15, 1e-18, 1e-100}) {
      // Required BER to 1e-13, amplified by the slope t + 1 of the logarithms, at most 16.
      CHECK(rel_error(ber_after_fec(fec, required_ber_before_fec(fec, target)), target) <= 2e-11);
    }
  }
}

TEST_CASE("fec: BER after FEC grows with BER before and never exceeds it") {
  for (const char* name : {"KP4", "KR4"}) {
    const Fec fec = make_fec(name);
    double last = 0.0;
    for (double log_ber = -18.0; log_ber < -0.3; log_ber += 0.1) {
      const double ber = std::pow(10.0, log_ber), after = ber_after_fec(fec, ber);
      CHECK(after > last);
      CHECK(after <= ber);
      last = after;
    }
    CHECK(ber_after_fec(fec, 0.0) == 0.0);
    CHECK(ber_after_fec(fec, 1.0) == 1.0);
  }
}

TEST_CASE("fec: rates, overheads and latencies are those of the codes") {
  const Fec kp4 = make_fec("RS(544,514)", 100e-9), kr4 = make_fec("RS(528,514)");
  // One or two roundings.
  CHECK(rel_error(code_rate(kp4), 514.0 / 544.0) <= 1e-15);
  CHECK(rel_error(overhead(kr4), 14.0 / 514.0) <= 1e-13);
  CHECK(rel_error(fec_latency_s(kp4, 106.25e9), 51.2e-9 + 100e-9) <= 1e-14);
  CHECK(code_rate(make_fec("none")) == 1.0);
  CHECK(fec_latency_s(make_fec("none"), 1e9) == 0.0);
  CHECK(2 * kp4.correctable == kp4.symbols - kp4.message_symbols);
  CHECK(2 * kr4.correctable == kr4.symbols - kr4.message_symbols);
}

TEST_CASE("fec: unknown codes and impossible ratios are refused") {
  CHECK_THROWS_WITH_AS(make_fec("RS(1,1)"), doctest::Contains("KP4"), ConfigError);
  CHECK_THROWS_AS(ber_after_fec(make_fec("KP4"), -1e-9), DomainError);
  CHECK_THROWS_AS(ber_after_fec(make_fec("KP4"), 1.1), DomainError);
  CHECK_THROWS_AS(required_ber_before_fec(make_fec("KP4"), 0.0), DomainError);
  CHECK_THROWS_AS(codeword_error_ratio(make_fec("none"), 1e-3), DomainError);
  CHECK_THROWS_AS(fec_latency_s(make_fec("KP4"), 0.0), DomainError);
}
