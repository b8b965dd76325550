/// The content of the JSON document as HDF5 in netCDF-4 layout: one group per package case ("/case_1").
#pragma once

#include <string>

#include "studies/com/com_json.hpp"

namespace photonlink {

/// Writes `path` atomically. @throws IoError naming path, cause and fix.
void write_com_hdf5(const ComRun& run, const Provenance& provenance, const std::string& path);

}  // namespace photonlink
