// What is wider than its place is scrolled sideways; for as long as it is, it takes the focus, so that keys scroll it too.

import { whenIdle } from "../shared/idle.js";

const REST = 200; // ms without a change
const NAME = "Wider than there is room: the arrow keys scroll it";

/**
 * Look after all formulas and tables under `root`: how wide they are depends on what they say, on the window, and on
 * fonts that arrive late. Rows far off the screen are measured too, which costs a layout: hence at rest. Returns
 * {refresh, stop}; call refresh when something has been written anew.
 */
export function keepInReach(root) {
  let timer = 0;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => whenIdle(look), REST);
  };
  const look = () => {
    const boxes = [...root.querySelectorAll(".formula, .table-box")];
    const wide = boxes.map(box => box.scrollWidth > box.clientWidth); // all are read before one is written
    boxes.forEach((box, i) => takeFocus(box, wide[i]));
  };
  const sizes = new ResizeObserver(refresh);
  sizes.observe(root);
  document.fonts.addEventListener("loadingdone", refresh);
  const stop = () => {
    clearTimeout(timer);
    sizes.disconnect();
    document.fonts.removeEventListener("loadingdone", refresh);
  };
  return { refresh, stop };
}

function takeFocus(box, isWide) {
  if (isWide === (box.tabIndex === 0)) return;
  if (!isWide) return void ["tabindex", "role", "aria-label"].forEach(name => box.removeAttribute(name));
  Object.assign(box, { tabIndex: 0, role: "group", ariaLabel: NAME });
}
