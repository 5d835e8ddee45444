// Numbers that glide: a flat record of numbers moves to new values in a moment, from wherever it is.

const DURATION = 45; // ms: long enough to follow, short enough never to be waited for

export class Glide {
  shown = {}; // what the screen shows now
  #from = {};
  #target = {};
  #startedAt = 0;
  #frame = null;
  #paint;

  /** `paint(shown)` is called for every frame in which a number moves. */
  constructor(paint) {
    this.#paint = paint;
  }

  /** Move to `target`; without gliding if `atOnce`, or where there is nothing to move from. */
  to(target, atOnce) {
    this.#from = this.shown;
    this.#target = target;
    this.#startedAt = performance.now();
    this.stop();
    const names = Object.keys(target), isThere = names.every(name => this.shown[name] === target[name]);
    if (atOnce || isThere || Object.keys(this.shown).length === 0) this.#show(1);
    else this.#step();
  }

  /** Set one number without gliding: a hand is on it. */
  set(name, value) {
    for (const record of [this.#from, this.#target, this.shown]) record[name] = value;
    this.#paint(this.shown);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
  }

  #step() {
    this.#frame = requestAnimationFrame(now => {
      const share = Math.min(Math.max(now - this.#startedAt, 0) / DURATION, 1);
      this.#show(1 - (1 - share) ** 3);
      if (share < 1) this.#step();
    });
  }

  #show(share) {
    this.shown = Object.fromEntries(Object.entries(this.#target).map(([name, target]) => {
      const from = this.#from[name];
      const canMove = share < 1 && Number.isFinite(from) && Number.isFinite(target);
      return [name, canMove ? from + (target - from) * share : target];
    }));
    this.#paint(this.shown);
  }
}
