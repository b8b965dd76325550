/// Physical constants, exact in the SI since 2019 (BIPM, The International System of Units, 9th ed., 2019).
#pragma once

namespace photonlink::constants {

inline constexpr double speed_of_light_m_per_s = 299792458.0;   // c, exact
inline constexpr double elementary_charge_C = 1.602176634e-19;  // q, exact
inline constexpr double boltzmann_J_per_K = 1.380649e-23;       // k_B, exact
inline constexpr double planck_J_s = 6.62607015e-34;            // h, exact
inline constexpr double room_temperature_K = 290.0;             // T0 of IEEE noise-figure definitions
inline constexpr double vacuum_permeability_H_per_m =
    1.25663706212e-6;  // μ₀, CODATA 2018, \cite Tiesinga2021
inline constexpr double pi = 3.14159265358979323846264338327950288;

}  // namespace photonlink::constants
