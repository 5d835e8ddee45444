// The story the play button tells: the forward pass node by node, then the backward pass, each stage
// with the pieces it lights and one sentence with the numbers of the moment.

import { formatNumber } from "./numbers.js";

const RAISED = { "(": "⁽", ")": "⁾", 1: "¹", 2: "²" };
const LOWERED = { 1: "₁", 2: "₂" };

/** [{lit, sentence, found}] for the numbers in `data`; `found` are the keys whose gradient a backward stage finds. */
export function stagesOf(data) {
  return [...forwardStages(data), ...backwardStages(data)];
}

function forwardStages(data) {
  const { name, value, term } = writers(data);
  const W1 = ["w1_11", "w1_12", "w1_21", "w1_22"];
  const weightedSum = j =>
    `${value("x_1")} · ${term(`w1_1${j}`)} + ${term("x_2")} · ${term(`w1_2${j}`)} + ${term(`b1_${j}`)}`;
  const preActivation = j => forward(
    ["x_1", "x_2", `w1_1${j}`, `w1_2${j}`, `b1_${j}`, `z1_${j}`],
    `${name(`z1_${j}`)} of hidden unit ${j}: ${weightedSum(j)} = ${value(`z1_${j}`)}`,
  );
  const activation = j => forward(
    [`gate h_${j}`, `h_${j}`],
    `${gateSentence(data, j)}${name(`h_${j}`)} = ${data.activation.name}(${value(`z1_${j}`)}) = ${value(`h_${j}`)}`,
  );
  return [
    forward(["x_1", "x_2"], `The inputs come in: ${name("x_1")} = ${value("x_1")} and ${name("x_2")} = ${value("x_2")}.`),
    forward(W1, "Each weight multiplies the input it comes from. A thick line counts much, a dashed one counts against."),
    preActivation(1),
    preActivation(2),
    activation(1),
    activation(2),
    forward(
      ["h_1", "h_2", "w2_1", "w2_2", "b2", "z2"],
      `${name("z2")} of the output: ${value("h_1")} · ${term("w2_1")} + ${term("h_2")} · ${term("w2_2")}`
        + ` + ${term("b2")} = ${value("z2")}`,
    ),
    forward(["gate o", "o"], `The output: ${name("o")} = ${data.output.name}(${value("z2")}) = ${value("o")}`),
    forward(["o-L", "y-L", "y", "L"], `The loss compares ${name("o")} with ${name("y")}: ${lossFormula(data)} = ${value("L")}`),
  ];
}

function backwardStages(data) {
  const { name, value, term, slope, gradient, gradientTerm, partial } = writers(data);
  const chain = (key, later, factorName, factor) =>
    `${partial(key)} = ${partial(later)} · ${factorName} = ${gradient(later)} · ${factor} = ${gradient(key)}`;
  const hidden = j => backward(
    [`h_${j}`],
    chain(`h_${j}`, "z2", name(`w2_${j}`), term(`w2_${j}`)),
    [`w2_${j}`],
  );
  const throughGate = j => backward(
    [`z1_${j}`],
    chain(`z1_${j}`, `h_${j}`, `${data.activation.name}′(${name(`z1_${j}`)})`, slope(`h_${j}`)),
    [`gate h_${j}`],
  );
  const parametersInto = (later, pairs, bias) => backward(
    [...pairs.map(([weight]) => weight), bias],
    `${partial(later)} times what each weight multiplied: `
      + pairs.map(([weight, input]) =>
        `${partial(weight)} = ${gradient(later)} · ${term(input)} = ${gradient(weight)}`).join(", ")
      + `. A bias multiplies 1: ${partial(bias)} = ${gradient(bias)}`,
  );
  const twoRoutes = i =>
    `${partial(`x_${i}`)} = ${gradient("z1_1")} · ${term(`w1_${i}1`)} + ${gradientTerm("z1_2")} · ${term(`w1_${i}2`)}`
      + ` = ${gradient(`x_${i}`)}`;
  const intoHidden = j => parametersInto(`z1_${j}`, [[`w1_1${j}`, "x_1"], [`w1_2${j}`, "x_2"]], `b1_${j}`);
  return [
    backward(["L"], "Now backward: how much does L change when a number changes a little? It starts with ∂L/∂L = 1."),
    backward(["o"], `${partial("o")} = ${lossSlopeFormula(data)} = ${gradient("o")}`, ["o-L"]),
    backward(["z2"], chain("z2", "o", `${data.output.name}′(${name("z2")})`, slope("o")), ["gate o"]),
    hidden(1),
    hidden(2),
    throughGate(1),
    throughGate(2),
    parametersInto("z2", [["w2_1", "h_1"], ["w2_2", "h_2"]], "b2"),
    intoHidden(1),
    intoHidden(2),
    backward(
      ["x_1", "x_2"],
      `An input feeds both hidden units, so its two routes add up: ${twoRoutes(1)}; ${twoRoutes(2)}`,
      ["w1_11", "w1_12", "w1_21", "w1_22"],
    ),
  ];
}

function forward(lit, sentence) {
  return { lit, sentence, found: null };
}

function backward(found, sentence, alsoLit = []) {
  return { lit: [...found, ...alsoLit], sentence, found };
}

function gateSentence({ activation, slopes }, j) {
  if (!["relu", "leaky_relu"].includes(activation.key)) return "";
  return slopes[`h_${j}`] >= 1 ? "The gate is open: " : "The gate is closed: ";
}

function lossFormula(data) {
  const { value, term } = writers(data);
  if (data.loss.key === "binary_cross_entropy") {
    return `−${term("y")} · ln ${term("o")} − (1 − ${term("y")}) · ln(1 − ${term("o")})`;
  }
  const half = data.loss.key === "half_squared_error" ? "½ · " : "";
  return `${half}(${value("o")} − ${term("y")})²`;
}

function lossSlopeFormula(data) {
  const { value, term } = writers(data);
  const difference = `${value("o")} − ${term("y")}`;
  if (data.loss.key === "half_squared_error") return difference;
  if (data.loss.key === "squared_error") return `2 · (${difference})`;
  return `(${difference}) / (${value("o")} · (1 − ${term("o")}))`;
}

/** How names and numbers are written into a sentence. A term that follows a sign or a dot wraps its minus. */
function writers({ labels, values, gradients, slopes }) {
  const wrapped = number => (number < 0 ? `(${formatNumber(number)})` : formatNumber(number));
  const name = key => plainName(labels[key]);
  return {
    name,
    value: key => formatNumber(values[key]),
    term: key => wrapped(values[key]),
    slope: key => wrapped(slopes[key]),
    gradient: key => formatNumber(gradients[key]),
    gradientTerm: key => wrapped(gradients[key]),
    partial: key => `∂L/∂${name(key)}`,
  };
}

/** A symbol in plain text, as for z⁽¹⁾₂. */
export function plainName({ base, sup = "", sub = "" }) {
  return base + [...sup].map(c => RAISED[c] ?? c).join("") + [...sub].map(c => LOWERED[c] ?? c).join("");
}
