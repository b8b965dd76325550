/// The folder of a calculation of channel operating margin: JSON, HDF5 and pictures.
#pragma once

#include <string>

#include "core/context.hpp"
#include "studies/com/com_run.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

/// Writes result.json, result.h5 and case_1.png, case_1.svg ... into `folder`, which is replaced as a whole.
/// @throws IoError with the old folder in place.
void write_com(const ComRun& run, const Provenance& provenance, const std::string& folder, Context& context);

}  // namespace photonlink
