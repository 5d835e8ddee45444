// Two axes: contours of the loss over any two of the nine parameters, the other seven held at the start or at
// the end of the path, and the path over them. The same as a surface in space, on demand. Other axes are
// asked of Python.

import { logTicks } from "./image.js";
import { axesOf, fit, GivenRanges, lies, onZoom, pixel } from "../figure/axes.js";
import { largest, smallestPositive } from "./run.js";
import { onGrid } from "../live/hand.js";
import * as live from "../live/live.js";
import { button, Choice, element, heading, note, shape, show, write } from "../shared/dom.js";
import { symbolMarkup, symbolText } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";
import { Figure } from "../figure/theme.js";
import { saveButtons } from "../figure/save.js";

const HEIGHT = 430; // px
const DECADES = 6; // the smallest losses beneath the largest that are still told apart
const MOST_SPANS = 1000; // of the map, beside it
const MOST_TICKS = 8;
const LINES = 18; // about so many contours
const SCALE = [[0, "@surface"], [1, "@positive"]]; // a loss is positive: blue, the stronger the larger
const HELD = { start: "Start", end: "End" };
const SURFACE_TOOLS = [["orbitRotation", "zoom3d", "pan3d", "resetCameraDefault3d"]];
const LIFT = 0.01; // of the height of the space
const CAMERA = { eye: { x: -1.5, y: -1.5, z: 1.1 } };

export class TwoAxes {
  lazy = true;

  constructor(ask, move) {
    this.ask = ask;
    this.inSpace = false;
    this.selects = { a: axisSelect("Across"), b: axisSelect("Up") };
    for (const [axis, select] of Object.entries(this.selects)) {
      select.addEventListener("change", () => this.choose({ [axis]: select.value }));
    }
    this.held = new Choice("The other seven are held at", HELD, held => this.choose({ held }));
    const title = "Change between the map and a surface in space";
    this.spaceButton = button("", title, () => this.turn(!this.inSpace));
    const labelled = (text, node) => element("label", {}, text, node);
    this.controls = element("div", { className: "controls" },
      labelled("across", this.selects.a), labelled("up", this.selects.b),
      element("span", { className: "labelled" }, "others held at", this.held.node), this.spaceButton);
    this.map = new LossMap(move);
    this.surface = new LossSurface();
    this.about = note();
    this.node = element("section", { className: "two-axes" }, 
      heading("Two parameters at a time", saveButtons(() => this.view.node, "Loss over two parameters")), this.controls,
      element("div", { className: "stack" }, this.map.node, this.surface.node), this.about);
    this.turn(false);
  }

  concerns(run) {
    return run.has("axes_a", "axes_b", "axes_loss");
  }

  /** Ask for other axes; the same one twice means that the two change places. */
  choose(change) {
    const before = this.wanted;
    const after = { ...before, ...change };
    if (after.a === after.b) [after.a, after.b] = [before.b, before.a];
    this.setControls(after);
    this.ask(after);
  }

  setControls(axes) {
    this.wanted = axes;
    for (const axis of ["a", "b"]) this.selects[axis].value = axes[axis];
    this.held.set(axes.held);
  }

  turn(inSpace) {
    this.inSpace = inSpace;
    this.spaceButton.textContent = inSpace ? "Back to the map" : "Show as surface";
    this.map.node.hidden = inSpace;
    this.surface.node.hidden = !inSpace;
    this.catchUp();
  }

  get view() {
    return this.inSpace ? this.surface : this.map;
  }

  catchUp() {
    if (!this.run) return;
    this.explain();
    if (this.view.run !== this.run) this.view.setRun(this.run, this.field);
    this.view.show(this.step);
  }

  setRun(run) {
    this.run = run;
    for (const select of Object.values(this.selects)) {
      if (select.options.length) continue;
      select.append(...run.names.map(name => new Option(symbolText(name), name.key)));
    }
    const { a, b, held } = run.axes;
    this.setControls({ a, b, held });
    this.field = new Field(run);
    this.catchUp();
  }

  explain() {
    const where = this.run.axes.held === "end" ? "end" : "start";
    this.about.textContent = `The other seven parameters are held at the ${where} of the path. The path moves `
      + `all nine, so its own losses agree with the map only where those seven stand so: at the ${where}.`
      + (this.inSpace ? " Here the path is laid on the surface; point at it to read its own losses." : "");
  }

  show(step) {
    this.step = step;
    this.view.show(step);
  }

