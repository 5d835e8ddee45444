// What all our Plotly figures share: the library (loaded once), colours by role, and one calm look.

import { isAhead } from "../live/live.js";
import { element } from "../shared/dom.js";

let loading; // the promise of window.Plotly

/** window.Plotly. It is loaded for the first figure that is nearly in view: to read it costs most of a second. */
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: new URL("../plotly.min.js", import.meta.url).href });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("plotly.min.js could not be loaded"));
    document.head.append(script);
  });
  return loading;
}

const CLEAR = "rgba(0, 0, 0, 0)";
const AXIS = {
  gridcolor: "@line", linecolor: "@line", zerolinecolor: "@line", tickcolor: "@line", zeroline: false,
  title: { font: { color: "@quiet", size: 13 }, standoff: 8 },
};
// A finger that scrolls the page must not be caught by a zoom box.
const DRAGMODE = matchMedia("(pointer: coarse)").matches ? false : "zoom";
const look = family => ({
  layout: {
    paper_bgcolor: CLEAR, plot_bgcolor: CLEAR, colorway: ["@ink", "@quiet"],
    font: { color: "@ink", size: 12, family }, dragmode: DRAGMODE, hovermode: "closest",
    margin: { l: 56, r: 16, t: 16, b: 44 }, legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0 },
    hoverlabel: { bgcolor: "@raised", bordercolor: "@line", font: { color: "@ink", family } },
    modebar: { bgcolor: CLEAR, color: "@quiet", activecolor: "@ink" },
    xaxis: AXIS, yaxis: AXIS,
  },
});
const CONFIG = {
  displaylogo: false, showTips: false,
  modeBarButtons: [["zoom2d", "pan2d", "resetScale2d"]], // no image: it would lack what is drawn over Plotly
};

/** Safari has no requestIdleCallback. */
const whenIdle = window.requestIdleCallback
  ? work => requestIdleCallback(work, { timeout: 600 })
  : work => setTimeout(work, 200);

const SHARE = 8; // under a hand a figure is drawn anew in one eighth of the time; the rest is for numbers and the hand

export const NEAR = { rootMargin: "300px" };

/** `figure` ready for Plotly inside `node`: our look beneath it, every "@role" a colour of today's theme. */
function dressed(figure, node, height) {
  const template = look(getComputedStyle(node).fontFamily);
  // uirevision never changes, so that a person's zoom outlives new data.
  const layout = { ...figure.layout, height, width: node.clientWidth, template, uirevision: "kept" };
  const coloured = resolve({ data: figure.data, layout }, colourReader(node));
  return { ...coloured, config: { ...CONFIG, ...figure.config } };
}

/** A copy of a figure with "@role" and "@role/opacity" replaced, wherever they stand in it. */
function resolve(value, colour) {
  if (typeof value === "string") return value.startsWith("@") ? colour(value) : value;
  if (Array.isArray(value)) return value.map(entry => resolve(entry, colour));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry, colour)]));
}

/** A function from "@positive/0.3" to the "rgba(…)" that the CSS variable --positive has around `node`. */
export function colourReader(node) {
  const known = new Map();
  return token => {
    const [, role, opacity] = token.match(/^@([a-z]+)(?:\/([\d.]+))?$/) ?? [];
    if (!role) return token;
    if (!known.has(role)) known.set(role, computedColour(node, `var(--${role})`));
    return opacity ? known.get(role).replace("rgb(", "rgba(").replace(")", `, ${opacity})`) : known.get(role);
  };
}

/** What the browser makes of a CSS colour: our variables are light-dark() pairs until a node wears them. */
function computedColour(node, colour) {
  const probe = element("span");
  probe.style.color = colour;
  node.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return computed;
}

/**
 * A Plotly figure that lives in `node` and is redrawn in place: no blank frame, and a person's zoom is kept.
 *
 * `compose(width)` returns {figure, height} to draw now. `listen(node)` is called once, when Plotly takes
 * events; `drawn()` whenever the figure stands anew. New colours and a new width redraw it by themselves;
 * `redraw()` asks for it when the data are new.
 */
