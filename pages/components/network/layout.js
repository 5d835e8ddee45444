// Where everything in the network drawing stands, for a container of any width. Pure geometry in CSS
// pixels: a box is {x, y, width, height} around its centre, an edge is [x1, y1, x2, y2].
//
// Two layouts. Wide: left to right, the edges take up what the width leaves over. Tall, for phones: top
// to bottom. In both, chips (the numbers one can drag) have a fixed size, so no value can make two collide.

const TURNS_TALL_BELOW = 780;

/** The layout for a container; `names` are those of the activation, the output function and the loss. */
export function layoutFor(containerWidth, withGradients, names) {
  const chipHeight = withGradients ? 42 : 28;
  return containerWidth >= TURNS_TALL_BELOW
    ? wide(between(860, containerWidth, 1100), chipHeight, names)
    : tall(between(328, containerWidth, 520), chipHeight, names);
}

function wide(width, chipHeight, names) {
  const margin = 6, inputWidth = 92, unitWidth = 184, toLoss = 28, unitHeight = 76, cellWidth = 66;
  const forEdges = width - 2 * margin - 2 * inputWidth - 2 * unitWidth - toLoss;
  const inputX = margin + inputWidth / 2;
  const hiddenLeft = margin + inputWidth + 0.57 * forEdges;
  const outputLeft = hiddenLeft + unitWidth + 0.43 * forEdges;
  const lossX = width - margin - inputWidth / 2;
  const [upper, middle, lower] = [118, 192, 266];
  const half = unitHeight / 2;

  const unit = (left, y) => ({
    frame: box(left + unitWidth / 2, y, unitWidth, unitHeight),
    before: box(left + cellWidth / 2, y, cellWidth, unitHeight),
    gate: box(left + unitWidth / 2, y, unitWidth - 2 * cellWidth, unitHeight),
    after: box(left + unitWidth - cellWidth / 2, y, cellWidth, unitHeight),
  });
  const units = { h_1: unit(hiddenLeft, upper), h_2: unit(hiddenLeft, lower), o: unit(outputLeft, middle) };

  // Edges that cross enter their unit a little towards the side they come from.
  const inputRight = inputX + inputWidth / 2;
  const hiddenRight = hiddenLeft + unitWidth;
  const edges = {
    w1_11: [inputRight, upper, hiddenLeft, upper],
    w1_12: [inputRight, upper, hiddenLeft, lower - 14],
    w1_21: [inputRight, lower, hiddenLeft, upper + 14],
    w1_22: [inputRight, lower, hiddenLeft, lower],
    b1_1: [hiddenLeft + cellWidth / 2, 26, hiddenLeft + cellWidth / 2, upper - half],
    b1_2: [hiddenLeft + cellWidth / 2, 358, hiddenLeft + cellWidth / 2, lower + half],
    w2_1: [hiddenRight, upper, outputLeft, middle - 12],
    w2_2: [hiddenRight, lower, outputLeft, middle + 12],
    b2: [outputLeft + cellWidth / 2, 62, outputLeft + cellWidth / 2, middle - half],
    "o-L": [outputLeft + unitWidth, middle, lossX - inputWidth / 2, middle],
    "y-L": [lossX, 290, lossX, middle + 30],
  };
  const chip = (x, y, chipWidth = 104) => box(x, y, chipWidth, chipHeight);
  const onEdge = (key, share) => chip(...pointOn(edges[key], share));
  return {
    kind: "wide", width, height: 384, cellLines: "stacked", fontSize: 15, gradientFontSize: 13.5,
    units,
    edges,
    chips: {
      x_1: chip(inputX, upper, inputWidth),
      x_2: chip(inputX, lower, inputWidth),
      w1_11: onEdge("w1_11", 0.5),
      w1_12: onEdge("w1_12", 0.36),
      w1_21: onEdge("w1_21", 0.36),
      w1_22: onEdge("w1_22", 0.5),
      b1_1: onEdge("b1_1", 0),
      b1_2: onEdge("b1_2", 0),
      w2_1: onEdge("w2_1", 0.5),
      w2_2: onEdge("w2_2", 0.5),
      b2: onEdge("b2", 0),
      y: box(lossX, 290, inputWidth, 28),
    },
    loss: box(lossX, middle, inputWidth, 60),
    notes: [
      note("inputs", inputX, upper - 30, "middle"),
      note(`hidden unit 1 · ${names.activation}`, hiddenLeft + 42, upper - half - 7),
      note(`hidden unit 2 · ${names.activation}`, hiddenLeft + 42, lower - half - 7),
      note(`output · ${names.output}`, outputLeft + 42, middle - half - 7),
      note(names.loss, width - margin, middle - half - 7, "end"),
      note("target", lossX, 290 + 36, "middle"),
    ],
  };
}

