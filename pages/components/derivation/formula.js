// Formulas, set by KaTeX: once, and from then on only their numbers are written anew.
//
// A formula is a shape and its numbers: "a = 0.72 · 1" is "a = ◦ · ◦" with 0.72 and 1. Shapes are set by KaTeX and kept,
// each number in it one text node; a number that changes is written into that node, and the browser moves fractions and
// braces along. A change of shape (a sign, = to ≈, a gate) sets that formula anew, from the shapes kept where it can.
//
// What is seen is hidden from screen readers. They read the same formula as MathML beside it, which is brought up to
// date when the hand rests; the marks in it take the focus. Beyond LaTeX there is \mark{PLACE}{…}, a part of a formula
// that belongs to a place of the drawing (see marks.js), and \textcolor takes a role of the palette.

import katex from "../katex.js";
import { isAhead } from "../live/live.js";
import { element } from "../shared/dom.js";
import { whenIdle } from "../shared/idle.js";

const REST = 200; // ms without a change
const MOST_SHAPES = 400; // kept; the one unused for longest goes first
const ALLOWED = new Set(["\\htmlClass", "\\htmlData"]); // of what KaTeX would have to be trusted with

// What has digits that are no numbers (names, indices, a length, \frac12), and then the numbers.
const PIECES = new RegExp([
  String.raw`\\(?:begin|end|mark|textcolor|operatorname|text|mathrm|mathbf)\*?\{[^{}]*\}`,
  String.raw`\\(?:[dt]?frac|sqrt)\s*\d+`,
  String.raw`\\[A-Za-z]+`,
  String.raw`\\.`,
  String.raw`\[-?[\d.]+(?:pt|em|ex)\]`,
  String.raw`[_^]\s*(?:\{[^{}]*\}|\d)`,
  String.raw`(?<number>\d+(?:\.\d+)?)`,
].join("|"), "g");

/** {shape, numbers}: the formula with a ◦ for each number, and the numbers. */
export function taken(latex) {
  const numbers = [];
  const shape = latex.replaceAll(PIECES, (piece, number) => (number === undefined ? piece : (numbers.push(number), "◦")));
  return { shape, numbers };
}

const shown = new WeakMap(); // by .katex: {shape, isDisplay, numbers, html, math}

/** A formula as an element; `isDisplay`: on a line of its own, with room to spread out. */
export function typeset(latex, isDisplay) {
  const { shape, numbers } = taken(latex);
  const { html } = kept(shape, isDisplay, numbers);
  const node = element("span", { className: "katex" }, element("span", { className: "katex-mathml" }), html.cloneNode(true));
  shown.set(node, { shape, isDisplay, numbers, html: textsOf(node.lastChild), math: null });
  write(shown.get(node).html, numbers);
  later(node);
  return node;
}

/** The same element with another formula, if that has the same shape; otherwise another element in its place. */
export function reset(node, latex) {
  const state = shown.get(node);
  const { shape, numbers } = taken(latex);
  if (shape !== state.shape) {
    const made = typeset(latex, state.isDisplay);
    node.replaceWith(made);
    return made;
  }
  state.numbers = numbers;
  write(state.html, numbers);
  if (state.math && !isAhead()) speak(node);
  else later(node);
  return node;
}

// ---- Shapes -------------------------------------------------------------------------------------------

const shapes = new Map(); // by display and shape: {html, math}, set with any numbers

function kept(shape, isDisplay, numbers) {
  const name = `${isDisplay} ${shape}`;
  const found = shapes.get(name) ?? { html: setHtml(shape, isDisplay, numbers), math: null };
  shapes.delete(name);
  shapes.set(name, found); // now the last used
  if (shapes.size > MOST_SHAPES) shapes.delete(shapes.keys().next().value);
  return found;
}

function filled(shape, numbers, wrapped) {
  let n = 0;
  return shape.replaceAll("◦", () => wrapped(n, numbers[n++]));
}

/** The half that is seen. Roles are classes, so that night needs no other formula. */
function setHtml(shape, isDisplay, numbers) {
  const latex = filled(shape, numbers, (n, number) => String.raw`\htmlData{n=${n}}{${number}}`);
  const holder = rendered(latex, isDisplay, "html", {
    "\\mark": String.raw`{\htmlData{key=#1}{#2}}`, // in braces: the gap after it is no part of it
    "\\textcolor": String.raw`\htmlClass{role-#1}{#2}`,
  });
  const html = holder.querySelector(".katex-html") ?? unset(shape, numbers);
  for (const mark of html.querySelectorAll("[data-key]")) mark.classList.add("mark");
  return html;
}

