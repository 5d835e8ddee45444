// One payload of the descent page, in the words of that page.
//
// Bytes as payload.js reads them: a header and arrays, a row for each of the S recorded steps (step 0 is the start).
// Whatever is marked + may be missing or null; what would show it is then left out.
//
// header
//   names            the nine parameters in order: {key, base, sup, sub, code, meaning}
//   learning_rate, diverged_at
//   outcome          what became of the run, in a sentence or two
//   optimizer        {key, name, limit, memory: [{key, symbol, meaning}]}: memory lists the arrays state_KEY
//   accumulates      gradients are not cleared: they pile up
//   runs             [{key, name}], one to three optimisers; the first is the one that is scrubbed
//   which            the loss of slices, curvature and kinks: "batch" (the drawn rows) or "mean" (all rows)
// + rows             [[x1, x2, y], …], the data set; null with a single example
//   example          [x1, x2, y], as the sliders stand
// + verdicts         [{word, sentence}], what the array verdict points into: theory, for a parabola
// + limit            ηc at which this optimiser stops coming to rest on a parabola of curvature c; null: there is none;
//                    optimizer.limit is the same for gradients that are cleared
//   axes             {a, b, held}: keys of two parameters, and "start" or "end"
//   step_size, reach of a slider: of the start of the path, which a hand can move on the map
//   kink_name        "ReLU": the function that has the kinks
// + recorded         while a hand moves: the only steps of which ROWS of __init__.py have a row; the others have all,
//                    and the array `path` (S, 9), float32, has where all steps stand
// arrays
//   theta, gradient (S, 9)   loss, output (S)   grid (9, K)   slices (S, 9, K): while a hand moves, if they are in view
// + used, update, state_v, state_m, state_s (S, 9)   mean_loss, predicted, second, actual (S)
// + slope (S, 9)             the gradient of the loss that the slices show, where that is not `gradient`
// + curvature (S, 9)         sharpest, verdict (S)    kinks (S, 9, M): NaN where there is none
// + critical (S, 9), critical_all (S)                     the critical rate of each alone and of all together, with a limit
// + other_loss_1, other_loss_2, as long as those runs are
// + batch (S, B)             row numbers from 0; NaN or −1 fills up a smaller batch
// + axes_a (n), axes_b (m), axes_loss (m, n)              row j, column i: at a[i], b[j]
// + plane_steps (T), plane_x1 (n), plane_x2 (m), plane_output (T, m, n)   row j, column i: at x1[i], x2[j]

import { unpack } from "./payload.js";

export const PARAMETERS = [...Array(9).keys()]; // w1_11 w1_12 w1_21 w1_22 b1_1 b1_2 w2_1 w2_2 b2
const WORTH_SEEING = 20; // by eye: a path is drawn while its loss is at most this many times the first one

export class Run {
  constructor(bytes) {
    const { header, arrays } = unpack(bytes);
    this.arrays = arrays;
    this.recorded = header.recorded;
    this.names = header.names;
    this.learningRate = header.learning_rate;
    this.optimizer = header.optimizer;
    this.accumulates = header.accumulates;
    this.runs = header.runs;
    this.rows = header.rows;
    this.example = header.example;
    this.outcome = header.outcome;
    this.verdicts = header.verdicts;
    this.stepSize = header.step_size;
    this.reach = header.reach;
    this.limit = header.limit;
    this.axes = header.axes;
    this.kinkName = header.kink_name;
    this.loss = arrays.loss; // of the rows that each step draws
    this.meanLoss = arrays.mean_loss ?? arrays.loss; // of all rows
    this.drawsBatches = differ(this.loss, this.meanLoss);
    this.onMean = header.which === "mean" && this.drawsBatches;
    this.hops = this.drawsBatches && !this.onMean; // each step stands on curves of its own: no line joins the points
    this.height = this.onMean ? this.meanLoss : this.loss; // where the point stands on its nine curves
    this.last = this.loss.length - 1;
    this.samples = (arrays.grid?.length ?? 0) / PARAMETERS.length;
    // The highest loss worth showing on a linear scale: a run that diverges leaves the plots.
    this.peak = Math.min(WORTH_SEEING * this.height[0], largest(this.height));
    this.travelled = travelled(this);
  }

