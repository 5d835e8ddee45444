// Names for ears: Streamlit reads a label aloud as the LaTeX it is written in. Each slider and each button of a row
// of symbols is given its meaning instead.
//
//   data = {area: selector, names: [[selector, text], …]}; `area` is watched, for its controls may be made anew

const watchers = new WeakMap(); // by the element Streamlit gives us

export default function spokenNames({ data: { area, names }, parentElement }) {
  watchers.get(parentElement)?.disconnect();
  const name = () => {
    for (const [selector, text] of names) {
      const control = document.querySelector(selector);
      if (!control || control.getAttribute("aria-label") === text) continue;
      control.removeAttribute("aria-labelledby"); // it would read the LaTeX after the name
      control.setAttribute("aria-label", text);
    }
  };
  const watcher = new MutationObserver(name);
  const watched = document.querySelector(area);
  if (watched) watcher.observe(watched, { childList: true, subtree: true });
  watchers.set(parentElement, watcher);
  name();
  return () => watcher.disconnect();
}
