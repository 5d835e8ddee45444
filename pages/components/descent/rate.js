// The learning rate as a slider, on a logarithmic scale: the whole descent follows while it is held.

import * as live from "../live/live.js";
import { element } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";

const [LEAST, MOST] = [-4, 1]; // powers of ten; a rate below the slider's reach is typed
const FINENESS = 0.02; // of a power of ten
const DIGITS = 3;

export class Rate {
  constructor(tell) {
    this.tell = tell;
    this.held = null;
    this.range = element("input", { type: "range", min: LEAST, max: MOST, step: FINENESS, ariaLabel: "Learning rate" });
    this.text = element("output");
    this.node = element("label", { className: "rate", title: "The learning rate η" }, "η", this.range, this.text);
    let isKey = false;
    this.range.addEventListener("keydown", () => { isKey = true; });
    this.range.addEventListener("input", () => this.hold(Number((10 ** this.range.value).toPrecision(DIGITS))));
    this.range.addEventListener("change", () => { if (!isKey) this.drop(); });
    for (const type of ["keyup", "blur"]) {
      this.range.addEventListener(type, () => {
        isKey = false;
        this.drop();
      });
    }
  }

  setRun({ learningRate }) {
    if (this.held === null) this.show(learningRate);
  }

  show(rate) {
    this.text.textContent = formatNumber(rate);
    this.range.ariaValueText = `learning rate ${formatNumber(rate)}`;
    if (this.held === null) this.range.value = Math.log10(rate);
  }

  hold(rate) {
    this.held = rate;
    this.show(rate);
    live.hold({ learning_rate: rate });
  }

  drop() {
    if (this.held === null) return;
    live.letGo();
    this.tell(this.held);
    this.held = null;
  }
}
