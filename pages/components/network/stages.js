// The story the play button tells: the forward pass node by node, then the backward pass. Each stage lights
// some pieces and says one sentence, written with [key] for a symbol and {key} for its value:
//
//   [w1_11]  w⁽¹⁾₁₁         {w1_11}  its value       ′{h_1}  slope of the gate before h_1
//   ∂[w1_11] ∂L/∂w⁽¹⁾₁₁     ∂{w1_11} its gradient

import { gateWord } from "./drawing.js";
import { symbolText } from "../shared/names.js";
import { formatNumber } from "../shared/numbers.js";

/** [{sentence, lit, found}]; `found`: the keys whose gradient a stage finds, null on the forward pass. */
export function stagesOf(data) {
  return [...forwardStages(data), ...backwardStages(data)].map(stage => (
    { ...stage, sentence: withNumbers(stage.sentence, data) }
  ));
}

function forwardStages({ activation, output, loss, slopes }) {
  const f = activation.name;
  const g = output.name;
  const gate = key => GATE_SENTENCES[gateWord(activation.curve, slopes[key])];
  return [
    forward("The inputs come in: [x_1] = {x_1} and [x_2] = {x_2}.", ["x_1", "x_2"]),
    forward(
      "Each weight multiplies the input it comes from: thick counts more, dashed is negative.",
      ["w1_11", "w1_12", "w1_21", "w1_22"],
    ),
    ...[1, 2].map(j => forward(
      `[z1_${j}] of hidden unit ${j}: {x_1} · {w1_1${j}} + {x_2} · {w1_2${j}} + {b1_${j}} = {z1_${j}}`,
      ["x_1", "x_2", `w1_1${j}`, `w1_2${j}`, `b1_${j}`, `z1_${j}`],
    )),
    ...[1, 2].map(j => forward(
      `${gate(`h_${j}`)}[h_${j}] = ${f}([z1_${j}]) = ${f}({z1_${j}}) = {h_${j}}`,
      [`gate h_${j}`, `h_${j}`],
    )),
    forward(
      "[z2] of the output: {h_1} · {w2_1} + {h_2} · {w2_2} + {b2} = {z2}",
      ["h_1", "h_2", "w2_1", "w2_2", "b2", "z2"],
    ),
    forward(`The output: [o] = ${g}([z2]) = ${g}({z2}) = {o}`, ["gate o", "o"]),
    forward(`The loss compares [o] and [y]: [L] = ${loss.value} = {L}`, ["o-L", "y-L", "y", "L"]),
  ];
}

function backwardStages({ activation, output, loss }) {
  const f = activation.name;
  const g = output.name;
  return [
    backward("Now backward: how does L answer a nudge of each number? First, ∂L/∂L = 1.", ["L"]),
    ...toTheOutput(loss, g),
    ...[1, 2].map(j => backward(
      `∂[h_${j}] = ∂[z2] · [w2_${j}] = ∂{z2} · {w2_${j}} = ∂{h_${j}}`,
      [`h_${j}`], [`w2_${j}`],
    )),
    ...[1, 2].map(j => backward(
      `∂[z1_${j}] = ∂[h_${j}] · ${f}′([z1_${j}]) = ∂{h_${j}} · ′{h_${j}} = ∂{z1_${j}}`,
      [`z1_${j}`], [`gate h_${j}`],
    )),
    backward(
      "∂[w2_1] = ∂[z2] · [h_1] = ∂{z2} · {h_1} = ∂{w2_1}; ∂[w2_2] = ∂{z2} · {h_2} = ∂{w2_2}; "
        + "∂[b2] = ∂{z2} · 1 = ∂{b2}",
      ["w2_1", "w2_2", "b2"],
    ),
    ...[1, 2].map(j => backward(
      `∂[w1_1${j}] = ∂[z1_${j}] · [x_1] = ∂{z1_${j}} · {x_1} = ∂{w1_1${j}}; `
        + `∂[w1_2${j}] = ∂{z1_${j}} · {x_2} = ∂{w1_2${j}}; ∂[b1_${j}] = ∂{z1_${j}} · 1 = ∂{b1_${j}}`,
      [`w1_1${j}`, `w1_2${j}`, `b1_${j}`],
    )),
    backward(
      "An input has two routes, they add up: ∂[x_1] = ∂{z1_1} · {w1_11} + ∂{z1_2} · {w1_12} = ∂{x_1}; "
        + "∂[x_2] = ∂{z1_1} · {w1_21} + ∂{z1_2} · {w1_22} = ∂{x_2}",
      ["x_1", "x_2"], ["w1_11", "w1_12", "w1_21", "w1_22"],
    ),
  ];
}

/** ∂L/∂o and ∂L/∂z2: together where the loss is computed from z2. */
function toTheOutput({ name, slope, source, cancels }, g) {
  if (source === "z2") {
    const why = cancels ? `The slope of ${name} and ${g}′([z2]) cancel: ` : "";
    return [backward(`${why}∂[z2] = ${slope} = ∂{z2}`, ["o", "z2"], ["o-L", "gate o"])];
  }
  return [
    backward(`∂[o] = ${slope} = ∂{o}`, ["o"], ["o-L"]),
    backward(`∂[z2] = ∂[o] · ${g}′([z2]) = ∂{o} · ′{o} = ∂{z2}`, ["z2"], ["gate o"]),
  ];
}

const GATE_SENTENCES = {
  open: "The gate is open: ",
  closed: "The gate is closed: ",
  leaks: "The gate leaks: ",
  slope: "",
};

function forward(sentence, lit) {
  return { sentence, lit, found: null };
}

function backward(sentence, found, alsoLit = []) {
  return { sentence, lit: [...found, ...alsoLit], found };
}

const OPENING = ["=", "(", ":", ";", ",", undefined]; // before a number, and a sign of its own may follow
const RAISED_SIGN = /^[⁰¹²³⁴⁵⁶⁷⁸⁹⁻^]/;

/** Put symbols and numbers into a sentence; within a formula a negative number stands in parentheses. */
function withNumbers(sentence, { labels, values, gradients, slopes }) {
  const numbers = { "": values, "∂": gradients, "′": slopes };
  return sentence.replace(/([∂′]?)([[{])(\w+)[\]}]/g, (found, kind, bracket, key, at) => {
    if (bracket === "[") return `${kind && "∂L/∂"}${symbolText(labels[key])}`;
    const number = numbers[kind][key];
    const text = formatNumber(number);
    const stands = OPENING.includes(sentence.slice(0, at).trimEnd().at(-1));
    const alone = stands && !RAISED_SIGN.test(sentence.slice(at + found.length));
    return number < 0 && !alone ? `(${text})` : text;
  });
}
