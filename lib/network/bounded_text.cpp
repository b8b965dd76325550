#include "network/bounded_text.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/error.hpp"

namespace photonlink {
namespace {

struct CloseGz {
  void operator()(gzFile_s* file) const { gzclose_r(file); }
};
using GzFile = std::unique_ptr<gzFile_s, CloseGz>;

GzFile open_file(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status))
    throw IoError(fmt::format("{}: there is no such file; check the path", path));
  if (std::filesystem::is_directory(status))
    throw IoError(fmt::format("{}: this is a folder; name a file in it", path));
  errno = 0;
  GzFile file(gzopen(path.c_str(), "rb"));
  if (!file)
    throw IoError(
        fmt::format("{}: cannot be opened ({}); check its permissions", path, std::strerror(errno)));
  gzbuffer(file.get(), 1 << 17);
  return file;
}

[[noreturn]] void throw_read_error(const std::string& path, int code, const char* text) {
  if (code == Z_BUF_ERROR)
    throw IoError(fmt::format("{}: the gzip stream is cut off; copy the file again", path));
  if (code == Z_DATA_ERROR)
    throw IoError(fmt::format("{}: the gzip stream is damaged ({}); copy the file again", path, text));
  throw IoError(fmt::format("{}: cannot be read ({})", path, code == Z_ERRNO ? std::strerror(errno) : text));
}

}  // namespace

std::string read_text_bounded(const std::string& path, std::size_t max_bytes) {
  GzFile file = open_file(path);
  std::string text;
  std::vector<char> block(std::size_t{1} << 18);
  for (;;) {
    const int count = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    int code = Z_OK;
    const char* reason = gzerror(file.get(), &code);
    if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) throw_read_error(path, code, reason);
    if (count == 0) break;
    if (text.size() + static_cast<std::size_t>(count) > max_bytes) {
      throw IoError(
          fmt::format("{}: holds more than {} bytes of text, the limit of this reader; thin out its "
                      "frequencies or ports",
                      path, max_bytes));
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace photonlink
