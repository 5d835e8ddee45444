// The heat maps: the same nine slices as one picture each. The parameter runs across, the steps run down, and
// the colour is the logarithm of the loss, on one scale for all nine; over it the path of the parameter, and
// the scrubbed step.

import { areaOf, boxesOf, heightOf } from "./cells.js";
import { ColourBar, lay, logTicks, paint, ramp, ticksBetween } from "./image.js";
import { largest, PARAMETERS, smallestPositive } from "./run.js";
import { element, shape, show, tenths, words, write } from "../shared/dom.js";
import { symbol } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";

const ROLES = ["surface", "positive"]; // a loss is positive: blue, the stronger the larger
const SMOOTH = 60; // rows: fewer of them stay the steps that they are
const FINER = 3; // pixels from one sample to the next
const MOST_ROWS = 250; // a longer run shows every so manyth step
const MOST_TICKS = 4;
const DECADES = 4; // the smallest losses beneath the largest one that are still told apart
const ABOVE = 4; // times the highest point of the path: what is higher has the same colour

export class HeatMaps {
  constructor(choose) {
    this.enlarged = null;
    this.choose = choose;
    this.bar = new ColourBar("loss L (logarithmic)");
    this.maps = PARAMETERS.map(p => new HeatMap(p));
    this.readout = element("div", { className: "readout", hidden: true });
    this.overlay = shape("svg", { class: "overlay", "aria-hidden": "true" });
    this.overlay.append(...this.maps.map(map => map.group));
    this.node = element("div", { className: "stack heat-maps", role: "img" },
      ...this.maps.map(map => map.canvas), this.overlay, this.readout);
    this.node.ariaLabel = "The loss along each parameter, a row of colours for each step, and the path travelled";
    this.node.addEventListener("pointermove", event => this.read(event));
    this.node.addEventListener("pointerleave", () => (this.readout.hidden = true));
    this.node.addEventListener("click", event => this.jump(event));
  }

  enlarge(p) {
    this.enlarged = p;
    this.settle();
  }

  setWidth(width) {
    this.width = width;
    this.settle();
  }

  setRun(run) {
    this.run = run;
    this.scale = scaleOf(run);
    this.rows = rowsOf(run);
    this.recolour();
    this.settle();
  }

  /** The pictures, in the colours of today's theme. */
  recolour() {
    if (!this.run) return;
    const shades = ramp(this.node, ROLES);
    const { low, high, share } = this.scale;
    this.bar.set(shades, logTicks(low, high, MOST_TICKS).map(loss => [share(loss), loss]));
    for (const map of this.maps) map.paint(this.run, this.rows, shades, share);
  }

  settle() {
    if (!this.run || !this.width) return;
    this.node.style.height = `${heightOf(this.width, this.enlarged)}px`;
    const boxes = boxesOf(this.width, this.enlarged);
    this.maps.forEach((map, p) => map.settle(boxes[p]));
    if (this.step !== undefined) this.show(this.step);
  }

  show(step) {
    this.step = Math.min(step, this.run.last);
    for (const map of this.maps) map.show(this.step);
  }

  /** {map, step, k}: what lies under the pointer; undefined beside the maps. */
  under(event) {
    const { left, top } = this.node.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    return this.maps.map(map => map.under(x, y)).find(found => found);
  }

  read(event) {
    const found = this.under(event);
    this.readout.hidden = !found;
    if (!found) return;
    const { p, step, k, x, y } = found;
    const [value, loss] = [this.run.samplesOf(p)[k], this.run.slice(step, p)[k]];
    this.readout.replaceChildren(`step ${step}: `, symbol(this.run.names[p]),
      ` = ${formatNumber(value)}, L = ${formatNumber(loss)}`);
    const { offsetWidth } = this.readout;
    const beside = Math.max(0, Math.min(x - offsetWidth / 2, this.width - offsetWidth));
    this.readout.style.translate = `${beside}px ${y > 44 ? y - 34 : y + 14}px`;
  }

  jump(event) {
    const found = this.under(event);
    if (found) this.choose(found.step);
  }
}

class HeatMap {
  constructor(p) {
    this.p = p;
    this.canvas = element("canvas", { className: "picture" });
    this.group = shape("g", {});
    this.ticks = shape("g", { class: "ticks" }, this.group);
    this.frame = shape("svg", {}, this.group);
    this.halo = shape("path", { class: "trajectory-halo" }, this.frame);
    this.trajectory = shape("path", { class: "trajectory-over" }, this.frame);
    this.line = shape("line", { class: "scrubbed" }, this.frame);
    this.point = shape("circle", { class: "point", r: 4 }, this.frame);
  }

