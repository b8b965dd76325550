/// Search of CTLE, transmit taps and sampling phase with a receive FFE of least mean square error per setting
/// (Annex 178A).
///
/// Noise at the FFE's input, per symbol lag: the receiver's own (folded spectrum), aggressors at their
/// strongest phase, transmitter noise σ_X² 10^(-SNR_TX/10) of the pulse without transmit FFE, jitter
/// σ_X² (A_DD² + σ_RJ²) of h_J. The script reads the transmitter noise one sample late and counts the cursor
/// one symbol late when t_s falls on the last phase; `standard` does neither.
#pragma once

#include "solvers/com/equalizer_search.hpp"
#include "solvers/com/interference.hpp"
#include "solvers/com/mmse.hpp"

namespace photonlink::com {

struct ChosenMmse {
  ChosenEqualizer equalizer;  ///< merit: figure of merit, cursor, A_s and rms terms behind the FFE
  std::vector<double> ffe;    ///< relative to the main tap
  std::vector<int> aggressor_phase;
  int shift = 0;  ///< of the sampling instant from its anchor, samples
};

/// @throws DomainError when no setting has a sampling instant.
ChosenMmse search_mmse(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                       Context& context);

}  // namespace photonlink::com
