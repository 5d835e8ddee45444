// The network as SVG elements: made once, then placed (place), given numbers (paint) and emphasis
// (emphasise). Nothing here knows where numbers come from or what a pointer does.

import { say, shape, words, write } from "../shared/dom.js";
import { symbolShape } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";

export const PARAMETERS = ["w1_11", "w1_12", "w1_21", "w1_22", "b1_1", "b1_2", "w2_1", "w2_2", "b2"];
const INPUTS = ["x_1", "x_2"];
export const SLIDERS = [...INPUTS, ...PARAMETERS, "y"]; // in the order the Tab key visits them
export const COMPUTED = ["z1_1", "h_1", "z1_2", "h_2", "z2", "o", "L"];

const UNITS = { h_1: "z1_1", h_2: "z1_2", o: "z2" }; // activation: its pre-activation
const PLAIN_EDGES = ["o-L", "y-L"];

export function createDrawing(labels) {
  const svg = shape("svg", { role: "group", "aria-label": "The network, from its inputs to its loss" });
  const layers = ["edges", "units", "chips", "notes"].map(name => shape("g", { class: name }));
  svg.append(...layers);
  const [edgeLayer, unitLayer, chipLayer, noteLayer] = layers;

  const edges = new Map([...PARAMETERS, ...PLAIN_EDGES].map(key => [key, createEdge(key)]));
  const units = new Map(Object.keys(UNITS).map(key => [key, createUnit()]));
  const nodes = new Map(SLIDERS.concat(COMPUTED).map(key => [key, createNode(key, labels[key])]));

  edgeLayer.append(...[...edges.values()].map(edge => edge.group));
  for (const [key, unit] of units) {
    unitLayer.append(unit.frame, nodes.get(UNITS[key]).group, unit.gate.group, nodes.get(key).group);
  }
  unitLayer.append(nodes.get("L").group);
  chipLayer.append(...SLIDERS.map(key => nodes.get(key).group));
  return { svg, edges, units, nodes, noteLayer, layout: null };
}

function createEdge(key) {
  const parts = {
    route: shape("line", { class: "route" }), // behind the line: lights up on a route
    line: shape("line", { class: "line" }),
    reach: shape("line", { class: "reach" }), // invisible, but wide enough to click
  };
  const group = shape("g", { class: "edge", "data-key": key, "aria-hidden": "true" });
  group.append(parts.route, parts.line, parts.reach);
  return { group, ...parts };
}

