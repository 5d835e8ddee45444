// The descent page's view: a run of gradient descent, moved through by a scrubber that never asks the server.
//
// data = the bytes of one payload (payload.js). Header: names (the nine parameters, in order), learning_rate.
// Arrays, a row for each step: theta (S, 9), gradient (S, 9), loss (S), output (S). For the nine small plots:
// grid (9, K), the values of each parameter where the loss was sampled, and slices (S, 9, K), the loss there
// while the other eight keep their values of that step. "Take these steps" fires "taken", the step.
//
// Plotly draws the axes, and the loss over the steps. What moves with the scrubber is drawn here, over
// Plotly's axes: nine traces restyled by Plotly take longer than the two frames that a step may take.

import { formatFull, formatNumber } from "./numbers.js";
import { unpack } from "./payload.js";
import { Figure } from "./plotly_theme.js";

const PARAMETERS = [...Array(9).keys()]; // w1_11 w1_12 w1_21 w1_22 b1_1 b1_2 w2_1 w2_2 b2
const MATRICES = [["W1", [[0, 1], [2, 3]]], ["b1", [[4, 5]]], ["W2", [[6], [7]]], ["b2", [[8]]]];
const LEGEND = 9; // the tenth cell among the small plots
const WIDE = [[0, 1, 4, 6, 8], [2, 3, 5, 7, LEGEND]]; // laid out like the parameters
const NARROW = [[0, 1], [2, 3], [4, 5], [6, 7], [8, LEGEND]];
const NARROW_BELOW = 640; // px

const views = new WeakMap(); // parentElement → DescentView

export default function (component) {
  const { parentElement } = component;
  if (!views.has(parentElement)) views.set(parentElement, new DescentView(parentElement));
  const view = views.get(parentElement);
  view.update(component);
  return () => {
    view.remove();
    views.delete(parentElement);
    parentElement.replaceChildren();
  };
}

class DescentView {
  constructor(parentElement) {
    this.step = 0;
    this.bar = new StepBar(step => this.show(step), step => this.component.setTriggerValue("taken", step));
    this.loss = new LossPlot(step => this.bar.go(step));
    this.numbers = new Numbers();
    this.slices = new SlicePlots();
    this.parts = [this.bar, this.loss, this.numbers, this.slices];
    const pair = element("div", { className: "pair" }, this.loss.node, this.numbers.node);
    const view = element("div", { className: "descent" }, this.bar.node, pair, this.slices.node);
    parentElement.append(element("style", { textContent: STYLE }), view);
  }

  update(component) {
    this.component = component;
    const run = new Run(component.data);
    const stoodOnLast = this.step > 0 && this.step === this.run.last;
    this.run = run;
    this.parts.forEach(part => part.setRun(run));
    this.show(stoodOnLast ? run.last : Math.min(this.step, run.last));
  }

  show(step) {
    this.step = step;
    this.parts.forEach(part => part.show(step));
  }

  remove() {
    this.bar.pause();
    this.loss.figure.remove();
    this.slices.figure.remove();
  }
}

/** One payload, in the words of this page. */
class Run {
  constructor(bytes) {
    const { header, arrays } = unpack(bytes);
    Object.assign(this, header, arrays);
    this.last = this.loss.length - 1;
    this.samples = this.grid.length / PARAMETERS.length;
    this.milestones = milestones(this.loss);
    // The highest loss worth showing on a linear scale: a run that diverges leaves the plots (20: by eye).
    this.peak = Math.min(20 * this.loss[0], Math.max(...this.loss.filter(isFinite)));
  }

  value(step, p) {
    return this.theta[step * PARAMETERS.length + p];
  }

  slope(step, p) {
    return this.gradient[step * PARAMETERS.length + p];
  }

  samplesOf(p) {
    return this.grid.subarray(p * this.samples, (p + 1) * this.samples);
  }

  slice(step, p) {
    const start = (step * PARAMETERS.length + p) * this.samples;
    return this.slices.subarray(start, start + this.samples);
  }

  /** The values of parameter `p` along the part of its road that is worth showing. */
  road(p) {
    const values = Array.from(this.loss, (_, step) => this.value(step, p));
    return values.filter((_, step) => this.loss[step] <= this.peak);
  }
}

