// What a formula draws with lines: fences of any height, the root sign, braces, bars.

const SVG = "http://www.w3.org/2000/svg";
const AXIS = 0.25; // em: fences stand symmetrically around this height
const GLYPHS = [ // [total height in em, class], from small to large
  [1, "size0"],
  [1.2, "size1"],
  [1.8, "size2"],
  [2.4, "size3"],
  [3, "size4"],
];

/** A fence at least `wanted` em tall, centred on the axis: {node, height, depth}. */
export function fence(character, wanted) {
  if (character === "") return { node: span("no-fence"), height: 0, depth: 0 };
  const glyph = GLYPHS.find(([tall]) => tall >= wanted);
  const total = character === "|" || !glyph ? Math.max(wanted, 1) : glyph[0];
  const extent = { height: total / 2 + AXIS, depth: total / 2 - AXIS };
  if (glyph && (character !== "|" || glyph[0] === 1)) return { node: span(glyph[1], character), ...extent };
  const drawn = "|[]".includes(character) ? span(LINES[character]) : curve(character, total);
  return { node: upTo(drawn, extent), ...extent };
}

const LINES = { "|": "line bar-fence", "[": "line open-bracket", "]": "line close-bracket" };

// Taller than any glyph: outlines in thousandths of an em, for a fence that opens, of height h.
const OUTLINES = {
  "(": h => [792, `M792 0 C430 ${h * 0.16} 330 ${h * 0.34} 330 ${h / 2} C330 ${h * 0.66} 430 ${h * 0.84} 792 ${h}
    C530 ${h * 0.84} 460 ${h * 0.66} 460 ${h / 2} C460 ${h * 0.34} 530 ${h * 0.16} 792 0 Z`],
  "{": h => [806, `M750 0 C540 0 390 110 390 320 V${h / 2 - 320} C390 ${h / 2 - 120} 250 ${h / 2 - 20} 60 ${h / 2 - 14}
    V${h / 2 + 14} C250 ${h / 2 + 20} 390 ${h / 2 + 120} 390 ${h / 2 + 320} V${h - 320} C390 ${h - 110} 540 ${h} 750 ${h}
    V${h - 28} C580 ${h - 45} 500 ${h - 140} 500 ${h - 320} V${h / 2 + 320} C500 ${h / 2 + 130} 400 ${h / 2 + 35} 230 ${h / 2}
    C400 ${h / 2 - 35} 500 ${h / 2 - 130} 500 ${h / 2 - 320} V320 C500 140 580 45 750 28 Z`],
};
const MIRRORED = { ")": "(", "}": "{" };

function curve(character, total) {
  const outline = OUTLINES[MIRRORED[character] ?? character];
  if (!outline) return span("line bar-fence");
  const [width, path] = outline(Math.round(total * 1000));
  return drawing(width, Math.round(total * 1000), path, character in MIRRORED);
}

/** The root sign, from `depth` below the baseline to the bar at `height`. */
export function surd(height, depth) {
  const h = Math.round((height + depth) * 1000);
  const path = `M95 ${h - 420} L210 ${h - 505} L240 ${h - 480} L440 ${h - 60} L810 0 H850 V40 H840 L450 ${h}
    H425 L185 ${h - 445} L115 ${h - 395} Z`;
  return upTo(drawing(833, h, path, false), { height, depth });
}

function drawing(width, height, path, isMirrored) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  svg.style.width = `${width / 1000}em`;
  if (isMirrored) svg.style.transform = "scaleX(-1)";
  const outline = document.createElementNS(SVG, "path");
  outline.setAttribute("d", path);
  svg.append(outline);
  return svg;
}

/** Draw from `depth` below the baseline up to `height`, without making the line any taller. */
function upTo(node, { height, depth }) {
  node.style.height = `${height + depth}em`;
  node.style.marginTop = `${-height - depth}em`;
  node.style.verticalAlign = `${-depth}em`;
  return node;
}

/** The line of a fraction or a root. */
export function bar() {
  return span("bar");
}

/** A brace as wide as the stack it lies in. CSS draws it: lines whose ends bend. */
export function brace(over) {
  const drawn = span(over ? "brace over" : "brace");
  drawn.append(span("half"), span("half"));
  return drawn;
}

function span(className, text = "") {
  const made = document.createElement("span");
  made.className = className;
  if (text) made.textContent = text;
  return made;
}