  remove() {
    this.map.figure.remove();
    this.surface.figure?.remove();
  }
}

function axisSelect(label) {
  return element("select", { ariaLabel: `Parameter ${label.toLowerCase()}` });
}

/** The loss over two axes and the path across it, ready for Plotly. */
class Field {
  constructor(run) {
    const { axes_a: a, axes_b: b, axes_loss: loss } = run.arrays;
    const index = key => run.names.findIndex(name => name.key === key);
    Object.assign(this, { run, a, b, pa: index(run.axes.a), pb: index(run.axes.b) });
    const rows = Array.from(b, (_, j) => loss.subarray(j * a.length, (j + 1) * a.length));
    const most = largest(loss) > 0 ? largest(loss) : 1;
    this.high = Math.log10(most);
    this.low = Math.max(Math.min(Math.log10(smallestPositive(loss)), this.high - 0.5), this.high - DECADES);
    // A loss of 0, or one that is not finite, is at the end of the scale.
    const clamp = power => Math.min(Math.max(power, this.low), this.high);
    this.losses = rows;
    this.logarithms = rows.map(row => Float64Array.from(row, each => clamp(Math.log10(each))));
  }

  get titles() {
    return [this.pa, this.pb].map(p => symbolMarkup(this.run.names[p]));
  }

  get colours() {
    const ticks = logTicks(this.low, this.high, MOST_TICKS);
    return {
      colorscale: SCALE,
      colorbar: {
        title: { text: "loss L", side: "top" }, thickness: 10, outlinewidth: 0, len: 0.9, tickfont: { size: 11 },
        tickvals: ticks.map(Math.log10), ticktext: ticks.map(loss => formatNumber(loss, 2)),
      },
    };
  }

  /** What stands at each point of the map, for a pointer that rests there. */
  get readings() {
    const [one, other] = this.titles;
    const across = Array.from(this.a, value => `${one} = ${formatNumber(value)}`);
    return this.losses.map((row, j) => {
      const up = `${other} = ${formatNumber(this.b[j])}`;
      return Array.from(row, (loss, i) => `${across[i]}<br>${up}<br>L = ${formatNumber(loss)}`);
    });
  }

  /** The logarithm at a place between the grid's points; NaN beside the map. */
  heightAt(x, y) {
    const [i, j] = [[this.a, x], [this.b, y]].map(([axis, value]) =>
      (value - axis[0]) / (axis.at(-1) - axis[0]) * (axis.length - 1));
    const [m, n] = [Math.min(Math.floor(i), this.a.length - 2), Math.min(Math.floor(j), this.b.length - 2)];
    const corner = (k, l) => this.logarithms[n + l]?.[m + k] * (k ? i - m : 1 - i + m) * (l ? j - n : 1 - j + n);
    return corner(0, 0) + corner(1, 0) + corner(0, 1) + corner(1, 1);
  }

  /** The path along one axis; where it has run far off, which Plotly cannot draw, there is nothing. */
  trajectory(p) {
    const axis = p === this.pa ? this.a : this.b;
    const far = MOST_SPANS * (axis.at(-1) - axis[0]);
    return Array.from(this.run.loss, (_, step) => this.run.value(step, p))
      .map(value => (Math.abs(value - axis[0]) < far ? value : null));
  }

  /** "step 12, w = …, L = …" for each step, set with Plotly's marks. */
  get stories() {
    const [one, other] = this.titles;
    return Array.from(this.run.height, (loss, step) => {
      const [x, y] = [this.pa, this.pb].map(p => formatNumber(this.run.value(step, p)));
      return `step ${step}<br>${one} = ${x}<br>${other} = ${y}<br>L = ${formatNumber(loss)}`;
    });
  }
}

class LossMap {
  constructor(move) {
    this.move = move;
    this.held = null; // {key: value} of both parameters, while a hand has the start of the path
    this.plot = element("div", { className: "plot", role: "figure", ariaLabel: "Map of the loss over two parameters" });
    this.overlay = shape("svg", { class: "overlay" });
    this.frame = shape("svg", {}, this.overlay);
    this.point = shape("circle", { class: "point", r: 5.5 }, this.frame);
    this.start = this.createStart();
    this.node = element("div", { className: "stack" }, this.plot, this.overlay);
    this.ranges = new GivenRanges(this.plot);
    this.figure = new Figure(this.plot, {
      compose: () => ({ figure: this.compose(), height: HEIGHT }),
      listen: plot => onZoom(plot, () => this.place()),
      drawn: () => this.place(),
    });
  }

