// One DOM tree turned into another by its differences alone. When a slider moves, a formula mostly keeps its
// shape and changes its digits: the browser then lays out a few words instead of the whole, and what has the
// focus keeps it.

/** Make `old` equal to `made`; what cannot be changed in place is replaced by the piece of `made`. */
export function patch(old, made) {
  if (old.isEqualNode(made)) return;
  if (old.nodeType === Node.TEXT_NODE && made.nodeType === Node.TEXT_NODE) {
    old.data = made.data;
    return;
  }
  if (!isAlike(old, made)) {
    old.replaceWith(made);
    return;
  }
  for (const name of ["style", "aria-label"]) copyAttribute(old, made, name);
  const children = [...made.childNodes];
  [...old.childNodes].forEach((child, i) => patch(child, children[i]));
}

function isAlike(old, made) {
  return old instanceof HTMLElement && made instanceof HTMLElement
    && old.tagName === made.tagName && old.className === made.className
    && old.dataset.key === made.dataset.key && old.childNodes.length === made.childNodes.length;
}

function copyAttribute(old, made, name) {
  const value = made.getAttribute(name);
  if (old.getAttribute(name) === value) return;
  if (value === null) old.removeAttribute(name);
  else old.setAttribute(name, value);
}
