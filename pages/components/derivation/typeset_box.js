// Trees → boxes, by the rules of TeX (The TeXbook, appendix G), as KaTeX applies them.
//
// A box is a piece of DOM whose height above and depth below the baseline are known, in em of its own font,
// from the fonts' tables; so nothing is ever measured in the page. Only widths are left to the browser: every
// line in the DOM has line-height 0, and things above one another share one grid cell, aligned at their
// baselines and shifted. The strut of the whole formula then tells the page how much room it takes.
//
//   box = {node | text, height, depth, left, right, …}
//   text         upright characters that need no element of their own
//   left, right  the kinds of the atoms at its two ends: ord, op, bin, rel, open, close, punct, inner;
//                null for a space
//   lean         how far a slanted letter reaches over its right edge
//   isLetter     a single character, which carries its scripts lower than a composed box
//   isPlain      its node is a bare span, free to take a class, a size and a shift

import { warnOnce } from "./typeset_parse.js";
import { speak } from "./typeset_spoken.js";
import { extentOf, leanOf } from "./typeset_symbols.js";
import { bar, brace, fence, surd } from "./typeset_shapes.js";

// A style is TeX's: how large (0: text, 1: script, 2: script of a script), whether with room to spread out.
export const DISPLAY = { size: 0, display: true, cramped: false };
export const INLINE = { size: 0, display: false, cramped: false };
const SIZES = [1, 0.7, 0.5];

// The fonts' parameters, by size, in em of that size.
const AXIS = 0.25; // the height of the minus sign, on which fractions and fences are centred
const X_HEIGHT = 0.431;
const RULE = [0.04, 0.049, 0.049];
const ABOVE_DISPLAY = [0.677, 0.732, 0.925], ABOVE = [0.394, 0.384, 0.387];
const BELOW_DISPLAY = [0.686, 0.752, 1.025], BELOW = [0.345, 0.344, 0.532];
const SUP_DISPLAY = [0.413, 0.503, 0.504], SUP = [0.363, 0.431, 0.404], SUP_CRAMPED = [0.289, 0.286, 0.294];
const SUB = [0.15, 0.143, 0.2], SUB_UNDER_SUP = [0.247, 0.286, 0.4];
const SUP_DROP = [0.386, 0.353, 0.494], SUB_DROP = [0.05, 0.071, 0.1];
const NO_FENCE = 0.12; // em, on either side of a fraction

const BUILDERS = {
  row: ({ items }, style) => row(items, style),
  symbol: ({ kind, text, font }) => character(kind, text, font),
  number: ({ text }) => ({ ...upright(text, "ord"), isLetter: true }), // its last digit carries the scripts
  operator: ({ text }) => upright(text, "op"),
  large: largeOperator,
  text: words,
  space: ({ width }) => space(width),
  scripts,
  fraction,
  root,
  fenced,
  table,
  brace: braced,
  boxed,
  cancel: cancelled,
  hat: hatted,
  tint: tinted,
  mark: marked,
};

export function build(tree, style) {
  return BUILDERS[tree.type](tree, style);
}

// ---- Characters ---------------------------------------------------------------------------------------

function character(kind, text, font) {
  const [height, depth] = extentOf(text, font);
  const lean = leanOf(text, font);
  const box = { height, depth, left: kind, right: kind, lean, isLetter: true };
  if (text === "≠") return { ...box, node: struckEquals() };
  if (font === "main" && !lean) return { ...box, text };
  const node = element(font === "math" ? "i" : "span");
  node.textContent = text;
  if (lean) node.style.marginRight = em(lean);
  return { ...box, node };
}

/** KaTeX_Main has no ≠, but a stroke to put over the equals sign. */
function struckEquals() {
  const node = element("span", "stack");
  node.append(element("span", "", "="), element("span", "", "\uE020"));
  return node;
}

function upright(text, kind) {
  const [height, depth] = extentOf(text, "main");
  return { text, height, depth, left: kind, right: kind };
}

function words({ text, bold }) {
  const box = upright(text.replaceAll(" ", "\u00a0"), "ord");
  return bold ? { ...box, text: undefined, node: element("b", "", box.text) } : box;
}