/** A few steps that part the way from the first loss to the lowest into even pieces. */
function milestones(loss) {
  const [first, lowest] = [loss[0], Math.min(...loss.filter(isFinite))];
  const nearest = level => loss.reduce(
    (best, value, step) => (Math.abs(value - level) < Math.abs(loss[best] - level) ? step : best), 0);
  return [...new Set([0, 0.25, 0.5, 0.75, 1].map(share => nearest(first + share * (lowest - first))))];
}

// The scrubber ---------------------------------------------------------------------------------------------

const PLAY_SECONDS = 6; // a long run plays in this time,
const SLOWEST_STEP = 0.4; // a short one at this many seconds a step

class StepBar {
  constructor(choose, take) {
    this.choose = choose;
    this.range = element("input", { type: "range", min: 0, ariaLabel: "Step of the descent" });
    this.range.addEventListener("input", () => this.go(Number(this.range.value)));
    this.playButton = button("Play", "Play the run (Space)", () => this.toggle());
    this.playButton.classList.add("play");
    this.playButton.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.first = button("«", "First step", () => this.go(0));
    this.previous = button("‹", "Previous step", () => this.go(this.step - 1));
    this.next = button("›", "Next step", () => this.go(this.step + 1));
    this.end = button("»", "Last step", () => this.go(this.run.last));
    this.position = element("span", { className: "position" });
    this.takeButton = button("Take these steps", "Move the sliders to this step", () => take(this.step));
    this.takeButton.classList.add("take");
    const moves = [this.playButton, this.first, this.previous, this.next, this.end];
    this.node = element("div", { className: "bar", role: "group", ariaLabel: "Steps of the descent" },
      element("div", { className: "moves" }, ...moves), this.range, this.position, this.takeButton);
    this.node.addEventListener("keydown", event => this.press(event));
  }

  setRun(run) {
    this.run = run;
    this.range.max = run.last;
    this.position.style.minWidth = `${`step ${run.last} of ${run.last}`.length}ch`;
  }

  show(step) {
    const { last, loss } = this.run;
    this.step = step;
    this.range.value = step;
    this.range.ariaValueText = `step ${step} of ${last}, loss ${formatNumber(loss[step])}`;
    this.position.textContent = `step ${step} of ${last}`;
    this.first.disabled = this.previous.disabled = this.takeButton.disabled = step === 0;
    this.next.disabled = this.end.disabled = step === last;
    this.playButton.disabled = last === 0;
  }

  go(step) {
    this.pause();
    this.choose(Math.min(Math.max(step, 0), this.run.last));
  }

  press(event) {
    const onButton = event.composedPath()[0] instanceof HTMLButtonElement; // Space presses it anyway
    if (event.key !== " " || onButton || this.playButton.hidden) return;
    event.preventDefault();
    this.toggle();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    const from = this.step === this.run.last ? 0 : this.step;
    const began = performance.now();
    const advance = now => {
      const { last } = this.run;
      const stepsASecond = Math.max(last / PLAY_SECONDS, 1 / SLOWEST_STEP);
      const step = Math.min(last, from + Math.floor(Math.max(0, now - began) / 1000 * stepsASecond));
      if (step !== this.step) this.choose(step);
      if (step === last) this.pause();
      else this.playing = requestAnimationFrame(advance);
    };
    this.playing = requestAnimationFrame(advance);
    this.playButton.textContent = "Pause";
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.playButton.textContent = "Play";
  }
}

// The loss over the steps ----------------------------------------------------------------------------------

const LOSS_HEIGHT = 280;
const LINEAR = { type: "linear", rangemode: "tozero" };
const LOGARITHMIC = { type: "log", exponentformat: "power", tickfont: { size: 10 } }; // powers are set larger

class LossPlot {
  constructor(jump) {
    this.plot = element("div", { className: "plot", role: "img" });
    this.overlay = shape("svg", { class: "overlay" });
    this.frame = shape("svg", { class: "open" }, this.overlay);
    this.line = shape("line", { class: "scrubbed" }, this.frame);
    this.point = shape("circle", { class: "point", r: 4.5 }, this.frame);
    this.scaleButton = button("", "Change the scale of the loss", () => this.toggle());
    this.node = element("section", { className: "loss" },
      heading("Loss over the steps", this.scaleButton),
      element("div", { className: "stack" }, this.plot, this.overlay));
    this.figure = new Figure(this.plot, {
      compose: () => ({ figure: this.compose(), height: LOSS_HEIGHT }),
      listen: plot => {
        plot.on("plotly_click", event => jump(event.points[0].x));
        onZoom(plot, () => this.place());
      },
      drawn: () => this.place(),
    });
  }

