// Three short hints for a first visit, one after the other. Sent away they stay away, in this browser.
//
//   data = {hints: [text, …]}

import { button, element } from "../shared/dom.js";

const SEEN = "backprop-by-hand hints seen"; // in the browser's own storage
const shown = new WeakMap(); // by the element Streamlit gives us

export default function hints({ data, parentElement }) {
  if (!shown.has(parentElement)) {
    shown.set(parentElement, true);
    if (!alreadySeen()) parentElement.append(style(), card(data.hints));
  }
  return () => {
    shown.delete(parentElement);
    parentElement.replaceChildren();
  };
}

function card(texts) {
  let at = 0;
  const place = element("span", { className: "place" }), words = element("p");
  words.setAttribute("aria-live", "polite");
  const next = button("", "", () => (at + 1 < texts.length ? show(at + 1) : dismiss()));
  const skip = button("Dismiss", "", () => dismiss());
  const box = element("aside", { className: "hint" });
  box.setAttribute("aria-label", "Hints for a first visit");
  const show = number => {
    at = number;
    place.textContent = `Hint ${at + 1} of ${texts.length}`;
    words.textContent = texts[at];
    next.textContent = at + 1 < texts.length ? "Next hint" : "Got it";
    skip.hidden = at + 1 === texts.length;
  };
  const dismiss = () => {
    remember();
    box.remove();
  };
  box.append(place, words, next, skip);
  show(0);
  return box;
}

function alreadySeen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false; // storage is shut off: the hints come again
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch { /* as above */ }
}

function style() {
  return element("style", { textContent: `
.hint { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 0.9rem; padding: 0.5rem 0.9rem;
  background: var(--raised); border: 1px solid var(--line); border-radius: 0.5rem; color: var(--ink);
  font-size: 0.95rem; line-height: 1.4; }
.place { color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
p { flex: 1 1 20rem; margin: 0; }
button { font: inherit; font-size: 0.875rem; line-height: 1.2; padding: 0.4rem 0.7rem; cursor: pointer;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; }
button:hover { border-color: var(--ink); }
button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }` });
}
