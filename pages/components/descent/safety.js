// How large a step is safe: what became of the run, told from its record; and beside it, as theory, the learning
// rate η on a logarithmic axis, and on it the rate at which the steps would grow on a parabola as sharp as the loss
// is here: for all nine parameters together, where λmax of the Hessian decides, and along each one's axis.
//
// On a parabola of curvature c a step of plain gradient descent leaves 1 − ηc of the way to the bottom: hence
// the zones. They are the parabola's and say nothing of what the run did.

import { largest, PARAMETERS, smallestPositive } from "./run.js";
import { element, heading, note, onWidth, shape, show, words, write } from "../shared/dom.js";
import { symbolText } from "../shared/names.js";
import { formatFull, formatNumber } from "../shared/numbers.js";
import { saveButtons } from "../figure/save.js";

const ZONES = [["crawling", 0.01], ["good", 1], ["oscillating", 2], ["diverging", Infinity]]; // up to this ηc
const HELD = limit => [["settles", limit], ["diverging", Infinity]]; // all that is known of other optimisers
const [LEFT, RIGHT, TOP, BAND, ROW, AXIS] = [66, 116, 34, 24, 19, 46]; // px
const HEIGHT = TOP + BAND + 8 + PARAMETERS.length * ROW + AXIS;
const MOST_DECADES = 6;
const WIDEST_LETTER = 6.6; // px: a zone narrower than its word stays without it

export class SafetyPlot {
  lazy = true;

  constructor() {
    this.outcome = element("span");
    this.word = element("b");
    this.sentence = element("span");
    this.share = element("p", { className: "share" });
    this.svg = shape("svg", { role: "img", "aria-label": "Learning rates and the critical ones", height: HEIGHT });
    this.about = note();
    this.plot = element("div", { className: "safety-plot" }, this.svg);
    this.verdict = element("div", { className: "verdict" },
      element("p", {}, element("b", { textContent: "This run." }), " ", this.outcome),
      element("p", {}, this.word, " ", this.sentence), this.share, this.about);
    this.node = element("section", { className: "safety" },
      heading("How large a step is safe", saveButtons(() => this.svg, "How large a step is safe")),
      element("div", { className: "pair" }, this.plot, this.verdict));
    this.draw();
    this.observer = onWidth(this.plot, width => this.setWidth(width));
  }

  concerns(run) {
    return run.has("curvature", "sharpest");
  }

  /** The nodes that stay; what moves is written by `place`. */
  draw() {
    const { svg } = this;
    hatching(svg);
    this.grid = shape("path", { class: "grid" }, svg);
    this.band = shape("g", { class: "zones" }, svg);
    this.zones = ZONES.map(() => {
      const box = shape("rect", { y: TOP, height: BAND }, this.band);
      const text = words("", { y: TOP + 16, "text-anchor": "middle" }, this.band);
      return { box, tip: shape("title", {}, box), text };
    });
    words("all nine", { x: LEFT - 10, y: TOP + 16, "text-anchor": "end" }, svg);
    const heights = PARAMETERS.map(p => TOP + BAND + 8 + (p + 0.5) * ROW);
    this.rows = [TOP + BAND / 2, ...heights].map(y => limitRow(svg, y));
    this.eta = shape("line", { class: "eta", y1: TOP - 8, y2: HEIGHT - AXIS + 4 }, svg);
    this.etaName = words("", { class: "eta-name", y: TOP - 14 }, svg);
    this.numbers = shape("g", { class: "ticks" }, svg);
    this.title = words("learning rate η", { class: "axis-name", y: HEIGHT - 6, "text-anchor": "middle" }, svg);
    this.head = words("critical η", { class: "axis-name", y: TOP - 14, "text-anchor": "end" }, svg);
  }

  setWidth(width) {
    this.width = width;
    if (this.run) this.settle();
  }

  setRun(run) {
    this.run = run;
    const noLimit = hasNoLimit(run);
    this.plot.hidden = noLimit;
    this.outcome.textContent = run.outcome;
    this.about.textContent = noLimit ? whyNoLimit(run) : aboutLimit(run);
    this.span = steadySpan(this.span, run);
    run.names.forEach((name, p) => (this.rows[p + 1].name.textContent = symbolText(name)));
    this.settle();
  }

