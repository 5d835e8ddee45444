// Numbers as a reader meets them: a true minus sign, few digits, powers of ten where they help.

const MINUS = "\u2212";
const SUPERSCRIPTS = { "-": "\u207b", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const NOT_FINITE = "not finite"; // JSON has no infinity: the server sends null

/** `value` with `digits` significant digits: 0.1, −2.75, 1.2×10⁻⁵; "not finite" for null, NaN and infinities. */
export function formatNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return NOT_FINITE;
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  // The same turning points as Python's "g" format, so that both sides of the dashboard write alike.
  const power = Number(exponent);
  if (power >= -4 && power < digits) return withMinus(String(Number(value.toPrecision(digits))));
  return withMinus(`${Number(mantissa)}×10${superscript(power)}`);
}

/** `value` with every digit it has, for tooltips: 0.30000000000000004. */
export function formatFull(value) {
  if (!Number.isFinite(value)) return NOT_FINITE;
  return withMinus(String(value));
}

function withMinus(text) {
  return text.replaceAll("-", MINUS);
}

function superscript(integer) {
  return [...String(integer)].map(character => SUPERSCRIPTS[character]).join("");
}