export class Figure {
  constructor(node, { compose, listen, drawn = () => {} }) {
    Object.assign(this, { node, compose, listen, drawn, drawing: 0, near: false, late: false, pausing: 0, restUntil: 0 });
    this.resizes = new ResizeObserver(() => this.redraw());
    this.resizes.observe(node);
    this.sight = new IntersectionObserver(entries => this.seen(entries.at(-1).isIntersecting), NEAR);
    this.sight.observe(node);
    watchTheme(node.parentNode, () => this.redraw());
  }

  /**
   * Draw one frame after the first of several requests, so that the page's numbers paint before; and the first time
   * when the browser has nothing else to do, for while a page is being built much is in view that will not stay there.
   */
  redraw() {
    const drawn = Boolean(this.node.layout);
    const isInHand = isAhead();
    if (!isInHand) clearTimeout(this.pausing); // no hand waits any more
    if (this.drawing && (isInHand || !this.pausing)) return;
    const pause = isInHand ? Math.max(0, this.restUntil - performance.now()) : 0;
    const wait = drawn ? work => { this.pausing = setTimeout(work, pause); } : whenIdle;
    this.drawing = requestAnimationFrame(() => wait(() => {
      this.drawing = this.pausing = 0;
      this.draw();
    }));
  }

  /** What nobody sees waits to be drawn until it is nearly in view: a drawing costs as much as all formulas. */
  seen(near) {
    this.near = near;
    if (near && this.late) this.redraw();
  }

  async draw() {
    this.late = !this.near;
    if (this.late) return;
    const Plotly = await library().catch(() => this.apologise("loaded"));
    const hidden = this.node.clientWidth === 0; // the observer calls again when it shows
    if (!Plotly || this.removed || hidden) return;
    const began = performance.now();
    try {
      await this.drawWith(Plotly);
      this.restUntil = began + SHARE * (performance.now() - began);
    } catch (error) {
      if (this.removed) return;
      console.error(error);
      if (this.node.layout) Plotly.purge(this.node);
      this.apologise("drawn");
    }
  }

  async drawWith(Plotly) {
    const { figure, height } = this.compose(this.node.clientWidth);
    const { data, layout, config } = dressed(figure, this.node, height);
    if (this.node.layout) {
      await Plotly.react(this.node, data, layout, config);
    } else {
      this.node.replaceChildren(); // an apology
      await Plotly.newPlot(this.node, data, layout, config);
      settleInShadow(this.node);
      this.listen(this.node);
      this.node.dataset.drawn = "";
    }
    this.drawn();
  }

  apologise(done) {
    delete this.node.dataset.drawn;
    this.node.textContent = `The chart could not be ${done}. Reload the page to try again.`;
  }

  remove() {
    this.removed = true;
    this.resizes.disconnect();
    this.sight.disconnect();
    if (this.node.layout) window.Plotly.purge(this.node);
  }
}

/** Call `changed` whenever the theme around `parent` turns: a transition that nobody sees tells of it. */
export function watchTheme(parent, changed) {
  const probe = element("span");
  probe.style.cssText = "position: absolute; visibility: hidden; color: var(--ink); transition: color 1ms";
  probe.addEventListener("transitionend", changed);
  parent.append(probe);
}

/** Make a figure just drawn in `node` at home in a shadow root. */
function settleInShadow(node) {
  const root = node.getRootNode();
  if (!root.adoptedStyleSheets.includes(plotlyStyles())) root.adoptedStyleSheets.push(plotlyStyles());
  // Plotly looks at an event's target after the event is over, when a shadow root shows only its host of it.
  node.addEventListener("mousemove", event => {
    Object.defineProperty(event, "target", { value: event.composedPath()[0] });
  }, { capture: true });
}

const TOOLTIPS = `
[data-title]::after { background: var(--raised) !important; color: var(--ink) !important; font: inherit; }
[data-title]::before { display: none; }`;
let styles;

/** The rules that plotly.js wrote into the document's head, where a shadow root does not see them. */
function plotlyStyles() {
  if (!styles) {
    const { cssRules } = document.getElementById("plotly.js-style-global").sheet;
    styles = new CSSStyleSheet();
    styles.replaceSync([...cssRules].map(rule => rule.cssText).join("\n") + TOOLTIPS);
  }
  return styles;
}
