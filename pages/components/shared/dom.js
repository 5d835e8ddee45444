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
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/** Give a node this text, unless it has it: a text written again is laid out again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
