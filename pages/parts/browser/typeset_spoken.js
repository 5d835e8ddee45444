// Trees → the text of a formula: what a screen reader says and what a tooltip shows.

const SUPERSCRIPTS = { 2: "²", 3: "³" };

export function speak(tree) {
  return SPEAKERS[tree.type](tree);
}

const SPEAKERS = {
  row: ({ items }) => items.map(speak).join(""),
  symbol: ({ kind, text }) => spaced(kind, text),
  number: ({ text }) => text,
  operator: ({ text }) => ` ${text} `,
  large: ({ name }) => ` ${name} `,
  text: ({ text }) => ` ${text} `,
  space: () => " ",
  scripts: ({ base, sup, sub }) => `${base ? speak(base).trimEnd() : ""}${superscript(sup)}${sub ? tidy(speak(sub)) : ""}`,
  fraction: ({ above, below }) => ` ${part(above)} over ${part(below)} `,
  root: ({ body }) => ` square root of ${part(body)} `,
  fenced: ({ left, right, body }) => `${left}${tidy(speak(body))}${right}`,
  table: ({ name, rows }) => {
    const lines = rows.map(cells => cells.map(cell => tidy(speak(cell))).filter(Boolean).join(BETWEEN[name] ?? ", "));
    const said = lines.join("; ");
    return name === "bmatrix" ? ` [${said}] ` : name === "cases" ? ` {${said}} ` : said;
  },
  brace: ({ body }) => speak(body),
  boxed: ({ body }) => speak(body),
  cancel: ({ body }) => ` cancelled ${part(body)} `,
  tint: ({ body }) => speak(body),
  mark: ({ body }) => speak(body),
};

const BETWEEN = { aligned: " " };

function spaced(kind, text) {
  if (text === "⋅") return " · ";
  if (text.endsWith("=") && text !== "=") return " ≠ ";
  if (kind === "bin" || kind === "rel" || kind === "inner") return ` ${text} `;
  return kind === "punct" ? `${text} ` : text;
}

function superscript(sup) {
  if (!sup) return "";
  const said = tidy(speak(sup));
  if (said in SUPERSCRIPTS) return SUPERSCRIPTS[said];
  return /^[(′T]/.test(said) ? said : ` to the power ${said} `;
}

/** A numerator or denominator, in parentheses where it is a sum. */
function part(tree) {
  const said = tidy(speak(tree));
  return / [+−=·] /.test(said) ? `(${said})` : said;
}

/** One space at most, and none inside parentheses or around a sign that begins something. */
export function tidy(said) {
  return said.replace(/\s+/g, " ").replace(/([([{]) /g, "$1").replace(/ ([)\]},;])/g, "$1")
    .replace(/(^|[=(,;·×+−<>≤≥→←] ?)− (?=\S)/g, "$1−").trim();
}
