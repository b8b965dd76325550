#include "solvers/com/transmit_taps.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;

namespace {

Parameters with_taps(std::vector<TapRange> ranges, double smallest_main) {
  Parameters p = test::small_configuration();
  p.tap = std::move(ranges);
  p.transmitter.smallest_main_tap = smallest_main;
  return p;
}

}  // namespace

TEST_CASE("com transmit taps: the KR4 grid keeps 155 of 200 settings") {
  const auto taps = transmit_taps(with_taps({{.position = -1, .first = -0.18, .step = 0.02, .last = 0.0},
                                             {.position = 1, .first = -0.38, .step = 0.02, .last = 0.0}},
                                            0.62));
  int count = 0;  // in units of 0.02, free of rounding: c(0) >= 0.62 leaves 19 units
  for (int pre = 0; pre <= 9; ++pre)
    for (int post = 0; post <= 19; ++post) count += pre + post <= 19;
  CHECK(count == 155);
  CHECK(taps.settings() == 155);
  CHECK(taps.main == 1);
  CHECK(taps.count == 3);
}

TEST_CASE("com transmit taps: the KR grid of 802.3ck keeps what whole units count") {
  const auto taps = transmit_taps(with_taps({{.position = 1, .first = -0.2, .step = 0.02, .last = 0.0},
                                             {.position = -1, .first = -0.34, .step = 0.02, .last = 0.0},
                                             {.position = -2, .first = 0.0, .step = 0.02, .last = 0.12},
                                             {.position = -3, .first = -0.06, .step = 0.02, .last = 0.0}},
                                            0.54));
  std::size_t count = 0;
  for (int a = 0; a <= 3; ++a)
    for (int b = 0; b <= 6; ++b)
      for (int c = 0; c <= 17; ++c)
        for (int d = 0; d <= 10; ++d) count += a + b + c + d <= 23;
  CHECK(taps.settings() == count);
  CHECK(taps.main == 3);
  CHECK(taps.swept_length == std::vector<int>{4, 7, 18, 11});
}

TEST_CASE(
    "com transmit taps: the latest tap runs fastest, absolute values sum to 1, indices name the values") {
  const auto taps = transmit_taps(with_taps({{.position = -1, .first = -0.1, .step = 0.1, .last = 0.0},
                                             {.position = 2, .first = -0.2, .step = 0.1, .last = 0.0}},
                                            0.0));
  REQUIRE(taps.settings() == 6);
  CHECK(taps.count == 4);
  const double pre[] = {-0.1, -0.1, -0.1, 0.0, 0.0, 0.0}, post[] = {-0.2, -0.1, 0.0, -0.2, -0.1, 0.0};
  for (std::size_t i = 0; i < 6; ++i) {
    const double* c = taps.setting(i);
    CHECK(c[0] == pre[i]);
    CHECK(c[2] == 0.0);
    CHECK(c[3] == post[i]);
    // Rounding.
    CHECK(abs_error(std::abs(c[0]) + c[1] + std::abs(c[3]), 1.0) <= 1e-15);
    CHECK(taps.index[2 * i] == static_cast<int>(i / 3));
    CHECK(taps.index[2 * i + 1] == static_cast<int>(i % 3));
  }
}

TEST_CASE("com transmit taps: without ranges there is the main tap alone") {
  const auto taps = transmit_taps(with_taps({}, 1.0));
  CHECK(taps.settings() == 1);
  CHECK(taps.main == 0);
  CHECK(taps.value == std::vector<double>{1.0});
}

TEST_CASE("com transmit taps: a grid that leaves no setting is refused") {
  CHECK_THROWS_AS(transmit_taps(with_taps({{.position = 1, .first = -0.4, .step = 0.1, .last = -0.3}}, 0.8)),
                  ConfigError);
}