  /** The axis, for this run and this width. */
  settle() {
    const { span: [low, high], width } = this;
    if (!width) return;
    const right = width - RIGHT;
    this.x = rate => LEFT + (right - LEFT) * Math.min(Math.max((Math.log10(rate) - low) / (high - low), 0), 1);
    write(this.svg, { width, viewBox: `0 0 ${width} ${HEIGHT}` });
    const powers = Array.from({ length: high - low + 1 }, (_, k) => low + k);
    const bottom = HEIGHT - AXIS + 4;
    const grid = powers.map(power => `M${this.x(10 ** power)} ${TOP}V${bottom}`);
    write(this.grid, { d: `${grid.join("")}M${LEFT} ${bottom}H${right}` });
    this.numbers.replaceChildren(...powers.map(power => words(formatNumber(10 ** power),
      { x: this.x(10 ** power), y: bottom + 16, "text-anchor": "middle" })));
    write(this.title, { x: (LEFT + right) / 2 });
    write(this.head, { x: width - 4 });
    const at = this.x(this.run.learningRate);
    write(this.eta, { x1: at, x2: at });
    write(this.etaName, { x: at, "text-anchor": at > right - 40 ? "end" : "middle" });
    this.etaName.textContent = `η = ${formatNumber(this.run.learningRate)}`;
    if (this.step !== undefined && !hasNoLimit(this.run)) this.place();
  }

  show(step) {
    this.step = Math.min(step, this.run.last);
    const noLimit = hasNoLimit(this.run);
    const known = !noLimit && this.run.has("verdict");
    const verdict = known ? this.run.verdicts?.[this.run.number("verdict", step)] : undefined;
    this.word.textContent = verdict ? `In theory: ${verdict.word}.` : "";
    this.sentence.textContent = verdict?.sentence ?? "";
    this.share.textContent = noLimit ? "" : this.shareText();
    if (this.x && !noLimit) this.place();
  }

  /** What the figure says, in words. */
  shareText() {
    const { learningRate } = this.run;
    const critical = this.critical(-1);
    if (critical === Infinity) return "No direction bends upwards at this step, so no rate is critical.";
    const ratio = formatNumber(learningRate / critical, 3);
    const share = `η is ${ratio} times the critical rate ${formatNumber(critical)}`;
    const beyond = this.run.names.filter((_, p) => learningRate >= this.critical(p)).map(symbolText);
    const alone = beyond.length ? `; it also exceeds that of ${beyond.join(", ")} alone.` : " for all nine together.";
    return share + alone;
  }

  /** The critical rate along the axis of parameter `p`; for all nine together, −1. A step that is not there has none. */
  critical(p) {
    const { run, step } = this;
    return (p < 0 ? run.number("critical_all", step) : run.at("critical", step, p)) ?? Infinity;
  }

  place() {
    this.placeZones();
    this.rows.forEach((row, k) => this.placeRow(row, k - 1));
    const beyond = this.run.learningRate >= this.critical(-1) ? "beyond" : "within";
    this.svg.setAttribute("aria-label", `Critical learning rates, ${beyond} which η lies. ${this.shareText()}`);
  }

  placeZones() {
    const { limit } = this.run;
    const zones = this.run.optimizer.key === "sgd" ? ZONES : HELD(limit);
    const scale = this.critical(-1) / limit; // η for ηc = 1
    let from = LEFT;
    this.zones.forEach(({ box, tip, text }, k) => {
      const [name, until] = zones[k] ?? ["", 0]; // there may be two zones only
      const to = until === Infinity ? this.width - RIGHT : this.x(scale === Infinity ? 1e300 : until * scale);
      const width = Math.max(0, name ? to - from : 0);
      write(box, { x: from, width, class: name });
      show(text, width > name.length * WIDEST_LETTER + 8, { x: from + width / 2 });
      text.textContent = name;
      tip.textContent = name && `${name}, on a parabola as sharp as the loss is here`;
      from += width;
    });
  }

