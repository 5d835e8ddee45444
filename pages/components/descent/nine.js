// The loss along each parameter: nine plots, as curves at the scrubbed step or as heat maps of all steps. The
// name of a parameter below its plot is a button that gives it all the room.

import { HeatMaps } from "./heat_maps.js";
import { boxesOf, LEGEND, PADDING } from "./cells.js";
import { PARAMETERS } from "./run.js";
import { Slices } from "./slices.js";
import { button, Choice, element, heading, note, onWidth, shape } from "../shared/dom.js";
import { symbol } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";
import { watchTheme } from "../figure/theme.js";
import { saveButtons } from "../figure/save.js";

const VIEWS = { curves: "Curves", heatMaps: "Heat maps" };
const NOTES = {
  curves: "The other eight keep their values of this step. A lone arrowhead: the next step is too short to draw.",
  heatMaps: "Parameter across, step down; the other eight as they are at each step. A click goes to a step.",
};

export class NinePlots {
  lazy = true;

  constructor(choose) {
    this.enlarged = null;
    this.views = { curves: new Slices(), heatMaps: new HeatMaps(choose) };
    this.choice = new Choice("Draw the losses as", VIEWS, view => this.turnTo(view));
    const share = () => this.setShared(!this.views.curves.shared);
    this.scaleButton = button("", "Change the scale of the losses", share);
    this.back = button("All nine", "Back to all nine plots (Escape)", () => this.enlarge(null));
    this.note = note();
    this.names = PARAMETERS.map(p => nameButton(() => this.enlarge(this.enlarged === p ? null : p)));
    this.legends = { curves: curveLegend(), heatMaps: mapLegend(this.views.heatMaps.bar.node) };
    this.stage = element("div", { className: "stack" },
      ...Object.values(this.views).map(view => view.node), ...this.names, ...Object.values(this.legends));
    this.node = element("section", { className: "slices" },
      heading("Loss along each parameter", this.choice.node, this.scaleButton, this.back,
        saveButtons(() => this.stage, "Loss along each parameter"), this.note), this.stage);
    this.node.addEventListener("keydown", event => event.key === "Escape" && this.enlarge(null));
    this.observer = onWidth(this.stage, width => this.setWidth(width));
    watchTheme(this.node, () => this.views.heatMaps.recolour());
    this.setShared(false);
    this.turnTo("curves");
  }

  get view() {
    return this.views[this.turned];
  }

  /** Draw the nine in the other way. */
  turnTo(turned) {
    this.turned = turned;
    this.choice.set(turned);
    for (const [name, view] of Object.entries(this.views)) view.node.hidden = name !== turned;
    this.scaleButton.hidden = turned !== "curves";
    this.catchUp();
    this.place();
  }

  /** The view that was not to be seen takes in what is new. */
  catchUp() {
    if (!this.run || this.waits()) return;
    if (this.view.run !== this.run) this.view.setRun(this.run);
    if (this.view.enlarged !== this.enlarged) this.view.enlarge(this.enlarged);
    this.show(this.step);
  }

  setShared(shared) {
    this.views.curves.setShared(shared);
    this.scaleButton.textContent = shared ? "Each its own scale" : "Same scale everywhere";
  }

  enlarge(p) {
    if (p === this.enlarged) return;
    const former = this.enlarged;
    this.enlarged = p;
    this.view.enlarge(p);
    this.place();
    (p === null ? this.names[former] : this.back).focus({ preventScroll: true });
  }

  setWidth(width) {
    this.width = width;
    this.views.heatMaps.setWidth(width);
    this.place();
  }

  concerns(run) {
    return run.has("grid", "slices");
  }

  setRun(run) {
    this.run = run;
    const kinks = run.has("kinks");
    this.legends.curves.querySelector(".of-kink").hidden = !kinks;
    this.legends.curves.querySelector(".of-kink span").textContent = `kink of the ${run.kinkName}`;
    run.names.forEach((name, p) => {
      this.names[p].firstChild.replaceWith(symbol(name));
      this.names[p].dataset.drawnText = name.code; // in a saved figure
      this.names[p].ariaLabel = `Enlarge ${name.code}, ${name.meaning}`;
    });
    if (!this.waits()) this.view.setRun(run);
  }

