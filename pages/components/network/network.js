// The drawing of the whole 2-2-1 network, and the control of its numbers: drag one sideways, step it with
// the arrow keys, click it to follow its route.
//
//   layout.js   where everything stands
//   drawing.js  the SVG: made once, then placed, painted, emphasised
//   change.js   gestures, steps, and the messages to the server
//   stages.js   the sentences of the play button
//   glide.js    numbers that move to their new values
//   style.js    the CSS
//
// To Python: trigger "selected" is a key; trigger "changed" is {key, value}.

import { button, element, say, write } from "../shared/dom.js";
import * as live from "../live/live.js";
import { attempt } from "../shared/in_its_place.js";
import { mounted } from "../shared/mounted.js";
import { symbolText } from "../shared/names.js";
import { formatFull, formatNumber } from "../shared/numbers.js";
import { ChangeChannel, handle } from "./change.js";
import { COMPUTED, PARAMETERS, SLIDERS, createDrawing, emphasise, paint, paintGates, place } from "./drawing.js";
import { Glide } from "./glide.js";
import { layoutFor } from "./layout.js";
import { stagesOf } from "./stages.js";
import { STYLE } from "./style.js";
import { saveButtons } from "../figure/save.js";

const STAGE_TIME = 600; // ms
const TRUST = 1500; // ms a number set by hand stands while the server has not confirmed it
const AT_REST = -1;
const INVITATIONS = {
  forward: "Drag a framed number sideways, or use the arrow keys.",
  backward: "Drag a framed number sideways, or use the arrow keys. A click shows its route.",
};

