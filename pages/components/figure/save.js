// A figure to keep: everything drawn in a part of the page, as one SVG file or as a PNG of twice its size.
//
// Whatever lies in the part, Plotly's layers, our own SVG over them, canvases, is copied to where it stands; the colours
// and fonts that style sheets gave it are written into the copy, so it looks the same wherever it is opened.

import { button, element, shape, words, write } from "../shared/dom.js";

const SHARPNESS = 2; // pixels of the PNG for one of the screen
const PATIENCE = 20_000; // ms for a figure that is still to be drawn
const STYLED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "font-family", "font-size", "font-style", "font-weight", "font-variant-numeric", "text-anchor",
  "dominant-baseline", "paint-order", "visibility", "display", "transform",
];

/** Two buttons that save what is drawn in the element that `target()` gives. */
export function saveButtons(target, name) {
  const holder = element("span", { className: "save", role: "group", ariaLabel: "Save this figure" });
  const told = element("span", { role: "status" });
  for (const kind of ["PNG", "SVG"]) {
    const tell = async () => { told.textContent = await save(target(), name, kind); };
    holder.append(button(kind, `Save this figure as ${kind}`, tell));
  }
  holder.append(told);
  return holder;
}

/** Offer the file; what to tell where there is none, or nothing. */
async function save(part, name, kind) {
  if (!await comesToBeDrawn(part)) return "Nothing is drawn here yet: try again in a moment.";
  const svg = copyOf(part);
  const text = new XMLSerializer().serializeToString(svg);
  const blob = new Blob([text], { type: "image/svg+xml" });
  const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  if (kind === "SVG") offer(blob, `${file}.svg`);
  else offer(await pictureOf(blob, svg), `${file}.png`);
  return "";
}

/** What lies out of sight is not drawn yet: then it is brought into view. Whether there is a drawing in the end. */
async function comesToBeDrawn(part) {
  if (isDrawn(part)) return true;
  part.scrollIntoView({ block: "nearest" });
  const end = performance.now() + PATIENCE;
  while (!isDrawn(part) && performance.now() < end) await new Promise(done => setTimeout(done, 50));
  return isDrawn(part);
}

/** Whether there is something to see, and no figure of Plotly's in it that has yet to be drawn. */
function isDrawn(part) {
  const plots = [part, ...part.querySelectorAll("div.plot")].filter(node => node.matches("div.plot"));
  return layersIn(part).length > 0 && plots.every(plot => !isSeen(plot) || "drawn" in plot.dataset);
}

/** One <svg> with everything that is drawn in the part, on the page's own ground. */
function copyOf(part) {
  const frame = part.getBoundingClientRect();
  const svg = shape("svg", { width: frame.width, height: frame.height });
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const ground = shape("rect", { width: "100%", height: "100%" });
  ground.style.fill = groundOf(part);
  svg.append(ground);
  for (const layer of layersIn(part)) svg.append(copyOfLayer(layer, frame));
  for (const label of part.querySelectorAll("[data-drawn-text]")) svg.append(textOf(label, frame));
  return svg;
}

/** The outermost drawings in the part, from the lowest to the highest. */
function layersIn(part) {
  const found = part.matches("svg, canvas") ? [part] : [...part.querySelectorAll("svg, canvas")];
  const isPart = layer => isSeen(layer) && !layer.closest("button, .modebar, .legend");
  return found.filter(layer => isPart(layer) && !layer.parentElement.closest("svg"));
}

function isSeen(node) {
  return node.getClientRects().length > 0;
}

function copyOfLayer(layer, frame) {
  const { left, top, width, height } = layer.getBoundingClientRect();
  const place = { x: left - frame.left, y: top - frame.top, width, height };
  if (layer instanceof HTMLCanvasElement) return shape("image", { ...place, href: pictureOn(layer) });
  const copy = layer.cloneNode(true);
  write(copy, place);
  copy.style.cssText = "";
  copy.setAttribute("overflow", getComputedStyle(layer).overflow);
  dress(layer, copy);
  return copy;
}

/** What is painted on a canvas. One that Plotly draws in space forgets it once it is shown: it is drawn again first. */
function pictureOn(canvas) {
  const { _fullLayout: layout } = canvas.closest(".js-plotly-plot") ?? {};
  for (const space of layout?._subplots?.gl3d ?? []) layout[space]._scene?.glplot?.redraw();
  return canvas.toDataURL();
}

/** A name that stands over the figure as a button: in the copy it is drawn. */
function textOf(label, frame) {
  const { left, top, width, height } = label.getBoundingClientRect();
  const middle = { x: left - frame.left + width / 2, y: top - frame.top + height / 2, "text-anchor": "middle" };
  const text = words(label.dataset.drawnText, middle);
  const { fontFamily, fontSize, color } = getComputedStyle(label);
  Object.assign(text.style, { fontFamily, fontSize, fill: color });
  return text;
}

/** What style sheets gave to the drawing, written into its copy, element by element. */
function dress(drawn, copy) {
  const originals = drawn.querySelectorAll("*"), copies = copy.querySelectorAll("*");
  originals.forEach((original, i) => {
    const style = getComputedStyle(original);
    copies[i].style.setProperty("vector-effect", "none"); // a picture twice the size has lines twice as thick
    for (const property of STYLED) {
      const value = style.getPropertyValue(property);
      if (value && value !== "none" || property === "fill" || property === "stroke" || property === "display") {
        copies[i].style.setProperty(property, value);
      }
    }
  });
}

function groundOf(part) {
  const probe = element("span");
  probe.style.color = "var(--surface)";
  part.parentNode.append(probe); // the page's colours are known there
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function pictureOf(blob, svg) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const [width, height] = ["width", "height"].map(side => SHARPNESS * svg.getAttribute(side));
      const canvas = element("canvas", { width, height });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      canvas.toBlob(resolve, "image/png");
    };
    image.onerror = () => reject(new Error("the figure could not be drawn as a picture"));
    image.src = URL.createObjectURL(blob);
  });
}

function offer(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
