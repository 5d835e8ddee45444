// A symbol of the network in every way it is written but as a formula. A name is {base, sup, sub}: w, (1), 11.

import { element, shape } from "./dom.js";

const RAISED = { "(": "⁽", ")": "⁾", 1: "¹", 2: "²" };
const LOWERED = { 1: "₁", 2: "₂" };

/** In one line of plain letters, where nothing can be raised: w⁽¹⁾₁₁. */
export function symbolText({ base, sup, sub }) {
  const set = (text, signs) => [...text].map(sign => signs[sign] ?? sign).join("");
  return base + set(sup, RAISED) + set(sub, LOWERED);
}

/** Among words, with its indices set as such. */
export function symbol({ base, sup, sub }) {
  return element("span", { className: "symbol" }, element("i", { textContent: base }),
    element("sup", { textContent: sup }), element("sub", { textContent: sub }));
}

/** For Plotly's titles. */
export function symbolMarkup({ base, sup, sub }) {
  return `<i>${base}</i><sup>${sup}</sup><sub>${sub}</sub>`;
}

/** In a drawing: the superscript above the subscript, the way the formulas write it. */
export function symbolShape({ base, sup, sub }) {
  const text = shape("text", { class: "symbol" });
  const piece = (said, attributes) => { shape("tspan", attributes, text).textContent = said; };
  piece(base, { class: "base" });
  if (sup) piece(sup, { dy: "-0.55em" });
  // "(1)" is about 1.17 em wide in every serif face: step back below it.
  if (sub) piece(sub, sup ? { dx: `${-0.39 * sup.length}em`, dy: "0.95em" } : { dy: "0.35em" });
  return text;
}
