/// What every picture owes its reader.
#pragma once

#include <doctest/doctest.h>

#include "studies/pictures/canvas.hpp"

namespace photonlink::test {

/// No text leaves the frame or covers another, and more than `least` are there.
inline void check_texts(const pictures::Canvas& canvas, std::size_t least = 10) {
  const std::vector<pictures::TextBox>& texts = canvas.texts();
  CHECK(texts.size() > least);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const pictures::Box& a = texts[i].box;
    CAPTURE(texts[i].text);
    const bool inside = a.x >= 0 && a.y >= 0 && a.right() <= canvas.width() && a.bottom() <= canvas.height();
    CHECK(inside);
    for (std::size_t k = 0; k < i; ++k) {
      const pictures::Box& b = texts[k].box;
      const bool apart = a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
      CHECK_MESSAGE(apart, texts[k].text);
    }
  }
}

}  // namespace photonlink::test