  /** Heat maps show all steps, of which the server sends only those in sight while a hand moves. */
  waits() {
    const waits = Boolean(this.run.recorded) && this.turned === "heatMaps";
    this.stage.classList.toggle("waiting", waits);
    if (waits) this.note.textContent = "Let go to see the heat maps of this descent.";
    return waits;
  }

  show(step) {
    this.step = step;
    if (this.waits()) return;
    this.view.show(step);
    const left = `At this step the loss, ${formatNumber(this.run.height[step])}, has left these plots.`;
    this.note.textContent = this.run.worthSeeing(step) ? NOTES[this.turned] : left;
  }

  /** The names below the plots, and the legend in the tenth cell. */
  place() {
    const { width, enlarged } = this;
    if (!width) return;
    const boxes = boxesOf(width, enlarged);
    this.back.hidden = enlarged === null;
    this.names.forEach((node, p) => {
      node.hidden = !boxes[p];
      if (!boxes[p]) return;
      const { left, top, width: across, height } = boxes[p];
      const middle = left + (PADDING.left + across - PADDING.right) / 2;
      Object.assign(node.style, { left: `${middle}px`, top: `${top + height - 26}px` });
      node.ariaPressed = String(enlarged === p);
    });
    for (const [name, legend] of Object.entries(this.legends)) {
      legend.hidden = name !== this.turned || !boxes[LEGEND];
      if (boxes[LEGEND]) {
        Object.assign(legend.style, { left: `${boxes[LEGEND].left + 12}px`, top: `${boxes[LEGEND].top}px` });
      }
    }
  }

  remove() {
    this.observer.disconnect();
    this.views.curves.remove();
  }
}

function nameButton(press) {
  const node = button("", "Enlarge this plot, or put it back", press);
  node.className = "axis-button";
  const icon = shape("svg", { width: 11, height: 11, viewBox: "0 0 11 11", "aria-hidden": "true" });
  shape("path", { class: "icon", d: "M6.5 1H10V4.5M4.5 10H1V6.5M10 1L6.5 4.5M1 10L4.5 6.5" }, icon);
  node.replaceChildren(element("span"), icon);
  return node;
}

function curveLegend() {
  return legend([
    ["curve", "M0 10Q13 2 26 10", "loss at this step"],
    ["tangent", "M2 2L24 10", "slope: the gradient"],
    ["arrow", "", "next step"],
    ["trajectory", "M1 3L13 9L25 6", "path so far"],
    ["earlier", "M0 10Q13 2 26 10", "loss at earlier steps"],
    ["kink-tick", "M13 1v10", ""],
  ]);
}

function mapLegend(bar) {
  const list = legend([
    ["trajectory-over", "M1 1Q20 4 24 11", "path of the parameter"],
    ["scrubbed", "M0 6H26", "this step"],
  ]);
  list.prepend(element("li", { className: "tall" }, bar));
  return list;
}

function legend(entries) {
  return element("ul", { className: "legend" }, ...entries.map(([kind, path, text]) => {
    const key = shape("svg", { width: 26, height: 12, "aria-hidden": "true" });
    if (kind === "arrow") {
      shape("path", { class: "shaft", d: "M3 6h14" }, key);
      shape("path", { class: "head", d: "M24 6l-7 -4v8Z" }, key);
    } else {
      shape("path", { class: kind, d: path }, key);
    }
    if (kind === "tangent" || kind === "arrow") {
      shape("circle", { class: "point", cx: kind === "arrow" ? 4 : 13, cy: 6, r: 3.5 }, key);
    }
    if (kind === "trajectory") shape("path", { class: "dots", d: "M1 3h0M13 9h0M25 6h0" }, key);
    return element("li", { className: `of-${kind.split("-")[0]}` }, key, element("span", { textContent: text }));
  }));
}