  placeRow({ safe, far, over, beyond, excess, value, tip, none }, p) {
    const { learningRate, names } = this.run;
    const critical = this.critical(p);
    const there = critical < Infinity;
    const exceeded = learningRate >= critical;
    const x = there ? this.x(critical) : 0;
    const beyondAxis = Math.log10(critical) > this.span[1];
    show(safe, there && !exceeded && !beyondAxis, { transform: `translate(${x} 0)` });
    show(far, there && beyondAxis, { transform: `translate(${x} 0)` });
    show(over, exceeded, { transform: `translate(${x} 0)` });
    show(excess, exceeded, { x1: x, x2: this.x(learningRate) });
    show(beyond, exceeded, { x: this.width - RIGHT + 6 });
    show(value, true, { x: this.width - 4 });
    value.lastChild.data = there ? formatNumber(critical, 3) : "none";
    const whose = p < 0 ? "all nine together" : names[p].code;
    tip.textContent = `${whose}: ${there ? formatFull(critical) : "no limit"}`;
    show(none, !there, { x: LEFT + 8 });
    none.textContent = p >= 0 && this.run.at("curvature", this.step, p) < 0 ? "bends down here" : "flat here";
  }

  remove() {
    this.observer.disconnect();
  }
}

/** The signs of one critical rate, at height `y`; their places across come with the numbers. */
function limitRow(svg, y) {
  const row = shape("g", { transform: `translate(0 ${y})` }, svg);
  const value = shape("text", { class: "value", y: 4, "text-anchor": "end" }, row);
  const tip = shape("title", {}, value);
  value.append("");
  return {
    value, tip,
    name: words("", { x: LEFT - 10, y: 4, "text-anchor": "end" }, row),
    excess: shape("line", { class: "excess" }, row),
    safe: shape("circle", { class: "safe", r: 4.5 }, row),
    far: shape("path", { class: "safe", d: "M-3 -5L5 0L-3 5Z" }, row), // to the right of the axis
    over: shape("path", { class: "over", d: "M0 -6L6 0L0 6L-6 0Z" }, row),
    beyond: words("exceeded", { class: "beyond", y: 4 }, row),
    none: words("", { class: "none", y: 4 }, row),
  };
}

/** Two hatchings: a zone is told by its pattern and its word. */
function hatching(svg) {
  const defs = shape("defs", {}, svg);
  for (const [id, apart] of [["sparse", 9], ["dense", 4]]) {
    const pattern = shape("pattern", { id, width: apart, height: apart, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" }, defs);
    shape("line", { class: "hatch", y2: apart }, pattern);
  }
}

/**
 * Whole powers of ten around η and what is critical along the path; it stays while the new run fills it well.
 */
function steadySpan(shown, run) {
  const { learningRate } = run;
  const seen = run.arrays.sharpest.filter((_, step) => run.worthSeeing(step));
  const [most, least] = [largest(seen), smallestPositive(seen)];
  const bent = most > 0;
  const needed = [learningRate, ...(bent ? [0.01 / most, 3 / most, 3 / least] : [])];
  const high = Math.ceil(Math.log10(1.5 * Math.max(...needed)));
  const low = Math.floor(Math.log10(Math.min(...needed) / 1.5));
  const span = [Math.max(low, Math.min(high - MOST_DECADES, Math.floor(Math.log10(learningRate)))), high];
  const holds = shown && shown[0] <= span[0] && shown[1] >= span[1];
  return holds && shown[1] - shown[0] <= span[1] - span[0] + 1 ? shown : span;
}

function hasNoLimit(run) {
  return run.limit === null;
}

function whyNoLimit({ optimizer }) {
  return optimizer.limit
    ? "Gradients that are never cleared pile up. On a parabola they push on like a ball without friction, and no rate "
      + "comes to rest; a loss is no parabola."
    : `The length of a step of ${optimizer.name} does not follow the size of the gradient, so no rate is critical.`;
}

function aboutLimit(run) {
  const bound = formatNumber(run.limit, 3);
  return `On a parabola of curvature c, ${run.optimizer.name} comes to rest while η < ${bound}/c. For all nine `
    + `together c is the sharpest curvature in any direction${whoseCurvature(run)}. A loss is no parabola: zones and `
    + "critical rates are those of one as sharp as the loss is at this step, and say nothing of the steps that follow.";
}

function whoseCurvature({ drawsBatches, onMean }) {
  if (!drawsBatches) return "";
  return onMean ? ", here of the mean loss over all rows" : ", here of the loss of the rows this step draws";
}
