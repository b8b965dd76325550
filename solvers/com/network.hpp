/// From the differential channel to the voltage transfer between the dies (Annex 93A.1.1 to 93A.1.4).
///
/// Packages, boards and channel are cascaded as chain matrices on the differential reference 2 R_0. With the
/// elements of devices/physics/ieee_line.hpp, (93A-8) to (93A-14). Between terminations 2 R_d the transfer is
///   H21 = 2 V_load / EMF = S21 (1 - Γ1)(1 + Γ2) / (1 - S11 Γ1 - S22 Γ2 - S21 S12 Γ1 Γ2 + S11 S22 Γ1 Γ2)
/// (93A-17, 93A-18). Verified in tests/solvers/com/network_test.cpp against the scattering form.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "devices/physics/ieee_line.hpp"
#include "network/s_parameters.hpp"
#include "solvers/com/parameters.hpp"

namespace photonlink::com {

/// One measured or modelled path, from a transmitter's ball to the victim's receiver ball.
struct Path {
  enum class Kind { through, fext, next } kind = Kind::through;
  std::string name;
  SParameters differential;  ///< 2-port, any reference; through and crosstalk on one frequency grid
};

/// A package or board line of this impedance.
IeeeLine line_of(const LineLoss& loss, double characteristic_ohm);
/// One end's die and package from die to ball, (n_frequency). @param length_m of each line segment.
std::vector<Abcd> package_chain(const Package& package, const LineLoss& loss,
                                std::span<const double> length_m, std::span<const double> frequency_Hz);
/// Transmit or receive board from package to channel, (n_frequency). @param end 0: transmitter, 1: receiver.
std::vector<Abcd> board_chain(const Parameters& parameters, int end, double length_m,
                              std::span<const double> frequency_Hz);
/// The same chain walked from its other end.
std::vector<Abcd> reversed(std::vector<Abcd> chain);

/// Packages and boards of one package test case on one frequency grid, shared by its paths.
class CaseNetwork {
 public:
  CaseNetwork(const Parameters& parameters, const PackageCase& lengths, std::vector<double> frequency_Hz);
  /// H21 without filters, (n_frequency). @param channel chain matrices at these frequencies.
  std::vector<Complex> transfer(Path::Kind kind, std::span<const Abcd> channel) const;
  std::span<const double> frequency_Hz() const { return frequency_Hz_; }

 private:
  std::vector<double> frequency_Hz_;
  std::vector<Abcd> transmit_[3], receive_;
  double source_ohm_, load_ohm_;
};

/// Chain matrices of `channel` at its own points, for every case. @throws DomainError unless it is a 2-port.
std::vector<Abcd> channel_chain(const SParameters& channel);

}  // namespace photonlink::com
