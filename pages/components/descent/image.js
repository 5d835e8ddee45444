// Numbers as colours, on a canvas of our own: a ramp built from the palette's roles, the painting, and its
// colour bar.

import { element, shape, words, write } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";
import { colourReader } from "../figure/theme.js";

const SHADES = 256;

/**
 * The colours from the first role to the last, as pixels: one hue from the surface up, or two that meet in
 * it.
 */
export function ramp(node, roles) {
  const read = colourReader(node);
  const stops = roles.map(role => read(`@${role}`).match(/[\d.]+/g).map(Number));
  return Uint32Array.from({ length: SHADES }, (_, shade) => {
    const place = shade / (SHADES - 1) * (stops.length - 1);
    const k = Math.min(Math.floor(place), stops.length - 2);
    const next = stops[k + 1];
    const [red, green, blue] = stops[k].map((from, i) => Math.round(from + (next[i] - from) * (place - k)));
    return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
}

/**
 * Paint `share(column, row)`, from 0 to 1, a pixel each; CSS stretches the canvas. What is no number is left
 * out.
 */
export function paint(canvas, columns, rows, shades, share) {
  Object.assign(canvas, { width: columns, height: rows });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = share(column, row);
      if (Number.isNaN(value)) continue;
      pixels[row * columns + column] = shades[Math.round(Math.min(Math.max(value, 0), 1) * (SHADES - 1))];
    }
  }
  pen.putImageData(image, 0, 0);
}

/** Lay a canvas where its picture belongs. */
export function lay(canvas, { x, y, width, height }) {
  const pixels = { left: x, top: y, width, height };
  for (const [side, value] of Object.entries(pixels)) canvas.style[side] = `${value}px`;
}

/** Round numbers from `low` to `high`, about `count` of them. */
export function ticksBetween(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find(factor => factor * power >= rough) ?? 10);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}

/**
 * At most `most` round numbers between 10^low and 10^high: powers of ten, with 2 and 5 times them or every so
 * manyth.
 */
export function logTicks(low, high, most) {
  const powers = Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, k) => Math.floor(high) - k);
  const inside = tick => tick >= 10 ** low * (1 - 1e-9) && tick <= 10 ** high * (1 + 1e-9);
  const fine = powers.flatMap(power => [5, 2, 1].map(factor => Number(`${factor}e${power}`))).filter(inside);
  if (fine.length <= most) return fine;
  const tens = powers.map(power => Number(`1e${power}`)).filter(inside);
  const apart = Math.ceil(tens.length / most);
  return tens.filter((_, k) => k % apart === 0);
}

const [WIDTH, HEIGHT, EDGE] = [140, 12, 16]; // px; EDGE: room for half a number at both ends

/** A bar of all the shades, with the numbers they stand for. */
export class ColourBar {
  constructor(title) {
    this.canvas = element("canvas", { className: "shades" });
    this.svg = shape("svg", { width: WIDTH + 2 * EDGE, height: 22, "aria-hidden": "true" });
    this.node = element("div", { className: "colour-bar" }, element("span", { textContent: title }),
      element("div", {}, this.canvas, this.svg));
    Object.assign(this.canvas.style, { width: `${WIDTH}px`, height: `${HEIGHT}px`, margin: `0 ${EDGE}px` });
  }

  /** `ticks`: [[share from 0 to 1, number]]. */
  set(shades, ticks) {
    paint(this.canvas, SHADES, 1, shades, column => column / (SHADES - 1));
    this.svg.replaceChildren(...ticks.map(([share, number]) => {
      const x = EDGE + share * WIDTH;
      const tick = shape("g", {}, null);
      shape("path", { class: "grid", d: `M${x} 0v4` }, tick);
      write(words(formatNumber(number, 2).replace(/^1×/, ""), {}, tick), { x, y: 16, "text-anchor": "middle" });
      return tick;
    }));
  }
}
