#include "network/two_port.hpp"

namespace photonlink {

Abcd operator*(const Abcd& m, const Abcd& n) {
  return {m.a * n.a + m.b * n.c, m.a * n.b + m.b * n.d, m.c * n.a + m.d * n.c, m.c * n.b + m.d * n.d};
}

Abcd reversed(const Abcd& m) {
  return {m.d, m.b, m.c, m.a};
}

Abcd to_abcd(const S2& s, double z0) {
  const Complex product = s.s12 * s.s21, twice = 2.0 * s.s21;
  return {((1.0 + s.s11) * (1.0 - s.s22) + product) / twice,
          z0 * ((1.0 + s.s11) * (1.0 + s.s22) - product) / twice,
          ((1.0 - s.s11) * (1.0 - s.s22) - product) / (twice * z0),
          ((1.0 - s.s11) * (1.0 + s.s22) + product) / twice};
}

S2 to_s(const Abcd& m, double z0) {
  const Complex b = m.b / z0, c = m.c * z0, sum = m.a + b + c + m.d;
  return {(m.a + b - c - m.d) / sum, 2.0 * (m.a * m.d - m.b * m.c) / sum, 2.0 / sum,
          (-m.a + b - c + m.d) / sum};
}

Abcd series_impedance(Complex impedance_ohm) {
  return {1.0, impedance_ohm, 0.0, 1.0};
}
Abcd shunt_admittance(Complex admittance_S) {
  return {1.0, 0.0, admittance_S, 1.0};
}

std::vector<Complex> segment_transfer(const SourceEnd& source, std::span<const Abcd> chain,
                                      const LoadEnd& load) {
  std::vector<Complex> transfer(load.impedance_ohm.size());
  for (std::size_t k = 0; k < transfer.size(); ++k) {
    const Abcd m = chain.empty() ? Abcd{} : chain[k];
    const Complex zl = load.impedance_ohm[k], end = source.immittance[k];
    const Complex ratio = source.form == SourceEnd::Form::thevenin
                              ? zl / (m.a * zl + m.b + end * (m.c * zl + m.d))
                              : 1.0 / (end * (m.a * zl + m.b) + m.c * zl + m.d);
    transfer[k] = ratio * load.transfer[k];
  }
  return transfer;
}

std::vector<Complex> output_admittance(const SourceEnd& source, std::span<const Abcd> chain) {
  std::vector<Complex> admittance(source.immittance.size());
  for (std::size_t k = 0; k < admittance.size(); ++k) {
    const Abcd m = chain.empty() ? Abcd{} : chain[k];
    const Complex end = source.immittance[k];
    admittance[k] = source.form == SourceEnd::Form::thevenin ? (m.c * end + m.a) / (m.d * end + m.b)
                                                             : (m.c + m.a * end) / (m.d + m.b * end);
  }
  return admittance;
}

}  // namespace photonlink
