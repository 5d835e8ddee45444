// Numbers as a reader meets them: a true minus sign, few digits, powers of ten where they help.

const MINUS = "\u2212";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NOT_FINITE = "not finite"; // JSON has no infinity: the server sends null

/** `value` in `digits` significant digits: 0.1, −2.75, 1.2×10⁻⁵; "not finite" for null and the like. */
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
  const digits = [...String(Math.abs(integer))].map(digit => SUPERSCRIPTS[digit]).join("");
  return integer < 0 ? `⁻${digits}` : digits;
}
