// The curves: nine small plots of the loss along each parameter, the others held at their values of the
// scrubbed step. Each has the point and its tangent, the next step as an arrow, the curves of earlier steps,
// and the path travelled.
//
// Plotly draws the axes. What moves with the scrubber is drawn here, over Plotly's axes: nine traces restyled
// by Plotly take longer than the two frames that a step may take.

import { areaOf, boxesOf, heightOf } from "./cells.js";
import { axesOf, emptyTrace, fit, GivenRanges, idOf, lies, onZoom, pixel, scaleOf } from "../figure/axes.js";
import { PARAMETERS } from "./run.js";
import { element, shape, show, write } from "../shared/dom.js";
import { symbol } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";
import { Figure } from "../figure/theme.js";

export class Slices {
  constructor() {
    this.enlarged = null; // the parameter that has all the room
    this.shared = false;
    this.plot = element("div", { className: "plot", role: "figure" });
    this.plot.ariaLabel = "The loss along each parameter, and the path travelled";
    this.overlay = shape("svg", { class: "overlay" });
    this.plots = PARAMETERS.map(p => new SlicePlot(p, this.overlay));
    this.readout = element("div", { className: "readout", hidden: true });
    this.node = element("div", { className: "stack curves" }, this.plot, this.overlay, this.readout);
    this.ranges = new GivenRanges(this.plot);
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
  }

  setShared(shared) {
    this.shared = shared;
    this.ranges.forget();
    this.figure.redraw();
  }

  enlarge(p) {
    this.enlarged = p;
    this.plots.forEach(plot => plot.hide());
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
    const height = heightOf(width, this.enlarged);
    this.plot.style.height = `${height}px`;
    const boxes = boxesOf(width, this.enlarged);
    const shown = PARAMETERS.filter(p => boxes[p]);
    const axes = shown.map(p => this.axes(p, boxes[p], width, height));
    const layout = Object.assign({ margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false }, ...axes);
    const data = shown.map(p => emptyTrace(`x${idOf(p)}`, `y${idOf(p)}`));
    return { figure: { data, layout }, height };
  }

  /**
   * The two axes of the plot of parameter `p` in its `box`, for Plotly. Its name stands below as a button.
   */
  axes(p, box, width, height) {
    const id = idOf(p);
    const area = areaOf(box);
    const { span, top } = this.plots[p];
    const peak = this.shared ? Math.max(...this.plots.map(plot => plot.top)) : top;
    const ticks = this.enlarged === null ? { nticks: 4, tickfont: { size: 11 } } : { nticks: 9 };
    const common = { ...ticks, showline: true };
    return {
      [`xaxis${id}`]: {
        ...common, anchor: `y${id}`, showgrid: false, range: this.ranges.choose(`xaxis${id}`, span),
        domain: [area.left / width, (area.left + area.width) / width],
      },
      [`yaxis${id}`]: {
        ...common, anchor: `x${id}`, range: this.ranges.choose(`yaxis${id}`, [-0.04 * peak, peak]),
        domain: [1 - (area.top + area.height) / height, 1 - area.top / height],
        title: { text: box.outermost ? "L" : "", standoff: 4 },
        uirevision: this.shared ? "same scale" : "own scale",
      },
    };
  }

