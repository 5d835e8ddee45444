// The sliders of the sidebar, which are Streamlit's. One says nothing before it is let go, and speaks at every press of a
// key; but its thumb names its value all the way, and that can be watched. A key that is held turns a slider as a hand
// does: on the way nothing is told to Streamlit, at the end it is told once.

import { onGrid, stepsOf } from "./hand.js";
import { keyAround } from "../shared/dom.js";

const following = new Set(); // keys of sliders that no hand has turned since they followed

/** `awake()`: a hand is near; `isOpen()`, `hold(values)` and `letGo()` as in live.js. */
export function watchSliders(sidebar, { awake, isOpen, hold, letGo }) {
  let hand = null; // the slider's input that a pointer or a key turns
  let key = null; // the key that is down and turns it
  const turned = input => {
    const value = Number(input.getAttribute("aria-valuetext"));
    const name = keyAround(input);
    following.delete(name);
    if (Number.isFinite(value)) hold({ [name]: value });
  };
  const thumbs = new MutationObserver(changes => {
    for (const { target } of changes) if (target === hand) turned(target);
  });
  thumbs.observe(sidebar, { subtree: true, attributeFilter: ["aria-valuetext"] });

  const drop = () => {
    if (!hand) return;
    if (key) commit(hand);
    key = null;
    setTimeout(() => { // its last move is written when the browser has got round to it
      hand = null;
      letGo();
    });
  };
  const listen = {
    pointerdown: ({ target, isTrusted }) => {
      awake();
      if (isTrusted) hand = inputOf(target);
    },
    keydown: event => {
      awake();
      hand = inputOf(event.target);
      if (!hand || !isOpen() || event.altKey || event.ctrlKey || event.metaKey) return;
      const value = afterKey(hand, event);
      if (value === undefined) return;
      event.preventDefault();
      event.stopPropagation(); // Streamlit listens further in
      key = event.key;
      if (value !== Number(hand.value)) turnTo(hand, value);
    },
    pointerup: ({ isTrusted }) => { if (isTrusted) drop(); },
    pointercancel: drop,
    keyup: event => { if (!key || event.key === key) drop(); },
    blur: drop,
  };
  for (const [type, listener] of Object.entries(listen)) addEventListener(type, listener, { capture: true });
}

function inputOf(target) {
  return target.closest?.("[data-testid=stSidebar] [data-testid=stSlider]")?.querySelector("input[type=range]") ?? null;
}

/** Where a key takes a slider: as far as Streamlit's own slider goes with it. */
function afterKey(input, event) {
  const [low, high, step, now] = [input.min, input.max, input.step, input.value].map(Number);
  if (event.key === "Home") return low;
  if (event.key === "End") return high;
  const steps = stepsOf(event);
  if (!steps) return undefined;
  const page = Math.max(step, Math.round((high - low) / 10 / step) * step);
  return onGrid(now + Math.sign(steps) * (Math.abs(steps) > 1 ? page : step), step, [low, high]);
}

/** Let the slider of this key follow what something else holds. Streamlit does not hear of it. */
export function follow(key, value) {
  const input = document.querySelector(`[data-testid=stSidebar] .st-key-${CSS.escape(key)} input[type=range]`);
  if (!input || Number(input.value) === value) return;
  following.add(key);
  turnTo(input, value);
}

/** Whether a slider stands where it only followed something to: then Streamlit's word counts, and not its own. */
export function onlyFollowed(key) {
  return following.has(key);
}

/** Turn a slider without Streamlit's hearing of it: its input says that it was changed. */
function turnTo(input, value) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, String(value));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Let Streamlit hear of it: a pointer takes the thumb and lets it go where it is. */
function commit(input) {
  const pointer = { bubbles: true, button: 0, pointerId: 1, pointerType: "mouse" };
  for (const type of ["pointerdown", "pointerup"]) input.dispatchEvent(new PointerEvent(type, pointer));
}
