// What the typesetter knows by name: LaTeX's macros for single symbols, and how tall each character is.

/** Macros that stand for one character: [kind of atom, character, font]. The kind decides the gaps. */
export const SYMBOLS = {
  partial: ["ord", "∂", "main"],
  nabla: ["ord", "∇", "main"],
  infty: ["ord", "∞", "main"],
  cdot: ["bin", "⋅", "main"],
  times: ["bin", "×", "main"],
  pm: ["bin", "±", "main"],
  odot: ["bin", "⊙", "main"],
  circ: ["bin", "∘", "main"],
  le: ["rel", "≤", "main"],
  leq: ["rel", "≤", "main"],
  ge: ["rel", "≥", "main"],
  geq: ["rel", "≥", "main"],
  ne: ["rel", "≠", "main"],
  neq: ["rel", "≠", "main"],
  approx: ["rel", "≈", "main"],
  in: ["rel", "∈", "main"],
  to: ["rel", "→", "main"],
  rightarrow: ["rel", "→", "main"],
  leftarrow: ["rel", "←", "main"],
  dots: ["inner", "…", "main"],
  ldots: ["inner", "…", "main"],
  cdots: ["inner", "⋯", "main"],
  lbrace: ["open", "{", "main"],
  rbrace: ["close", "}", "main"],
  "{": ["open", "{", "main"],
  "}": ["close", "}", "main"],
  "%": ["ord", "%", "main"],
  _: ["ord", "_", "main"],
  "&": ["ord", "&", "main"],
  "#": ["ord", "#", "main"],
  $: ["ord", "$", "main"],
  Gamma: ["ord", "Γ", "main"],
  Delta: ["ord", "Δ", "main"],
  Theta: ["ord", "Θ", "main"],
  Lambda: ["ord", "Λ", "main"],
  Sigma: ["ord", "Σ", "main"],
  Phi: ["ord", "Φ", "main"],
  Psi: ["ord", "Ψ", "main"],
  Omega: ["ord", "Ω", "main"],
  alpha: ["ord", "α", "math"],
  beta: ["ord", "β", "math"],
  gamma: ["ord", "γ", "math"],
  delta: ["ord", "δ", "math"],
  epsilon: ["ord", "ϵ", "math"],
  varepsilon: ["ord", "ε", "math"],
  eta: ["ord", "η", "math"],
  theta: ["ord", "θ", "math"],
  lambda: ["ord", "λ", "math"],
  mu: ["ord", "μ", "math"],
  pi: ["ord", "π", "math"],
  rho: ["ord", "ρ", "math"],
  sigma: ["ord", "σ", "math"],
  tau: ["ord", "τ", "math"],
  phi: ["ord", "ϕ", "math"],
  varphi: ["ord", "φ", "math"],
  psi: ["ord", "ψ", "math"],
  omega: ["ord", "ω", "math"],
};

/** Characters that stand for themselves, but not as ordinary letters. */
export const CHARACTERS = {
  "+": ["bin", "+", "main"],
  "-": ["bin", "−", "main"],
  "*": ["bin", "∗", "main"],
  "=": ["rel", "=", "main"],
  "<": ["rel", "<", "main"],
  ">": ["rel", ">", "main"],
  ":": ["rel", ":", "main"],
  "(": ["open", "(", "main"],
  "[": ["open", "[", "main"],
  ")": ["close", ")", "main"],
  "]": ["close", "]", "main"],
  ",": ["punct", ",", "main"],
  ";": ["punct", ";", "main"],
};

/** Names set upright, as operators; those that are true take their scripts above and below in a display. */
export const OPERATORS = {
  max: true, min: true, ln: false, log: false, exp: false, sin: false, cos: false, tanh: false,
};
export const LARGE_OPERATORS = { sum: "∑", prod: "∏" };

/** Widths of spaces, in em. */
export const SPACES = { ",": 0.1667, ":": 0.2222, ";": 0.2778, "!": -0.1667, " ": 0.25, quad: 1, qquad: 2 };

