// The output over the plane of the two inputs, at the key step nearest to the scrubbed one, with the rows of
// the data set as points. Blue is above 0 and its lines are solid, orange below and its lines are dashed.

import { ColourBar, lay, paint, ramp, ticksBetween } from "./image.js";
import { isoline } from "./isolines.js";
import { element, heading, note, onWidth, shape, show, words, write } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";
import { watchTheme } from "../figure/theme.js";
import { saveButtons } from "../figure/save.js";

const ROLES = ["negative", "surface", "positive"];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 12, 10, 46]; // px around the plane
const LARGEST = 430; // px, the side of the plane
const [MOST, SAMPLED] = [0.9, 7]; // the share of outputs that the colours tell apart, found from every seventh
const LEVELS = 12; // lines of equal output, about

export class OutputPlane {
  lazy = true;

  constructor() {
    this.bar = new ColourBar("output o");
    this.canvas = element("canvas", { className: "picture" });
    this.svg = shape("svg", { class: "overlay", role: "img", "aria-label": "The output over the two inputs" });
    this.lines = ["below", "zero", "above"].map(side => shape("path", { class: `level ${side}` }, this.svg));
    this.grid = shape("g", { class: "ticks" }, this.svg);
    this.points = shape("g", {}, this.svg);
    this.example = shape("path", { class: "example", d: "M0 -9L9 0L0 9L-9 0Z" }, this.svg);
    this.stage = element("div", { className: "stack" }, this.canvas, this.svg);
    this.about = note();
    this.node = element("section", { className: "plane" },
      heading("Output over the inputs", saveButtons(() => this.stage, "Output over the inputs")),
      this.bar.node, this.stage, this.about);
    this.observer = onWidth(this.node, width => this.setWidth(width));
    watchTheme(this.node, () => this.recolour());
  }

  concerns(run) {
    return run.has("plane_steps", "plane_x1", "plane_x2", "plane_output");
  }

  setRun(run) {
    const { plane_steps: steps, plane_x1: x1, plane_x2: x2, plane_output: output } = run.arrays;
    Object.assign(this, { run, steps, x1, x2, output, size: x1.length * x2.length });
    if (!run.recorded || !this.bound) this.bound = this.largestOutput(); // known of all planes only
    this.recolour();
    this.settle();
  }

  setWidth(width) {
    this.width = width;
    if (this.run) this.settle();
  }

  planeAt(k) {
    return this.output.subarray(k * this.size, (k + 1) * this.size);
  }

  /** How far from 0 the colours reach: to all targets, and to most outputs while the path is worth seeing. */
  largestOutput() {
    const targets = (this.run.rows ?? []).map(([, , y]) => Math.abs(y));
    const seen = [...this.steps.keys()].filter(k => this.run.worthSeeing(this.steps[k]));
    const outputs = seen.flatMap(k => Array.from(this.planeAt(k).filter((_, i) => i % SAMPLED === 0), Math.abs));
    const sorted = Float64Array.from(outputs.filter(isFinite)).sort();
    return Math.max(0, ...targets, sorted[Math.floor(MOST * sorted.length)] ?? 0) || 1;
  }

  recolour() {
    if (!this.run) return;
    this.shades = ramp(this.node, ROLES);
    const ticks = ticksBetween(-this.bound, this.bound, 4);
    this.bar.set(this.shades, ticks.map(value => [(value / this.bound + 1) / 2, value]));
    this.painted = undefined;
    if (this.step !== undefined) this.show(this.step);
  }

  /** Everything that the scrubber does not move. */
  settle() {
    if (!this.width) return;
    const side = Math.min(this.width, LARGEST + LEFT + RIGHT) - LEFT - RIGHT;
    this.side = side;
    this.stage.style.height = `${side + TOP + BOTTOM}px`;
    lay(this.canvas, { x: LEFT, y: TOP, width: side, height: side });
    this.drawTicks();
    this.drawRows();
    const { example } = this.run;
    const inside = this.holds(example);
    show(this.example, inside, inside && { transform: `translate(${this.x(example[0])} ${this.y(example[1])})` });
    this.painted = undefined;
    if (this.step !== undefined) this.show(this.step);
  }

