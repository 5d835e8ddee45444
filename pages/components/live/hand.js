// A number under a hand: the arithmetic of steps, and the keys that turn it.

export const GESTURE = 1000; // ms: changes of one control that follow each other so fast are one (pages/screen/history.py)
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** How many steps a key goes: one, or ten with Shift; undefined for other keys. */
export function stepsOf({ key, shiftKey }) {
  return STEPS[key] && Math.sign(STEPS[key]) * (shiftKey ? 10 : Math.abs(STEPS[key]));
}

/** The point of the grid nearest to `value`, inside the limits. */
export function onGrid(value, step, [low, high]) {
  const nearest = Number((Math.round(value / step) * step).toFixed(10));
  return Math.min(Math.max(nearest, low), high);
}

/** `value` moved by `steps` grid steps inside the limits. Off the grid, a step goes to its next point. */
export function moved(value, steps, step, limits) {
  if (steps === 0) return value;
  const position = value / step;
  const nearest = Math.round(position);
  const isOnGrid = Math.abs(position - nearest) < 1e-6;
  const start = isOnGrid ? nearest : steps > 0 ? Math.floor(position) : Math.ceil(position);
  return onGrid((start + steps) * step, step, limits);
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

function afterKey(event, number) {
  const [low, high] = number.limits();
  if (event.key === "Home") return low;
  if (event.key === "End") return high;
  const steps = stepsOf(event);
  return steps && moved(number.value(), steps, number.step(), [low, high]);
}
