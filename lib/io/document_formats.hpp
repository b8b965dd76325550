/// The two parsers behind parse_document(), one translation unit each: toml++ alone costs 5.5 s to compile.
#pragma once

#include "io/document.hpp"

namespace photonlink {

/// @throws ConfigError "file:line:column: reason".
Node parse_toml(std::string_view text, const std::shared_ptr<const std::string>& file);
/// @throws ConfigError "file:line:column: reason" on bad syntax, "file: key path: reason" otherwise.
Node parse_json(std::string_view text, const std::shared_ptr<const std::string>& file);

}  // namespace photonlink
