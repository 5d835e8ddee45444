// How the descent page's view looks. Colours are roles (pages/screen/palette.py), so they follow the theme.

import { heightOf, NARROW_BELOW } from "./cells.js";
import { LOSS_HEIGHT } from "./loss.js";

export const STYLE = `
:host { display: block; container-type: inline-size; }
.descent { display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px; font-variant-numeric: tabular-nums;
  color: var(--ink); font-size: 14px; }
.spoken { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
[hidden] { display: none !important; }
section { min-width: 0; }

.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding: 8px 0; margin: -8px 0 -16px;
  position: sticky; top: 100px; z-index: 80; background: var(--surface); }
@media (max-height: 560px) { .bar { position: static; } }
.pair:not(:has(> :not([hidden]))) { display: none; }
.bar input { flex: 1 1 160px; min-width: 120px; height: 28px; margin: 0; cursor: pointer; }
.bar input { accent-color: var(--ink); }
.rate { display: flex; align-items: center; gap: 8px; }
.bar .rate input { flex: 0 1 120px; min-width: 80px; }
.rate output { min-width: 5.5ch; }
.moves { display: flex; gap: 4px; }
.position { text-align: right; white-space: nowrap; }
button { font: inherit; color: var(--ink); background: none; white-space: nowrap;
  border: 1px solid var(--line); border-radius: 6px; min-height: 30px; min-width: 32px; padding: 2px 10px; cursor: pointer; }
button:hover:enabled { background: var(--raised); border-color: var(--quiet); }
button:disabled { color: var(--quiet); opacity: 0.55; cursor: default; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 6px; }
.play { min-width: 66px; }
@media (prefers-reduced-motion: reduce) { .play { display: none; } }
.take:enabled { color: var(--surface); background: var(--ink); border-color: var(--ink); }
.take:hover:enabled { color: var(--surface); background: var(--ink); opacity: 0.85; }
.choice { display: inline-flex; }
.choice button { border-radius: 0; margin-left: -1px; }
.choice button:first-child { border-radius: 6px 0 0 6px; margin: 0; }
.choice button:last-child { border-radius: 0 6px 6px 0; }
button[aria-pressed=true] { color: var(--ink); background: var(--raised); border-color: var(--quiet); font-weight: 600; }
.choice button[aria-pressed=true] { position: relative; }

.pair { display: flex; flex-wrap: wrap; gap: 20px 28px; }
.loss { flex: 1 1 330px; }
.loss.several { flex-basis: 440px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; min-height: 32px; margin-bottom: 6px; }
header p, .note { margin: 0; color: var(--quiet); font-size: 13px; }
.save { display: inline-flex; gap: 4px; }
header button { flex: none; font-size: 12.5px; min-height: 26px; color: var(--quiet); }
h3 { font-size: 15px; font-weight: 600; margin: 0; padding: 0; white-space: nowrap; }
h4 { font-size: 13px; font-weight: 600; margin: 0 0 4px; padding: 0; }
small { font-weight: 400; font-size: 12px; color: var(--quiet); }
:is(.slices, .loss, .two-axes) header { padding-right: 96px; } /* for Plotly's own buttons */
.stack { position: relative; }
.plot { width: 100%; }
.loss .plot { height: ${LOSS_HEIGHT}px; }
.curves .plot { height: ${heightOf(Infinity, null)}px; }
.two-axes .plot { height: 430px; }
.plot .modebar { translate: 0 -38px; } /* beside the heading, where it covers nothing */
.two-axes .plot .modebar { translate: 0 -6px; }
.axistext { display: none; } /* the hover label tells the step already */
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.open { overflow: visible; }
.picture { position: absolute; display: block; }
text { font-family: inherit; fill: var(--ink); font-size: 12px; }
.ticks text { font-size: 11px; }
.axis-name, .ticks .axis-name { fill: var(--quiet); font-size: 13px; }
.grid { fill: none; stroke: var(--line); }
.frame { fill: none; stroke: var(--line); }
.name { fill: var(--quiet); paint-order: stroke; stroke: var(--surface); stroke-width: 3px; }
.name.first { fill: var(--ink); font-weight: 600; }

.behind .scatterlayer { visibility: hidden; }
.start { pointer-events: auto; cursor: move; outline: none; touch-action: none; }
.start .reach { fill: transparent; }
.start .rim { fill: var(--surface); fill-opacity: 0.35; stroke: var(--ink); stroke-width: 1.75; }
.start:is(:hover, :focus-visible) .rim { stroke-width: 3; }
.curve { fill: none; stroke: var(--ink); stroke-width: 1.75; }
.earlier { fill: none; stroke: var(--quiet); stroke-width: 1; }
.trajectory { fill: none; stroke: var(--quiet); stroke-width: 1; }
.dots { fill: none; stroke: var(--quiet); stroke-width: 3.5; stroke-linecap: round; }
.tangent { fill: none; stroke: var(--gradient); stroke-width: 2; stroke-linecap: round; }
.shaft { fill: none; stroke: var(--gradient); stroke-width: 2; }
.head { fill: var(--gradient); stroke: var(--surface); stroke-width: 1; }
.kink { fill: none; stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 1 3; stroke-linecap: round; }
.kink-tick { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.point { fill: var(--ink); stroke: var(--surface); stroke-width: 1.5; }
.hovered { fill: var(--surface); stroke: var(--ink); stroke-width: 1.5; }
.scrubbed { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; }
.trajectory-halo { fill: none; stroke: var(--surface); stroke-width: 4; stroke-linejoin: round; }
.trajectory-over { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-linejoin: round; }
.heat-maps { cursor: pointer; }
.heat-maps .scrubbed { stroke: var(--ink); }

.axis-button { position: absolute; translate: -50% 0; display: flex; align-items: center; gap: 5px; border-color: transparent;
  min-height: 24px; min-width: 0; padding: 0 6px; font-size: 13px; color: var(--quiet); }
.axis-button[aria-pressed=true] { border-color: transparent; background: none; }
.icon { fill: none; stroke: var(--quiet); opacity: 0.7; }
.axis-button:is(:hover, :focus-visible) .icon { stroke: var(--ink); opacity: 1; }
.legend { position: absolute; margin: 0; padding: 4px 0; list-style: none; pointer-events: none;
  font-size: 12.5px; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 10px; height: 25px; white-space: nowrap; }
.legend li.tall { height: auto; margin-bottom: 10px; }
.readout { position: absolute; top: 0; left: 0; z-index: 1; padding: 2px 8px; pointer-events: none; white-space: nowrap;
  border: 1px solid var(--line); border-radius: 4px; background: var(--raised); font-size: 12px; }
.symbol { white-space: nowrap; }
.symbol sup, .symbol sub { font-size: 0.7em; line-height: 0; }
.colour-bar { font-size: 12.5px; color: var(--quiet); }
.colour-bar > span { display: block; margin: 0 14px 4px; }
.colour-bar svg, .shades { display: block; }
.shades { outline: 1px solid var(--line); }

.numbers { flex: 1 1 570px; }
.numbers .pair { gap: 12px 36px; }
.numbers header { justify-content: space-between; }
.numbers .pair > table { position: relative; flex: none; }
.waiting { opacity: 0.35; }
.result span { display: inline-block; min-width: 13ch; }
.drawn { margin: 0 0 6px; font-size: 13px; color: var(--quiet); }
.drawn:empty { display: none; }
table { border-collapse: collapse; }
.numbers th { font-weight: 600; text-align: left; padding: 0 10px 0 0; vertical-align: middle; }
.numbers thead th { padding: 0 0 4px; text-align: center; }
.numbers small { display: block; white-space: nowrap; }
.numbers td { padding: 5px 6px; }
/* Fixed widths, whatever the numbers: nothing moves but the digits while the scrubber does. */
.matrix { table-layout: fixed; width: 0; margin: 0 auto; border-inline: 1.5px solid var(--quiet); border-radius: 4px; }
.matrix td { width: 9.6ch; padding: 1px 5px 1px 2px; text-align: right; white-space: nowrap; font-size: 13px; }
:is(.gradient, .used) :is(th, .matrix td) { color: var(--gradient); }
.numbers tr.after > * { border-top: 1px solid var(--line); }
.change { flex: 1 1 330px; }
.change h4 small { display: inline; }
.change ul { display: grid; grid-template-columns: fit-content(60%) minmax(6.5em, max-content) minmax(40px, 1fr);
  gap: 4px 12px; align-items: center; margin: 0; padding: 0; list-style: none; font-size: 13px; }
.change li { display: contents; }
.change b { font-weight: 600; text-align: right; white-space: nowrap; }
.track { position: relative; height: 10px; }
.track i { position: absolute; height: 100%; min-width: 1px; background: var(--ink); }
.predicted i { background: var(--gradient); }
.predicted b { color: var(--gradient); }
.second i { background: var(--quiet); }

.safety-plot { flex: 3 1 420px; min-width: 0; }
.safety-plot svg { display: block; }
.verdict { flex: 2 1 260px; min-width: 0; line-height: 1.5; }
.verdict p { margin: 0 0 10px; }
.verdict p b { font-size: 17px; }
.zones rect { stroke: var(--quiet); stroke-width: 1; fill: none; }
.zones .oscillating { fill: url(#sparse); }
.zones .diverging { fill: url(#dense); }
.zones text { paint-order: stroke; stroke: var(--surface); stroke-width: 5px; stroke-linejoin: round; }
.hatch { stroke: var(--quiet); stroke-width: 1; opacity: 0.6; }
.eta { stroke: var(--ink); stroke-width: 2; }
.eta-name { font-weight: 600; }
.safe { fill: var(--surface); stroke: var(--ink); stroke-width: 1.75; }
.over { fill: var(--ink); stroke: var(--surface); stroke-width: 1; }
.excess { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 2 2; }
.none { fill: var(--quiet); }
.beyond { font-weight: 600; }

.two-axes { flex: 1 1 420px; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; font-size: 13px; color: var(--quiet); }
.controls label, .labelled { display: flex; align-items: center; gap: 6px; }
.controls button { font-size: 12.5px; min-height: 28px; }
select { font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 6px;
  min-height: 28px; padding: 0 4px; }
.plane { flex: 1 1 340px; }
.level { fill: none; stroke: var(--ink); stroke-width: 0.75; opacity: 0.45; }
.level.zero { stroke-width: 1.75; opacity: 0.8; }
.level.below { stroke-dasharray: 3 3; }
.row circle { fill: var(--surface); stroke: var(--ink); stroke-width: 1.75; }
.row.drawn circle { fill: var(--ink); stroke: var(--surface); }
.row text { font-weight: 600; paint-order: stroke; stroke: var(--surface); stroke-width: 3px; stroke-linejoin: round; }
.example { fill: none; stroke: var(--ink); stroke-width: 2; }

@container (max-width: ${NARROW_BELOW - 1}px) {
  .curves .plot { height: ${heightOf(0, null)}px; }
  .slices header { padding-right: 0; }
  .slices .note { order: 1; flex-basis: 100%; padding-right: 96px; }
  .bar { gap: 4px 10px; }
  .moves { order: 0; }
  .position { order: 1; flex: 1; }
  .bar input { order: 2; }
  .take { order: 3; }
  .numbers { flex-basis: 100%; overflow-x: auto; }
  .numbers tbody th { padding: 0; width: 52px; font-size: 11.5px; }
  .numbers small { font-size: 10px; white-space: normal; }
  .numbers td { padding: 5px 1px; }
  .matrix td { width: 8ch; padding: 1px 2px 1px 0; font-size: 11px; }
}
`;
