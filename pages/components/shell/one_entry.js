// One deed, one entry of the browser's history, so that one press of Back takes it back.
//
// Streamlit alone makes several of one: it goes to a page with what its own widgets keep in the address, and a moment
// later the server adds the rest. Here only the first change of the address after something the person did is a new
// entry; what follows belongs to it. Presses of a key on one slider are one deed while they follow each other fast.

import { GESTURE } from "../live/hand.js";
import "./drawer.js"; // of no data either: one mount for both

let answered = true; // the address has changed since the person last did something

function watch() {
  const push = history.pushState;
  history.pushState = function (state, unused, url) {
    const samePage = new URL(url, location.href).pathname === location.pathname;
    if (samePage && answered) this.replaceState(state, unused, url);
    else push.call(this, state, unused, url);
    answered = true;
  };
  const deed = event => { if (!goesOn(event)) answered = false; };
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, deed, { capture: true });
  addEventListener("popstate", () => { answered = true; }, { capture: true });
}

let turned = { slider: null, at: -Infinity };

/** Another press on the slider that was just turned by a press. */
function goesOn(event) {
  if (!event.isTrusted) return true; // live/sliders.js, on behalf of a key
  const slider = event.type === "keydown" ? event.composedPath()[0].closest?.("[role=slider], input[type=range]") : null;
  const before = turned;
  turned = { slider, at: performance.now() };
  return slider && slider === before.slider && turned.at - before.at < GESTURE;
}

watch(); // a module is loaded once

export default function oneEntry() {}