  paint(run, rows, shades, share) {
    this.run = run;
    this.rows = rows;
    const slices = rows.map(step => finer(run.slice(step, this.p)));
    this.canvas.style.imageRendering = rows.length < SMOOTH ? "pixelated" : "auto";
    paint(this.canvas, slices[0].length, rows.length, shades, (column, row) => share(slices[row][column]));
  }

  settle(box) {
    this.area = box && areaOf(box);
    this.canvas.style.display = this.group.style.display = box ? "" : "none";
    if (!box) return;
    const { left, top, width, height } = this.area;
    const [x, y] = [left, top].map(Math.round);
    const place = { x, y, width, height };
    lay(this.canvas, place);
    write(this.frame, place);
    const samples = this.run.samplesOf(this.p);
    this.span = [samples[0], samples.at(-1)];
    const places = this.rows.map(step => `${this.x(this.run.value(step, this.p))} ${this.y(step)}`);
    for (const line of [this.halo, this.trajectory]) write(line, { d: `M${places.join("L")}` });
    this.drawTicks(box.outermost);
  }

  drawTicks(outermost) {
    const { left, top, width, height } = this.area;
    const bottom = top + height;
    const across = ticksBetween(...this.span, width > 400 ? 8 : 3);
    const down = ticksBetween(0, Math.max(this.run.last, 1), 3)
      .filter(step => Number.isInteger(step) && step <= this.run.last);
    const middle = { "text-anchor": "middle" };
    const nodes = [
      ...across.map(value => words(formatNumber(value), { ...middle, x: left + this.x(value), y: bottom + 15 })),
      ...down.map(step => words(`${step}`, { x: left - 6, y: top + this.y(step) + 4, "text-anchor": "end" })),
      shape("path", { class: "grid", d: across.map(value => `M${left + this.x(value)} ${bottom}v4`).join("") }),
    ];
    const upright = `translate(${left - 34} ${top + height / 2}) rotate(-90)`;
    if (outermost) nodes.push(words("step", { ...middle, class: "axis-name", transform: upright }));
    this.ticks.replaceChildren(...nodes);
  }

  x(value) {
    const [low, high] = this.span;
    return tenths((value - low) / (high - low) * this.area.width);
  }

  y(step) {
    return tenths((step + 0.5) / (this.run.last + 1) * this.area.height);
  }

  show(step) {
    if (!this.area) return;
    const [x, y] = [this.x(this.run.value(step, this.p)), this.y(step)];
    write(this.line, { x1: 0, x2: this.area.width, y1: y, y2: y });
    show(this.point, isFinite(x), { cx: x, cy: y });
  }

  under(x, y) {
    if (!this.area) return undefined;
    const { left, top, width, height } = this.area;
    const [across, down] = [(x - left) / width, (y - top) / height];
    if (across < 0 || across >= 1 || down < 0 || down >= 1) return undefined;
    const { samples, last } = this.run;
    return { p: this.p, x, y, k: Math.round(across * (samples - 1)), step: Math.floor(down * (last + 1)) };
  }
}

/**
 * FINER values for each sample, by cubics that are exact for a parabola. Near its bottom the logarithm of a loss
 * falls between two samples by decades; without this a valley would look like a string of beads.
 */
function finer(slice) {
  const at = k => slice[Math.max(0, Math.min(slice.length - 1, k))];
  const values = new Float32Array((slice.length - 1) * FINER + 1);
  for (let i = 0; i < values.length; i++) {
    const k = Math.min(Math.floor(i / FINER), slice.length - 2);
    const t = i / FINER - k;
    const [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
    const cubic = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    values[i] = isFinite(cubic) ? Math.max(0, cubic) : b;
  }
  return values;
}

/** The steps that have a row of pixels. */
function rowsOf({ last }) {
  const count = Math.min(last + 1, MOST_ROWS);
  return Array.from({ length: count }, (_, row) => Math.round(row * last / Math.max(count - 1, 1)));
}

/** From a loss to its share of the colours, in decades from `low` to `high`. */
function scaleOf(run) {
  const { slices } = run.arrays;
  const most = Math.min(largest(slices), ABOVE * run.peak) || 1;
  const high = Math.log10(most);
  const low = Math.min(high - 1, Math.max(Math.log10(smallestPositive(slices)), high - DECADES));
  const share = loss => (Math.log10(loss) - low) / (high - low); // a loss of 0 is at −∞: the lowest colour
  return { low, high, share };
}
