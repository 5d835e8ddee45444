// How the rows of a derivation look. Colours are roles (pages/screen/palette.py), so they follow the theme.

const ROLES = ["positive", "negative", "gradient", "route", "quiet", "ink"];

export const STYLE = `
.derivation { container-type: inline-size; font-size: 1rem; line-height: 1.55; color: var(--ink); }
.rows { display: flex; flex-direction: column; gap: 1.25rem; }
.row { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0.25rem 2.5rem; }
/* What is far off the screen is neither laid out nor painted; the margin keeps outlines from being cut off. */
.rows > .row { content-visibility: auto; contain-intrinsic-size: auto 7rem; overflow-clip-margin: 1rem; }
.row.wide, .row:not(:has(> .words)), .row:not(:has(> .mathematics)) { grid-template-columns: minmax(0, 1fr); }
.row > .table-box, .row > .more { grid-column: 1 / -1; }
.row.accented { border-left: 3px solid var(--accent);
  margin-left: -0.85rem; padding-left: calc(0.85rem - 3px); } /* the words stay in line with other rows */

.words { max-width: 70ch; min-width: 0; }
.title { font-size: 1.1rem; font-weight: 600; line-height: 1.3; margin: 0 0 0.35rem; }
p { margin: 0; }
p + p { margin-top: 0.6rem; }
.note { font-size: 0.875rem; color: var(--quiet); margin-top: 0.35rem; }
.together { white-space: nowrap; }
strong { font-weight: 600; }
code { font-family: var(--st-code-font, monospace); font-size: 0.875em; padding: 0.1em 0.3em;
  background: var(--raised); border-radius: 0.25rem; }

.mathematics { min-width: 0; }
/* The room around a formula is for the outline of a mark in focus, which the scrolling box would cut off. */
.formula { overflow-x: auto; overflow-y: hidden; scrollbar-width: thin;
  padding: 0.5rem; margin: -0.3rem -0.5rem; }
.formula + .formula { margin-top: 0; }
.derivation .katex { font-size: 1.1em; white-space: nowrap; font-variant-numeric: lining-nums tabular-nums; }
.derivation :is(p, th, td, .title, summary) .katex { font-size: 1.05em; }
${ROLES.map(role => `.role-${role} { color: var(--${role}); }`).join("\n")}
.mark { display: inline-block; position: relative; z-index: 0; cursor: default; }
.mark::before { content: ""; position: absolute; inset: -0.2em -0.06em; z-index: -1;
  border-radius: 0.12em; border-bottom: 2px solid transparent; }
.mark:is(:hover, [data-marked])::before {
  border-bottom-color: var(--route); background: color-mix(in srgb, var(--route) 16%, transparent); }
.mark[data-focused]::before { outline: 2px solid var(--ink); }

.table-box { overflow-x: auto; overflow-y: hidden; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 1.5rem 0.35rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 500; color: var(--quiet); }
:is(th, td).left { text-align: left; }
:is(th, td).right { text-align: right; }
:is(th, td).center { text-align: center; }

.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.5rem; }
.copy { display: inline-grid; place-items: center; }
.copy > * { grid-area: 1 / 1; }
.copy button { font: inherit; font-size: 0.875rem; line-height: 1.2; padding: 0.4rem 0.7rem;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem;
  cursor: pointer; }
.copy button:hover { border-color: var(--ink); }
.copy .said { font-size: 0.875rem; line-height: 1.2; pointer-events: none; }
.copy:has(.said:not(:empty)) button { color: transparent; }

summary { cursor: pointer; width: fit-content; color: var(--quiet); }
summary:hover { color: var(--ink); }
summary + .rows { margin: 0.75rem 0 0.25rem; padding-left: 1rem; border-left: 1px solid var(--line); }
:is(button, summary, .formula, .table-box):focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }

@container (max-width: 620px) {
  .row { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; }
  :is(th, td).left { white-space: normal; }
  th, td { padding-right: 0.9rem; }
}
`;
