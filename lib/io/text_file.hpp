/// A whole file as text.
#pragma once

#include <string>

namespace photonlink {

/// Byte for byte; "" when the file cannot be read.
std::string text_of_file(const std::string& path);

}  // namespace photonlink
