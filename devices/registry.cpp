#include "devices/registry.hpp"

#include "devices/avalanche_photodiode.hpp"
#include "devices/awg_filter.hpp"
#include "devices/bragg_filter.hpp"
#include "devices/bump.hpp"
#include "devices/connector.hpp"
#include "devices/copper_line.hpp"
#include "devices/cw_laser.hpp"
#include "devices/dfb_laser.hpp"
#include "devices/drive_network.hpp"
#include "devices/driver.hpp"
#include "devices/edge_coupler.hpp"
#include "devices/electroabsorption_modulator.hpp"
#include "devices/grating_coupler.hpp"
#include "devices/in_band_crosstalk.hpp"
#include "devices/limiting_amplifier.hpp"
#include "devices/mach_zehnder_modulator.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/mzi_filter.hpp"
#include "devices/optical_loss.hpp"
#include "devices/package_802_3.hpp"
#include "devices/photodiode.hpp"
#include "devices/photonic_s_parameters.hpp"
#include "devices/power_splitter.hpp"
#include "devices/ring_assisted_mach_zehnder.hpp"
#include "devices/semiconductor_optical_amplifier.hpp"
#include "devices/serdes_receiver.hpp"
#include "devices/serdes_transmitter.hpp"
#include "devices/shunt_feedback_amplifier.hpp"
#include "devices/single_mode_fiber.hpp"
#include "devices/t_coil.hpp"
#include "devices/touchstone_channel.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "devices/via.hpp"
#include "devices/waveguide.hpp"

