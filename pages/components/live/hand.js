// A number under a hand: the arithmetic of steps, and the keys that turn it.

/** `value` moved by `steps` grid steps inside the limits. Off the grid, a step goes to its next point. */
export function moved(value, steps, step, [low, high]) {
  if (steps === 0) return value;
  const position = value / step;
  const nearest = Math.round(position);
  const onGrid = Math.abs(position - nearest) < 1e-6;
  const start = onGrid ? nearest : steps > 0 ? Math.floor(position) : Math.ceil(position);
  const target = Number(((start + steps) * step).toFixed(10));
  return Math.min(Math.max(target, low), high);
}

/**
 * Let `node` be stepped with the keyboard, and chosen with Enter or Space. `number` answers for it: value(), limits(),
 * step(); it takes drag(value) while a key is down, drop(value) when it is let go, and, if it can be chosen, select().
 */
export function listenToKeys(node, number) {
  let pressed = null; // the value that a key which is still down has come to

  node.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (number.select && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (!event.repeat) number.select();
      return;
    }
    const value = afterKey(event, number);
    if (value === undefined) return;
    event.preventDefault();
    pressed = value;
    number.drag(value);
  });
  const release = () => {
    if (pressed !== null) number.drop(pressed);
    pressed = null;
  };
  node.addEventListener("keyup", release);
  node.addEventListener("blur", release);
}

function afterKey({ key, shiftKey }, number) {
  const [low, high] = number.limits();
  if (key === "Home") return low;
  if (key === "End") return high;
  const arrows = shiftKey ? 10 : 1;
  const steps = {
    ArrowRight: arrows, ArrowUp: arrows, ArrowLeft: -arrows, ArrowDown: -arrows, PageUp: 10, PageDown: -10,
  }[key];
  return steps && moved(number.value(), steps, number.step(), [low, high]);
}