  setRun(run) {
    this.run = run;
    const [from, to] = [run.loss[0], run.loss[run.last]].map(loss => formatNumber(loss));
    this.plot.ariaLabel = `The loss over ${run.last} steps, from ${from} to ${to}`;
    this.setScale(this.chosen ?? (spansDecades(run.loss) ? LOGARITHMIC : LINEAR));
  }

  toggle() {
    this.chosen = this.scale === LINEAR ? LOGARITHMIC : LINEAR;
    this.setScale(this.chosen);
  }

  setScale(scale) {
    this.scale = scale;
    this.scaleButton.textContent = scale === LINEAR ? "Log scale" : "Linear scale";
    this.figure.redraw();
  }

  compose() {
    const { loss, last } = this.run;
    const trace = {
      type: "scatter", y: loss, mode: last > 60 ? "lines" : "lines+markers",
      line: { color: "@ink", width: 1.75 }, marker: { size: 4 },
      text: Array.from(loss, value => formatNumber(value)),
      hovertemplate: "step %{x}<br>L = %{text}<extra></extra>",
    };
    const layout = {
      margin: { l: 60, r: 12, t: 8, b: 42 }, showlegend: false, hovermode: "x",
      xaxis: { title: { text: "step" }, ...(last < 6 ? { dtick: 1 } : { nticks: 6 }), showgrid: false },
      yaxis: { title: { text: "loss L" }, nticks: 6, ...this.scale, uirevision: this.scale.type },
    };
    return { data: [trace], layout };
  }

  show(step) {
    this.step = step;
    this.place();
  }

  /** Put the marker where the axes say the scrubbed step is. */
  place() {
    const axes = axesOf(this.plot, 0);
    if (!axes) return;
    fit(this.frame, axes);
    const x = pixel(axes.x, this.step);
    const y = pixel(axes.y, this.run.loss[this.step]);
    const seen = lies(x, axes.x); // a zoom may have left the step outside
    show(this.line, seen, { x1: x, x2: x, y1: 0, y2: axes.y._length });
    show(this.point, seen && lies(y, axes.y), { cx: x, cy: y }); // a loss of 0 is on no logarithmic axis
  }
}

function spansDecades(loss) {
  const positive = loss.filter(value => value > 0 && isFinite(value));
  return Math.max(...positive) > 1e3 * Math.min(...positive);
}

// The numbers of one step ----------------------------------------------------------------------------------

const NO_NEXT_STEP = "The next step is not part of this run";

class Numbers {
  constructor() {
    this.output = element("span");
    this.loss = element("span");
    this.rule = element("small");
    this.cells = { before: [], gradient: [], after: [] }; // nine <td> each, in the order of the parameters
    const caption = "Each parameter before this step, its gradient, and its value after";
    const heads = [
      columnHead("before", element("small", { textContent: "θ" })),
      columnHead("gradient", element("small", { textContent: "∂L/∂θ" })),
      columnHead("after", this.rule),
    ];
    this.node = element("section", { className: "numbers" },
      heading("This step in numbers", element("p", { className: "result" }, this.output, this.loss)),
      element("table", {},
        element("caption", { className: "spoken", textContent: caption }),
        element("thead", {}, element("tr", {}, element("td"), ...heads)),
        element("tbody", {}, ...MATRICES.map(([name, rows]) => this.row(name, rows)))));
  }

  row(name, rows) {
    const times = Object.keys(this.cells);
    const matrices = times.map(time => element("td", { className: time }, this.matrix(name, rows, time)));
    return element("tr", {}, element("th", { scope: "row", textContent: name }), ...matrices);
  }

