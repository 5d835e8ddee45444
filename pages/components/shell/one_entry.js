// One deed, one entry of the browser's history, so that one press of Back takes it back.
//
// Streamlit alone makes several of one: it goes to a page with what its own widgets keep in the address, and a moment
// later the server adds the rest; a slider on its way writes every value. Here only the first change of the address
// after something the person did is a new entry; what follows belongs to it.

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
  const deed = event => { if (!turns(event)) answered = false; };
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, deed, { capture: true });
  addEventListener("popstate", () => { answered = true; }, { capture: true });
}

/** A slider or number being turned: its many values belong to the entry that is there. */
function turns(event) {
  return event.composedPath()[0].closest?.("[role=slider], input[type=range]");
}

watch(); // a module is loaded once

export default function oneEntry() {}
