// The result line: the output, the loss, and what the last gesture did to the loss. It stands in the page itself, not
// in a shadow root, and is styled by style.css.
//
//   data = {numbers: [[symbol, text, title], …], causes: [{name, text}], effect}    pages/words/result.py

import { element, say } from "../shared/dom.js";
import { symbol } from "../shared/names.js";

const lines = new WeakMap(); // by the element Streamlit gives us

export default function result({ data, parentElement }) {
  if (!lines.has(parentElement)) lines.set(parentElement, createLine(parentElement, data));
  const line = lines.get(parentElement);
  const { numbers, change } = line;
  data.numbers.forEach(([, text, title], k) => {
    say(numbers[k], text);
    numbers[k].title = title;
  });
  const told = JSON.stringify([data.causes, data.effect]);
  if (line.told === told) return;
  line.told = told;
  const causes = data.causes.flatMap(({ name, text }, k) => [
    k ? ", " : "", ...(name ? [...symbol(name).childNodes, " "] : []), text,
  ]);
  change.replaceChildren(...causes, ...(data.effect ? [": ", element("b", { textContent: data.effect })] : []));
}

function createLine(parentElement, data) {
  const numbers = data.numbers.map(() => element("b"));
  const change = element("span", { className: "change" });
  const labelled = data.numbers.map(([name], k) => element("span", {},
    element("i", { textContent: name }), " = ", numbers[k]));
  parentElement.append(element("div", { className: "result" }, ...labelled, change));
  return { numbers, change };
}
