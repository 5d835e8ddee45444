// The scrubber: a step chosen by a range input, by arrows, or by playing the run; and beside it the learning rate. They
// stay in view while the page scrolls, for what they move is taller than the window.

import { Rate } from "./rate.js";
import { button, element } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";

const PLAY_SECONDS = 6; // a long run plays in this time,
const SLOWEST_STEP = 0.4; // a short one at this many seconds a step

export class StepBar {
  constructor(choose, take, setRate) {
    this.choose = choose;
    this.rate = new Rate(setRate);
    this.range = element("input", { type: "range", min: 0, ariaLabel: "Step of the descent" });
    this.range.addEventListener("input", () => this.go(Number(this.range.value)));
    this.playButton = button("Play", "Play the run (Space)", () => this.toggle());
    this.playButton.classList.add("play");
    this.first = button("«", "First step", () => this.go(0));
    this.previous = button("‹", "Previous step", () => this.go(this.step - 1));
    this.next = button("›", "Next step", () => this.go(this.step + 1));
    this.end = button("»", "Last step", () => this.go(this.run.last));
    this.position = element("span", { className: "position" });
    this.takeButton = button("Take these steps", "Move the sliders to this step", () => take(this.step));
    this.takeButton.classList.add("take");
    const moves = [this.playButton, this.first, this.previous, this.next, this.end];
    this.node = element("div", { className: "bar", role: "group", ariaLabel: "Steps of the descent" },
      element("div", { className: "moves" }, ...moves), this.range, this.position, this.rate.node,
      this.takeButton);
    this.node.addEventListener("keydown", event => this.press(event));
    this.stayBelow(document.querySelector(".st-key-result"));
  }

  /** The page's own line of results sticks to the top of the window; the scrubber sticks right beneath it. */
  stayBelow(line) {
    this.observer = new ResizeObserver(() => {
      this.node.style.top = `calc(3.25rem + ${line.offsetHeight}px)`; // 3.25rem: pages/screen/style.css
    });
    if (line) this.observer.observe(line);
  }

  setRun(run) {
    this.run = run;
    this.rate.setRun(run);
    this.range.max = run.last;
    this.position.style.minWidth = `${`step ${run.last} of ${run.last}`.length}ch`;
  }

  show(step) {
    const { last, meanLoss } = this.run;
    this.step = step;
    this.range.value = step;
    this.range.ariaValueText = `step ${step} of ${last}, loss ${formatNumber(meanLoss[step])}`;
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
    if (event.composedPath()[0] === this.rate.range) return;
    const onButton = event.composedPath()[0] instanceof HTMLButtonElement; // Space presses it anyway
    if (event.key !== " " || onButton || !this.playButton.checkVisibility()) return;
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

  remove() {
    this.pause();
    this.observer.disconnect();
  }
}
