// What the parts of the descent view are made with, beside shared/dom.js.

import { button, element, write } from "../shared/dom.js";

/** The heading of a section, with what stands beside it. */
export function heading(text, ...rest) {
  return element("header", {}, element("h3", { textContent: text }), ...rest);
}

export function note(text = "") {
  return element("p", { className: "note", textContent: text });
}

/** Buttons of which one is pressed: options {key: label}; `choose(key)` is told of a press. */
export class Choice {
  constructor(label, options, choose) {
    this.buttons = Object.entries(options).map(([key, text]) => [key, button(text, "", () => choose(key))]);
    this.node = element("div", { className: "choice", role: "group", ariaLabel: label },
      ...this.buttons.map(([, node]) => node));
  }

  set(chosen) {
    for (const [key, node] of this.buttons) node.ariaPressed = String(key === chosen);
  }
}

const FAR = 1e5; // px: what lies farther off is drawn there, for browsers lose huge coordinates

/** A coordinate fit for an attribute: a tenth of a pixel is enough, and no farther than FAR. */
export function tenths(pixels) {
  return Math.round(Math.min(Math.max(pixels, -FAR), FAR) * 10) / 10;
}

/** Show a shape with these attributes if it is `there`; hide it if not. */
export function show(node, there, attributes = {}) {
  node.style.display = there ? "" : "none";
  if (there) write(node, attributes);
}

/** Call `follow(width)` now and whenever the width of `node` changes. */
export function onWidth(node, follow) {
  const observer = new ResizeObserver(entries => follow(entries.at(-1).contentRect.width));
  observer.observe(node);
  return observer;
}
