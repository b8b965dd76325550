/// What `photonlink validate --observables` prints, from the registry alone.
#pragma once

#include <string>

namespace photonlink {

/// Every observable with its unit, abscissa, arguments and meaning. @param width columns of the terminal, 0:
/// as long as they are
std::string observable_list_text(int width);
/// The table of docs/validation.md, one row per observable, and below it that of the arguments.
std::string observable_list_markdown();

}  // namespace photonlink