function largeOperator({ text }, style) {
  const [height, depth] = style.display ? [1.05, 0.55] : [0.75, 0.25];
  const node = element("span", style.display ? "size2" : "size1", text);
  return { node, height, depth, left: "op", right: "op", lean: 0 };
}

function space(width) {
  const node = element("span");
  node.style.marginLeft = em(width);
  return { node, height: 0, depth: 0, left: null, right: null };
}

// ---- Rows: atoms side by side, and the gaps between them ------------------------------------------------

// In eighteenths of an em: 3 thin, 4 medium, 5 thick. Read: GAPS[kind on the left][kind on the right].
const GAPS = {
  ord: { op: 3, bin: 4, rel: 5, inner: 3 },
  op: { ord: 3, op: 3, rel: 5, inner: 3 },
  bin: { ord: 4, op: 4, open: 4, inner: 4 },
  rel: { ord: 5, op: 5, open: 5, inner: 5 },
  open: {},
  close: { op: 3, bin: 4, rel: 5, inner: 3 },
  punct: { ord: 3, op: 3, rel: 3, open: 3, close: 3, punct: 3, inner: 3 },
  inner: { ord: 3, op: 3, bin: 4, rel: 5, open: 3, punct: 3, inner: 3 },
};
const SCRIPT_GAPS = { ord: { op: 3 }, op: { ord: 3, op: 3 }, close: { op: 3 }, inner: { op: 3 } };
const LEAVES_BIN_ALONE = new Set([undefined, "bin", "op", "rel", "open", "punct"]);
const CUTS_BIN_OFF = new Set([undefined, "rel", "close", "punct"]);

function row(items, style) {
  if (items.length === 1) return build(items[0], style);
  return join(items.map(item => build(item, style)), style);
}

function join(boxes, style) {
  const visible = boxes.filter(box => box.left !== null);
  settleSigns(visible);
  const gaps = gapsBefore(visible, style.size ? SCRIPT_GAPS : GAPS);
  const node = element("span");
  let run = null; // the text node that the next upright characters may join
  let height = 0, depth = 0;
  for (const box of boxes) {
    const { before = 0, after = 0 } = gaps.get(box) ?? {};
    if (box.text !== undefined && !before && !after) {
      if (run) run.data += box.text;
      else node.append(run = document.createTextNode(box.text));
    } else {
      const held = hold(box);
      if (before) held.classList.add(`before${before}`);
      if (after) held.classList.add(`after${after}`);
      node.append(held);
      run = null;
    }
    height = Math.max(height, box.height);
    depth = Math.max(depth, box.depth);
  }
  const left = visible[0]?.left ?? "ord", right = visible.at(-1)?.right ?? "ord";
  return { node, isPlain: true, height, depth, left, right };
}

/** A "+" or "−" with nothing to add on one of its sides is a sign, and stands close. */
function settleSigns(boxes) {
  boxes.forEach((box, i) => {
    if (box.left !== "bin") return;
    if (LEAVES_BIN_ALONE.has(boxes[i - 1]?.right) || CUTS_BIN_OFF.has(boxes[i + 1]?.left)) {
      box.left = box.right = "ord";
    }
  });
}

/** The gap between two atoms goes to the one that is an element anyway: the operator, the comma. */
function gapsBefore(boxes, table) {
  const gaps = new Map();
  for (let i = 1; i < boxes.length; i++) {
    const gap = table[boxes[i - 1].right]?.[boxes[i].left];
    if (!gap) continue;
    const taker = ["bin", "rel", "punct"].includes(boxes[i - 1].right) ? boxes[i - 1] : boxes[i];
    const side = taker === boxes[i] ? "before" : "after";
    gaps.set(taker, { ...gaps.get(taker), [side]: gap });
  }
  return gaps;
}

/** Boxes that touch. */
function beside(boxes) {
  const node = element("span");
  node.append(...boxes.map(box => box.node ?? box.text));
  const height = Math.max(...boxes.map(box => box.height)), depth = Math.max(...boxes.map(box => box.depth));
  return { node, isPlain: true, height, depth, left: "ord", right: "ord" };
}

// ---- One above the other ------------------------------------------------------------------------------

