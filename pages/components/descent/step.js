// One step taken apart: the parameters before it, their gradient, what the optimiser remembers, the update
// and the parameters after it, one below the other as matrices, so that the columns add up; and what the step
// does to the loss.

import { NARROW_BELOW } from "./cells.js";
import { PARAMETERS } from "./run.js";
import { element, heading } from "../shared/dom.js";
import { formatFull, formatNumber } from "../shared/numbers.js";

const MATRICES = [["W1", [[0, 1], [2, 3]]], ["b1", [[4, 5]]], ["W2", [[6], [7]]], ["b2", [[8]]]];
const NO_NEXT_STEP = "The next step is not part of this run";
const NAMED_ROWS = 4; // a step that draws more rows names them by their numbers alone

export class ThisStep {
  constructor() {
    this.output = element("span");
    this.loss = element("span");
    this.drawn = element("p", { className: "drawn" });
    this.head = element("tr", {}, element("td"),
      ...MATRICES.map(([name]) => element("th", { scope: "col", textContent: name })));
    this.body = element("tbody");
    this.change = new Change();
    const caption = "This step: one matrix for each tensor, before it, its gradient, and after it";
    this.node = element("section", { className: "numbers" },
      heading("This step in numbers", element("p", { className: "result" }, this.output, this.loss)),
      this.drawn,
      element("div", { className: "pair" },
        element("table", {}, element("caption", { className: "spoken", textContent: caption }),
          element("thead", {}, this.head), this.body),
        this.change.node));
  }

  setRun(run) {
    this.run = run;
    const onPhone = matchMedia(`(max-width: ${NARROW_BELOW}px)`).matches;
    this.digits = onPhone ? 3 : 4; // six columns on a phone
    this.node.tabIndex = onPhone ? 0 : -1; // there the table is scrolled sideways, by the keyboard too
    this.setLines(linesOf(run));
    this.change.setRun(run);
  }

  /** The lines of the table: made anew only for another optimiser. */
  setLines(lines) {
    const described = JSON.stringify(lines);
    if (described === this.described) return;
    this.described = described;
    this.lines = lines.map(line => ({ ...line, cells: PARAMETERS.map(() => element("td")) }));
    this.body.replaceChildren(...this.lines.map(line => tableRow(line)));
  }

  show(step) {
    const { run } = this;
    this.output.textContent = run.drawsBatches ? "" : `o = ${formatNumber(run.number("output", step))}`;
    this.loss.textContent = run.drawsBatches
      ? `L = ${formatNumber(run.loss[step])} for the drawn rows, ${formatNumber(run.meanLoss[step])} for all`
      : `L = ${formatNumber(run.loss[step])}`;
    this.drawn.textContent = drawnRows(run, step);
    for (const { key, cells } of this.lines) {
      const value = p => (key === "after" ? run.after(step, p) : run.at(key, step, p));
      cells.forEach((cell, p) => this.write(cell, p, value(p)));
    }
    this.change.show(step);
  }

  write(cell, p, number) {
    cell.textContent = number === undefined ? "–" : formatNumber(number, this.digits);
    cell.title = number === undefined ? NO_NEXT_STEP : `${this.run.names[p].code}: ${formatFull(number)}`;
  }
}

/** What the table has a line for: key (of the array), name, formula, and a longer meaning. */
function linesOf(run) {
  const plain = run.optimizer.key === "sgd";
  const rate = formatNumber(run.learningRate);
  const used = run.accumulates ? "Σ ∂L/∂θ" : "∂L/∂θ";
  const lines = [
    { key: "theta", name: "before", formula: "θ" },
    { key: "gradient", name: "gradient", formula: "∂L/∂θ" },
  ];
  if (run.accumulates && run.has("used")) {
    const meaning = "All gradients so far, added up: none was cleared. The step uses this sum.";
    lines.push({ key: "used", name: "piled up", formula: used, meaning });
  }
  for (const { key, symbol, meaning } of run.optimizer.memory) {
    if (run.has(`state_${key}`)) {
      lines.push({ key: `state_${key}`, name: meaning.split(":")[0], formula: symbol, meaning });
    }
  }
  const formula = plain ? `−${rate} · ${used}` : "Δθ";
  if (run.has("update")) lines.push({ key: "update", name: "update", formula });
  const sum = run.has("update") ? "before + update" : `θ − ${rate} · ${used}`;
  return [...lines, { key: "after", name: "after", formula: sum }];
}

