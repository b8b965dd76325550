#include "studies/result_origin.hpp"

namespace photonlink {

json_text::Json origin_json(const std::string& format, int schema_version, const Provenance& provenance) {
  return {{"schema", format},
          {"schema_version", schema_version},
          {"program_version", provenance.program_version},
          {"build", provenance.build},
          {"command", provenance.command}};
}

void write_origin(Hdf5Writer& file, const std::string& format, int schema_version,
                  const Provenance& provenance) {
  file.attribute("/", "Conventions", format);
  file.attribute("/", "schema_version", schema_version);
  file.attribute("/", "program_version", provenance.program_version);
  file.attribute("/", "build", provenance.build);
  file.attribute("/", "command", provenance.command);
}

}  // namespace photonlink
