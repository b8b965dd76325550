#include "studies/pictures/png_encoder.hpp"

#include <png.h>

#include <vector>

#include "core/error.hpp"

namespace photonlink::pictures {

std::string encode_png(int width, int height, std::span<const std::uint32_t> pixels, std::size_t stride) {
  std::vector<unsigned char> rgb;
  rgb.reserve(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::size_t row = 0; row < static_cast<std::size_t>(height); ++row) {
    for (const std::uint32_t pixel : pixels.subspan(row * stride, static_cast<std::size_t>(width))) {
      const unsigned char bytes[] = {static_cast<unsigned char>(pixel >> 16),
                                     static_cast<unsigned char>(pixel >> 8),
                                     static_cast<unsigned char>(pixel)};
      rgb.insert(rgb.end(), bytes, bytes + 3);
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  // Room for the worst case, so that one pass of compression is enough.
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string file(size, '\0');
  if (!png_image_write_to_memory(&image, file.data(), &size, 0, rgb.data(), 0, nullptr))
    throw IoError(std::string("picture: cannot encode PNG: ") + image.message);
  file.resize(size);
  return file;
}

}  // namespace photonlink::pictures
