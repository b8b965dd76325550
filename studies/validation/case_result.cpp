#include "studies/validation/case_result.hpp"

#include <algorithm>

namespace photonlink {

std::string_view role_name(Role role) {
  switch (role) {
    case Role::measurement:
      return "measurement";
    case Role::alternative:
      return "alternative";
    case Role::fit:
      return "fit";
    case Role::identity:
      return "identity";
    case Role::arithmetic:
      return "arithmetic";
    case Role::code:
      return "code";
  }
  return "measurement";
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::band:
      return "band";
    case Verdict::miss:
      return "miss";
    case Verdict::uncomputed:
      return "not_computed";
  }
  return "not_computed";
}

bool ValidationReport::worse() const {
  return std::any_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.kind == Change::Kind::worse || change.kind == Change::Kind::gone;
  });
}

}  // namespace photonlink
