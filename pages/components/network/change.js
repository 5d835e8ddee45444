// Changing a number of the drawing by hand: the gestures on a chip, and the messages to the server where the live channel
// is not open.

import { listenToKeys, moved } from "../live/hand.js";

const CLICK_REACH = 4; // px: a shorter drag is a click

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

  /** Streamlit has run: the way is free. */
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

  listenToKeys(chip, number);
}