  /** The start of the path can be taken and put elsewhere: two parameters at once. */
  createStart() {
    const start = shape("g", { class: "start", tabindex: 0, role: "slider", "aria-roledescription": "point on the map" }, this.frame);
    shape("circle", { class: "reach", r: 18 }, start);
    shape("circle", { class: "rim", r: 7 }, start);
    let from = null; // where the hand took it: pixels, values, and pixels a unit
    start.addEventListener("pointerdown", event => {
      const axes = axesOf(this.plot, 0);
      if (event.button !== 0 || !axes) return;
      start.setPointerCapture(event.pointerId);
      const perUnit = [axes.x, axes.y].map(axis => axis.l2p(1) - axis.l2p(0));
      from = { at: [event.clientX, event.clientY], values: this.startValues(), perUnit };
    });
    start.addEventListener("pointermove", ({ clientX, clientY }) => {
      if (!from) return;
      const moved = [clientX - from.at[0], clientY - from.at[1]];
      this.drag(from.values.map((value, k) => value + moved[k] / from.perUnit[k]));
    });
    const end = () => {
      from = null;
      this.drop();
    };
    for (const type of ["pointerup", "pointercancel", "keyup", "blur"]) start.addEventListener(type, end);
    start.addEventListener("keydown", event => {
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
      if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const size = this.run.stepSize * (event.shiftKey ? 10 : 1);
      this.drag(this.startValues().map((value, k) => value + steps[k] * size));
    });
    return start;
  }

  startValues() {
    return this.held ? Object.values(this.held) : [this.field.pa, this.field.pb].map(p => this.run.value(0, p));
  }

  drag(values) {
    const { stepSize, reach } = this.run;
    const { a, b } = this.run.axes;
    const [one, other] = values.map(value => onGrid(value, stepSize, [-reach, reach]));
    this.held = { [a]: one, [b]: other };
    live.hold(this.held);
    this.place();
  }

  drop() {
    if (!this.held) return;
    live.letGo();
    this.move(this.held);
    this.held = null;
    this.figure.redraw();
  }

  setRun(run, field) {
    Object.assign(this, { run, field });
    const [a, b] = [field.pa, field.pb].map(p => run.names[p].meaning);
    this.plot.ariaLabel = `Map of the loss over the ${a} and the ${b}, with the path of the descent`;
    this.figure.redraw();
  }

  compose() {
    const { field } = this;
    const [across, up] = field.titles;
    const contour = {
      type: "contour", x: field.a, y: field.b, z: field.logarithms, text: field.readings, zmin: field.low,
      zmax: field.high, ...field.colours, line: { color: "@ink/0.3", width: 0.75 },
      // coloring: "heatmap" would be smooth, and take 140 ms longer at every new run.
      contours: { start: Math.floor(field.low), end: field.high, size: this.apart(), coloring: "fill" },
      hovertemplate: "%{text}<extra></extra>",
    };
    return { data: [contour, ...this.trajectory()], layout: this.layout(across, up) };
  }

  /** Decades from one contour to the next: a whole number of them makes a power of ten. */
  apart() {
    const { low, high } = this.field;
    return 1 / Math.max(1, Math.round(LINES / (high - low)));
  }

  /** The path with a margin of the page's colour, so that it stands out from any loss. */
  trajectory() {
    const { field, run } = this;
    const line = { type: "scatter", x: field.trajectory(field.pa), y: field.trajectory(field.pb), mode: "lines" };
    return [
      { ...line, line: { color: "@surface", width: 4.5 }, hoverinfo: "skip" },
      { ...line, mode: "lines+markers", line: { color: "@ink", width: 1.5 }, text: field.stories,
        marker: { color: "@ink", size: run.last > 60 ? 2.5 : 4.5 }, hovertemplate: "%{text}<extra></extra>" },
    ];
  }

  layout(across, up) {
    const { a, b, run } = this.field;
    const common = { showgrid: false, nticks: 6 };
    return {
      margin: { l: 56, r: 8, t: 30, b: 46 }, showlegend: false,
      xaxis: { ...common, title: { text: across }, uirevision: run.axes.a, range: this.range("xaxis", a) },
      yaxis: { ...common, title: { text: up }, uirevision: run.axes.b, range: this.range("yaxis", b) },
    };
  }

