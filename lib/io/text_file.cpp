#include "io/text_file.hpp"

#include <fstream>
#include <sstream>

namespace photonlink {

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace photonlink
