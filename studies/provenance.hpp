/// Where a file of results comes from.
#pragma once

#include <string>
#include <vector>

namespace photonlink {

struct CardText {
  std::string name, text;  ///< "smf_g652d", the file byte for byte
};

/// What is needed to run the study again, recorded with its results.
struct Provenance {
  std::string study_name, study_title;
  std::string study_text;       ///< the file as read, byte for byte
  std::string program_version;  ///< "0.1.0"
  std::string build;            ///< compiler and options, free text
  std::string command;          ///< command line
  std::vector<CardText> cards;  ///< the device cards that the study names
};

}  // namespace photonlink
