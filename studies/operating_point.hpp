/// The operating point of a link: the parameters that its stages leave open under `vary`, chosen for the
/// largest margin or for the least energy that holds a margin.
///
/// Margin is the loss margin of optical links and the noise margin of copper. Energy is that of one end with
/// its host. Where no loss or noise reaches the target there is no margin; the error ratio then stands in for
/// it, below all margins, so that the search finds its way from a closed link to an open one. Equalisers,
/// sampling phase and thresholds adapt at every trial.
///
/// The search is that of solvers/bounded_search.hpp: some 20 to 300 evaluations of the link. Verified in
/// tests/studies/operating_point_test.cpp: the margin asked for is the margin left, a grid finds nothing
/// better, and neighbours are worse.
#pragma once

#include "core/context.hpp"
#include "studies/study.hpp"

namespace photonlink {

/// The link with the chosen values in place of its own and `chosen` filled; as it is when it has no goal or
/// was chosen already. @throws ConfigError when a trial refuses its parameters, DomainError when no trial can
/// be evaluated.
LinkSpec at_operating_point(LinkSpec spec, Context& context);
/// All links of a study.
Study at_operating_points(Study study, Context& context);

}  // namespace photonlink
