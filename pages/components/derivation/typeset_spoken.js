// Trees → the text of a formula: what a screen reader says. "∂L over ∂w(1)12 = 0.72 · 1".

const LARGE = { "∑": " sum ", "∏": " product ", "∫": " integral " };
const SAID = { 2: "²", 3: "³", T: " transposed" };
const SIGN_AFTER = new Set(["bin", "rel", "open", "punct"]); // where "−" is a sign, not a subtraction

export function speak(tree) {
  return tidy(say(tree));
}

function say(tree) {
  return SAYERS[tree.type](tree);
}

const SAYERS = {
  row: ({ items }) => items.map((item, i) => sayAfter(items[i - 1], item)).join(""),
  symbol: ({ kind, text }) => spaced(kind, text),
  number: ({ text }) => text,
  operator: ({ text }) => ` ${text} `,
  large: ({ text }) => LARGE[text],
  text: ({ text }) => ` ${text} `,
  space: () => " ",
  scripts,
  fraction: ({ above, below }) => ` ${part(above)} over ${part(below)} `,
  root: ({ body }) => ` square root of ${part(body)} `,
  fenced: ({ left, right, body }) => `${left}${speak(body)}${right}`,
  table,
  brace: ({ body }) => say(body),
  boxed: ({ body }) => say(body),
  hat: ({ body }) => `${say(body)} hat `,
  cancel: ({ body }) => ` cancelled ${part(body)} `,
  tint: ({ body }) => say(body),
  mark: ({ body }) => say(body),
};

/** One thing of a row, knowing what stands before it. */
function sayAfter(before, tree) {
  const isSign = tree.kind === "bin" && (!before || SIGN_AFTER.has(before.kind));
  if (isSign) return tree.text;
  const isFactor = isLetter(before) && (isLetter(tree) || tree.type === "number");
  return isFactor ? ` ${say(tree)}` : say(tree); // a breath between x₁ and w₁₁
}

function isLetter(tree) {
  return tree?.type === "scripts" || tree?.font === "math";
}

function spaced(kind, text) {
  if (kind === "bin" || kind === "rel" || kind === "inner") return ` ${text === "⋅" ? "·" : text} `;
  return kind === "punct" ? `${text} ` : text;
}

function scripts({ base, sup, sub }) {
  const said = base ? say(base).trimEnd() : "";
  if (base?.limits) return `${said}${sub ? ` over ${speak(sub)}` : ""}${sup ? ` to ${speak(sup)}` : ""} of `;
  if (base?.type === "brace") return `${said} (${speak(sup ?? sub)}) `;
  const end = base?.type === "operator" ? " " : "";
  return `${said}${sup ? superscript(speak(sup)) : ""}${sub ? speak(sub) : ""}${end}`;
}

function superscript(said) {
  return SAID[said] ?? (/^[(′]/.test(said) ? said : ` to the power ${said} `);
}

function table({ name, rows }) {
  const between = name === "aligned" ? " " : ", ";
  const said = rows.map(cells => cells.map(speak).filter(Boolean).join(between)).join("; ");
  return name === "bmatrix" ? ` [${said}] ` : name === "cases" ? ` {${said}} ` : said;
}

/** A numerator or denominator, in parentheses where it is more than one thing. */
function part(tree) {
  const said = speak(tree);
  return / ([+−=·]|over) /.test(said) ? `(${said})` : said;
}

/** One space at most, and none just inside parentheses. */
function tidy(said) {
  return said.replace(/\s+/g, " ").replace(/([([{]) /g, "$1").replace(/ ([)\]},;])/g, "$1").trim();
}
