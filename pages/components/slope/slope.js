// The gradient as a slope: the loss as one symbol moves and everything else stays, the present point, and the tangent
// whose slope is the gradient. The point can be dragged along the curve, or sent to where the plot is pressed.
//
// Plotly draws the axes; what moves is drawn here, over them: Plotly takes longer for three traces than a frame has.
//
//   data = {key, name, meaning, at, loss, gradient, values, losses, step, alt}     __init__.py; null for what is not finite
// To Python: trigger "moved" is {key, value}: where the point was dragged to.

import { axesOf, emptyTrace, fit, lies, pixel, scaleOf } from "../figure/axes.js";
import { saveButtons } from "../figure/save.js";
import { Figure, NEAR as NEAR_VIEW } from "../figure/theme.js";
import { listenToKeys, onGrid } from "../live/hand.js";
import * as live from "../live/live.js";
import { element, shape, show, write } from "../shared/dom.js";
import { mounted } from "../shared/mounted.js";
import { symbol, symbolMarkup } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";

const HEIGHT = 260; // px
const MARGIN = { l: 60, r: 14, t: 12, b: 46 };
const TANGENT = 70; // px, half its length
const NEAR = 1.5; // how far to each side of the point the curve decides how high the plot is
const STYLE = `
:host { display: block; position: relative; }
.stack { position: relative; height: ${HEIGHT}px; touch-action: pan-y; cursor: pointer;
  font-variant-numeric: tabular-nums; user-select: none; -webkit-user-select: none; }
.plot { width: 100%; height: ${HEIGHT}px; }
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.curve { fill: none; stroke: var(--ink); stroke-width: 2; }
.tangent { stroke: var(--gradient); stroke-width: 3; stroke-linecap: round; }
.point { outline: none; cursor: ew-resize; pointer-events: auto; }
.point .dot { fill: var(--ink); stroke: var(--surface); stroke-width: 2; }
.point .reach { fill: transparent; }
.point .ring { fill: none; stroke: none; }
.point:focus-visible .ring { stroke: var(--ink); stroke-width: 2; }
.point:hover .dot, [data-dragging] .dot { stroke: var(--route); }
.below { display: flex; align-items: center; justify-content: space-between; margin: 4px 0 0 ${MARGIN.l}px; }
.readout { font-size: 13px; color: var(--quiet); font-variant-numeric: tabular-nums; }
.readout sup, .readout sub { font-size: 0.7em; line-height: 0; }
.save { display: flex; gap: 4px; }
button { font: inherit; font-size: 12.5px; line-height: 1.2; padding: 5px 8px; cursor: pointer;
  color: var(--quiet); background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
button:hover { border-color: var(--ink); color: var(--ink); }
button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }`;

class Slope {
  constructor({ parentElement }) {
    this.plot = element("div", { className: "plot", role: "figure" });
    this.overlay = shape("svg", { class: "overlay" });
    this.frame = shape("svg", {}, this.overlay); // clips what it holds to the plot's area
    this.curve = shape("path", { class: "curve" }, this.frame);
    this.tangent = shape("line", { class: "tangent" }, this.frame);
    this.point = this.createPoint();
    this.readout = element("div", { className: "readout" });
    this.stack = element("div", { className: "stack" }, this.plot, this.overlay);
    const save = saveButtons(() => this.stack, "The gradient as a slope");
    parentElement.append(element("style", { textContent: STYLE }), this.stack,
      element("div", { className: "below" }, this.readout, save));
    this.figure = new Figure(this.plot, {
      compose: () => ({ figure: this.compose(), height: HEIGHT }),
      listen: () => {},
      drawn: () => this.draw(),
    });
    this.sight = new IntersectionObserver(entries => live.inSight("slope", entries.at(-1).isIntersecting), NEAR_VIEW);
    this.sight.observe(this.stack);
    this.listen();
  }

  createPoint() {
    const point = shape("g", { class: "point", role: "slider", tabindex: 0, "aria-orientation": "horizontal" }, this.overlay);
    shape("circle", { class: "reach", r: 22 }, point);
    shape("circle", { class: "ring", r: 11 }, point);
    shape("circle", { class: "dot", r: 6.5 }, point);
    show(point, false); // until there are axes to stand on
    return point;
  }

  receive(component) {
    this.component = component;
    const { data } = component;
    const [keyBefore, topBefore] = [this.data?.key, this.top];
    const isSame = data.key === keyBefore;
    this.data = data;
    this.held = component.isLive && isSame ? this.held : undefined;
    this.top = heightFor(data, isSame ? topBefore : undefined);
    this.plot.ariaLabel = data.alt;
    write(this.point, { "aria-label": `${data.meaning}, the point on the curve`, "aria-valuemin": data.values[0],
      "aria-valuemax": data.values.at(-1), "aria-valuenow": data.at,
      "aria-valuetext": `${formatNumber(data.at)}, loss ${formatNumber(data.loss)}` });
    if (!isSame || this.top !== topBefore) this.figure.redraw();
    this.draw();
  }

  // ---- What is shown -----------------------------------------------------------------------------------