/** Things in one place, each `shift` em above the common baseline: [{box, shift, scale}]. */
function stack(layers, kind = "ord", className = "stack") {
  const node = element("span", className);
  let height = 0, depth = -Infinity;
  for (const { box, shift, scale = 1 } of layers) {
    const held = layer(box, scale);
    if (shift) held.style.top = em(-shift / scale);
    node.append(held);
    height = Math.max(height, shift + box.height * scale);
    depth = Math.max(depth, box.depth * scale - shift);
  }
  return { node, height, depth, left: kind, right: kind };
}

/** A child of a stack, in its own font size. */
function layer(box, scale) {
  if (box.isOverlay) return box.node;
  const held = box.isPlain ? box.node : element("span");
  if (!box.isPlain) held.append(box.node ?? box.text);
  if (scale !== 1) held.className = scale === 0.7 ? "smaller" : "smallest";
  return held;
}

/** Something drawn over the width of a stack: it takes no room of its own. */
function overlay(node, height, depth) {
  node.style.height = em(height + depth);
  node.style.marginTop = em(-height - depth);
  return { node, isOverlay: true, height: height + depth, depth: 0, shift: -depth };
}

function scaleOf(from, to) {
  return SIZES[to.size] / SIZES[from.size];
}

function scriptStyle({ size, cramped }) {
  return { size: Math.min(size + 1, 2), display: false, cramped };
}

function cramp(style) {
  return { ...style, cramped: true };
}

function scripts(tree, style) {
  const { base, sup, sub } = tree;
  if (base?.type === "brace") return braced(base, style, base.over ? sup : sub);
  if (base?.limits && style.display) return limits(tree, style);
  const kernel = base ? build(base, style) : character("ord", "", "main");
  const small = scriptStyle(style), scale = scaleOf(style, small);
  const above = sup && build(sup, small), below = sub && build(sub, cramp(small));
  const { up, down } = scriptShifts(kernel, above, below, style, scale);
  const lean = below ? (kernel.lean ?? 0) : 0; // a subscript tucks itself under a leaning letter
  if (above && below) {
    const layers = [{ box: above, shift: up, scale }, { box: below, shift: -down, scale }];
    const attached = stack(layers, "ord", "stack scripts");
    if (lean) attached.node.lastChild.style.marginLeft = em(-lean / scale);
    return { ...beside([kernel, attached]), left: kernel.left, right: kernel.right };
  }
  const attached = above ? raise(above, up, scale) : raise(below, -down, scale);
  if (lean) attached.node.style.marginLeft = em(-lean / scale);
  return { ...beside([kernel, attached]), left: kernel.left, right: kernel.right };
}

/** A script alone: on the line, but higher or lower. */
function raise(box, shift, scale) {
  const node = layer(box, scale);
  node.classList.add("script");
  node.style.verticalAlign = em(shift / scale);
  return { node, height: box.height * scale + shift, depth: box.depth * scale - shift };
}

/** How far up and down scripts go: rule 18. */
function scriptShifts(kernel, above, below, { size, display, cramped }, scale) {
  const small = Math.min(size + 1, 2);
  let up = kernel.isLetter ? 0 : kernel.height - SUP_DROP[small] * scale;
  let down = kernel.isLetter ? 0 : kernel.depth + SUB_DROP[small] * scale;
  if (above) {
    const least = (display && !cramped ? SUP_DISPLAY : cramped ? SUP_CRAMPED : SUP)[size];
    up = Math.max(up, least, above.depth * scale + X_HEIGHT / 4);
  }
  if (!below) return { up, down };
  if (!above) return { up, down: Math.max(down, SUB[size], below.height * scale - 0.8 * X_HEIGHT) };
  down = Math.max(down, SUB_UNDER_SUP[size]);
  const clear = 4 * RULE[size];
  const foot = above.depth * scale, head = below.height * scale;
  if (up - foot - (head - down) < clear) {
    down = clear - (up - foot) + head;
    const lift = 0.8 * X_HEIGHT - (up - foot);
    if (lift > 0) {
      up += lift;
      down -= lift;
    }
  }
  return { up, down };
}

