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
  const isGlyph = glyph && (character !== "|" || glyph[0] === 1);
  const total = isGlyph ? glyph[0] : character === "|" ? wanted + 0.2 : wanted;
  const extent = { height: total / 2 + AXIS, depth: total / 2 - AXIS };
  if (isGlyph) return { node: span(glyph[1], character), ...extent };
  const drawn = character in LINES ? span(LINES[character]) : curve(character, total);
  return { node: upTo(drawn, extent), ...extent };
}

const LINES = { "|": "line bar-fence", "[": "line open-bracket", "]": "line close-bracket" };

// Taller than any glyph: outlines in thousandths of an em, for a fence that opens, of height h.
const OUTLINES = {
  "(": h => [875, `M845 0 C440 360 300 820 300 1300 V${h - 1300} C300 ${h - 820} 440 ${h - 360} 845 ${h}
    L870 ${h - 25} C560 ${h - 400} 435 ${h - 860} 435 ${h - 1300} V1300 C435 860 560 400 870 25 Z`],
  "{": (h, m = h / 2) => [889, `M780 0 C540 0 384 130 384 330 V${m - 330}
    C384 ${m - 130} 290 ${m - 45} 90 ${m - 16} V${m + 16} C290 ${m + 45} 384 ${m + 130} 384 ${m + 330} V${h - 330} C384 ${h - 130} 540 ${h} 780 ${h}
    V${h - 26} C610 ${h - 40} 504 ${h - 140} 504 ${h - 330} V${m + 330} C504 ${m + 130} 400 ${m + 40} 240 ${m}
    C400 ${m - 40} 504 ${m - 130} 504 ${m - 330} V330 C504 140 610 40 780 26 Z`],
};
const MIRRORED = { ")": "(", "}": "{" };

function curve(character, total) {
  const outline = OUTLINES[MIRRORED[character] ?? character];
  if (!outline) return span(LINES["|"]);
  const [width, path] = outline(Math.round(total * 1000));
  return drawing(width, Math.round(total * 1000), path, character in MIRRORED);
}

/** The root sign, from `depth` below the baseline to the bar at `height`. */
export function surd(height, depth) {
  const h = Math.round((height + depth) * 1000);
  const path = `M95 ${h - 420} L210 ${h - 505} L240 ${h - 480} L440 ${h - 70} L806 0 H853 V40 H846 L455 ${h}
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

/** A brace as wide as the stack it lies in, pointing down or up: two ends, the point, and lines between. */
export function brace(pointsUp) {
  const drawn = span(pointsUp ? "brace over" : "brace");
  const piece = (width, path, isMirrored) => {
    const svg = drawing(width, BRACE, path, isMirrored);
    svg.style.height = `${BRACE / 1000}em`;
    return svg;
  };
  drawn.append(
    piece(400, BRACE_END, false), span("stroke"), piece(800, BRACE_POINT, false), span("stroke"),
    piece(400, BRACE_END, true),
  );
  return drawn;
}

const BRACE = 548; // thousandths of an em from the ends to the point; the lines lie at 210 to 310
const BRACE_END = "M0 0 C20 170 120 310 350 310 H400 V210 H360 C200 210 70 150 32 0 Z";
const BRACE_POINT = `M0 210 H80 C240 210 365 290 400 430 C435 290 560 210 720 210 H800 V310 H740
  C580 310 446 380 414 548 H386 C354 380 220 310 60 310 H0 Z`;

function span(className, text = "") {
  const made = document.createElement("span");
  made.className = className;
  if (text) made.textContent = text;
  return made;
}