  matrix(name, rows, time) {
    const cellOf = p => (this.cells[time][p] = element("td"));
    return element("table", { className: "matrix", ariaLabel: `${name}, ${time}` },
      element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map(cellOf)))));
  }

  setRun(run) {
    this.run = run;
    this.digits = matchMedia(`(max-width: ${NARROW_BELOW}px)`).matches ? 3 : 4; // six columns on a phone
    this.rule.textContent = `θ − ${formatNumber(run.learning_rate)} · ∂L/∂θ`;
  }

  show(step) {
    const { run } = this;
    this.output.textContent = `o = ${formatNumber(run.output[step])}`;
    this.loss.textContent = `L = ${formatNumber(run.loss[step])}`;
    for (const p of PARAMETERS) {
      this.write("before", p, run.value(step, p));
      this.write("gradient", p, run.slope(step, p));
      this.write("after", p, step < run.last ? run.value(step + 1, p) : undefined);
    }
  }

  write(time, p, number) {
    const cell = this.cells[time][p];
    cell.textContent = number === undefined ? "–" : formatNumber(number, this.digits);
    cell.title = number === undefined ? NO_NEXT_STEP : `${this.run.names[p].code}: ${formatFull(number)}`;
  }
}

function columnHead(text, formula) {
  return element("th", { scope: "col" }, text, formula);
}

// The loss along each parameter ----------------------------------------------------------------------------

const CELL_HEIGHT = 190;
const PADDING = { left: 46, right: 10, top: 10, bottom: 46 }; // around each plot in its cell
const TOOLS = [["zoom2d", "pan2d", "resetScale2d"]]; // no image: it would lack what is drawn over Plotly

class SlicePlots {
  constructor() {
    this.plot = element("div", { className: "plot", role: "img" });
    this.plot.ariaLabel = "Nine plots: the loss along each parameter, and the road travelled";
    this.overlay = shape("svg", { class: "overlay" });
    this.plots = PARAMETERS.map(p => new SlicePlot(p, this.overlay));
    this.legend = legend();
    this.readout = element("div", { className: "readout", hidden: true });
    this.scaleButton = button("", "Change the scale of the losses", () => this.setShared(!this.shared));
    this.node = element("section", { className: "slices" },
      heading("Loss along each parameter", this.scaleButton,
        note("The other eight keep their values of this step.")),
      element("div", { className: "stack" }, this.plot, this.overlay, this.legend, this.readout));
    this.figure = new Figure(this.plot, {
      compose: width => this.compose(width),
      listen: plot => {
        onZoom(plot, () => this.follow());
        plot.on("plotly_relayout", () => this.figure.redraw()); // a zoom taken back shows the ranges of now
      },
      drawn: () => this.follow(),
    });
    this.plot.addEventListener("pointermove", event => this.point(event));
    this.plot.addEventListener("pointerleave", () => this.point(null));
    this.setShared(false);
  }

  setShared(shared) {
    this.shared = shared;
    this.given = {}; // the ranges last given to Plotly, by the name of the axis
    this.scaleButton.textContent = shared ? "Each its own scale" : "Same scale everywhere";
    this.figure.redraw();
  }

  setRun(run) {
    this.run = run;
    const changed = this.plots.map(plot => plot.setRun(run));
    if (changed.includes(true)) this.figure.redraw();
    this.settle();
  }

  show(step) {
    this.step = step;
    this.plots.forEach(plot => plot.show(step));
    this.read();
  }

  compose(width) {
    const cells = width < NARROW_BELOW ? NARROW : WIDE;
    const height = cells.length * CELL_HEIGHT;
    const boxes = boxesOf(cells, width);
    const { left, top } = boxes[LEGEND];
    Object.assign(this.legend.style, { left: `${left + 12}px`, top: `${top}px` });
    const axes = PARAMETERS.map(p => this.axes(p, boxes[p], width, height));
    const layout = Object.assign({ margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false }, ...axes);
    const data = PARAMETERS.map(p => emptyTrace(`x${idOf(p)}`, `y${idOf(p)}`));
    return { figure: { data, layout, config: { modeBarButtons: TOOLS } }, height };
  }

  /** The two axes of the plot of parameter `p` in its `box`, for Plotly. */
  axes(p, box, width, height) {
    const id = idOf(p);
    const { base, sup, sub } = this.run.names[p];
    const { span, top } = this.plots[p];
    const peak = this.shared ? Math.max(...this.plots.map(plot => plot.top)) : top;
    const common = { nticks: 4, tickfont: { size: 11 }, showline: true };
    return {
      [`xaxis${id}`]: {
        ...common, anchor: `y${id}`, showgrid: false, range: this.rangeOf(`xaxis${id}`, span),
        domain: [(box.left + PADDING.left) / width, (box.left + box.width - PADDING.right) / width],
        title: { text: `${base}<sup>${sup}</sup><sub>${sub}</sub>`, standoff: 4 },
      },
      [`yaxis${id}`]: {
        ...common, anchor: `x${id}`, range: this.rangeOf(`yaxis${id}`, [-0.04 * peak, peak]),
        domain: [1 - (box.top + CELL_HEIGHT - PADDING.bottom) / height, 1 - (box.top + PADDING.top) / height],
        title: { text: box.outermost ? "L" : "", standoff: 4 },
        uirevision: this.shared ? "same scale" : "own scale",
      },
    };
  }

