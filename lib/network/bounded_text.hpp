/// Text of a plain or gzip file, bounded while it is inflated.
#pragma once

#include <cstddef>
#include <string>

namespace photonlink {

/// Whole text of `path`; gzip is recognised by its first bytes and may have several members.
/// @throws IoError when the file is missing, no file, cut off, damaged, or holds more than `max_bytes` of
/// text.
std::string read_text_bounded(const std::string& path, std::size_t max_bytes);

}  // namespace photonlink