function tableRow({ key, name, formula, meaning, cells }) {
  const small = element("small", { textContent: formula });
  const head = element("th", { scope: "row", title: meaning ?? "" }, name, small);
  const matrices = MATRICES.map(([tensor, rows]) => element("td", {},
    element("table", { className: "matrix", ariaLabel: `${tensor}, ${name}` },
      element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map(p => cells[p])))))));
  return element("tr", { className: key }, head, ...matrices);
}

/** "This step draws rows 2 (0, 1 → 1) and 4 (1, 1 → 0) of 4." */
function drawnRows(run, step) {
  const rows = run.drawn(step);
  if (!rows?.length) return "";
  if (rows.length === run.rows.length) return `This step uses all ${rows.length} rows.`;
  const nameOf = row => (rows.length <= NAMED_ROWS ? `${row + 1} ${rowText(run.rows[row])}` : row + 1);
  const texts = rows.sort((a, b) => a - b).map(nameOf);
  return `This step draws ${texts.length > 1 ? "rows" : "row"} ${listed(texts)} of ${run.rows.length}.`;
}

function rowText([x1, x2, y]) {
  const [a, b, target] = [x1, x2, y].map(value => formatNumber(value));
  return `(${a}, ${b} → ${target})`;
}

function listed(texts) {
  return texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}` : `${texts[0]}`;
}

// What the step does to the loss ----------------------------------------------------------------------------

const VIEWS = [
  ["predicted", "the gradient predicts"],
  ["second", "with the curvature"],
  ["actual", "in truth"],
];

/** ΔL three times, as numbers and as bars on one scale. */
class Change {
  constructor() {
    this.about = element("small");
    this.lines = VIEWS.map(([key, text]) => {
      const [label, number, bar] = [element("span", { textContent: text }), element("b"), element("i")];
      const node = element("li", { className: key }, label, number, element("span", { className: "track" }, bar));
      return { key, label, number, bar, node };
    });
    this.node = element("div", { className: "change" },
      element("h4", {}, "Change of the loss, ΔL ", this.about),
      element("ul", {}, ...this.lines.map(line => line.node)));
  }

  setRun(run) {
    this.run = run;
    this.node.hidden = !run.has("predicted", "actual");
    this.about.textContent = run.drawsBatches ? "of the drawn rows" : "";
    this.lines[0].label.textContent = run.optimizer.key === "sgd" && !run.accumulates
      ? "the gradient predicts −η‖∂L/∂θ‖²" : VIEWS[0][1];
    for (const { key, node } of this.lines) node.hidden = !run.has(key);
  }

  show(step) {
    if (this.node.hidden) return;
    const shown = this.lines.filter(({ node }) => !node.hidden);
    const values = shown.map(({ key }) => this.run.number(key, step));
    const low = Math.min(0, ...values.filter(isFinite));
    const width = Math.max(0, ...values.filter(isFinite)) - low || 1;
    shown.forEach(({ number, bar }, k) => {
      const value = values[k];
      number.textContent = Number.isNaN(value) ? "–" : formatNumber(value);
      number.title = Number.isNaN(value) ? NO_NEXT_STEP : formatFull(value);
      const [from, to] = [Math.min(value, 0), Math.max(value, 0)].map(end => 100 * (end - low) / width);
      Object.assign(bar.style, isFinite(value) ? { left: `${from}%`, width: `${to - from}%` } : { width: "0" });
    });
  }
}