  /** The range `wanted`, unless a person has zoomed: Plotly keeps a zoom while the range beneath it stays. */
  rangeOf(axis, wanted) {
    const given = this.given[axis];
    const shown = this.plot._fullLayout?.[axis]?.range;
    const zoomed = given && shown && given.some((end, i) => end !== shown[i]);
    return (this.given[axis] = zoomed ? given : wanted);
  }

  /** Fit everything to Plotly's axes, if Plotly has drawn them. */
  settle() {
    if (!axesOf(this.plot, 0)) return;
    this.plots.forEach(plot => plot.settle(axesOf(this.plot, plot.p)));
  }

  /** Follow Plotly's axes after a drawing or a zoom. */
  follow() {
    this.settle();
    this.show(this.step);
  }

  point(event) {
    const { left, top } = this.plot.getBoundingClientRect();
    this.pointer = event && { x: event.clientX - left, y: event.clientY - top };
    this.read();
  }

  /** Above the curve of this step: the parameter and the loss at the sample nearest to the pointer. */
  read() {
    const plot = this.pointer && this.plots.find(each => each.contains(this.pointer));
    const sample = plot?.nearest(this.pointer);
    this.plots.forEach(each => each.mark(each === plot ? sample : null));
    this.readout.hidden = !sample;
    if (!sample) return;
    const [value, loss] = [sample.value, sample.loss].map(number => formatNumber(number));
    this.readout.replaceChildren(symbol(this.run.names[plot.p]), ` = ${value}, L = ${loss}`);
    const { offsetWidth } = this.readout;
    const x = Math.min(sample.x - offsetWidth / 2, this.plot.clientWidth - offsetWidth);
    this.readout.style.translate = `${Math.max(x, 0)}px ${sample.y - 34}px`;
  }
}

/** Where each cell of a grid lies, in pixels, by what is in it. */
function boxesOf(cells, totalWidth) {
  const boxes = [];
  cells.forEach((row, i) => row.forEach((content, j) => {
    const width = totalWidth / row.length;
    boxes[content] = { left: j * width, top: i * CELL_HEIGHT, width, outermost: j === 0 };
  }));
  return boxes;
}

const TANGENT = 28; // px, half its length
const DOTS_APART = 5; // px: dots of the road nearer than this would run together
const FAR = 1e5; // px: what lies farther off is drawn there, for browsers lose huge coordinates

/** What moves in the plot of one parameter. */
class SlicePlot {
  constructor(p, overlay) {
    this.p = p;
    this.frame = shape("svg", {}, overlay); // clips what it holds to the plot's area
    this.earlier = shape("path", { class: "earlier" }, this.frame);
    this.road = shape("path", { class: "road" }, this.frame);
    this.dots = shape("path", { class: "dots" }, this.frame);
    this.curve = shape("path", { class: "curve" }, this.frame);
    this.tangent = shape("path", { class: "tangent" }, this.frame);
    this.current = shape("circle", { class: "point", r: 4 }, this.frame);
    this.hovered = shape("circle", { class: "hovered", r: 4 }, this.frame);
  }

  /** Take in a new run; true if the axes must change for it. */
  setRun(run) {
    const { span, top } = this;
    this.run = run;
    this.span = steadySpan(span, run, this.p);
    this.top = steadyTop(top, run, this.p);
    return span !== this.span || top !== this.top;
  }

  /** Work out, for these axes, whatever stays the same while the scrubber moves. */
  settle(axes) {
    const { run, p } = this;
    this.axes = axes;
    fit(this.frame, axes);
    this.columns = Array.from(run.samplesOf(p), value => pixel(axes.x, value));
    this.waypoints = waypoints(run, p, axes);
    this.earlier.setAttribute("d", run.milestones.map(step => this.pathOf(step)).join(""));
  }

