// Names for ears: Streamlit reads a slider's label aloud as the LaTeX it is written in. Each slider is given its
// meaning instead.
//
//   data = {names: {key: text}}; a slider stands in the element of class st-key-KEY

const watchers = new WeakMap(); // by the element Streamlit gives us

export default function spokenNames({ data, parentElement }) {
  watchers.get(parentElement)?.disconnect();
  const name = () => {
    for (const [key, text] of Object.entries(data.names)) {
      for (const input of document.querySelectorAll(`.st-key-${key} input[type=range]`)) {
        if (input.getAttribute("aria-label") !== text) input.setAttribute("aria-label", text);
      }
    }
  };
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  const watcher = new MutationObserver(name); // a slider of another reach is a new one
  if (sidebar) watcher.observe(sidebar, { childList: true, subtree: true });
  watchers.set(parentElement, watcher);
  name();
  return () => watcher.disconnect();
}
