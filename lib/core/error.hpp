/// Errors a user can cause. Messages read "thing: value with unit, allowed range; likely fix".
#pragma once

#include <stdexcept>
#include <string>

namespace photonlink {

/// Base of everything this library throws on purpose.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// A study, card or option says something that cannot be meant.
struct ConfigError : Error {
  using Error::Error;
};
/// A value lies outside the range in which a formula holds.
struct DomainError : Error {
  using Error::Error;
};
/// A file could not be read or written.
struct IoError : Error {
  using Error::Error;
};

/// Always-on guard for what a user can get wrong; debug assertions guard our own code.
/// @throws DomainError with `message` when `condition` is false.
inline void require(bool condition, const std::string& message) {
  if (!condition) throw DomainError(message);
}

}  // namespace photonlink
