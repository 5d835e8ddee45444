// Plotly's axes, as what we draw over them needs them: where a value lies, and what a person has zoomed to.

import { tenths, write } from "../shared/dom.js";

/** How Plotly numbers its axes: x, x2, x3, … */
export function idOf(n) {
  return n ? n + 1 : "";
}

/** A trace with nothing to see: Plotly draws no axes that no trace asks for. */
export function emptyTrace(xaxis, yaxis) {
  return { type: "scatter", x: [null], y: [null], xaxis, yaxis, hoverinfo: "skip" };
}

/** The x and y axes of the nth plot as Plotly has drawn them, or undefined before it has. */
export function axesOf(plot, n) {
  const { [`xaxis${idOf(n)}`]: x, [`yaxis${idOf(n)}`]: y } = plot._fullLayout ?? {};
  return x?._length ? { x, y } : undefined;
}

/** Where `value` lies along `axis`, in pixels from the plot area's left or top edge; NaN if nowhere on it. */
export function pixel(axis, value) {
  return tenths(axis.l2p(axis.d2l(value)));
}

/** The same as a function of the value alone, for a linear axis and many values. */
export function scaleOf(axis) {
  const zero = axis.l2p(0);
  const one = axis.l2p(1) - zero;
  return value => tenths(zero + one * value);
}

/** Whether a place along `axis`, in pixels, is within its plot area, or on the very edge. */
export function lies(place, axis) {
  return place >= -1 && place <= axis._length + 1;
}

/** Lay an <svg> over the plot area of two axes. */
export function fit(svg, { x, y }) {
  write(svg, { x: x._offset, y: y._offset, width: x._length, height: y._length });
}

/** Tell `follow` of every zoom, and of every move of a drag. */
export function onZoom(plot, follow) {
  plot.on("plotly_relayout", follow);
  plot.on("plotly_relayouting", follow);
}

/**
 * The ranges given to Plotly, by the name of the axis. Plotly keeps a zoom while the range beneath it stays.
 */
export class GivenRanges {
  constructor(plot) {
    this.plot = plot;
    this.forget();
  }

  forget() {
    this.given = {};
  }

  /** The range `wanted`, unless a person has zoomed. */
  choose(axis, wanted) {
    const given = this.given[axis];
    const shown = this.plot._fullLayout?.[axis]?.range;
    const zoomed = given && shown && given.some((end, i) => end !== shown[i]);
    return (this.given[axis] = zoomed ? given : wanted);
  }
}