  show(step) {
    if (!this.axes) return;
    const { run, p, axes } = this;
    this.step = step;
    const x = pixel(axes.x, run.value(step, p));
    const y = pixel(axes.y, run.loss[step]);
    const finite = isFinite(x + y);
    const travelled = this.waypoints.filter(waypoint => waypoint.step <= step).map(waypoint => waypoint.at);
    this.curve.setAttribute("d", this.pathOf(step));
    this.road.setAttribute("d", `M${(finite ? [...travelled, `${x} ${y}`] : travelled).join("L")}`);
    this.dots.setAttribute("d", travelled.map(at => `M${at}h0`).join(""));
    this.tangent.setAttribute("d", finite ? tangent(x, y, run.slope(step, p), axes) : "");
    show(this.current, finite, { cx: x, cy: y });
  }

  pathOf(step) {
    let pen = "M"; // lifted where the loss is not finite
    let path = "";
    this.run.slice(step, this.p).forEach((loss, k) => {
      if (isFinite(loss)) path += `${pen}${this.columns[k]} ${pixel(this.axes.y, loss)}`;
      pen = isFinite(loss) ? "L" : "M";
    });
    return path;
  }

  contains({ x, y }) {
    return lies(x - this.axes.x._offset, this.axes.x) && lies(y - this.axes.y._offset, this.axes.y);
  }

  /** The sample of this step's curve that is nearest to the pointer, sideways. */
  nearest(pointer) {
    const { run, p, axes, columns } = this;
    const distance = k => Math.abs(columns[k] + axes.x._offset - pointer.x);
    const k = columns.reduce((best, _, each) => (distance(each) < distance(best) ? each : best), 0);
    const loss = run.slice(this.step, p)[k];
    const y = Math.min(Math.max(pixel(axes.y, loss) || 0, 0), axes.y._length);
    return { value: run.samplesOf(p)[k], loss, x: columns[k] + axes.x._offset, y: y + axes.y._offset };
  }

  mark(sample) {
    const { x, y } = this.axes ?? {};
    show(this.hovered, sample, sample && { cx: sample.x - x._offset, cy: sample.y - y._offset });
  }
}

/**
 * The range of parameter `p` on its axis. It stays as it was while the new run fills it well: drawing axes is
 * the slow part of a redraw, and an axis that stands still is easier to read.
 */
function steadySpan(shown, run, p) {
  const samples = run.samplesOf(p);
  const road = run.road(p);
  const width = samples.at(-1) - samples[0];
  const inner = share => [samples[0] + share * width, samples.at(-1) - share * width];
  const holdingRoad = ([low, high]) => [Math.min(low, ...road), Math.max(high, ...road)];
  const [low, high] = holdingRoad(inner(0.16));
  const fits = shown && shown[0] <= low && shown[1] >= high && width > 0.8 * (shown[1] - shown[0]);
  return fits ? shown : holdingRoad(inner(0.06)); // less than all: curves run out of the frame on both sides
}

/** The top of the loss axis of parameter `p`: the road fits in, and the far arms of the curve do not rule. */
function steadyTop(shown, run, p) {
  const arms = median(run.slice(0, p));
  // A road of no visible height (at the goal already) leaves the frame to the curve.
  const needed = run.peak > arms / 50 ? Math.max(run.peak, Math.min(arms, 4 * run.peak)) : arms;
  if (shown >= 1.05 * needed && 0.6 * shown <= needed) return shown;
  return 1.2 * needed || 1;
}

