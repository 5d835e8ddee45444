// Formulas without a library: a string of LaTeX, in the subset we write, becomes a small tree of spans in
// KaTeX's own fonts, in a fraction of the time, so that formulas can change under a moving slider.
//
//   typeset_parse.js    LaTeX → a tree
//   typeset_box.js      the tree → boxes, by TeX's rules
//   typeset_shapes.js   fences, roots, braces
//   typeset_symbols.js  macros, and how tall the fonts' characters are
//   typeset_spoken.js   the tree → words
//   typeset_style.js    the CSS, to be put in the same document or shadow root
//   typeset_patch.js    a formula turned into its next version
//
// Beyond LaTeX there is \mark{KEY}{…}: a part of a formula that belongs to the number KEY of the network.
// See linkMarks.

import { DISPLAY, INLINE, build, em } from "./typeset_box.js";
import { parse } from "./typeset_parse.js";
import { speak } from "./typeset_spoken.js";
import { STYLE } from "./typeset_style.js";

export { STYLE };

/** A formula as a DOM element, in display style. */
export function typeset(latex) {
  return setIn(DISPLAY, latex);
}

/** A formula for a line of words: lower fractions, smaller sums. */
export function typesetInline(latex) {
  return setIn(INLINE, latex);
}

/** The formula as text: "∂L over ∂w(1)12 = 0.72 · 1". */
export function plain(latex) {
  return speak(parse(latex));
}

function setIn(style, latex) {
  const tree = parse(latex);
  const { node, text, height, depth } = build(tree, style);
  const formula = document.createElement("span");
  formula.className = "math";
  formula.setAttribute("role", "math");
  formula.setAttribute("aria-label", speak(tree));
  const strut = document.createElement("span");
  strut.className = "strut";
  strut.style.height = em(height + depth);
  strut.style.verticalAlign = em(-depth);
  formula.append(strut, node ?? text);
  return formula;
}

/**
 * Connect the \mark{KEY}{…} in all formulas under `root` with the rest of the page, by the window's event
 * "backprop:mark" whose detail is a KEY or null. A mark under the pointer or in focus sends it; marks that it
 * names light up. Returns {refresh, stop}; call refresh when formulas have been set anew.
 */
export function linkMarks(root) {
  let hovered = null, focused = null, sent = null, named = null;
  const keyAt = event => event.target.closest?.(".mark")?.dataset.key ?? null;
  const send = () => {
    const key = hovered ?? focused;
    if (key === sent) return;
    sent = key;
    window.dispatchEvent(new CustomEvent("backprop:mark", { detail: key }));
  };
  const listeners = {
    pointerover: event => { hovered = keyAt(event); send(); },
    pointerleave: () => { hovered = null; send(); },
    focusin: event => { focused = keyAt(event); send(); },
    focusout: () => { focused = null; send(); },
  };
  const refresh = () => {
    for (const mark of root.querySelectorAll(".mark")) {
      mark.toggleAttribute("data-marked", mark.dataset.key === named);
    }
  };
  const onMark = event => { named = event.detail; refresh(); };
  for (const [type, listener] of Object.entries(listeners)) root.addEventListener(type, listener);
  window.addEventListener("backprop:mark", onMark);
  const stop = () => {
    for (const [type, listener] of Object.entries(listeners)) root.removeEventListener(type, listener);
    window.removeEventListener("backprop:mark", onMark);
    hovered = focused = null;
    send();
  };
  return { refresh, stop };
}