  /** As far as the map goes; under a hand on it, it stays where it is. */
  range(axis, values) {
    return this.held ? this.ranges.given[axis] : this.ranges.choose(axis, [values[0], values.at(-1)]);
  }

  show(step) {
    this.step = step;
    this.place();
  }

  place() {
    const axes = axesOf(this.plot, 0);
    if (!axes) return;
    fit(this.frame, axes);
    const [one, other] = this.startValues();
    const [left, top] = [pixel(axes.x, one), pixel(axes.y, other)];
    show(this.start, lies(left, axes.x) && lies(top, axes.y), { transform: `translate(${left} ${top})` });
    const names = [this.field.pa, this.field.pb].map(p => this.run.names[p]);
    const said = [one, other].map((value, k) => `${names[k].meaning}: ${formatNumber(value)}`).join(", ");
    write(this.start, { "aria-label": "The start of the path", "aria-valuetext": said, "aria-valuenow": one });
    const [x, y] = [[axes.x, this.field.pa], [axes.y, this.field.pb]]
      .map(([axis, p]) => pixel(axis, this.run.value(this.step, p)));
    show(this.point, lies(x, axes.x) && lies(y, axes.y), { cx: x, cy: y });
  }
}

/** The surface is made when it is first asked for: drawing in space is costly. */
class LossSurface {
  constructor() {
    this.node = element("div", { className: "plot surface", role: "figure", hidden: true });
    this.node.ariaLabel = "The loss over two parameters as a surface in space; drag to turn it";
  }

  setRun(run, field) {
    Object.assign(this, { run, field });
    this.figure ??= new Figure(this.node, {
      compose: () => ({ figure: this.compose(), height: HEIGHT }),
      listen: () => {},
      drawn: () => this.place(),
    });
    this.figure.redraw();
  }

  compose() {
    const { field } = this;
    const [across, up] = field.titles;
    const surface = {
      type: "surface", x: field.a, y: field.b, z: field.logarithms, text: field.readings, cmin: field.low,
      cmax: field.high, ...field.colours, showscale: false, lighting: { ambient: 0.8, diffuse: 0.4, specular: 0 },
      hovertemplate: "%{text}<extra></extra>",
    };
    const [x, y] = [field.pa, field.pb].map(p => field.trajectory(p));
    const line = { type: "scatter3d", x, y, z: x.map((each, step) => this.lifted(each, y[step])) };
    const trajectory = { ...line, mode: "lines", line: { color: "@ink", width: 5 }, text: field.stories,
      hovertemplate: "%{text}<extra></extra>" };
    const marker = { color: "@ink", size: 6 };
    const point = { ...line, ...this.spot(), mode: "markers", marker, hoverinfo: "skip" };
    const config = { modeBarButtons: SURFACE_TOOLS };
    return { data: [surface, trajectory, point], layout: this.layout(across, up), config };
  }

  layout(across, up) {
    const { a, b, low, high, colours } = this.field;
    const axis = { gridcolor: "@line", backgroundcolor: "@surface", color: "@quiet", nticks: 5 };
    const { tickvals, ticktext } = colours.colorbar;
    return {
      margin: { l: 0, r: 0, t: 30, b: 0 }, showlegend: false,
      scene: {
        camera: CAMERA, aspectmode: "cube", // of equal width, whatever the parameters' ranges
        xaxis: { ...axis, title: { text: across }, range: [a[0], a.at(-1)] },
        yaxis: { ...axis, title: { text: up }, range: [b[0], b.at(-1)] },
        zaxis: { ...axis, title: { text: "loss L" }, range: [low, high], tickvals, ticktext },
      },
    };
  }

  /** On the surface, a little above it so that the line is not half sunk. */
  lifted(x, y) {
    const { low, high } = this.field;
    return this.field.heightAt(x, y) + LIFT * (high - low);
  }

  spot() {
    const [x, y] = [this.field.pa, this.field.pb].map(p => this.run.value(this.step, p));
    return { x: [x], y: [y], z: [this.lifted(x, y)] };
  }

  show(step) {
    this.step = step;
    this.placing ||= requestAnimationFrame(() => {
      this.placing = 0;
      this.place();
    });
  }

  place() {
    if (!this.node.layout || this.node.hidden) return;
    const { x, y, z } = this.spot();
    window.Plotly.restyle(this.node, { x: [x], y: [y], z: [z] }, [2]);
  }
}
