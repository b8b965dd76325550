#include "core/random.hpp"

#include <Random123/philox.h>
#include <doctest/doctest.h>
#include <Random123/boxmuller.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/special.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;

TEST_CASE("random: Philox4x32-10 gives the known answers of Random123's kat_vectors") {
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox_words({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  CHECK(philox_words({ones, ones, ones, ones}, {ones, ones}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox_words({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: Gaussian values are those of Random123's Box-Muller transform") {
  const std::uint64_t seed = 0x1234567890abcdefu, source = 0xfedcba0987654321u, block = 0x80000001u;
  // Around 0, where the counter is largest, and in the middle.
  for (const std::uint64_t first :
       {std::uint64_t{0}, std::uint64_t{123456790}, (std::uint64_t{1} << 33) - 64}) {
    std::vector<double> x(64);
    RandomStream(seed, source, block).normal(first, x);
    for (std::uint64_t i = 0; i < x.size(); i += 2) {
      const auto word =
          philox_words({static_cast<std::uint32_t>((first + i) / 2), static_cast<std::uint32_t>(block),
                        static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(source >> 32)},
                       {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
      const auto expected =
          r123::boxmuller(word[0] | std::uint64_t{word[1]} << 32, word[2] | std::uint64_t{word[3]} << 32);
      // Values up to 9.4, an angle rounded at π (4e-16) and two roundings: below 1e-14.
      CHECK(abs_error(x[i], expected.y) <= 1e-14);
      CHECK(abs_error(x[i + 1], expected.x) <= 1e-14);
    }
  }
}

TEST_CASE("random: any division into pieces gives the same bits") {
  const RandomStream stream(7, source_number("laser RIN"), 3);
  std::vector<double> whole(1001), pieces(1001);
  std::vector<int> whole_int(1001), pieces_int(1001);
  stream.normal(5, whole);
  stream.integers(5, 4, whole_int);
  std::size_t begin = 0;
  for (std::size_t size = 1; begin < pieces.size(); begin += size, size = size % 13 + 2) {
    size = std::min(size, pieces.size() - begin);
    stream.normal(5 + begin, std::span(pieces).subspan(begin, size));
    stream.integers(5 + begin, 4, std::span(pieces_int).subspan(begin, size));
  }
  CHECK(whole == pieces);
  CHECK(whole_int == pieces_int);
}

TEST_CASE("random: uniform moments lie within 5 sigma and the interval is open") {
  constexpr int n = 1 << 18;
  std::vector<double> x(n);
  RandomStream(1, 2).uniform(0, x);
  double sum = 0.0, square = 0.0;
  for (const double u : x) {
    REQUIRE((u > 0.0 && u < 1.0));
    sum += u - 0.5;
    square += (u - 0.5) * (u - 0.5);
  }
  // Seed 1. Variance of u is 1/12, of (u - 1/2)² is 1/180.
  CHECK(std::abs(sum / n) <= 5.0 * std::sqrt(1.0 / 12.0 / n));
  CHECK(std::abs(square / n - 1.0 / 12.0) <= 5.0 * std::sqrt(1.0 / 180.0 / n));
}

TEST_CASE("random: Gaussian moments, tails and correlations lie within 5 sigma") {
  constexpr int n = 1 << 19;
  std::vector<double> x(n), other(n);
  const RandomStream stream(20240607, 11);
  stream.normal(0, x);
  RandomStream(20240607, 11, 1).normal(0, other);
  double m1 = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0, lag = 0.0, cross = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    m1 += x[i];
    m2 += x[i] * x[i];
    m3 += x[i] * x[i] * x[i];
    m4 += x[i] * x[i] * x[i] * x[i];
    cross += x[i] * other[i];
    if (i > 0) lag += x[i] * x[i - 1];
  }
  // Variances of x, x², x³, x⁴ and of a product of independent values: 1, 2, 15, 96, 1. Seed 20240607.
  const double sigma = 1.0 / std::sqrt(n);
  CHECK(std::abs(m1 / n) <= 5.0 * sigma);
  CHECK(std::abs(m2 / n - 1.0) <= 5.0 * std::sqrt(2.0) * sigma);
  CHECK(std::abs(m3 / n) <= 5.0 * std::sqrt(15.0) * sigma);
  CHECK(std::abs(m4 / n - 3.0) <= 5.0 * std::sqrt(96.0) * sigma);
  CHECK(std::abs(lag / n) <= 5.0 * sigma);
  CHECK(std::abs(cross / n) <= 5.0 * sigma);
  for (const double limit : {0.5, 1.0, 2.0, 3.0, 4.0}) {
    double above = 0.0, below = 0.0;
    for (const double value : x) above += value > limit, below += value < -limit;
    const double p = gaussian_tail(limit);
    // Binomial standard deviation.
    const double tolerance = 5.0 * std::sqrt(n * p * (1.0 - p));
    CHECK(std::abs(above - n * p) <= tolerance);
    CHECK(std::abs(below - n * p) <= tolerance);
  }
}

TEST_CASE("random: integers are equally likely within 5 sigma") {
  constexpr int n = 300000, bound = 3;
  std::vector<int> x(n);
  RandomStream(3, 4).integers(0, bound, x);
  std::array<int, bound> count{};
  for (const int i : x) ++count.at(static_cast<std::size_t>(i));
  // Binomial standard deviation with p = 1/3. Seed 3.
  for (const int c : count) CHECK(std::abs(c - n / 3.0) <= 5.0 * std::sqrt(n * 2.0 / 9.0));
}

TEST_CASE("random: what lies outside a stream is refused") {
  std::vector<double> x(2);
  std::vector<int> k(2);
  const RandomStream stream(1, 1);
  CHECK_THROWS_AS(stream.normal((std::uint64_t{1} << 33) - 1, x), DomainError);
  CHECK_THROWS_AS(stream.integers(0, 0, k), DomainError);
  CHECK_THROWS_AS(RandomStream(1, 1, std::uint64_t{1} << 32), DomainError);
}
