// Parts of formulas that belong to a place of the drawing: pointed at or in focus, each lights up the other.

/**
 * Connect the \mark{PLACE}{…} in all formulas under `root` with the rest of the page, by the window's event
 * "backprop:mark" whose detail is a PLACE or null. A mark under the pointer or in focus sends it; marks that it
 * names light up. Returns {refresh, stop}; call refresh when formulas have been set anew.
 */
export function linkMarks(root) {
  let hovered = null, focused = null, sent = null, named = null;
  const keyAt = event => event.target.closest?.("[data-key]")?.dataset.key ?? null;
  const send = () => {
    const key = hovered ?? focused;
    if (key === sent) return;
    sent = key;
    window.dispatchEvent(new CustomEvent("backprop:mark", { detail: key }));
  };
  const listeners = {
    pointerover: event => { hovered = keyAt(event); send(); },
    pointerleave: () => { hovered = null; send(); },
    focusin: event => { focused = keyAt(event); ring(event.target, true); send(); },
    focusout: event => { focused = null; ring(event.target, false); send(); },
  };
  const refresh = () => {
    for (const mark of root.querySelectorAll(".mark")) {
      mark.toggleAttribute("data-marked", mark.dataset.key === named);
    }
  };
  const onMark = event => { named = event.detail; refresh(); };
  for (const [type, listener] of Object.entries(listeners)) root.addEventListener(type, listener);
  window.addEventListener("backprop:mark", onMark);
  const stop = () => {
    for (const [type, listener] of Object.entries(listeners)) root.removeEventListener(type, listener);
    window.removeEventListener("backprop:mark", onMark);
    hovered = focused = null;
    send();
  };
  return { refresh, stop };
}

/** The focus is on the half of a formula that is heard; the ring is drawn where it is seen. */
function ring(heard, isOn) {
  const formula = heard.closest(".katex");
  if (!formula || !heard.dataset.key) return;
  const place = [...formula.querySelectorAll("[tabindex]")].indexOf(heard);
  const seen = formula.querySelectorAll(".mark")[place];
  seen?.toggleAttribute("data-focused", isOn && heard.matches(":focus-visible"));
}