  has(...names) {
    return names.every(name => this.arrays[name]?.length);
  }

  /** The row of an array that is this step's; while a hand moves, only those of the steps in sight have come. */
  row(name, step) {
    if (!this.recorded) return step;
    return Math.max(0, this.recorded.findLastIndex(each => each <= step));
  }

  get rowCount() {
    return this.recorded?.length ?? this.loss.length;
  }

  /** The entry for parameter `p` in an array of nine numbers a step. */
  at(name, step, p) {
    return this.arrays[name][this.row(name, step) * PARAMETERS.length + p];
  }

  /** The entry in an array of one number a step. */
  number(name, step) {
    return this.arrays[name][this.row(name, step)];
  }

  value(step, p) {
    if (this.recorded && !this.recorded.includes(step)) return this.arrays.path[step * PARAMETERS.length + p];
    return this.at("theta", step, p);
  }

  /** The value after this step; undefined where the run ends and does not say. */
  after(step, p) {
    if (step < this.last && !this.recorded) return this.value(step + 1, p);
    return this.has("update") ? this.value(step, p) + this.at("update", step, p) : undefined;
  }

  /** The slope of the curve that the slices show; NaN where it was not recorded. */
  slope(step, p) {
    if (this.has("slope")) return this.at("slope", step, p);
    return this.onMean ? NaN : this.at("gradient", step, p);
  }

  samplesOf(p) {
    return this.arrays.grid.subarray(p * this.samples, (p + 1) * this.samples);
  }

  slice(step, p) {
    const start = (this.row("slices", step) * PARAMETERS.length + p) * this.samples;
    return this.arrays.slices.subarray(start, start + this.samples);
  }

  kinks(step, p) {
    if (!this.has("kinks")) return [];
    const count = this.arrays.kinks.length / this.rowCount / PARAMETERS.length;
    const start = (this.row("kinks", step) * PARAMETERS.length + p) * count;
    return this.arrays.kinks.subarray(start, start + count).filter(isFinite);
  }

  /** The numbers of the rows that this step draws; undefined where nothing is drawn. */
  drawn(step) {
    if (!this.rows || !this.has("batch")) return undefined;
    const size = this.arrays.batch.length / this.rowCount;
    const start = this.row("batch", step) * size;
    return Array.from(this.arrays.batch.subarray(start, start + size)).filter(row => row >= 0);
  }

  worthSeeing(step) {
    return this.height[step] <= this.peak;
  }

  /** The values of parameter `p` along the part of its path that is worth showing. */
  trajectory(p) {
    const values = Array.from(this.loss, (_, step) => this.value(step, p));
    return values.filter((_, step) => this.worthSeeing(step));
  }

  /** Up to `count` steps before this one, oldest first, that part the path to it into even pieces. */
  earlier(step, count) {
    if (this.recorded) return this.recorded.filter(each => each < step).slice(-count);
    const steps = Array.from({ length: count }, (_, k) => this.stepAfter(k / count * this.travelled[step]));
    return [...new Set(steps)].filter(each => each < step);
  }

  /** The last step at which the path was no longer than `distance`. */
  stepAfter(distance) {
    let [low, high] = [0, this.last];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.travelled[middle] <= distance) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** How long the path is up to each step. */
function travelled(run) {
  const lengths = new Float64Array(run.loss.length);
  for (let step = 1; step < lengths.length; step++) {
    const squares = PARAMETERS.map(p => (run.value(step, p) - run.value(step - 1, p)) ** 2);
    lengths[step] = lengths[step - 1] + Math.sqrt(squares.reduce((sum, square) => sum + square));
  }
  return lengths;
}

function differ(one, other) {
  return one !== other && one.some((value, k) => Math.abs(value - other[k]) > 1e-9 * Math.abs(value));
}

/** The largest finite number of an array, −∞ if there is none. */
export function largest(numbers) {
  return numbers.reduce((most, number) => (number > most && number < Infinity ? number : most), -Infinity);
}

/** The smallest finite number above 0, ∞ if there is none. */
export function smallestPositive(numbers) {
  return numbers.reduce((least, number) => (number > 0 && number < least ? number : least), Infinity);
}
