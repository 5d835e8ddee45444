// The loss over the steps: of the run that is scrubbed, firm, with the scrubbed step marked; of up to two
// other optimisers, dashed and dotted; and, faint, of the rows that each step draws. Every line has its name
// at its end.

import { axesOf, fit, lies, onZoom, pixel } from "../figure/axes.js";
import { largest, smallestPositive } from "./run.js";
import { button, element, heading, note, shape, show, words, write } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";
import { Figure } from "../figure/theme.js";
import { saveButtons } from "../figure/save.js";

export const LOSS_HEIGHT = 300;
const LINEAR = { type: "linear", rangemode: "tozero" };
const LOGARITHMIC = { type: "log", exponentformat: "power", tickfont: { size: 10 } }; // powers are set larger
const LINES = [
  { color: "@ink", width: 1.75, dash: "solid" },
  { color: "@quiet", width: 1.75, dash: "dash" },
  { color: "@quiet", width: 1.75, dash: "dot" },
];
const FAINT = { color: "@quiet/0.6", width: 0.75 };
const NAMES_APART = 15; // px from one name at a line's end to the next

export class LossPlot {
  constructor(jump) {
    this.plot = element("div", { className: "plot", role: "figure" });
    this.overlay = shape("svg", { class: "overlay" });
    this.quick = shape("svg", {}, this.overlay); // clips what it holds to the plot's area
    this.curve = shape("path", { class: "curve" }, this.quick);
    this.frame = shape("svg", { class: "open" }, this.overlay);
    this.line = shape("line", { class: "scrubbed" }, this.frame);
    this.point = shape("circle", { class: "point", r: 4.5 }, this.frame);
    this.labels = LINES.map(() => words("", { class: "name" }, this.frame));
    this.scaleButton = button("", "Change the scale of the loss", () => this.toggle());
    this.note = note("Thin: the loss of the rows a step draws. Firm: the mean over all rows.");
    this.stack = element("div", { className: "stack" }, this.plot, this.overlay);
    this.node = element("section", { className: "loss" },
      heading("Loss over the steps", this.scaleButton, saveButtons(() => this.stack, "Loss over the steps")),
      this.stack, this.note);
    this.figure = new Figure(this.plot, {
      compose: () => ({ figure: this.compose(), height: LOSS_HEIGHT }),
      listen: plot => {
        plot.on("plotly_click", event => jump(event.points[0].x));
        onZoom(plot, () => this.place());
      },
      drawn: () => {
        this.drawnRun = this.run;
        this.place();
      },
    });
  }

  setRun(run) {
    this.run = run;
    this.lines = linesOf(run);
    this.note.hidden = !run.drawsBatches;
    this.node.classList.toggle("several", this.lines.length > 1);
    const [from, to] = [run.meanLoss[0], run.meanLoss[run.last]].map(loss => formatNumber(loss));
    const others = this.lines.slice(1).map(({ name, loss }) => `, with ${name} to ${formatNumber(loss.at(-1))}`);
    this.plot.ariaLabel = `The loss over ${run.last} steps, from ${from} to ${to}${others.join("")}`;
    this.setScale(this.chosen ?? (spansDecades(this.lines) ? LOGARITHMIC : LINEAR));
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
    const { run, lines } = this;
    const several = lines.length > 1;
    const data = lines.map(({ name, loss }, k) => trace(loss, several ? name : "", LINES[k]));
    if (run.drawsBatches) data.push({ ...trace(run.loss, "drawn rows", FAINT), mode: "lines", zorder: -1 });
    const steps = Math.max(...lines.map(({ loss }) => loss.length)) - 1;
    const layout = {
      margin: { l: 60, r: several ? 84 : 12, t: 8, b: 42 }, showlegend: false, hovermode: "x",
      xaxis: { title: { text: "step" }, ...(steps < 6 ? { dtick: 1 } : { nticks: 6 }), showgrid: false },
      yaxis: { title: { text: "loss L" }, nticks: 6, ...this.scale, uirevision: this.scale.type },
    };
    return { data, layout };
  }

  show(step) {
    this.step = step;
    this.place();
  }

  /** Put the marker and the names where the axes say they belong. */
  place() {
    const axes = axesOf(this.plot, 0);
    if (!axes) return;
    fit(this.frame, axes);
    this.drawQuickly(axes);
    const x = pixel(axes.x, this.step);
    const y = pixel(axes.y, this.run.meanLoss[this.step]);
    const seen = lies(x, axes.x); // a zoom may have left the step outside
    show(this.line, seen, { x1: x, x2: x, y1: 0, y2: axes.y._length });
    show(this.point, seen && lies(y, axes.y), { cx: x, cy: y }); // a loss of 0 is on no logarithmic axis
    this.nameLines(axes);
  }

  /** A curve that Plotly has not come to yet stands on the axes there are. */
  drawQuickly(axes) {
    const isBehind = this.drawnRun !== this.run;
    this.plot.classList.toggle("behind", isBehind);
    show(this.quick, isBehind);
    if (!isBehind) return;
    fit(this.quick, axes);
    const places = Array.from(this.run.meanLoss, (loss, step) => [pixel(axes.x, step), pixel(axes.y, loss)]);
    this.curve.setAttribute("d", `M${places.filter(([, y]) => Number.isFinite(y)).map(place => place.join(" ")).join("L")}`);
  }

  /** Each line's name beside the last of its points that is in view, none over another. */
  nameLines(axes) {
    const named = this.lines.length > 1 ? this.lines : [];
    const ends = named.map(({ loss }) => endOf(loss, axes));
    const order = [...named.keys()].filter(k => ends[k]).sort((a, b) => ends[a].y - ends[b].y);
    let lowest = -Infinity;
    this.labels.forEach(label => show(label, false));
    for (const k of order) {
      lowest = Math.max(ends[k].y, lowest + NAMES_APART);
      show(this.labels[k], true, { x: ends[k].x + 7, y: lowest + 4 });
      this.labels[k].textContent = named[k].name;
      write(this.labels[k], { class: k ? "name" : "name first" });
    }
  }

  remove() {
    this.figure.remove();
  }
}

/** {name, loss} of every optimiser, the scrubbed one first. */
function linesOf(run) {
  const others = run.runs.slice(1).map(({ name }, k) => ({ name, loss: run.arrays[`other_loss_${k + 1}`] }));
  return [{ name: run.runs[0].name, loss: run.meanLoss }, ...others.filter(({ loss }) => loss?.length)];
}

function trace(loss, name, line) {
  return {
    type: "scatter", y: loss, line, mode: loss.length > 60 ? "lines" : "lines+markers",
    marker: { size: 4, color: line.color },
    text: Array.from(loss, value => formatNumber(value)),
    hovertemplate: `${name && `${name}, `}step %{x}<br>L = %{text}<extra></extra>`,
  };
}

/** Where a line leaves the view, or ends, in pixels; undefined if it is not to be seen there. */
function endOf(loss, axes) {
  const rightmost = Math.floor(Math.max(...axes.x.range) + 1e-9);
  const step = Math.max(0, Math.min(loss.length - 1, rightmost));
  const [x, y] = [pixel(axes.x, step), pixel(axes.y, loss[step])];
  return lies(x, axes.x) && lies(y, axes.y) ? { x, y } : undefined;
}

function spansDecades(lines) {
  const ends = lines.map(({ loss }) => [smallestPositive(loss), largest(loss)]);
  return Math.max(...ends.map(([, most]) => most)) > 1e3 * Math.min(...ends.map(([least]) => least));
}
