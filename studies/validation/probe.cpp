#include "studies/validation/probe.hpp"

#include <fmt/format.h>

#include "devices/touchstone_channel.hpp"
#include "signal/pattern.hpp"
#include "studies/com_reader.hpp"
#include "studies/link_builder.hpp"

namespace photonlink {
namespace {

// Part of a link needs a rate only where an observable asks for one, which the reader of cases checks.
constexpr double rate_of_no_consequence_Bd = 1e9;

LinkSpec with_rate(LinkSpec spec) {
  if (!(spec.symbol_rate_Bd > 0.0)) spec.symbol_rate_Bd = rate_of_no_consequence_Bd;
  return spec;
}

}  // namespace

Probe::Probe(const LinkSpec& spec, Context& context)
    : context_(context), link_(build_stages(with_rate(spec))), chain_(*link_) {}

Probe::~Probe() = default;

const RestPoint& Probe::rest() {
  if (!rest_) rest_ = std::make_unique<RestPoint>(chain_);
  return *rest_;
}

const OpticalSpectrum& Probe::spectrum() {
  if (!spectrum_) spectrum_ = std::make_unique<OpticalSpectrum>(rest());
  return *spectrum_;
}

const SmallSignal& Probe::small_signal() {
  if (!small_signal_) small_signal_ = std::make_unique<SmallSignal>(spectrum());
  return *small_signal_;
}

PatternSolution& Probe::solution() {
  if (!solution_) {
    link_->transmitter();
    link_->receiver();
    // Built in its place: its parts point at each other.
    solution_.reset(new PatternSolution(solve_pattern(link_, context_)));
  }
  return *solution_;
}

const LinkResult& Probe::result() {
  if (!result_) result_ = summarize(solution(), {.pictures = false});
  return *result_;
}

bool Probe::has_ends() const {
  return dynamic_cast<const SerdesTransmitter*>(link_->stages.front().get()) &&
         dynamic_cast<const SerdesReceiver*>(link_->stages.back().get());
}

const Ledger& Probe::ledger() {
  if (has_ends()) return result().ledger;
  if (!ledger_) ledger_ = ledger_at_rest();
  return *ledger_;
}

Ledger Probe::ledger_at_rest() {
  // Every sequence of nine bits or five symbols once: the mean of the steps is that of random symbols.
  const SymbolPattern pattern = make_pattern(automatic_pattern(link_->levels), link_->levels);
  Ledger ledger;
  for (int i = 0; i < static_cast<int>(link_->stages.size()); ++i) {
    Bundle bundle = rest().in_front_of(i);
    bundle.symbols.assign(static_cast<std::size_t>(link_->lanes), amplitudes(pattern));
    chain_.stage(i).ledger(bundle, ledger);
  }
  return ledger;
}

const com::Result& Probe::channel_operating_margin(const std::string& configuration,
                                                   const std::string& mode) {
  const auto [entry, fresh] = margin_.try_emplace({configuration, mode});
  if (!fresh) return entry->second;
  for (const auto& stage : link_->stages) {
    const auto* channel = dynamic_cast<const TouchstoneChannel*>(stage.get());
    if (!channel) continue;
    std::vector<com::Path> paths{{com::Path::Kind::through, channel->name(), channel->differential()}};
    const auto aggressors = channel->aggressors();
    for (int i = 0; i < static_cast<int>(aggressors.size()); ++i) {
      const bool far = aggressors[static_cast<std::size_t>(i)].equalized;
      paths.push_back(
          {far ? com::Path::Kind::fext : com::Path::Kind::next, channel->name(), channel->differential(i)});
    }
    entry->second = com::channel_operating_margin(read_com(configuration), paths, com::mode(mode), context_);
    return entry->second;
  }
  throw ConfigError("the chain has no touchstone_channel to be judged");
}

std::vector<std::string> Probe::warnings() const {
  std::vector<std::string> all;
  const auto add = [&](const std::vector<Warning>& warnings) {
    for (const Warning& each : warnings) all.push_back(fmt::format("{}: {}", each.stage, each.text));
  };
  // What runs says more than what rests.
  if (result_)
    add(result_->warnings);
  else if (rest_)
    add(rest_->warnings());
  return all;
}

}  // namespace photonlink