/** Σ and max in a display: scripts above and below. */
function limits({ base, sup, sub }, style) {
  const kernel = build(base, style);
  const small = scriptStyle(style), scale = scaleOf(style, small);
  const layers = [{ box: kernel, shift: 0 }];
  if (sup) {
    const box = build(sup, small), foot = box.depth * scale;
    layers.push({ box, scale, shift: kernel.height + foot + Math.max(0.111, 0.2 - foot) });
  }
  if (sub) {
    const box = build(sub, cramp(small)), head = box.height * scale;
    layers.push({ box, scale, shift: -kernel.depth - head - Math.max(0.166, 0.6 - head) });
  }
  const box = stack(layers, "op", "stack centred");
  return { ...box, height: box.height + (sup ? 0.1 : 0), depth: box.depth + (sub ? 0.1 : 0) };
}

function fraction({ above, below, style: forced }, outer) {
  const style = forced ? { ...outer, size: 0, display: forced === "display" } : outer;
  const inner = style.display ? { ...style, display: false } : scriptStyle(style);
  const scale = scaleOf(style, inner), rule = RULE[style.size], half = rule / 2;
  const numerator = build(above, inner), denominator = build(below, cramp(inner));
  const clear = style.display ? 3 * rule : rule;
  const up = (style.display ? ABOVE_DISPLAY : ABOVE)[style.size];
  const down = (style.display ? BELOW_DISPLAY : BELOW)[style.size];
  return stack([
    { box: numerator, scale, shift: Math.max(up, AXIS + half + clear + numerator.depth * scale) },
    { box: overlay(bar(), rule, 0), shift: AXIS - half },
    { box: denominator, scale, shift: -Math.max(down, clear + half - AXIS + denominator.height * scale) },
  ], "ord", "stack centred fraction");
}

function root({ body }, style) {
  const inner = build(body, cramp(style));
  const rule = RULE[style.size];
  const clear = rule + (style.display ? X_HEIGHT : rule) / 4;
  const height = inner.height + clear + rule;
  const covered = stack([{ box: inner, shift: 0 }, { box: overlay(bar(), rule, 0), shift: height - rule }]);
  return beside([{ node: surd(height, inner.depth), height, depth: inner.depth }, covered]);
}

// ---- Fences and tables --------------------------------------------------------------------------------

function fenced({ left, right, body }, style) {
  return fenceIn(left, build(body, style), right);
}

/** A box between two fences that are as tall as it is, around the axis. */
function fenceIn(left, box, right) {
  const reach = Math.max(box.height - AXIS, box.depth + AXIS);
  const wanted = Math.max(2 * reach * 0.901, 2 * reach - 0.5);
  return { ...beside([fence(left, wanted), box, fence(right, wanted)]), left: "inner", right: "inner" };
}

const BASELINES = 1.2; // em between the baselines of two rows
const TABLES = {
  matrix: { fences: ["", ""], align: ["centred"], gap: "wide" },
  bmatrix: { fences: ["[", "]"], align: ["centred"], gap: "wide" },
  pmatrix: { fences: ["(", ")"], align: ["centred"], gap: "wide" },
  cases: { fences: ["{", ""], align: ["", ""], gap: "wide", stretch: 1.2 },
  aligned: { align: ["right", ""], gap: "none", isDisplay: true },
};

function table({ name, rows, gaps }, style) {
  if (!Object.hasOwn(TABLES, name)) warnOnce(`\\begin{${name}}`);
  const { fences, align, gap, stretch = 1, isDisplay = false } = TABLES[name] ?? TABLES.matrix;
  const cellStyle = { ...style, display: isDisplay };
  const room = BASELINES * stretch;
  let total = 0;
  const placed = rows.map((cells, i) => {
    const isRight = column => isDisplay && column % 2 === 1;
    const boxes = cells.map((cell, column) => build(isRight(column) ? afterNothing(cell) : cell, cellStyle));
    const height = Math.max(0.7 * room, ...boxes.map(box => box.height));
    let depth = Math.max(0.3 * room, ...boxes.map(box => box.depth));
    if (gaps[i] > 0) depth = Math.max(depth, gaps[i] + 0.3 * room);
    if (isDisplay && i < rows.length - 1) depth += 0.3;
    const baseline = total + height;
    total = baseline + depth;
    return { boxes, baseline };
  });
  const node = element("span");
  const columns = Math.max(0, ...rows.map(cells => cells.length));
  for (let column = 0; column < columns; column++) {
    const layers = placed.filter(({ boxes }) => column in boxes)
      .map(({ boxes, baseline }) => ({ box: boxes[column], shift: total / 2 + AXIS - baseline }));
    const separate = column === 0 ? "" : isDisplay && column % 2 ? "none" : gap;
    node.append(stack(layers, "ord", `stack ${align[column % align.length]} ${separate}`).node);
  }
  const extent = { height: total / 2 + AXIS, depth: total / 2 - AXIS };
  const box = { node, isPlain: true, ...extent, left: "ord", right: "ord" };
  return fences ? fenceIn(fences[0], box, fences[1]) : box;
}

