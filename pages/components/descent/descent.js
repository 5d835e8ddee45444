// The descent page's view: a run of gradient descent, moved through by a scrubber that never asks the server.
//
//   run.js      one payload (its contract stands there) in the words of this page
//   bar.js      the scrubber, and rate.js the learning rate
//   loss.js     the loss over the steps
//   step.js     one step taken apart
//   safety.js   how large a step is safe
//   nine.js     the loss along each parameter: slices.js (curves), heat_maps.js
//   axes.js     the loss over two parameters
//   plane.js    the output over the inputs
//   cells.js, image.js, isolines.js, style.js: what these are made with
//
// Every part has a node, setRun(run) and show(step); a lazy one is told of both only while it is nearly in view.
// concerns(run) says whether the run has what the part shows.
//
// To Python: trigger "taken" is the step to take, "rate" a learning rate, "axes" {a, b, held} for the map of two parameters,
// and "moved" {key: value} of two parameters for the start of the path on it.

import { TwoAxes } from "./axes.js";
import { StepBar } from "./bar.js";
import { LossPlot } from "./loss.js";
import { NinePlots } from "./nine.js";
import { ThisStep } from "./step.js";
import { OutputPlane } from "./plane.js";
import { Run } from "./run.js";
import { EARLIER } from "./slices.js";
import { SafetyPlot } from "./safety.js";
import { STYLE } from "./style.js";
import { element } from "../shared/dom.js";
import { inSight, sight } from "../live/live.js";
import { attempt } from "../shared/in_its_place.js";
import { mounted } from "../shared/mounted.js";
import { NEAR } from "../figure/theme.js";

const MOST_STEPS = 2000; // of a run

class DescentView {
  constructor({ parentElement }) {
    this.place = parentElement;
    this.step = 0;
    const go = step => bar.go(step);
    const tell = name => value => this.component.setTriggerValue(name, value);
    const bar = new StepBar(step => this.show(step), tell("taken"), tell("rate"));
    const [loss, numbers, safety, nine] = [new LossPlot(go), new ThisStep(), new SafetyPlot(), new NinePlots(go)];
    const axes = new TwoAxes(tell("axes"), tell("moved"));
    const plane = new OutputPlane();
    this.parts = [bar, loss, numbers, safety, nine, axes, plane];
    this.costly = { safety, nine, axes, plane };
    const pair = (...nodes) => element("div", { className: "pair" }, ...nodes);
    const view = element("div", { className: "descent" },
      bar.node, pair(loss.node, numbers.node), safety.node, nine.node, pair(axes.node, plane.node));
    parentElement.append(element("style", { textContent: STYLE }), view);
    this.watch();
  }

  /**
   * Know which of the lazy parts are nearly in view, and let those that come near take in what they missed.
   */
  watch() {
    this.near = new Set(this.parts.filter(part => !part.lazy));
    const lazy = new Map(this.parts.filter(part => part.lazy).map(part => [part.node, part]));
    this.sight = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.near.add(lazy.get(target));
        else this.near.delete(lazy.get(target));
      }
      attempt(this.place, () => this.refresh());
    }, NEAR);
    for (const node of lazy.keys()) this.sight.observe(node);
  }

  receive(component) {
    this.component = component;
    const stoodOnLast = this.step > 0 && this.step === this.run.last;
    this.run = new Run(component.data);
    this.step = stoodOnLast ? this.run.last : Math.min(this.step, this.run.last);
    if (!this.run.recorded) for (const part of this.parts) part.node.hidden = part.concerns?.(this.run) === false;
    this.refresh();
  }

  show(step) {
    this.step = step;
    this.refresh();
  }

  /** Bring every part that is nearly in view up to date. */
  refresh() {
    if (!this.run) return; // the first data could not be read
    for (const part of this.near) {
      if (part.node.hidden || (this.run.recorded && part.concerns?.(this.run) === false)) continue; // not in sight
      if (part.run !== this.run) part.setRun(this.run);
      part.show(this.step);
    }
    this.tellSight();
  }

  /** What the live channel need not leave out: the steps that are drawn, and the costly parts that are in view. */
  tellSight() {
    const { run, step } = this;
    const shown = step === run.last ? MOST_STEPS : step; // at the end it stays at the end, wherever that will be
    sight.steps = [...new Set([0, ...run.earlier(step, EARLIER), shown])].join("~");
    for (const [name, part] of Object.entries(this.costly)) inSight(name, this.near.has(part));
  }

  close() {
    this.sight.disconnect();
    delete sight.steps;
    for (const name of Object.keys(this.costly)) inSight(name, false);
    for (const part of this.parts) part.remove?.();
  }
}

export default mounted(DescentView);