/** One number with its symbol: a chip if a hand can change it, a cell if the network computes it. */
function createNode(key, label) {
  const isChip = SLIDERS.includes(key);
  const group = shape("g", { class: isChip ? "node chip" : "node cell", "data-key": key });
  const parts = {
    title: shape("title"),
    ring: shape("rect", { class: "ring" }),
    frame: shape("rect", { class: "frame" }),
    symbol: symbolShape(label),
    value: shape("text", { class: "value" }),
    gradient: shape("text", { class: "gradient" }),
  };
  group.append(...Object.values(parts));
  const symbolEms = 0.8 + Math.max(0.31 * label.sup.length, 0.4 * label.sub.length);
  if (isChip) {
    write(group, { role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
  } else {
    group.setAttribute("role", "img");
  }
  return { group, ...parts, symbolEms };
}

function createUnit() {
  const group = shape("g", { class: "gate", role: "img" });
  const glyph = shape("g", { class: "glyph" });
  glyph.append(
    shape("path", { d: "M-20 0H-7" }),
    shape("path", { class: "signal-out", d: "M-7 0H19M13 -5L19 0L13 5" }),
    shape("line", { class: "door upper", x1: 0, y1: -13, x2: 0, y2: 0 }),
    shape("line", { class: "door lower", x1: 0, y1: 0, x2: 0, y2: 13 }),
  );
  const gate = {
    group,
    title: shape("title"),
    glyph,
    curve: shape("path", { class: "curve" }),
    area: shape("rect", { class: "area" }), // catches the pointer between the lines
    word: shape("text", { class: "word" }),
    slope: shape("text", { class: "slope" }),
  };
  group.append(gate.title, gate.area, gate.glyph, gate.curve, gate.word, gate.slope);
  return { frame: shape("rect", { class: "unit" }), gate };
}

// ---- Placing: after a change of width, or when gradients come or go -----------------------------------

export function place(drawing, layout, withGradients) {
  drawing.layout = layout;
  const { svg, edges, units, nodes, noteLayer } = drawing;
  const { fontSize } = layout;
  const chips = { lines: "side by side", fontSize };
  const cells = { lines: layout.cellLines, fontSize };
  svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
  for (const [key, edge] of edges) {
    const [x1, y1, x2, y2] = layout.edges[key];
    for (const part of [edge.route, edge.line, edge.reach]) write(part, { x1, y1, x2, y2 });
  }
  for (const [key, unit] of units) {
    const boxes = layout.units[key];
    placeRectangle(unit.frame, boxes.frame, boxes.frame.x, boxes.frame.y, 12);
    placeGate(unit.gate, boxes.gate, layout.kind);
    placeNode(nodes.get(UNITS[key]), boxes.before, cells, withGradients);
    placeNode(nodes.get(key), boxes.after, cells, withGradients);
  }
  placeNode(nodes.get("L"), layout.loss, cells, false);
  for (const key of SLIDERS) {
    const hasGradient = withGradients && key !== "y";
    placeNode(nodes.get(key), layout.chips[key], chips, hasGradient);
  }
  noteLayer.replaceChildren(
    ...layout.notes.map(({ text, x, y, anchor }) => words(text, { x, y, "text-anchor": anchor })),
  );
}

function placeNode(node, box, { lines, fontSize }, withGradients) {
  const { x, y, width, height } = box;
  node.group.setAttribute("transform", `translate(${x} ${y})`);
  const isChip = node.group.classList.contains("chip");
  const radius = isChip ? Math.min(height / 2, 14) : 12;
  placeRectangle(node.frame, box, 0, 0, radius);
  placeRectangle(node.ring, { width: width + 8, height: height + 8 }, 0, 0, radius + 4);
  if (lines === "stacked") {
    const [symbolY, valueY] = withGradients ? [-17, 5] : [-7, 18];
    write(node.symbol, { x: 0, y: symbolY, "text-anchor": "middle" });
    write(node.value, { x: 0, y: valueY, "text-anchor": "middle" });
    write(node.gradient, { x: 0, y: 26, "text-anchor": "middle" });
    node.room = width - 1;
    node.gradientRoom = width - 14;
  } else {
    const valueY = withGradients ? -2 : 5;
    write(node.symbol, { x: -width / 2 + 8, y: valueY, "text-anchor": "start" });
    write(node.value, { x: width / 2 - 8, y: valueY, "text-anchor": "end" });
    write(node.gradient, { x: width / 2 - 8, y: valueY + 17, "text-anchor": "end" });
    node.room = width - 18 - node.symbolEms * fontSize;
    node.gradientRoom = width - 28;
  }
}

function placeGate(gate, { x, y }, kind) {
  gate.group.setAttribute("transform", `translate(${x} ${y})`);
  const wide = kind === "wide";
  gate.glyph.setAttribute("transform", wide ? "translate(0 -12)" : "translate(-34 0) rotate(90) scale(0.72)");
  gate.curve.setAttribute("transform", wide ? "translate(0 -14)" : "translate(-34 0) scale(0.8)");
  write(gate.area, wide ? { x: -26, y: -30, width: 52, height: 64 } : { x: -52, y: -16, width: 104, height: 32 });
  const middle = { x: 0, "text-anchor": "middle" };
  write(gate.word, wide ? { ...middle, y: 17 } : { x: -16, y: 4, "text-anchor": "start" });
  write(gate.slope, wide ? { ...middle, y: 31 } : { x: 46, y: 4, "text-anchor": "end" });
}

function placeRectangle(rectangle, { width, height }, x, y, radius) {
  write(rectangle, { x: x - width / 2, y: y - height / 2, width, height, rx: radius });
}

// ---- Painting: at every frame in which a number moves -------------------------------------------------

/** Write the numbers of `shown`: {"value w1_11": 0.1, "gradient w1_11": 0.36, …}. */
export function paint(drawing, shown) {
  const { fontSize, gradientFontSize } = drawing.layout;
  for (const [key, node] of drawing.nodes) {
    const value = shown[`value ${key}`];
    say(node.value, fitted(value, node.room, fontSize));
    write(node.value, { "data-sign": signOf(value) });
    const gradient = shown[`gradient ${key}`];
    const hasGradient = gradient !== undefined;
    say(node.gradient, hasGradient ? `∂ ${fitted(gradient, node.gradientRoom, gradientFontSize)}` : "");
  }
  for (const key of PARAMETERS) {
    const value = shown[`value ${key}`];
    const { group, line, route } = drawing.edges.get(key);
    const width = Math.min(1.25 + 2.2 * Math.abs(value ?? 0), 8);
    write(group, { "data-sign": signOf(value) });
    line.style.strokeWidth = width;
    route.style.strokeWidth = width + 8;
  }
}

/** Show what each gate does: an open or closed door for the ReLUs, a curve and its slope for the others. */
export function paintGates(drawing, { slopes, activation, output }) {
  for (const [key, { gate }] of drawing.units) {
    const { name, key: functionKey, curve } = key === "o" ? output : activation;
    const slope = slopes[key];
    const word = gateWord(curve, slope);
    gate.group.dataset.word = word;
    gate.glyph.style.display = curve ? "none" : "";
    if (gate.curve.dataset.of !== functionKey) {
      gate.curve.dataset.of = functionKey;
      gate.curve.setAttribute("d", curve ? curvePath(curve) : "");
    }
    say(gate.word, word);
    const room = drawing.layout.kind === "wide" ? 50 : 34;
    say(gate.slope, word === "open" || word === "closed" ? "" : fitted(slope, room, 12));
    const said = `${name}: ${curve ? "" : `${word}, `}slope ${formatNumber(slope)}`;
    say(gate.title, said);
    gate.group.setAttribute("aria-label", said);
  }
}

/** What a gate does to what passes: a ReLU is open or closed (a leaky one leaks), those with a curve have a slope. */
export function gateWord(curve, slope) {
  if (curve || slope === null) return "slope";
  return slope >= 1 ? "open" : slope > 0 ? "leaks" : "closed";
}

/** An icon: the curve's values, evenly spaced, from edge to edge and from its lowest to its highest. */
function curvePath(curve) {
  const [halfWidth, halfHeight] = [18, 13];
  const ys = curve.filter(y => y !== null);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const points = curve.map((y, i) => {
    const across = -halfWidth + (2 * halfWidth * i) / (curve.length - 1);
    const down = halfHeight - (2 * halfHeight * (y - low)) / (high - low || 1);
    return y === null ? null : `${across.toFixed(1)} ${down.toFixed(1)}`;
  });
  return "M" + points.filter(point => point !== null).join("L");
}

/** Four significant digits, fewer where the box is too small for them; the tooltip has them all. */
function fitted(value, room, fontSize) {
  let text;
  for (const digits of [4, 3, 2, 1]) {
    text = formatNumber(value, digits);
    if (widthInEms(text) * fontSize <= room) break;
  }
  return text;
}

// Estimated, not measured: measuring would make the browser lay the page out at every frame.
function widthInEms(text) {
  const widthOf = character => (character === "." ? 0.26 : "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".includes(character) ? 0.35 : 0.51);
  return [...text].reduce((sum, character) => sum + widthOf(character), 0);
}

function signOf(value) {
  if (!Number.isFinite(value)) return "unknown";
  return value > 0 ? "positive" : value < 0 ? "negative" : "zero";
}

// ---- Emphasis: route, selection, mark, and the stage being played -------------------------------------

/** Pieces are named by key (node and edge of one key go together), a gate by "gate h_1", the last edge "o-L". */
export function emphasise(drawing, { selected, routes, marked, stage, revealed }) {
  const onRoute = piecesOf(routes);
  drawing.svg.toggleAttribute("data-has-route", onRoute.nodes.size > 0);
  for (const [key, node] of drawing.nodes) {
    node.group.toggleAttribute("data-route", onRoute.nodes.has(key));
    node.group.toggleAttribute("data-marked", key === marked);
    node.group.toggleAttribute("data-stage", stage.has(key));
    node.group.toggleAttribute("data-hide-gradient", !revealed(key));
    if (key === selected) node.group.setAttribute("aria-current", "true");
    else node.group.removeAttribute("aria-current");
  }
  for (const [key, edge] of drawing.edges) {
    edge.group.toggleAttribute("data-route", onRoute.edges.has(key));
    edge.group.toggleAttribute("data-marked", key === marked);
    edge.group.toggleAttribute("data-stage", stage.has(key));
  }
  for (const [key, { frame, gate }] of drawing.units) {
    frame.toggleAttribute("data-route", onRoute.nodes.has(key));
    gate.group.toggleAttribute("data-stage", stage.has(`gate ${key}`));
    gate.group.toggleAttribute("data-marked", marked === `gate ${key}`);
  }
}

/** The nodes a set of routes visits, and the edges it runs along. */
function piecesOf(routes) {
  return {
    nodes: new Set(routes.flatMap(({ nodes }) => nodes)),
    edges: new Set(routes.flatMap(({ edges }) => edges)),
  };
}