// Heights and depths of the KaTeX fonts (Computer Modern's own, in em): what TeX's rules measure with.
const UPRIGHT = [
  [0.6444, 0, "0123456789"],
  [0.6833, 0, "ABCDEFGHIJKLMNOPRSTUVWXYZΓΔΘΛΣΦΨΩ∇"],
  [0.6833, 0.1944, "Q"],
  [0.6944, 0, "bdfhkl!?&∂"],
  [0.6944, 0.1944, "#≠"],
  [0.4306, 0, "acemnorsuvwxz:∞"],
  [0.4306, 0.1944, "gpqy;"],
  [0.6151, 0, "t"],
  [0.6679, 0, "i"],
  [0.6679, 0.1944, "j"],
  [0.75, 0.25, "()[]{}|/"],
  [0.75, 0.0556, "%$"],
  [0.1206, 0.31, "_"],
  [0.5833, 0.0833, "+−×±⊙"],
  [0.3669, -0.1331, "=←→"],
  [0.5391, 0.0391, "<>∈"],
  [0.636, 0.136, "≤≥"],
  [0.4831, -0.0169, "≈"],
  [0.4653, -0.0347, "∗"],
  [0.4444, -0.0556, "⋅∘"],
  [0.5556, 0, "′"],
  [0.1056, 0, "."],
  [0.1056, 0.1944, ","],
  [0.123, 0, "…"],
  [0.313, -0.19, "⋯"],
];
const ITALIC = [
  [0.4306, 0, "acemnorsuvwxzαεϵπρστω"],
  [0.4306, 0.1944, "gpqyγημρφ"],
  [0.6151, 0, "t"],
  [0.6595, 0, "i"],
  [0.6595, 0.1944, "j"],
  [0.6833, 0, "ABCDEFGHIJKLMNOPRSTUVWXYZ"],
  [0.6833, 0.1944, "Q"],
  [0.6944, 0, "bdhklδθλ"],
  [0.6944, 0.1944, "fβψϕ"],
];
// How far a slanted letter leans out of its own width on the right.
const LEAN = {
  r: 0.0278, v: 0.0359, w: 0.0269, z: 0.044, g: 0.0359, q: 0.0359, y: 0.0359, j: 0.0572, k: 0.0315, l: 0.0197,
  f: 0.1076,
  B: 0.0502, C: 0.0715, D: 0.0278, E: 0.0576, F: 0.1389, H: 0.0813, I: 0.0785, J: 0.0962, K: 0.0715,
  M: 0.109, N: 0.109, O: 0.0278, P: 0.1389, R: 0.0077, S: 0.0576, T: 0.1389, U: 0.109, V: 0.2222, W: 0.1389,
  X: 0.0785, Y: 0.2222, Z: 0.0715,
  α: 0.0037, β: 0.0528, γ: 0.0556, δ: 0.0379, η: 0.0359, θ: 0.0278, π: 0.0359,
  σ: 0.0359, τ: 0.1132, ψ: 0.0359, ω: 0.0359,
};
const UPRIGHT_LEAN = { "∂": 0.0556 };
const UNKNOWN = [0.7, 0.2];

const SIZES = { main: sizesOf(UPRIGHT), math: sizesOf(ITALIC) };

function sizesOf(table) {
  const sizes = new Map();
  for (const [height, depth, characters] of table) {
    for (const character of characters) sizes.set(character, [height, depth]);
  }
  return sizes;
}

/** [height, depth] of the tallest and the deepest of the characters, in em. */
export function extentOf(text, font) {
  let height = 0, depth = -Infinity;
  for (const character of text) {
    const [up, down] = SIZES[font].get(character) ?? UNKNOWN;
    height = Math.max(height, up);
    depth = Math.max(depth, down);
  }
  return [height, Number.isFinite(depth) ? depth : 0];
}

export function leanOf(character, font) {
  return (font === "math" ? LEAN : UPRIGHT_LEAN)[character] ?? 0;
}
