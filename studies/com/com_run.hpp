/// One calculation of channel operating margin from files to everything that is shown of it.
#pragma once

#include "core/context.hpp"
#include "solvers/channel_measures.hpp"
#include "solvers/com/com.hpp"
#include "studies/com/com_input.hpp"

namespace photonlink {

struct ComRun {
  ComRequest request;
  com::Parameters parameters;
  std::vector<ComFile> files;  ///< through, far-end, near-end
  /// σ_x of the aggressors with the amplitudes, edge and receiver of the configuration, from 50 MHz to f_2
  /// (or f_b); NaN where the files have uneven steps.
  IntegratedCrosstalk crosstalk;
  com::Result result;
  std::vector<std::string> warnings;  ///< of the files, then of the calculation
  double elapsed_s = 0.0;

  /// Case with the least margin.
  const com::CaseResult& worst_case() const;
};

/// @throws ConfigError, IoError with every problem of the configuration or of the files; DomainError naming
/// the files when they cannot be evaluated.
ComRun run_com(const ComRequest& request, Context& context);

}  // namespace photonlink