/** A right-hand side begins with its equals sign: the empty atom before it makes it keep its gap. */
function afterNothing(cell) {
  return { type: "row", items: [{ type: "number", text: "" }, ...cell.items] };
}

// ---- Around and over things ---------------------------------------------------------------------------

function braced({ over, body }, style, label = null) {
  const kernel = build(body, { ...style, size: 0, display: true });
  const small = scriptStyle(style), scale = scaleOf(style, small);
  const BRACE = 0.548, NEAR = 0.1, FAR = 0.2;
  const layers = [{ box: kernel, shift: 0 }];
  const edge = over ? kernel.height + NEAR : -kernel.depth - NEAR - BRACE;
  layers.push({ box: overlay(brace(over), BRACE, 0), shift: edge });
  if (label) {
    const box = build(label, over ? small : cramp(small));
    const beyond = over ? edge + BRACE + FAR + box.depth * scale : edge - FAR - box.height * scale;
    layers.push({ box, scale, shift: beyond });
  }
  return stack(layers, "ord", "stack centred");
}

function boxed({ body }, style) {
  const PADDING = 0.34;
  const inner = build(body, { ...style, size: 0, display: true });
  return covered(inner, element("span", "frame"), PADDING, "stack boxed");
}

function cancelled({ body }, style) {
  const inner = build(body, style);
  const box = covered(inner, element("span", "strike"), 0.15, "stack");
  return { ...box, left: inner.left, right: inner.right };
}

/** The font's own accent stands above an x. */
function hatted({ body }, style) {
  const inner = build(body, style);
  const hat = { node: element("span", "", "\u02C6"), height: 0.694, depth: 0 };
  const box = stack([{ box: inner, shift: 0 }, { box: hat, shift: inner.height - X_HEIGHT }], "ord", "stack centred");
  return { ...box, left: inner.left, right: inner.right };
}

function marked({ key, body }, style) {
  const inner = build(body, style);
  const box = covered(inner, element("span", "reach"), 0.2, "stack mark");
  box.node.tabIndex = 0;
  box.node.dataset.key = key;
  box.node.setAttribute("role", "group");
  box.node.setAttribute("aria-label", speak(body));
  return { ...box, height: inner.height, depth: inner.depth, left: inner.left, right: inner.right };
}

/** A box with something over its whole extent, `padding` larger. */
function covered(inner, cover, padding, className) {
  const height = inner.height + padding, depth = inner.depth + padding;
  const { shift, ...box } = overlay(cover, height, depth);
  return stack([{ box, shift }, { box: inner, shift: 0 }], "ord", className);
}

const ROLES = new Set(["positive", "negative", "gradient", "route", "quiet", "ink"]);

function tinted({ role, body }, style) {
  if (!ROLES.has(role)) warnOnce(`the colour “${role}”`);
  const inner = build(body, style);
  const node = element("span");
  node.append(inner.node ?? inner.text);
  if (ROLES.has(role)) node.style.color = `var(--${role})`;
  return { ...inner, text: undefined, node, isPlain: false };
}

// ---- DOM ----------------------------------------------------------------------------------------------

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** The element of a box; bare text gets one. */
function hold(box) {
  return box.node ?? element("span", "", box.text);
}

export function em(length) {
  return `${Math.round(length * 1e4) / 1e4}em`;
}