class Network {
  #component;
  #data;
  #drawing;
  #root = element("div", { className: "network" });
  #placedAs = ""; // what the present placing depends on
  #held = new Map(); // key: {value, dragging, timer}: numbers a hand has set, ahead of the server
  #marked = null;
  #stages = [];
  #stage = AT_REST;
  #playTimer = null;
  #controls = {};
  #glide = new Glide(shown => paint(this.#drawing, shown));
  #channel = new ChangeChannel(change => this.#component.setTriggerValue("changed", change));
  #lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #width = 0; // of our place; to ask for it whenever numbers come would lay out the page each time
  #resizing = new ResizeObserver(entries => {
    this.#width = entries.at(-1).contentRect.width;
    attempt(this.#component.parentElement, () => this.#arrange());
  });
  #onRun = () => this.#channel.answered();
  #onMark = event => this.#showMark(event.detail);

  constructor(component) {
    const { data, parentElement } = component;
    this.#component = component;
    this.#drawing = createDrawing(data.labels);
    this.#root.append(element("style", { textContent: STYLE }), this.#drawing.svg, this.#createToolbar());
    parentElement.append(this.#root);
    this.#width = this.#root.clientWidth;
    this.#listen();
  }

  /** New data from Python. */
  receive(component) {
    this.#component = component;
    this.#data = component.data;
    this.#stages = stagesOf(this.#data);
    for (const [key, { value, dragging }] of this.#held) {
      if (!dragging && this.#data.values[key] === value) this.#letGo(key);
    }
    this.#arrange();
    this.#glideToData();
    paintGates(this.#drawing, this.#data);
    this.#describe();
    this.#refresh();
  }

  close() {
    this.#stop();
    this.#glide.stop();
    this.#channel.close();
    this.#resizing.disconnect();
    for (const key of this.#held.keys()) this.#letGo(key);
    window.removeEventListener("backprop:mark", this.#onMark);
    window.removeEventListener("backprop:ran", this.#onRun);
    if (this.#marked) mark(null);
  }

  #listen() {
    for (const key of SLIDERS) handle(this.#drawing.nodes.get(key).group, this.#numberOf(key));
    for (const key of PARAMETERS) {
      const { group } = this.#drawing.edges.get(key);
      group.addEventListener("click", () => this.#select(key));
      markWhileOver(group, key);
    }
    for (const key of [...SLIDERS, ...COMPUTED]) markWhileOver(this.#drawing.nodes.get(key).group, key);
    for (const [key, { gate }] of this.#drawing.units) markWhileOver(gate.group, `gate ${key}`);
    markWhileOver(this.#drawing.edges.get("o-L").group, "o-L");
    window.addEventListener("backprop:mark", this.#onMark);
    window.addEventListener("backprop:ran", this.#onRun);
    this.#resizing.observe(this.#root);
  }

  // ---- Numbers -----------------------------------------------------------------------------------------

  /** What the gestures on one chip read and do. */
  #numberOf(key) {
    return {
      value: () => this.#valueOf(key),
      limits: () => this.#data.limits[key],
      step: () => this.#data.step,
      select: () => this.#select(key),
      drag: value => {
        if (live.isOpen()) live.hold({ [key]: value });
        else if (value !== this.#valueOf(key)) this.#channel.offer({ key, value });
        this.#hold(key, value, true);
      },
      drop: value => {
        live.letGo();
        this.#hold(key, value, false);
        this.#channel.offer({ key, value });
      },
    };
  }

  #valueOf(key) {
    return this.#held.get(key)?.value ?? this.#data.values[key];
  }

  /** Show `value` at once, whatever the server still says. */
  #hold(key, value, dragging) {
    clearTimeout(this.#held.get(key)?.timer);
    const giveUp = () => {
      this.#letGo(key);
      this.#glideToData();
      this.#describe();
    };
    this.#held.set(key, { value, dragging, timer: dragging ? null : setTimeout(giveUp, TRUST) });
    this.#glide.set(`value ${key}`, value);
    this.#describeNode(key);
  }

  #letGo(key) {
    clearTimeout(this.#held.get(key)?.timer);
    this.#held.delete(key);
  }

  #glideToData() {
    const target = {};
    for (const key of [...SLIDERS, ...COMPUTED]) target[`value ${key}`] = this.#valueOf(key);
    for (const [key, gradient] of Object.entries(this.#data.gradients)) target[`gradient ${key}`] = gradient;
    // Under a dragging hand numbers come many times a second: gliding would only make them late.
    const isDragging = [...this.#held.values()].some(({ dragging }) => dragging);
    this.#glide.to(target, this.#component.isLive || isDragging || this.#lessMotion.matches);
  }

  #select(key) {
    if (key !== "y") this.#component.setTriggerValue("selected", key);
  }

  // ---- What is shown -----------------------------------------------------------------------------------

  /** Place everything anew if the width, the gradients' presence or a function's name has changed. */
  #arrange() {
    const { activation, output, loss } = this.#data;
    const names = { activation: activation.name, output: output.name, loss: loss.name };
    const width = this.#width || 960; // 0 while a tab hides us
    const placedAs = JSON.stringify([width, this.#showsGradients(), names]);
    if (placedAs === this.#placedAs) return;
    this.#placedAs = placedAs;
    const layout = layoutFor(width, this.#showsGradients(), names);
    this.#root.classList.remove("wide", "tall");
    this.#root.classList.add(layout.kind);
    place(this.#drawing, layout, this.#showsGradients());
    paint(this.#drawing, this.#glide.shown);
    paintGates(this.#drawing, this.#data);
  }

  #showsGradients() {
    return this.#data.show === "backward" || Boolean(this.#currentStage()?.found);
  }

  /** Everything that depends on selection, mark and stage. */
  #refresh() {
    const { selected, routes, marked, show } = this.#data;
    const stage = this.#currentStage();
    const found = new Set(this.#stages.slice(0, this.#stage + 1).flatMap(({ found }) => found ?? []));
    this.#root.classList.toggle("backward-stage", Boolean(stage?.found));
    emphasise(this.#drawing, {
      selected,
      routes: selected && !stage ? routes : [],
      marked: this.#marked ?? marked,
      stage: new Set(stage?.lit),
      revealed: key => show === "backward" || found.has(key),
    });
    const { play, previous, caption } = this.#controls;
    say(caption, stage?.sentence ?? INVITATIONS[show]);
    caption.toggleAttribute("data-told", Boolean(stage));
    previous.setAttribute("aria-disabled", String(!stage));
    play.setAttribute("aria-pressed", String(this.#playTimer !== null));
    say(play, this.#playTimer === null ? "▶\uFE0E Play forward, then backward" : "■ Stop");
  }

  #describe() {
    for (const key of [...SLIDERS, ...COMPUTED]) this.#describeNode(key);
  }

  /** Names and values for screen readers and tooltips. */
  #describeNode(key) {
    const { labels, gradients, limits, show } = this.#data;
    const { group, title } = this.#drawing.nodes.get(key);
    const { meaning } = labels[key];
    const value = this.#valueOf(key);
    const hasGradient = show === "backward" && key in gradients;
    let said = `${meaning}: ${formatNumber(value)}`;
    const lines = [`${meaning}: ${formatFull(value)}`];
    if (hasGradient) {
      said += `; gradient ${formatNumber(gradients[key])}`;
      lines.push(`∂L/∂${symbolText(labels[key])} = ${formatFull(gradients[key])}`);
    }
    if (!SLIDERS.includes(key)) {
      group.setAttribute("aria-label", said);
    } else {
      const [low, high] = limits[key];
      write(group, {
        "aria-label": meaning,
        "aria-valuenow": value,
        "aria-valuemin": low,
        "aria-valuemax": high,
        "aria-valuetext": said,
      });
      const leadsSomewhere = show === "backward" && key !== "y";
      lines.push(`Drag sideways to change it${leadsSomewhere ? ", click to follow its route" : ""}.`);
    }
    say(title, lines.join("\n"));
  }

  #showMark(key) {
    this.#marked = key;
    this.#refresh();
  }

  // ---- Playing the passes ------------------------------------------------------------------------------

  #createToolbar() {
    const play = button("", "", () => (this.#playTimer === null ? this.#play() : this.#rest()));
    play.className = "timed";
    const previous = button("Previous step", "", () => this.#turnTo(Math.max(this.#stage - 1, AT_REST)));
    const next = button("Next step", "", () => this.#turnTo(this.#stage + 1));
    const caption = element("p", { className: "caption", ariaLive: "polite" });
    this.#controls = { play, previous, caption };
    const save = saveButtons(() => this.#drawing.svg, "The network");
    return element("div", { className: "toolbar" }, play, previous, next, caption, save);
  }

  #currentStage() {
    return this.#stages[this.#stage];
  }

  #play() {
    this.#playTimer = setInterval(() => this.#show(this.#stage + 1), STAGE_TIME);
    this.#show(this.#stage + 1);
  }

  #stop() {
    clearInterval(this.#playTimer);
    this.#playTimer = null;
  }

  #rest() {
    this.#stop();
    this.#show(AT_REST);
  }

  /** A step by hand pauses the play. */
  #turnTo(stage) {
    this.#stop();
    this.#show(stage);
  }

  /** After the last stage the drawing rests. */
  #show(stage) {
    const isOver = stage >= this.#stages.length;
    if (isOver) this.#stop();
    this.#stage = isOver ? AT_REST : stage;
    this.#arrange();
    this.#refresh();
  }
}

export default mounted(Network);

function mark(key) {
  window.dispatchEvent(new CustomEvent("backprop:mark", { detail: key }));
}

/** Tell the page which number a pointer or the focus is on. */
function markWhileOver(group, key) {
  for (const type of ["pointerenter", "focus"]) group.addEventListener(type, () => mark(key));
  for (const type of ["pointerleave", "blur"]) group.addEventListener(type, () => mark(null));
}