  x(value) {
    return LEFT + this.side * (value - this.x1[0]) / (this.x1.at(-1) - this.x1[0]);
  }

  y(value) {
    return TOP + this.side * (1 - (value - this.x2[0]) / (this.x2.at(-1) - this.x2[0]));
  }

  holds([x1, x2]) {
    return x1 >= this.x1[0] && x1 <= this.x1.at(-1) && x2 >= this.x2[0] && x2 <= this.x2.at(-1);
  }

  drawTicks() {
    const { side } = this;
    const middle = { "text-anchor": "middle" };
    const across = ticksBetween(this.x1[0], this.x1.at(-1), 5);
    const up = ticksBetween(this.x2[0], this.x2.at(-1), 5);
    const marks = [...across.map(value => `M${this.x(value)} ${TOP + side}v4`),
      ...up.map(value => `M${LEFT} ${this.y(value)}h-4`)];
    this.grid.replaceChildren(
      shape("rect", { class: "frame", x: LEFT, y: TOP, width: side, height: side }),
      shape("path", { class: "grid", d: marks.join("") }),
      ...across.map(value => words(formatNumber(value), { ...middle, x: this.x(value), y: TOP + side + 17 })),
      ...up.map(value => words(formatNumber(value), { "text-anchor": "end", x: LEFT - 8, y: this.y(value) + 4 })),
      words("x₁", { ...middle, class: "axis-name", x: LEFT + side / 2, y: TOP + side + 38 }),
      words("x₂", { ...middle, class: "axis-name", x: 12, y: TOP + side / 2 + 4 }));
  }

  /** A circle for each row, filled while a step draws it, and its target beside it. */
  drawRows() {
    const rows = this.run.rows ?? [];
    this.marks = rows.map(row => {
      const mark = shape("g", { class: "row", transform: `translate(${this.x(row[0])} ${this.y(row[1])})` });
      shape("circle", { r: 5.5 }, mark);
      const onRight = this.x(row[0]) < LEFT + this.side - 50;
      const place = onRight ? { x: 9, "text-anchor": "start" } : { x: -9, "text-anchor": "end" };
      words(formatNumber(row[2], 3), { ...place, y: 4 }, mark);
      show(mark, this.holds(row));
      return mark;
    });
    this.points.replaceChildren(...this.marks);
  }

  show(step) {
    this.step = Math.min(step, this.run.last);
    if (!this.side) return;
    const drawn = this.run.drawn(this.step);
    this.marks.forEach((mark, row) => mark.classList.toggle("drawn", !drawn || drawn.includes(row)));
    const k = Math.max(0, this.steps.findLastIndex(each => each <= this.step));
    if (k === this.painted) return;
    this.painted = k;
    this.paint(this.planeAt(k));
    this.describe(this.steps[k]);
  }

  paint(plane) {
    const [columns, rows] = [this.x1.length, this.x2.length];
    const share = (column, row) => (plane[(rows - 1 - row) * columns + column] / this.bound + 1) / 2;
    paint(this.canvas, columns, rows, this.shades, share);
    const levels = ticksBetween(-this.bound, this.bound, LEVELS);
    const x = column => LEFT + this.side * column / (columns - 1);
    const y = row => TOP + this.side * (1 - row / (rows - 1));
    const sides = [levels.filter(level => level < 0), [0], levels.filter(level => level > 0)];
    this.lines.forEach((line, side) => {
      write(line, { d: sides[side].map(level => isoline(plane, columns, level, x, y)).join("") });
    });
  }

  describe(step) {
    const filled = "filled: those that this step uses.";
    const circles = this.run.rows ? ` Circles: the rows, with their targets; ${filled}` : "";
    const outside = (this.run.rows ?? []).filter(row => !this.holds(row)).length;
    const beyond = outside ? ` ${outside} of the rows lie outside.` : "";
    this.about.textContent = `After step ${step}.${circles} Diamond: the example of the sliders.${beyond}`;
    this.svg.setAttribute("aria-label", `The output for every pair of inputs after step ${step}`);
  }

  remove() {
    this.observer.disconnect();
  }
}