namespace photonlink {
namespace {

template <class S, class P>
DeviceType device(std::string name, std::string summary, std::string validity) {
  return {std::move(name), std::move(summary), std::move(validity), describe<P>(), &make_stage<S, P>};
}

}  // namespace

const std::vector<DeviceType>& device_types() {
  static const std::vector<DeviceType> types{
      device<SerdesTransmitter, SerdesTransmitterParameters>(
          "serdes_transmitter",
          "SerDes transmitter: levels, FFE, rise time, noise and jitter; first stage of every link",
          "jitter to first order, up to 0.05 UI rms"),
      device<Driver, DriverParameters>("driver",
                                       "linear modulator driver: swing, source impedance, bandwidth, energy",
                                       "linear: no compression"),
      device<DriveNetwork, DriveNetworkParameters>(
          "drive_network", "pads, interconnect and silicon between a driver and the junction of a modulator",
          "lumped elements that depend neither on frequency nor on voltage"),
      device<CwLaser, CwLaserParameters>("cw_laser", "continuous-wave laser or comb on a frequency grid",
                                         "lines with independent noise; weak feedback"),
      device<DfbLaser, DfbLaserParameters>(
          "dfb_laser", "single-mode laser diodes from current, voltage and temperature, one for each carrier",
          "wavelengths and noise do not follow the temperature; weak feedback"),
      device<OpticalLoss, OpticalLossParameters>("optical_loss",
                                                 "coupler, connector, splitter or waveguide loss",
                                                 "wavelength independent, no reflection"),
      device<InBandCrosstalk, InBandCrosstalkParameters>(
          "in_band_crosstalk", "interferer on the signal's own wavelength: coherent crosstalk",
          "weak, its phase constant over the receiver's memory"),
      device<GratingCoupler, GratingCouplerParameters>(
          "grating_coupler", "grating coupler: Gaussian spectrum, centre against angle and temperature",
          "within its 1-dB width; one polarisation; reflections warn"),
      device<EdgeCoupler, EdgeCouplerParameters>(
          "edge_coupler", "edge coupler: overlap of two misaligned Gaussian modes, Fresnel, polarisation",
          "Gaussian modes, paraxial; reflections warn"),
      device<Waveguide, WaveguideParameters>("waveguide",
                                             "waveguide on a chip: loss, bends, crossings, dispersion, delay",
                                             "linear, one mode; no reflection"),
      device<PowerSplitter, PowerSplitterParameters>(
          "power_splitter", "splitter into branches of which one is this link's; shares the laser's energy",
          "wavelength independent, no reflection"),
      device<MachZehnderModulator, MachZehnderModulatorParameters>(
          "mach_zehnder_modulator",
          "Mach-Zehnder modulators, one per carrier: lumped, travelling-wave or segmented electrode",
          "arms without memory behind the electrode's average; no carrier injection or two-photon "
          "absorption"),
      device<MicroringModulator, MicroringModulatorParameters>(
          "microring_modulator",
          "bus of microring modulators, one per carrier; or one resonator in transmission",
          "coupled modes or round trips; one temperature and one carrier lifetime per ring, in coupled "
          "modes"),
      device<RingAssistedMachZehnder, RingAssistedMachZehnderParameters>(
          "ring_assisted_mach_zehnder",
          "Mach-Zehnder modulators with a ring as phase shifter in each arm, one per carrier",
          "coupled modes or round trips; no self-heating or two-photon absorption"),
      device<ElectroabsorptionModulator, ElectroabsorptionModulatorParameters>(
          "electroabsorption_modulator",
          "electro-absorption modulators, one per carrier; behind a laser an EML",
          "absorption follows the voltage at once; one wavelength; photocurrent loads linearly"),
      device<SemiconductorOpticalAmplifier, SemiconductorOpticalAmplifierParameters>(
          "semiconductor_optical_amplifier",
          "semiconductor optical amplifier: saturation with memory, spontaneous emission, current",
          "one reservoir of carriers; beats of the emission with itself are left out"),
      device<SingleModeFiber, SingleModeFiberParameters>(
          "single_mode_fiber", "single-mode fiber: loss and chromatic dispersion",
          "linear: Kerr phase below 0.1 rad; one polarisation"),
      device<MicroringFilter, MicroringFilterParameters>(
          "microring_filter", "demultiplexer bus of add-drop microrings", "coupled modes, linear"),
      device<MziFilter, MziFilterParameters>(
          "mzi_filter", "multiplexer or demultiplexer of cascaded Mach-Zehnder interleavers",
          "couplers the same at all wavelengths, grid even in frequency; no reflection"),
      device<BraggFilter, BraggFilterParameters>(
          "bragg_filter", "multiplexer or demultiplexer of Bragg gratings, uniform or apodised",
          "coupled modes, lossless gratings; no second band, no reflection to the input"),
      device<AwgFilter, AwgFilterParameters>(
          "awg_filter",
          "arrayed waveguide or echelle grating: passbands, crosstalk floors, free spectral range",
          "passbands and floors as specified; linear phase"),
      device<PhotonicSParameters, PhotonicSParametersParameters>(
          "photonic_s_parameters",
          "photonic component from a file of S-parameters (Lumerical text, SAX table)",
          "linear, one mode; what is reflected does not come back"),
      device<Photodiode, PhotodiodeParameters>(
          "photodiode", "photodiode: responsivity, transit time, saturation, dark current, shot noise",
          "laws of saturation fixed by one point; carriers do not beat inside the receiver's band"),
      device<AvalanchePhotodiode, AvalanchePhotodiodeParameters>(
          "avalanche_photodiode",
          "avalanche photodiode: gain, excess noise, gain-bandwidth product, breakdown",
          "Gaussian noise; warns where McIntyre's tails differ"),
      device<TransimpedanceAmplifier, TransimpedanceAmplifierParameters>(
          "transimpedance_amplifier", "transimpedance amplifier: gain, bandwidth, input noise",
          "linear; white input noise"),
      device<ShuntFeedbackAmplifier, ShuntFeedbackAmplifierParameters>(
          "shunt_feedback_amplifier",
          "transimpedance amplifier from its circuit: noise and bandwidth follow from capacitances and loop",
          "linear; one open-loop pole, noise of the first stage"),
      device<LimitingAmplifier, LimitingAmplifierParameters>(
          "limiting_amplifier", "limiting amplifier behind a transimpedance stage, for two levels",
          "memoryless; output wider than the symbol rate"),
      device<TouchstoneChannel, TouchstoneChannelParameters>(
          "touchstone_channel", "copper channel from Touchstone files, with crosstalk aggressors",
          "differential mode; mode conversion is not propagated"),
      device<CopperLine, CopperLineParameters>(
          "copper_line", "differential pair from its parameters per length: twinax, trace, flyover",
          "one mode, no intra-pair skew; crosstalk weak, ends matched"),
      device<Package8023, Package8023Parameters>("package_802_3",
                                                 "die and package of the IEEE 802.3 channel model",
                                                 "reference packages of the standard, not a part"),
      device<Via, ViaParameters>("via", "differential via with pads and stub",
                                 "uniform barrel; no plane cavities, to some 40 GHz"),
      device<Connector, ConnectorParameters>(
          "connector", "mated connector: a short line between its footprints", "no resonances, no crosstalk"),
      device<Bump, BumpParameters>("bump", "micro bump, C4 bump, ball or bond wire in each conductor",
                                   "far smaller than the wavelength"),
      device<TCoil, TCoilParameters>("t_coil", "bridged T-coil around a pad with ESD protection",
                                     "lumped, below the self-resonance of the coils"),
      device<SerdesReceiver, SerdesReceiverParameters>(
          "serdes_receiver", "SerDes receiver: termination, noise, CTLE, FFE, DFE; last stage of every link",
          "DFE feedback of correct symbols; error propagation only in Monte Carlo"),
  };
  return types;
}

const ParameterValue* find_value(const ParameterSet& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return &value;
  return nullptr;
}

void set_value(ParameterSet& parameters, const std::string& name, const ParameterValue& value) {
  for (auto& [key, old] : parameters)
    if (key == name) {
      old = value;
      return;
    }
  parameters.emplace_back(name, value);
}

const DeviceType* find_device(std::string_view name) {
  for (const DeviceType& type : device_types())
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace photonlink