  compose() {
    const { name, values } = this.data;
    const fixed = { fixedrange: true };
    return {
      data: [emptyTrace("x", "y")],
      layout: {
        margin: MARGIN, showlegend: false, dragmode: false,
        xaxis: { ...fixed, range: [values[0], values.at(-1)], title: { text: symbolMarkup(name) } },
        yaxis: { ...fixed, range: [-0.04 * this.top, this.top], title: { text: "loss <i>L</i>" } },
      },
      config: { displayModeBar: false },
    };
  }

  /** Everything that moves, on the axes that Plotly has drawn. */
  draw() {
    const axes = axesOf(this.plot, 0);
    if (!axes) return;
    fit(this.frame, axes);
    const { data } = this;
    const [x, y] = [scaleOf(axes.x), scaleOf(axes.y)];
    this.curve.setAttribute("d", path(data, x, y));
    const at = this.held ?? data.at;
    const loss = at === data.at ? data.loss : lossAt(data, at);
    const [px, py] = [pixel(axes.x, at), pixel(axes.y, loss ?? NaN)];
    const isSeen = Number.isFinite(px + py) && lies(py, axes.y);
    show(this.point, isSeen, { transform: `translate(${px + axes.x._offset} ${py + axes.y._offset})` });
    const rise = data.gradient * (y(1) - y(0)) / (x(1) - x(0));
    const dx = TANGENT / Math.hypot(1, rise);
    show(this.tangent, isSeen && Number.isFinite(rise), { x1: px - dx, y1: py - dx * rise, x2: px + dx, y2: py + dx * rise });
    this.readout.replaceChildren(symbol(data.name), ` = ${formatNumber(at)}, L = ${formatNumber(loss)}`);
  }

  // ---- The hand ----------------------------------------------------------------------------------------

  listen() {
    const { stack, point } = this;
    let pointer = null;
    stack.addEventListener("pointerdown", event => {
      if (event.button !== 0 || !this.inside(event)) return;
      pointer = event.pointerId;
      stack.setPointerCapture(pointer);
      stack.toggleAttribute("data-dragging", true);
      point.focus({ preventScroll: true, focusVisible: false });
      this.drag(this.valueAt(event));
    });
    stack.addEventListener("pointermove", event => {
      if (event.pointerId === pointer) this.drag(this.valueAt(event));
    });
    for (const type of ["pointerup", "pointercancel"]) {
      stack.addEventListener(type, event => {
        if (event.pointerId !== pointer) return;
        pointer = null;
        stack.toggleAttribute("data-dragging", false);
        this.drop(this.held ?? this.data.at);
      });
    }
    listenToKeys(point, {
      value: () => this.held ?? this.data.at,
      limits: () => this.limits,
      step: () => this.data.step,
      drag: value => this.drag(value),
      drop: value => this.drop(value),
    });
  }

  inside({ clientX, clientY }) {
    const axes = axesOf(this.plot, 0);
    const { left, top } = this.plot.getBoundingClientRect();
    return axes && lies(clientX - left - axes.x._offset, axes.x) && lies(clientY - top - axes.y._offset, axes.y);
  }

  /** On the grid of the sliders. */
  valueAt({ clientX }) {
    const { x } = axesOf(this.plot, 0);
    const value = x.p2l(clientX - this.plot.getBoundingClientRect().left - x._offset);
    return onGrid(value, this.data.step, this.limits);
  }

  get limits() {
    return [this.data.values[0], this.data.values.at(-1)];
  }

  drag(value) {
    this.held = value;
    this.draw(); // the curve stays: only this symbol moves
    live.hold({ [this.data.key]: value });
  }

  drop(value) {
    live.letGo();
    this.component.setTriggerValue("moved", { key: this.data.key, value });
  }

  close() {
    this.figure.remove();
    this.sight.disconnect();
    live.inSight("slope", false);
  }
}

/** A curve's pen is lifted where the loss is not finite. */
function path({ values, losses }, x, y) {
  let pen = "M", drawn = "";
  values.forEach((value, k) => {
    const isThere = losses[k] !== null;
    if (isThere) drawn += `${pen}${x(value)} ${y(losses[k])}`;
    pen = isThere ? "L" : "M";
  });
  return drawn;
}

/** Between two samples, on the line from one to the other. */
function lossAt({ values, losses }, at) {
  const k = Math.max(0, Math.min(values.length - 2, values.findLastIndex(value => value <= at)));
  const share = (at - values[k]) / (values[k + 1] - values[k]);
  return losses[k] === null || losses[k + 1] === null ? null : losses[k] + share * (losses[k + 1] - losses[k]);
}

/** The top of the loss axis: the curve near the point fits in. It stays as it was while that fills it well. */
function heightFor({ values, losses, at, loss }, shown) {
  const near = losses.filter((each, k) => each !== null && Math.abs(values[k] - at) <= NEAR);
  const needed = 1.08 * Math.max(loss ?? 0, ...near);
  if (shown >= needed && needed >= 0.4 * shown) return shown;
  return 1.15 * needed || 1;
}

export default mounted(Slope);
