// Numbers as a reader meets them: a true minus sign, few digits, powers of ten where they help.

const MINUS = "\u2212";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NOISE_DIGITS = 12;
const NOT_FINITE = "not finite"; // JSON has no infinity: the server sends null

/** `value` in `digits` significant digits: 0.1, −2.75, 1.2×10⁻⁵; "not finite" for null and the like. */
export function formatNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return NOT_FINITE;
  const [whole, last] = rounded(Math.abs(value), digits);
  const power = whole && String(whole).length - 1 + last;
  // The same turning points as Python's "g" format, so that both sides of the dashboard write alike.
  const minus = value < 0 ? MINUS : "";
  if (power >= -4 && power < digits) return minus + Number(`${whole}e${last}`);
  return `${minus}${Number(`${whole}e${last - power}`)}×10${superscript(power)}`;
}

// A whole number of at most `digits` digits and its power of ten, a half rounded up as on paper: 1.4625 is 1463 and −3.
// First comes the decimal of 12 digits that a float stands for, since another machine may have computed
// 1.4624999999999997; core/typeset.py does the same. Twelve digits are a whole number that a float holds exactly.
function rounded(value, digits) {
  const kept = Math.max(digits, NOISE_DIGITS);
  const [mantissa, exponent] = value.toExponential(kept - 1).split("e");
  const unit = 10 ** (kept - digits), all = Number(mantissa.replace(".", ""));
  return [Math.floor((all + unit / 2) / unit), Number(exponent) - digits + 1];
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