function tall(width, chipHeight, names) {
  const leftX = 56 + 0.15 * (width - 328);
  const rightX = width - leftX;
  const centreX = width / 2;
  const [inputY, hiddenTop, outputTop, unitHeight, unitWidth, cellHeight] = [28, 222, 436, 118, 104, 44];
  const firstRow = top => top + cellHeight / 2;
  const lastRow = top => top + unitHeight - cellHeight / 2;

  const unit = (x, top) => ({
    frame: box(x, top + unitHeight / 2, unitWidth, unitHeight),
    before: box(x, firstRow(top), unitWidth, cellHeight),
    gate: box(x, top + unitHeight / 2, unitWidth, unitHeight - 2 * cellHeight),
    after: box(x, lastRow(top), unitWidth, cellHeight),
  });
  const units = { h_1: unit(leftX, hiddenTop), h_2: unit(rightX, hiddenTop), o: unit(centreX, outputTop) };

  const hiddenBottom = hiddenTop + unitHeight;
  const biasY = firstRow(outputTop);
  const edges = {
    w1_11: [leftX, inputY, leftX, hiddenTop],
    w1_12: [leftX, inputY, rightX - 16, hiddenTop],
    w1_21: [rightX, inputY, leftX + 16, hiddenTop],
    w1_22: [rightX, inputY, rightX, hiddenTop],
    b1_1: [centreX, hiddenTop + 22, leftX + unitWidth / 2, hiddenTop + 22],
    b1_2: [centreX, hiddenTop + 72, rightX - unitWidth / 2, hiddenTop + 34],
    w2_1: [leftX, hiddenBottom, centreX - 14, outputTop],
    w2_2: [rightX, hiddenBottom, centreX + 14, outputTop],
    b2: [leftX, biasY, centreX - unitWidth / 2, biasY],
    "o-L": [centreX + unitWidth / 2, lastRow(outputTop), rightX - 46, lastRow(outputTop)],
    "y-L": [rightX, biasY, rightX, lastRow(outputTop) - 22],
  };
  const chip = (x, y) => box(x, y, 92, chipHeight);
  const onEdge = (key, share) => chip(...pointOn(edges[key], share));
  return {
    kind: "tall", width, height: 572, cellLines: "side by side", fontSize: 13.5, gradientFontSize: 12,
    units,
    edges,
    chips: {
      x_1: chip(leftX, inputY),
      x_2: chip(rightX, inputY),
      w1_11: onEdge("w1_11", 0.7),
      w1_12: onEdge("w1_12", 0.31),
      w1_21: onEdge("w1_21", 0.31),
      w1_22: onEdge("w1_22", 0.7),
      b1_1: onEdge("b1_1", 0),
      b1_2: onEdge("b1_2", 0),
      w2_1: onEdge("w2_1", 0.46),
      w2_2: onEdge("w2_2", 0.46),
      b2: onEdge("b2", 0),
      y: box(rightX, biasY, 92, 28),
    },
    loss: box(rightX, lastRow(outputTop), 92, cellHeight),
    notes: [
      note("inputs", centreX, inputY + 4, "middle"),
      note(names.activation, centreX, hiddenTop + unitHeight - 6, "middle"),
      note(`output · ${names.output}`, centreX - unitWidth / 2 - 8, lastRow(outputTop) + 4, "end"),
      note(names.loss, width - 2, outputTop + unitHeight + 14, "end"),
      note("target", rightX, biasY - 28, "middle"),
    ],
  };
}

function box(x, y, width, height) {
  return { x, y, width, height };
}

function note(text, x, y, anchor = "start") {
  return { text, x, y, anchor };
}

function pointOn([x1, y1, x2, y2], share) {
  return [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
}

function between(low, value, high) {
  return Math.min(Math.max(value, low), high);
}
