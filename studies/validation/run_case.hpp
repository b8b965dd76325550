/// Runs a validation case: fits what may be fitted, computes every quantity, spans the bands of what is
/// assumed, and judges.
///
/// Where a link takes fitted values, each end of an assumption is fitted again with the same assumption in
/// all links of the fit: the band says what the ranges leave open after the fit, not how badly a fit at the
/// nominal inputs suits other inputs. Bands are those of studies/assumption_band.hpp, point by point.
///
/// An evaluation that fails makes its quantity `not_computed` with the reason; the others go on.
#pragma once

#include "core/context.hpp"
#include "studies/validation/case_spec.hpp"

namespace photonlink {

/// Evaluations of the bands run on context.threads() threads; the result does not depend on their number.
CaseResult run_case(const CaseSpec& spec, Context& context);

}  // namespace photonlink