function median(numbers) {
  const sorted = numbers.filter(isFinite).sort();
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

/** The road in pixels, without the points that would fall on the one before. */
function waypoints(run, p, axes) {
  const kept = [];
  let [lastX, lastY] = [Infinity, Infinity];
  for (let step = 0; step <= run.last; step++) {
    const x = pixel(axes.x, run.value(step, p));
    const y = pixel(axes.y, run.loss[step]);
    if (Math.hypot(x - lastX, y - lastY) < DOTS_APART || !isFinite(x + y)) continue;
    kept.push({ step, at: `${x} ${y}` });
    [lastX, lastY] = [x, y];
  }
  return kept;
}

/** A short line through a point, as steep on the screen as the gradient is between these axes. */
function tangent(x, y, gradient, axes) {
  const rise = gradient * (axes.y.l2p(1) - axes.y.l2p(0)) / (axes.x.l2p(1) - axes.x.l2p(0));
  const dx = TANGENT / Math.hypot(1, rise);
  const dy = rise * dx;
  return isFinite(dy) ? `M${x - dx} ${y - dy}L${x + dx} ${y + dy}` : "";
}

// Plotly's axes --------------------------------------------------------------------------------------------

/** How Plotly numbers its axes: x, x2, x3, … */
function idOf(n) {
  return n ? n + 1 : "";
}

/** A trace with nothing to see: Plotly draws no axes that no trace asks for. */
function emptyTrace(xaxis, yaxis) {
  return { type: "scatter", x: [null], y: [null], xaxis, yaxis, hoverinfo: "skip" };
}

/** The x and y axes of the nth plot as Plotly has drawn them, or undefined before it has. */
function axesOf(plot, n) {
  const { [`xaxis${idOf(n)}`]: x, [`yaxis${idOf(n)}`]: y } = plot._fullLayout ?? {};
  return x?._length ? { x, y } : undefined;
}

/** Where `value` lies along `axis`, in pixels from the plot area's left or top edge; NaN if nowhere on it. */
function pixel(axis, value) {
  const place = axis.l2p(axis.d2l(value));
  return Math.round(Math.min(Math.max(place, -FAR), FAR) * 10) / 10;
}

/** Whether a place along `axis`, in pixels, is within its plot area, or on the very edge. */
function lies(place, axis) {
  return place >= -1 && place <= axis._length + 1;
}

/** Lay an <svg> over the plot area of two axes. */
function fit(svg, { x, y }) {
  write(svg, { x: x._offset, y: y._offset, width: x._length, height: y._length });
}

/** Tell `follow` of every zoom, and of every move of a drag. */
function onZoom(plot, follow) {
  plot.on("plotly_relayout", follow);
  plot.on("plotly_relayouting", follow);
}

// Making nodes ---------------------------------------------------------------------------------------------

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function button(text, title, press) {
  const node = element("button", { type: "button", textContent: text, title });
  if (text.length === 1) node.ariaLabel = title; // a lone arrow says nothing when read aloud
  node.addEventListener("click", press);
  return node;
}

function heading(text, ...rest) {
  return element("header", {}, element("h3", { textContent: text }), ...rest);
}

function note(text) {
  return element("p", { className: "note", textContent: text });
}

function shape(tag, attributes, parent) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  write(node, attributes);
  parent?.append(node);
  return node;
}