  /** Fit everything to Plotly's axes, if Plotly has drawn them. */
  settle() {
    for (const plot of this.plots) {
      const axes = this.run && axesOf(this.plot, plot.p);
      if (axes) plot.settle(axes);
      else plot.hide();
    }
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

  remove() {
    this.figure.remove();
  }
}

const TANGENT = 28; // px, half its length
const DOTS_APART = 5; // px: dots of the path nearer than this would run together
export const EARLIER = 4; // curves of earlier steps, the oldest one the faintest
const [SHAFT, HEAD] = [12, 7]; // px: an arrow shorter than SHAFT is its head alone, which tells the direction
const MOST_DOTTED = 6; // kinks: more of them are told by their ticks alone

/** What moves in the plot of one parameter. */
class SlicePlot {
  constructor(p, overlay) {
    this.p = p;
    this.frame = shape("svg", {}, overlay); // clips what it holds to the plot's area
    this.dotted = shape("path", { class: "kink" }, this.frame);
    this.earlier = Array.from({ length: EARLIER }, (_, age) => shape("path", {
      class: "earlier", opacity: 0.2 + 0.6 * (age + 1) / EARLIER }, this.frame));
    this.trajectory = shape("path", { class: "trajectory" }, this.frame);
    this.dots = shape("path", { class: "dots" }, this.frame);
    this.curve = shape("path", { class: "curve" }, this.frame);
    this.ticks = shape("path", { class: "kink-tick" }, this.frame);
    this.tangent = shape("path", { class: "tangent" }, this.frame);
    this.shaft = shape("path", { class: "shaft" }, this.frame);
    this.current = shape("circle", { class: "point", r: 4 }, this.frame);
    this.head = shape("path", { class: "head" }, this.frame);
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

  hide() {
    this.axes = undefined;
    this.frame.style.display = "none";
  }

  /** Work out, for these axes, whatever stays the same while the scrubber moves. */
  settle(axes) {
    const { run, p } = this;
    this.axes = axes;
    this.frame.style.display = "";
    fit(this.frame, axes);
    [this.x, this.y] = [scaleOf(axes.x), scaleOf(axes.y)];
    this.columns = Array.from(run.samplesOf(p), this.x);
    this.waypoints = waypoints(run, p, this.x, this.y);
  }

  show(step) {
    if (!this.axes) return;
    const { run, p } = this;
    this.step = step;
    const at = { x: this.x(run.value(step, p)), y: this.y(run.height[step]) };
    const finite = isFinite(at.x + at.y);
    const travelled = this.waypoints.filter(waypoint => waypoint.step <= step).map(waypoint => waypoint.at);
    const trajectory = finite && !run.hops ? [...travelled, `${at.x} ${at.y}`] : [];
    this.curve.setAttribute("d", this.pathOf(step));
    this.trajectory.setAttribute("d", trajectory.length ? `M${trajectory.join("L")}` : "");
    this.dots.setAttribute("d", travelled.map(place => `M${place}h0`).join(""));
    this.tangent.setAttribute("d", finite ? tangent(at, run.slope(step, p), this.axes) : "");
    show(this.current, finite, { cx: at.x, cy: at.y });
    this.showEarlier(step);
    this.showArrow(finite ? at : null);
    this.showKinks();
  }

  showEarlier(step) {
    const steps = this.run.earlier(step, EARLIER);
    const youngest = EARLIER - steps.length;
    this.earlier.forEach((path, age) => {
      path.setAttribute("d", age < youngest ? "" : this.pathOf(steps[age - youngest]));
    });
  }

  /** The next step as far as it goes along this axis, from the point. */
  showArrow(at) {
    const { run, p, step } = this;
    const [from, to] = [run.value(step, p), run.after(step, p)];
    const there = at && Number.isFinite(to) && to !== from;
    show(this.head, there);
    show(this.shaft, there);
    if (!there) return;
    const side = Math.sign(to - from);
    const length = Math.abs(this.x(to) - at.x);
    const room = side > 0 ? this.axes.x._length - at.x : at.x; // an arrow that leaves the plot ends at its edge
    const tip = Math.max(SHAFT, Math.min(length, room - 1));
    write(this.head, { d: `M0 0l${-HEAD * side} -4v8Z`, transform: `translate(${at.x + side * tip} ${at.y})` });
    write(this.shaft, { d: length < SHAFT ? "" : `M${at.x} ${at.y}h${side * (tip - HEAD)}` });
  }

  /** A tick on the curve, and a dotted line below it, where a hidden unit opens or closes. */
  showKinks() {
    const { run, p, step, axes } = this;
    const places = [...new Set(run.kinks(step, p).map(this.x))].filter(x => lies(x, axes.x));
    const on = places.map(x => [x, this.heightAt(x)]);
    const bottom = axes.y._length;
    this.ticks.setAttribute("d", on.map(([x, y]) => `M${x} ${y - 5}v10`).join(""));
    const dotted = on.length <= MOST_DOTTED ? on : [];
    this.dotted.setAttribute("d", dotted.map(([x, y]) => `M${x} ${bottom}V${Math.min(y, bottom)}`).join(""));
  }

  /** How high the curve of this step is at `x`, both in pixels. */
  heightAt(x) {
    const { columns } = this;
    const share = (x - columns[0]) / (columns.at(-1) - columns[0]) * (columns.length - 1);
    const k = Math.max(0, Math.min(columns.length - 2, Math.floor(share)));
    const [one, next] = this.run.slice(this.step, this.p).subarray(k, k + 2);
    return this.y(one + (next - one) * (share - k)) || 0;
  }

  pathOf(step) {
    const { columns, y } = this;
    const slice = this.run.slice(step, this.p);
    let pen = "M"; // lifted where the loss is not finite
    let path = "";
    for (let k = 0; k < slice.length; k++) {
      if (isFinite(slice[k])) path += `${pen}${columns[k]} ${y(slice[k])}`;
      pen = isFinite(slice[k]) ? "L" : "M";
    }
    return path;
  }

  contains({ x, y }) {
    const { axes } = this;
    return axes && lies(x - axes.x._offset, axes.x) && lies(y - axes.y._offset, axes.y);
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
    show(this.hovered, sample && x, sample && x && { cx: sample.x - x._offset, cy: sample.y - y._offset });
  }
}

/**
 * The range of parameter `p` on its axis. It stays as it was while the new run fills it well: drawing axes is
 * the slow part of a redraw, and an axis that stands still is easier to read.
 */
function steadySpan(shown, run, p) {
  const samples = run.samplesOf(p);
  const trajectory = run.trajectory(p);
  const width = samples.at(-1) - samples[0];
  const inner = share => [samples[0] + share * width, samples.at(-1) - share * width];
  const holdingPath = ([low, high]) => [Math.min(low, ...trajectory), Math.max(high, ...trajectory)];
  const [low, high] = holdingPath(inner(0.16));
  const fits = shown && shown[0] <= low && shown[1] >= high && width > 0.8 * (shown[1] - shown[0]);
  return fits ? shown : holdingPath(inner(0.06)); // less than all: curves run out of the frame on both sides
}

/** The top of the loss axis of parameter `p`: the path fits in, and the far arms of the curve do not rule. */
function steadyTop(shown, run, p) {
  const arms = median(run.slice(0, p));
  // A path of no visible height (at the goal already) leaves the frame to the curve.
  const needed = run.peak > arms / 50 ? Math.max(run.peak, Math.min(arms, 4 * run.peak)) : arms;
  if (shown >= 1.05 * needed && 0.6 * shown <= needed) return shown;
  return 1.2 * needed || 1;
}

function median(numbers) {
  const sorted = numbers.filter(isFinite).sort();
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

/** The path in pixels, without the points that would fall on the one before. */
function waypoints(run, p, toX, toY) {
  const kept = [];
  let [lastX, lastY] = [Infinity, Infinity];
  for (let step = 0; step <= run.last; step++) {
    const [x, y] = [toX(run.value(step, p)), toY(run.height[step])];
    if (Math.hypot(x - lastX, y - lastY) < DOTS_APART || !isFinite(x + y)) continue;
    kept.push({ step, at: `${x} ${y}` });
    [lastX, lastY] = [x, y];
  }
  return kept;
}

/** A short line through a point, as steep on the screen as the gradient is between these axes. */
function tangent({ x, y }, gradient, axes) {
  const rise = gradient * (axes.y.l2p(1) - axes.y.l2p(0)) / (axes.x.l2p(1) - axes.x.l2p(0));
  const dx = TANGENT / Math.hypot(1, rise);
  const dy = rise * dx;
  return isFinite(dy) ? `M${x - dx} ${y - dy}L${x + dx} ${y + dy}` : "";
}
