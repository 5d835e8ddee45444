// Changing a number by hand: the arithmetic of steps, the messages to the server, and the pointer and
// keyboard gestures on a chip.

const CLICK_REACH = 4; // px: a shorter drag is a click

/** `value` moved by `steps` grid steps inside the limits. Off the grid, a step goes to its next point. */
export function moved(value, steps, step, [low, high]) {
  if (steps === 0) return value;
  const position = value / step;
  const nearest = Math.round(position);
  const onGrid = Math.abs(position - nearest) < 1e-6;
  const start = onGrid ? nearest : steps > 0 ? Math.floor(position) : Math.ceil(position);
  const target = Number(((start + steps) * step).toFixed(10));
  return Math.min(Math.max(target, low), high);
}

/**
 * Messages about changed numbers, one on its way at a time and at most one per 60 ms.
 * What waits is overtaken by what is newer, so the server never works on stale numbers.
 */
export class ChangeChannel {
  static PACE = 60; // ms between two messages
  // ms to wait for an answer before sending on regardless. Less makes a busy browser fall behind: each new
  // message interrupts the drawing of the last one.
  static PATIENCE = 1000;

  #send;
  #waiting = new Map(); // key: change
  #sentAt = -Infinity;
  #answered = true;
  #timer = null;

  constructor(send) {
    this.#send = send;
  }

  offer(change) {
    this.#waiting.set(change.key, change);
    this.#pump();
  }

  /** New data came: the way is free. */
  answered() {
    this.#answered = true;
    this.#pump();
  }

  close() {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #pump() {
    clearTimeout(this.#timer);
    if (this.#waiting.size === 0) return;
    const pause = this.#answered ? ChangeChannel.PACE : ChangeChannel.PATIENCE;
    const left = this.#sentAt + pause - performance.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#pump(), left);
      return;
    }
    const [key, change] = this.#waiting.entries().next().value;
    this.#waiting.delete(key);
    this.#sentAt = performance.now();
    this.#answered = false;
    this.#send(change);
    this.#pump();
  }
}

/**
 * Let `chip` be dragged sideways, stepped with the keyboard, and chosen with a click or Enter.
 * `number` answers for the chip: value(), limits(), step(); it takes drag(value) on the way, drop(value) at the end, and
 * select().
 */
export function handle(chip, number) {
  let drag = null;
  let endedDrag = false;
  let pressed = null; // the value that a key which is still down has come to

  chip.addEventListener("pointerdown", event => {
    if (event.button !== 0 || number.value() === null) return;
    drag = { pointer: event.pointerId, x: event.clientX, value: number.value(), stepsOwed: 0, distance: 0,
      moving: false };
    endedDrag = false;
    chip.setPointerCapture(event.pointerId);
  });

  chip.addEventListener("pointermove", event => {
    if (event.pointerId !== drag?.pointer) return;
    const dx = event.clientX - drag.x;
    drag.x = event.clientX;
    drag.distance += dx;
    drag.stepsOwed += dx * (event.shiftKey ? 10 : 1);
    drag.moving ||= Math.abs(drag.distance) >= CLICK_REACH;
    if (!drag.moving) return;
    // Whole steps only, the rest stays owed: on a scaled screen one event can be a fraction of a pixel.
    const steps = Math.trunc(drag.stepsOwed);
    drag.stepsOwed -= steps;
    drag.value = moved(drag.value, steps, number.step(), number.limits());
    chip.toggleAttribute("data-dragging", true);
    number.drag(drag.value);
  });

  const end = () => {
    if (drag?.moving) {
      endedDrag = true;
      number.drop(drag.value);
    }
    drag = null;
    chip.removeAttribute("data-dragging");
  };
  chip.addEventListener("pointerup", end);
  chip.addEventListener("pointercancel", end);

  chip.addEventListener("click", () => {
    if (!endedDrag) number.select();
    endedDrag = false;
  });

  chip.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (!event.repeat) number.select();
      return;
    }
    const value = afterKey(event, number);
    if (value === undefined) return;
    event.preventDefault();
    pressed = value;
    number.drag(value);
  });
  const release = () => {
    if (pressed !== null) number.drop(pressed);
    pressed = null;
  };
  chip.addEventListener("keyup", release);
  chip.addEventListener("blur", release);
}

function afterKey({ key, shiftKey }, number) {
  const [low, high] = number.limits();
  if (key === "Home") return low;
  if (key === "End") return high;
  const arrows = shiftKey ? 10 : 1;
  const steps = {
    ArrowRight: arrows, ArrowUp: arrows, ArrowLeft: -arrows, ArrowDown: -arrows, PageUp: 10, PageDown: -10,
  }[key];
  return steps && moved(number.value(), steps, number.step(), [low, high]);
}
