// A component that cannot show its data says so in its place, in a sentence; what it showed before is not true any more
// and is hidden until other data come. (That its module could not be loaded is said in pages/components/__init__.py.)

import { element } from "./dom.js";

const SENTENCE = "This part of the page cannot show what the server sent. Reload the page to try again.";

/** Let a component show new data in its root, whatever became of the data before. */
export function showAnew(root, work) {
  root.querySelector(".trouble")?.remove();
  attempt(root, work);
}

/** Do what is left of it, later. */
export function attempt(root, work) {
  try {
    work();
  } catch (error) {
    console.error(error);
    if (!root.querySelector(".trouble")) root.prepend(apology());
  }
}

function apology() {
  const hidden = element("style", { textContent: ".trouble ~ * { display: none !important; }" });
  const words = element("p", { role: "alert", textContent: SENTENCE });
  return element("div", { className: "trouble" }, hidden, words);
}
