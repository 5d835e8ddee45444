// Lines of equal value over a grid, by marching squares: each cell of four neighbours is crossed by straight
// pieces.

import { tenths } from "../shared/dom.js";

/**
 * An SVG path of where `values` (rows of `columns` numbers) equal `level`; `x(column)` and `y(row)` are pixels, and
 * take fractions.
 */
export function isoline(values, columns, level, x, y) {
  const rows = values.length / columns;
  let path = "";
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      if (!passes(values, columns, column, row, level)) continue;
      const crossings = crossed(values, columns, column, row, level);
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        const [[x1, y1], [x2, y2]] = [crossings[k], crossings[k + 1]];
        path += `M${tenths(x(x1))} ${tenths(y(y1))}L${tenths(x(x2))} ${tenths(y(y2))}`;
      }
    }
  }
  return path;
}

const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/** Where the level crosses the edges of one cell, in order round it: none, two or four places. */
function crossed(values, columns, column, row, level) {
  const at = row * columns + column;
  const heights = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
  const places = [];
  for (let k = 0; k < 4; k++) {
    const next = (k + 1) % 4;
    const [from, to] = [heights[k] - level, heights[next] - level];
    if (from < 0 === to < 0 || !isFinite(from + to)) continue;
    const share = from / (from - to);
    const [[i, j], [m, n]] = [CORNERS[k], CORNERS[next]];
    places.push([column + i + (m - i) * share, row + j + (n - j) * share]);
  }
  return places;
}

/** Whether the level passes between the four corners of a cell: of most it does not. */
function passes(values, columns, column, row, level) {
  const at = row * columns + column;
  const below = values[at] < level;
  return values[at + 1] < level !== below || values[at + columns] < level !== below
    || values[at + columns + 1] < level !== below;
}