function write(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/** Show a shape with these attributes if it is `there`; hide it if not. */
function show(node, there, attributes) {
  node.style.display = there ? "" : "none";
  if (there) write(node, attributes);
}

/** A parameter's name with its indices set as such. */
function symbol({ base, sup, sub }) {
  return element("span", { className: "symbol" }, element("i", { textContent: base }),
    element("sup", { textContent: sup }), element("sub", { textContent: sub }));
}

function legend() {
  const entries = [
    ["curve", "M0 9Q13 1 26 9", "loss at this step"],
    ["tangent", "M2 2L24 10", "slope: the gradient"],
    ["road", "M1 3L13 9L25 6", "road so far"],
    ["earlier", "M0 9Q13 1 26 9", "loss at other steps"],
  ];
  return element("ul", { className: "legend" }, ...entries.map(([kind, path, text]) => {
    const key = shape("svg", { width: 26, height: 12, "aria-hidden": "true" });
    shape("path", { class: kind, d: path }, key);
    if (kind === "tangent") shape("circle", { class: "point", cx: 13, cy: 6, r: 3.5 }, key);
    if (kind === "road") shape("path", { class: "dots", d: "M1 3h0M13 9h0M25 6h0" }, key);
    return element("li", {}, key, text);
  }));
}

const STYLE = `
:host { display: block; container-type: inline-size; }
.descent { display: grid; gap: 20px; font-variant-numeric: tabular-nums; color: var(--ink); font-size: 14px; }
.spoken { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }

.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 14px; }
.bar input { flex: 1 1 160px; min-width: 120px; height: 28px; margin: 0; cursor: pointer; }
.bar input { accent-color: var(--ink); }
.moves { display: flex; gap: 4px; }
.position { text-align: right; white-space: nowrap; }
button { font: inherit; color: var(--ink); background: none; white-space: nowrap;
  border: 1px solid var(--line); border-radius: 6px; min-height: 30px; min-width: 32px; padding: 2px 10px; cursor: pointer; }
button:hover:enabled { background: var(--raised); border-color: var(--quiet); }
button:disabled { color: var(--quiet); opacity: 0.55; cursor: default; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 6px; }
.play { min-width: 66px; }
.take:enabled { color: var(--surface); background: var(--ink); border-color: var(--ink); }
.take:hover:enabled { color: var(--surface); background: var(--ink); opacity: 0.85; }

.pair { display: flex; flex-wrap: wrap; gap: 20px 28px; }
.loss { flex: 1 1 380px; min-width: 0; }
header { display: flex; align-items: center; gap: 4px 12px; min-height: 32px; margin-bottom: 6px; }
header p { margin: 0; color: var(--quiet); font-size: 13px; }
header button { flex: none; font-size: 12.5px; min-height: 26px; color: var(--quiet); }
h3 { font-size: 15px; font-weight: 600; margin: 0; padding: 0; white-space: nowrap; }
.stack { position: relative; }
.plot { width: 100%; }
.loss .plot { height: ${LOSS_HEIGHT}px; }
.slices .plot { height: ${WIDE.length * CELL_HEIGHT}px; }
.plot .modebar { translate: 0 -38px; } /* beside the heading, where it covers nothing */
.axistext { display: none; } /* the hover label tells the step already */
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.open { overflow: visible; }

.curve { fill: none; stroke: var(--ink); stroke-width: 1.75; }
.earlier { fill: none; stroke: var(--quiet); stroke-width: 1; opacity: 0.45; }
.road { fill: none; stroke: var(--quiet); stroke-width: 1; }
.dots { fill: none; stroke: var(--quiet); stroke-width: 3.5; stroke-linecap: round; }
.tangent { fill: none; stroke: var(--gradient); stroke-width: 2.5; stroke-linecap: round; }
.point { fill: var(--ink); stroke: var(--surface); stroke-width: 1.5; }
.hovered { fill: var(--surface); stroke: var(--ink); stroke-width: 1.5; }
.scrubbed { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; }
.legend { position: absolute; margin: 0; padding: 8px 0; list-style: none; pointer-events: none;
  font-size: 12.5px; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 10px; height: 26px; white-space: nowrap; }
.readout { position: absolute; top: 0; left: 0; padding: 2px 8px; pointer-events: none; white-space: nowrap;
  border: 1px solid var(--line); border-radius: 4px; background: var(--raised); font-size: 12px; }
.symbol sup, .symbol sub { font-size: 0.7em; line-height: 0; }

.numbers header { justify-content: space-between; }
.numbers > table { position: relative; }
.result span { display: inline-block; min-width: 13ch; }
table { border-collapse: collapse; }
.numbers th { font-weight: 600; text-align: left; padding: 0 12px 0 0; vertical-align: middle; }
.numbers thead th { padding: 0 10px 8px; text-align: center; }
.numbers small { display: block; font-weight: 400; font-size: 12px; color: var(--quiet); }
.numbers td { padding: 6px 8px; }
/* Fixed widths, whatever the numbers: nothing moves but the digits while the scrubber does. */
.matrix { table-layout: fixed; width: 0; margin: 0 auto; border-inline: 1.5px solid var(--quiet); }
.matrix { border-radius: 4px; }
.matrix td { width: 10ch; padding: 2px 7px 2px 3px; text-align: right; white-space: nowrap; font-size: 13px; }
.gradient .matrix td, thead th:nth-of-type(2) { color: var(--gradient); }

@container (max-width: ${NARROW_BELOW - 1}px) {
  .slices .plot { height: ${NARROW.length * CELL_HEIGHT}px; }
  header { flex-wrap: wrap; }
  .note { order: 1; flex-basis: 100%; }
  .position { flex: 1; order: 1; }
  .bar input { order: 2; flex-basis: 100%; }
  .take { order: 3; flex: 1; }
  .numbers { flex: 1; overflow-x: auto; }
  .numbers th { padding: 0 4px 0 0; }
  .numbers td { padding: 6px 2px; }
  .matrix td { width: 9ch; padding: 2px 3px 2px 0; font-size: 11px; }
}
`;
