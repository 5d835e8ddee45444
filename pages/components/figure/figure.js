// Any Plotly figure, redrawn in place: the node stays, so no frame is blank and a person's zoom is kept.
//
// data = {figure: {data, layout, config}, alt: "the figure in words", height: pixels}. Colours in the figure are
// roles of the palette: "@positive", "@quiet/0.4". A click on a point fires "clicked" with that point's
// {curve, point, x, y, customdata}.

import { Figure } from "./theme.js";
import { saveButtons } from "./save.js";
import { element } from "../shared/dom.js";
import { mounted } from "../shared/mounted.js";

const STYLE = `
:host { display: block; position: relative; }
.plot { width: 100%; font-variant-numeric: tabular-nums; }
.save { display: flex; gap: 4px; justify-content: flex-end; margin-top: 4px; }
button { font: inherit; font-size: 12.5px; line-height: 1.2; padding: 5px 8px; cursor: pointer;
  color: var(--quiet); background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
button:hover { border-color: var(--ink); color: var(--ink); }
button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }`;

class Plot {
  constructor({ parentElement }) {
    this.node = element("div", { className: "plot", role: "figure" });
    const save = saveButtons(() => this.node, "The gradient as a slope");
    parentElement.append(element("style", { textContent: STYLE }), this.node, save);
    this.figure = new Figure(this.node, {
      compose: () => this.component.data,
      listen: node => node.on("plotly_click", event => this.click(event.points[0])),
    });
  }

  receive(component) {
    this.component = component;
    const { alt, height } = component.data;
    this.node.ariaLabel = alt;
    this.node.style.height = `${height}px`; // before the first drawing too, so that nothing on the page moves
    this.figure.redraw();
  }

  click({ curveNumber, pointIndex, x, y, customdata }) {
    this.component.setTriggerValue("clicked", { curve: curveNumber, point: pointIndex, x, y, customdata });
  }

  close() {
    this.figure.remove();
  }
}

export default mounted(Plot);
