// How formulas look: KaTeX's fonts, which Streamlit registers for the whole document, and the boxes' layout.

const UPRIGHT = 'KaTeX_Main, "Latin Modern Math", "STIX Two Math", "Cambria Math", serif';
const SLANTED = UPRIGHT.replace("KaTeX_Main", "KaTeX_Math");

export const STYLE = `
.math { display: inline-block; white-space: nowrap; line-height: 0; font: normal 1.1em/0 ${UPRIGHT};
  font-variant-numeric: lining-nums tabular-nums; text-indent: 0; color: inherit; }
.math i { font-family: ${SLANTED}; font-style: italic; }
.math b { font-weight: 700; }
.math .strut { display: inline-block; }

.math .before3 { margin-left: 0.1667em; } .math .after3 { margin-right: 0.1667em; }
.math .before4 { margin-left: 0.2222em; } .math .after4 { margin-right: 0.2222em; }
.math .before5 { margin-left: 0.2778em; } .math .after5 { margin-right: 0.2778em; }

.math .stack { display: inline-grid; align-items: baseline; }
.math .stack > * { grid-area: 1 / 1; position: relative; justify-self: start; }
.math .centred > * { justify-self: center; }
.math .right > * { justify-self: end; }
.math .wide { margin-left: 1em; }
.math .smaller { font-size: 0.7em; }
.math .smallest { font-size: 0.714286em; }
.math .scripts { margin-right: 0.05em; }
.math .script { margin-right: 0.0714em; }

.math .stack > :is(.bar, .frame, .strike, .reach, .brace) { justify-self: stretch; }
.math .bar { background: currentColor; min-height: 1px; }
.math .fraction { margin: 0 0.12em; min-width: 0.2em; }
.math .no-fence { margin-left: 0.12em; }
.math .size1 { font-family: KaTeX_Size1, ${UPRIGHT}; }
.math .size2 { font-family: KaTeX_Size2, ${UPRIGHT}; }
.math .size3 { font-family: KaTeX_Size3, ${UPRIGHT}; }
.math .size4 { font-family: KaTeX_Size4, ${UPRIGHT}; }
.math .line { display: inline-block; box-sizing: border-box; }
.math .bar-fence { border-left: 0.044em solid; margin-inline: 0.145em; }
.math .open-bracket { width: 0.347em; border: 0.067em solid; border-right: 0; margin-left: 0.319em; }
.math .close-bracket { width: 0.347em; border: 0.067em solid; border-left: 0; margin-right: 0.319em; }
.math svg { display: inline-block; overflow: visible; fill: currentColor; }

.math .boxed > :not(.frame) { margin: 0 0.3em; }
.math .frame { border: max(1px, 0.04em) solid; }
.math .strike { margin-inline: -0.12em;
  background: linear-gradient(to top left, transparent calc(50% - 0.03em),
  currentColor calc(50% - 0.02em) calc(50% + 0.02em), transparent calc(50% + 0.03em)); }

.math .brace { display: flex; min-width: 1.6em; }
.math .brace svg { flex: none; }
.math .stroke { flex: 1; height: 0.1em; margin: 0.21em -0.5px 0; background: currentColor; }
.math .over { transform: scaleY(-1); }

.math .mark { border-radius: 0.1em; outline: none; cursor: default; }
.math .mark > .reach { margin-inline: -0.06em; border-radius: 0.12em; border-bottom: 2px solid transparent; }
.math .mark:hover > .reach, .math .mark[data-marked] > .reach {
  border-bottom-color: var(--route); background: color-mix(in srgb, var(--route) 16%, transparent); }
.math .mark:focus-visible > .reach { outline: 2px solid var(--ink); }
`;
