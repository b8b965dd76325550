/// Small links whose answers are known by hand, for the tests of the solvers.
#pragma once

#include <memory>
#include <numbers>
#include <utility>

#include "signal/pattern.hpp"
#include "solvers/chain.hpp"
#include "solvers/pattern_solver.hpp"

namespace photonlink::test {

/// Tail Σ_k tap_k e^{-j2πf kT}: intersymbol interference that is known exactly, at and between the samples.
class SymbolSpacedEcho final : public Stage {
 public:
  SymbolSpacedEcho(std::vector<double> tap, double symbol_rate_Bd)
      : Stage("echo"), tap_(std::move(tap)), symbol_rate_Bd_(symbol_rate_Bd) {}
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override {
    for (std::size_t f = 0; f < response.size(); ++f) {
      Complex sum = 0.0;
      for (std::size_t k = 0; k < tap_.size(); ++k)
        sum += tap_[k] * std::polar(1.0, -2.0 * std::numbers::pi * frequency_Hz[f] * static_cast<double>(k) /
                                             symbol_rate_Bd_);
      response[f] *= sum;
    }
  }

 private:
  std::vector<double> tap_;
  double symbol_rate_Bd_;
};

/// Series impedance followed by a shunt capacitance.
class LowPassChannel final : public Stage {
 public:
  LowPassChannel(double inductance_H, double capacitance_F)
      : Stage("channel"), inductance_H_(inductance_H), capacitance_F_(capacitance_F) {}
  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz, int) const override {
    std::vector<Abcd> result;
    for (double f : frequency_Hz) {
      const Complex jw(0.0, 2.0 * std::numbers::pi * f);
      result.push_back(series_impedance(jw * inductance_H_) * shunt_admittance(jw * capacitance_F_));
    }
    return result;
  }

 private:
  double inductance_H_, capacitance_F_;
};

/// An ideal ammeter of 100 ohm between a photodiode and a receiver: one volt for each ampere.
class CurrentSense final : public Stage {
 public:
  CurrentSense() : Stage("current sense") {}
  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override {
    LoadEnd end;
    end.takes = LoadEnd::Takes::current;
    end.impedance_ohm.assign(frequency_Hz.size(), 100.0);
    end.transfer.assign(frequency_Hz.size(), 1.0);
    return end;
  }
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override {
    return SourceEnd{SourceEnd::Form::thevenin, std::vector<Complex>(frequency_Hz.size(), 0.0)};
  }
};

using Stages = std::vector<std::shared_ptr<const Stage>>;

/// A serialiser, the stages in between, a receiver: one lane.
inline std::shared_ptr<Link> copper_link(int levels, double symbol_rate_Bd,
                                         const SerdesTransmitterParameters& transmitter,
                                         const Stages& between, const SerdesReceiverParameters& receiver) {
  auto link = std::make_shared<Link>();
  link->name = "test";
  link->levels = levels;
  link->symbol_rate_Bd = symbol_rate_Bd;
  link->stages.push_back(std::make_shared<SerdesTransmitter>("transmitter", transmitter));
  link->stages.insert(link->stages.end(), between.begin(), between.end());
  link->stages.push_back(std::make_shared<SerdesReceiver>("receiver", receiver));
  return link;
}

/// The periodic solution of a pattern on every lane of a link.
struct Run {
  std::shared_ptr<const Link> link;
  Chain chain;
  TimeGrid grid;
  std::vector<std::vector<double>> symbols;
  Context context{1};
  PeriodicSolution solution;

  Run(std::shared_ptr<const Link> what, const char* pattern) : link(std::move(what)), chain(*link) {
    const SymbolPattern sent = make_pattern(pattern, link->levels);
    grid = {link->symbol_rate_Bd, link->samples_per_symbol, static_cast<int>(sent.index.size())};
    const auto level = link->transmitter().level_amplitudes(link->levels);
    for (int lane = 0; lane < link->lanes; ++lane) {
      symbols.emplace_back();
      for (int index : rotate(sent, 5L * lane).index)
        symbols.back().push_back(level[static_cast<std::size_t>(index)]);
    }
    solution = solve_periodic(chain, grid, symbols, context);
  }
};

}  // namespace photonlink::test