/** The half that is heard. KaTeX leaves no data in MathML: numbers and marks are found again by a colour each. */
function setMath(shape, isDisplay, numbers) {
  const places = [];
  const latex = filled(shape, numbers, (n, number) => String.raw`\tint{${colour(1, n)}}{${number}}`)
    .replaceAll(/\\mark\{([^{}]*)\}/g, (_, place) => String.raw`\tint{${colour(2, places.push(place) - 1)}}`)
    .replaceAll("\\textcolor", "\\role").replaceAll("\\tint", "\\textcolor");
  const holder = rendered(latex, isDisplay, "mathml", { "\\role": "\\@secondoftwo" });
  const math = holder.querySelector("math") ?? element("span");
  math.querySelector("annotation")?.remove(); // our LaTeX: nothing to be read aloud
  for (const tinted of math.querySelectorAll("[mathcolor]")) {
    const [, kind, n] = tinted.getAttribute("mathcolor").match(/^#(.)(.{5})$/);
    tinted.removeAttribute("mathcolor");
    if (kind === "1") tinted.dataset.n = Number(n);
    else Object.assign(tinted, { tabIndex: 0 }).dataset.key = places[Number(n)];
  }
  return math;
}

function colour(kind, n) {
  return `#${kind}${String(n).padStart(5, "0")}`;
}

function rendered(latex, displayMode, output, macros) {
  const holder = element("span");
  const trust = ({ command }) => ALLOWED.has(command);
  try {
    katex.render(latex, holder, { displayMode, output, macros, trust, strict: false });
  } catch (error) {
    console.warn(error.message); // a formula never breaks a page
  }
  return holder;
}

/** A formula that cannot be set stands there as LaTeX. */
function unset(shape, numbers) {
  return element("span", { className: "katex-html unset", textContent: filled(shape, numbers, (_, number) => number) });
}

// ---- Numbers ------------------------------------------------------------------------------------------

/** The text nodes that hold the numbers of a half, in order. */
function textsOf(half) {
  const texts = [];
  for (const node of half.querySelectorAll("[data-n]")) {
    let at = node;
    while (at.firstChild) at = at.firstChild;
    texts[node.dataset.n] = at;
  }
  return texts;
}

function write(texts, numbers) {
  texts.forEach((text, n) => {
    if (text.data !== numbers[n]) text.data = numbers[n];
  });
}

// ---- What is heard ------------------------------------------------------------------------------------

const stale = new Set(); // formulas whose MathML is behind
let timer = 0;

function later(node) {
  stale.add(node);
  clearTimeout(timer);
  timer = setTimeout(() => whenIdle(catchUp), isAhead() ? REST : 0);
}

addEventListener("backprop:rest", () => whenIdle(catchUp)); // no hand is moving anything any more

function catchUp(deadline) {
  for (const node of stale) {
    if (deadline.timeRemaining() < 2) return void whenIdle(catchUp);
    speak(node);
  }
}

/** Bring the MathML under `root` up to date now. */
export function speakNow(root) {
  for (const node of root.querySelectorAll(".katex")) if (stale.has(node)) speak(node);
}

function speak(node) {
  stale.delete(node);
  if (!node.isConnected) return;
  const { shape, isDisplay, numbers, math } = shown.get(node);
  if (!math) {
    const kinds = kept(shape, isDisplay, numbers);
    kinds.math ??= setMath(shape, isDisplay, numbers);
    node.firstChild.append(kinds.math.cloneNode(true));
    shown.get(node).math = textsOf(node.firstChild);
  }
  write(shown.get(node).math, numbers);
}

// ---- The look -----------------------------------------------------------------------------------------

// Streamlit's page has the style sheet of KaTeX 0.16, its wheel the script of 0.18, where these classes were given a
// prefix (github.com/KaTeX/KaTeX/pull/4229); nothing else that our formulas use was changed.
const PREFIXED = "newline base strut vbox overline underline thinbox rule smash fix inner root hline hdashline sizing "
  + "accent overlay stretchy sout tag";
const UNPREFIXED = new RegExp(String.raw`\.(?=(?:${PREFIXED.replaceAll(" ", "|")})(?![\w-]))`, "g");
let sheet;

/** KaTeX's rules, which stand on Streamlit's own page, for a shadow root that does not see them. */
export function formulaStyles() {
  if (!sheet) {
    const files = [...document.styleSheets].filter(({ href }) => href?.startsWith(location.origin));
    const rules = files.flatMap(({ cssRules }) => [...cssRules]).filter(rule => rule.selectorText?.includes(".katex"));
    sheet = new CSSStyleSheet();
    sheet.replaceSync(rules.map(({ selectorText, style }) => (
      `${selectorText}, ${selectorText.replaceAll(UNPREFIXED, ".katex-")} { ${style.cssText} }`
    )).join("\n"));
  }
  return sheet;
}
