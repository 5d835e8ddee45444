// How the network drawing looks. Colours are roles (pages/screen/palette.py), so they follow the theme.

export const STYLE = `
.network { font-variant-numeric: tabular-nums; color: var(--ink); }
svg { display: block; width: 100%; margin: 0 auto; overflow: visible;
  user-select: none; -webkit-user-select: none;
  touch-action: pan-y pinch-zoom; }
.wide svg { max-width: 1100px; }
.tall svg { max-width: 520px; }
text { font-family: inherit; fill: var(--ink); }

.symbol { font-family: KaTeX_Main, "Times New Roman", Times, serif; font-size: 12px; fill: var(--ink); }
.symbol .base { font: italic 17.5px KaTeX_Math, "Times New Roman", Times, serif; }
.value { font-size: 15px; font-weight: 600; }
.gradient { font-size: 13.5px; fill: var(--gradient); }
.tall .symbol { font-size: 11px; }
.tall .symbol .base { font-size: 15.5px; }
.tall .value { font-size: 13.5px; }
.tall .gradient { font-size: 12px; }
.value[data-sign=positive] { fill: var(--positive); }
.value[data-sign=negative] { fill: var(--negative); }
.value[data-sign=unknown] { font-size: 12px; font-weight: 400; fill: var(--quiet); }
[data-hide-gradient] .gradient { visibility: hidden; }
.notes text { font-size: 12.5px; fill: var(--quiet);
  paint-order: stroke; stroke: var(--surface); stroke-width: 5px; stroke-linejoin: round; }
.tall .notes text { font-size: 11.5px; }

.line { stroke: var(--quiet); stroke-width: 1.25; }
.edge[data-sign=positive] .line { stroke: var(--positive); }
.edge[data-sign=negative] .line { stroke: var(--negative); stroke-dasharray: 9 6; }
.edge .route { stroke: var(--route); stroke-width: 10; stroke-linecap: round; opacity: 0; }
.edge[data-route] .route { opacity: 0.55; }
.edge[data-marked] .route { stroke: var(--ink); opacity: 0.25; }
.edge[data-stage] .route { stroke: var(--ink); opacity: 0.2; }
.backward-stage .edge[data-stage] .route { stroke: var(--gradient); opacity: 0.4; }
svg[data-has-route] .edge:not([data-route]) .line { opacity: 0.4; }
.reach { stroke: transparent; stroke-width: 16; cursor: pointer; }
[data-key=y-L] .reach { pointer-events: none; }
[data-key=o-L] .reach { cursor: default; }

.unit { fill: var(--raised); stroke: var(--line); }
.unit[data-route] { stroke: var(--route); stroke-width: 3; }
.frame { fill: transparent; stroke: transparent; }
.ring { fill: none; stroke: none; }
[data-key=L] .frame { fill: var(--raised); stroke: var(--line); }
[data-key=L][data-route] .frame { stroke: var(--route); stroke-width: 3; }
.chip { cursor: ew-resize; outline: none; }
.chip .frame { fill: var(--surface); stroke: var(--line); stroke-width: 1.25; }
.chip:hover .frame, .chip[data-dragging] .frame, .node[data-marked] .frame {
  stroke: var(--ink); stroke-width: 1.5; }
.chip[data-dragging] .frame { stroke-width: 2; }
.chip:is([data-route], [aria-current]) .frame { stroke: var(--route); stroke-width: 3; }
.node[data-stage] .frame { stroke: var(--ink); stroke-width: 2.5; }
.backward-stage .node[data-stage] .frame { stroke: var(--gradient); }
.chip:focus-visible .ring { stroke: var(--ink); stroke-width: 2; }

.area { fill: transparent; }
.gate path, .gate line { fill: none; stroke: var(--quiet); stroke-width: 2; stroke-linecap: round; }
.gate .door { stroke: var(--ink); stroke-width: 4.5; stroke-linecap: butt; transition: transform 150ms; }
.gate[data-word=open] .upper { transform: translateY(-6px) scaleY(0.75); }
.gate[data-word=open] .lower { transform: translateY(6px) scaleY(0.75); }
.gate[data-word=leaks] .upper { transform: translateY(-2px); }
.gate[data-word=leaks] .lower { transform: translateY(2px); }
.gate[data-word=leaks] .signal-out { stroke-width: 1; }
.gate[data-word=closed] .signal-out { visibility: hidden; }
.gate[data-word=open] path { stroke: var(--ink); }
.gate .curve { stroke: var(--ink); }
.gate[data-marked] :is(path, .door) { stroke: var(--ink); stroke-width: 5; }
.gate text { font-size: 12px; fill: var(--quiet); }
.gate[data-word=closed] .word { fill: var(--ink); font-weight: 600; }
.gate[data-stage] .door, .gate[data-stage] .curve { stroke-width: 5; }
.backward-stage .gate[data-stage] :is(path, line) { stroke: var(--gradient); }

.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px;
  max-width: 1100px; margin: 4px auto 0; }
button { font: inherit; font-size: 14px; line-height: 1.2; padding: 7px 12px; white-space: nowrap;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
  cursor: pointer; }
button:hover { border-color: var(--ink); }
button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
button[aria-pressed=true] { background: var(--raised); border-color: var(--ink); }
button[aria-disabled=true] { color: var(--quiet); border-color: var(--line); cursor: default; }
.caption { flex: 1 1 320px; min-height: 2.8em; margin: 0 0 0 6px; font-size: 13.5px; line-height: 1.4;
  display: flex; align-items: center; color: var(--quiet); }
.caption[data-told] { color: var(--ink); }

.save { display: flex; gap: 4px; }
.save button { font-size: 12.5px; padding: 5px 8px; color: var(--quiet); }

@media (prefers-reduced-motion: reduce) {
  .gate .door { transition: none; }
  .timed { display: none; }
}
.wide .timed { min-width: 206px; }
.tall .toolbar { max-width: 520px; }
.tall .toolbar > button { flex: 1 1 auto; }
.tall .timed, .tall .caption { flex-basis: 100%; }
.tall .caption { min-height: 5.6em; align-items: flex-start; margin-left: 0; }
`;
