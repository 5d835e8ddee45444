// Making and changing nodes: the few helpers that every component is built with.

const SVG = "http://www.w3.org/2000/svg";

/** An element with these properties: element("p", { className: "note", textContent: "…" }). */
export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export function button(text, title, press) {
  const node = element("button", { type: "button", textContent: text });
  if (title) node.title = title;
  if (text.length === 1) node.ariaLabel = title; // a lone arrow says nothing when read aloud
  node.addEventListener("click", press);
  return node;
}

/** An SVG element. */
export function shape(tag, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, tag);
  write(node, attributes);
  parent?.append(node);
  return node;
}

/** An SVG text. */
export function words(text, attributes, parent) {
  const node = shape("text", attributes, parent);
  node.textContent = text;
  return node;
}

export function write(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value); // the same again is a change as well
  }
}

/** Give a node this text, unless it has it: a text written again is laid out again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const KEYED = "st-key-";

/** The key that Python gave what stands around this element, or ""; a root of a component counts as its host. */
export function keyAround(root) {
  const named = (root.host ?? root).closest(`[class*=${KEYED}]`);
  return [...named?.classList ?? []].find(name => name.startsWith(KEYED))?.slice(KEYED.length) ?? "";
}

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
