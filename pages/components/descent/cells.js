// The nine cells of "one plot a parameter", laid out as the parameters are, and a tenth for the key to the
// signs.

const CELL_HEIGHT = 190;
const ENLARGED_HEIGHT = 440;
export const PADDING = { left: 46, right: 10, top: 10, bottom: 48 }; // around each plot in its cell
export const LEGEND = 9;
export const NARROW_BELOW = 640; // px
const WIDE = [[0, 1, 4, 6, 8], [2, 3, 5, 7, LEGEND]];
const NARROW = [[0, 1], [2, 3], [4, 5], [6, 7], [8, LEGEND]];

/** How high all cells are together, in a section of this width. */
export function heightOf(width, enlarged) {
  return enlarged === null ? rowsOf(width).length * CELL_HEIGHT : ENLARGED_HEIGHT;
}

/**
 * {left, top, width, height, outermost} in pixels, by what is in the cell; an enlarged one has all the room.
 */
export function boxesOf(width, enlarged) {
  const boxes = [];
  if (enlarged !== null) {
    boxes[enlarged] = { left: 0, top: 0, width, height: ENLARGED_HEIGHT, outermost: true };
    return boxes;
  }
  rowsOf(width).forEach((row, i) => row.forEach((content, j) => {
    const share = width / row.length;
    boxes[content] = { left: j * share, top: i * CELL_HEIGHT, width: share, height: CELL_HEIGHT, outermost: j === 0 };
  }));
  return boxes;
}

function rowsOf(width) {
  return width < NARROW_BELOW ? NARROW : WIDE;
}

/** The part of a cell that the plot itself fills. */
export function areaOf({ left, top, width, height }) {
  return {
    left: left + PADDING.left, top: top + PADDING.top,
    width: width - PADDING.left - PADDING.right, height: height - PADDING.top - PADDING.bottom,
  };
}
