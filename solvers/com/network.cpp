#include "solvers/com/network.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"

namespace photonlink::com {
namespace {

void append(std::vector<Abcd>& chain, std::span<const Abcd> next) {
  for (std::size_t k = 0; k < chain.size(); ++k) chain[k] = chain[k] * next[k];
}

double board_length_m(const Board& board, Path::Kind kind) {
  if (kind == Path::Kind::next) return board.next_length_m;
  return kind == Path::Kind::fext ? board.fext_length_m : board.transmit_length_m;
}
const std::vector<double>& transmit_length_m(const PackageCase& lengths, Path::Kind kind) {
  if (kind == Path::Kind::next) return lengths.next_length_m;
  return kind == Path::Kind::fext ? lengths.fext_length_m : lengths.transmit_length_m;
}

}  // namespace

IeeeLine line_of(const LineLoss& loss, double characteristic_ohm) {
  return {loss.gamma0_per_m, loss.a1_sqrt_s_per_m, loss.a2_s_per_m, loss.tau_s_per_m, characteristic_ohm};
}

std::vector<Abcd> package_chain(const Package& package, const LineLoss& loss,
                                std::span<const double> length_m, std::span<const double> frequency_Hz) {
  std::vector<Abcd> chain(frequency_Hz.size());
  const std::size_t sections = package.die_capacitance_F.size();
  for (std::size_t k = 0; k < chain.size(); ++k) {
    const double f = frequency_Hz[k];
    Abcd m;
    for (std::size_t i = 0; i < sections; ++i) {
      m = m * ieee_shunt_capacitance(package.die_capacitance_F[i], f);
      if (i < package.die_inductance_H.size()) m = m * ieee_series_inductance(package.die_inductance_H[i], f);
    }
    if (package.bump_capacitance_F > 0.0) m = m * ieee_shunt_capacitance(package.bump_capacitance_F, f);
    for (std::size_t i = 0; i < length_m.size(); ++i) {
      if (length_m[i] > 0.0) m = m * ieee_line(line_of(loss, package.line_impedance_ohm[i]), length_m[i], f);
      if (i == 2 && package.via_capacitance_F > 0.0)
        m = m * ieee_shunt_capacitance(package.via_capacitance_F, f);
    }
    chain[k] = m * ieee_shunt_capacitance(package.ball_capacitance_F, f);
  }
  return chain;
}

std::vector<Abcd> board_chain(const Parameters& parameters, int end, double length_m,
                              std::span<const double> frequency_Hz) {
  const Board& board = parameters.board;
  const auto side = static_cast<std::size_t>(end);
  std::vector<Abcd> chain(frequency_Hz.size());
  for (std::size_t k = 0; k < chain.size(); ++k) {
    const double f = frequency_Hz[k];
    Abcd m = ieee_shunt_capacitance(board.package_capacitance_F[side], f);
    if (length_m > 0.0) m = m * ieee_line(line_of(parameters.board_loss, board.impedance_ohm), length_m, f);
    chain[k] = m * ieee_shunt_capacitance(board.channel_capacitance_F[side], f);
  }
  return chain;
}

std::vector<Abcd> reversed(std::vector<Abcd> chain) {
  for (Abcd& m : chain) m = reversed(m);
  return chain;
}

CaseNetwork::CaseNetwork(const Parameters& p, const PackageCase& lengths, std::vector<double> frequency_Hz)
    : frequency_Hz_(std::move(frequency_Hz)),
      source_ohm_(2.0 * p.transmitter_package.termination_ohm),
      load_ohm_(2.0 * p.receiver_package.termination_ohm) {
  const bool both_boards = p.board.side == "both", any_board = both_boards || p.board.side == "receiver";
  if (p.board.side == "receiver") source_ohm_ = 2.0 * p.signal.reference_resistance_ohm;
  std::map<std::vector<double>, std::vector<Abcd>> packages;  // by lengths: kinds of path share them
  for (const Path::Kind kind : {Path::Kind::through, Path::Kind::fext, Path::Kind::next}) {
    const auto& length_m = transmit_length_m(lengths, kind);
    auto& package = packages[length_m];
    if (package.empty())
      package = package_chain(p.transmitter_package, p.package_loss, length_m, frequency_Hz_);
    auto& chain = transmit_[static_cast<int>(kind)] = package;
    if (both_boards) append(chain, board_chain(p, 0, board_length_m(p.board, kind), frequency_Hz_));
  }
  receive_ = package_chain(p.receiver_package, p.package_loss, lengths.receive_length_m, frequency_Hz_);
  if (any_board) append(receive_, board_chain(p, 1, p.board.receive_length_m, frequency_Hz_));
  receive_ = reversed(std::move(receive_));
}

std::vector<Complex> CaseNetwork::transfer(Path::Kind kind, std::span<const Abcd> channel) const {
  const auto& transmit = transmit_[static_cast<int>(kind)];
  std::vector<Complex> result(frequency_Hz_.size());
  for (std::size_t k = 0; k < result.size(); ++k) {
    // 2 / (A + B/R_L + R_s C + D R_s/R_L) of the whole chain: its row (1, R_s) from the left and its column
    // (1, 1/R_L) from the right, which cost a third of the products of matrices.
    const Abcd &t = transmit[k], &c = channel[k], &r = receive_[k];
    const Complex voltage = r.a + r.b / load_ohm_, current = r.c + r.d / load_ohm_;
    result[k] = 2.0 / ((t.a + source_ohm_ * t.c) * (c.a * voltage + c.b * current) +
                       (t.b + source_ohm_ * t.d) * (c.c * voltage + c.d * current));
  }
  return result;
}

std::vector<Abcd> channel_chain(const SParameters& channel) {
  require(channel.ports == 2, "the channel is no 2-port");
  return to_abcd(channel);
}

}  // namespace photonlink::com
