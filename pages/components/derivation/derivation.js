// Rows of words and formulas: an explanation on the left, the mathematics it speaks of on the right. Rows are
// known by their id and updated in place, so that a slider's every move changes the numbers and nothing else.
//
//   data = {rows: [row, …]}; while a hand moves {rows, given, order}: rows of the parts in sight alone, of all in order
//   row  = {id, title?: markup, words?: [markup, …], note?: markup, formulas?: [latex, …],
//           part?: the name of what the row belongs to, wide?: boolean, accent?: role, copy?: [{label, text}, …],
//           table?: {head: [markup, …], body: [[markup, …], …], align?: ["left" | "right" | "center", …]},
//           details?: {summary: markup, rows: [row, …]}}
//
// Markup is **bold**, *italic*, `code`, $latex$, and nothing else. style.js has the CSS.

import { STYLE } from "./style.js";
import { NEAR } from "../figure/theme.js";
import { inSight } from "../live/live.js";
import { element } from "../shared/dom.js";
import { attempt } from "../shared/in_its_place.js";
import { mounted } from "../shared/mounted.js";
import { formulaStyles, reset, speakNow, typeset } from "./formula.js";
import { linkMarks } from "./marks.js";
import { keepInReach } from "./reach.js";

const COPIED_TIME = 1500; // ms a button says so

class Derivation {
  #place;
  #root = element("div", { className: "derivation" });
  #rows = element("div", { className: "rows" });
  #marks = linkMarks(this.#rows);
  #reach = keepInReach(this.#rows);
  #sight = new Parts(this.#rows);
  #data = null;
  #frame = 0;

  constructor({ parentElement }) {
    this.#place = parentElement;
    this.#root.append(element("style", { textContent: STYLE }), this.#rows);
    parentElement.append(this.#root);
    const { adoptedStyleSheets } = parentElement.getRootNode();
    if (!adoptedStyleSheets.includes(formulaStyles())) adoptedStyleSheets.push(formulaStyles());
  }

  /**
   * The first data is shown at once; what follows, after the next paint: the result line comes first. The live channel
   * sees to that itself.
   */
  receive({ data, isLive }) {
    const isFirst = this.#data === null;
    this.#data = data.given && !isFirst ? { rows: merged(this.#data.rows, data) } : data;
    if (isFirst || isLive) this.#show();
    else this.#frame ||= requestAnimationFrame(() => setTimeout(() => attempt(this.#place, () => this.#show())));
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.#marks.stop();
    this.#reach.stop();
    this.#sight.stop();
  }

  #show() {
    this.#frame = 0;
    keepingFocus(this.#rows, () => showRows(this.#rows, this.#data.rows));
    this.#sight.look(this.#data.rows);
    this.#marks.refresh();
    this.#reach.refresh();
  }
}

export default mounted(Derivation);

/** While a hand moves, rows come of the parts that are in sight; the others stay as they are. */
function merged(before, { rows, given, order }) {
  return order.flatMap(part => (given.includes(part) ? rows : before).filter(row => row.part === part));
}

/** Tells the live channel which parts have a row that is nearly in view. */
class Parts {
  #names = new Map(); // by row
  #near = new Set(); // rows
  #told = new Set();
  #observer = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#near.add(target);
      else this.#near.delete(target);
    }
    this.#tell();
  }, NEAR);

  constructor(root) {
    this.root = root;
  }

  look(rows) {
    const standing = new Map([...this.root.children].map((node, k) => [node, rows[k].part]).filter(([, part]) => part));
    for (const node of this.#names.keys()) {
      if (standing.has(node)) continue;
      this.#observer.unobserve(node);
      this.#near.delete(node);
    }
    for (const node of standing.keys()) if (!this.#names.has(node)) this.#observer.observe(node);
    this.#names = standing;
  }

  #tell() {
    const near = new Set([...this.#near].map(node => this.#names.get(node)));
    for (const name of this.#told) if (!near.has(name)) inSight(name, false);
    for (const name of near) inSight(name, true);
    this.#told = near;
  }

  stop() {
    this.#observer.disconnect();
    for (const name of this.#told) inSight(name, false);
  }
}

// ---- In place -----------------------------------------------------------------------------------------

const shown = new WeakMap(); // by element: what it shows, as JSON

/** Let `write` fill the element, unless it shows just this already. */
function show(node, content, write) {
  const now = JSON.stringify(content);
  if (shown.get(node) === now) return;
  write(node, content);
  shown.set(node, now);
}

/** One child for each item, made where one is missing, dropped where one is over. */
function showList(parent, items, create, write) {
  while (parent.childElementCount > items.length) parent.lastElementChild.remove();
  while (parent.childElementCount < items.length) parent.append(create());
  items.forEach((item, i) => show(parent.children[i], item, write));
}

/** The child of this class: made when there is content for it, removed when there is none. */
function part(parent, [tag, className], content) {
  const found = parent.querySelector(`:scope > .${className}`);
  if (content === undefined || content === null) {
    found?.remove();
    return null;
  }
  if (found) return found;
  const made = element(tag, { className });
  parent.append(made);
  return made;
}

/** Focus stays where it is, or goes to the mark that took the place of the one that had it. */
function keepingFocus(root, change) {
  const scope = root.getRootNode();
  const before = root.contains(scope.activeElement) ? scope.activeElement : null;
  const key = before?.dataset.key;
  const home = key && before.closest(".row");
  const place = home ? marksOf(home, key).indexOf(before) : -1;
  change();
  if (!before || scope.activeElement === before) return;
  if (home) speakNow(home);
  const after = before.isConnected ? before : home && marksOf(home, key)[place];
  after?.focus({ preventScroll: true });
}

function marksOf(row, key) {
  return [...row.querySelectorAll("[tabindex][data-key]")].filter(mark => mark.dataset.key === key);
}

// ---- Rows ---------------------------------------------------------------------------------------------

function showRows(parent, rows) {
  const ids = new Set(rows.map(row => row.id));
  for (const node of [...parent.children]) if (!ids.has(node.dataset.id)) node.remove();
  const standing = new Map([...parent.children].map(node => [node.dataset.id, node]));
  const nodes = rows.map(row => standing.get(row.id) ?? createRow(row.id));
  inOrder(parent, ...nodes);
  nodes.forEach((node, i) => showRow(node, rows[i]));
}

function createRow(id) {
  const node = element("section", { className: "row" });
  node.dataset.id = id;
  return node;
}

function showRow(node, row) {
  const { title, words = [], note, formulas = [], copy = [], table, details, wide = false, accent } = row;
  node.classList.toggle("wide", wide);
  node.classList.toggle("accented", Boolean(accent));
  node.style.setProperty("--accent", accent ? `var(--${accent})` : "");
  const speaks = title || words.length || note;
  const left = part(node, ["div", "words"], speaks || null);
  if (left) showWords(left, title, words, note);
  const right = part(node, ["div", "mathematics"], formulas.length || copy.length || null);
  if (right) showMathematics(right, formulas, copy);
  const tableBox = part(node, ["div", "table-box"], table);
  if (tableBox) show(tableBox, table, showTable);
  const more = part(node, ["details", "more"], details);
  if (more) showDetails(more, details, node.dataset.id);
  inOrder(node, left, right, tableBox, more);
}

function showWords(node, title, words, note) {
  const heading = part(node, ["h4", "title"], title);
  if (heading) show(heading, title, writeMarkup);
  const paragraphs = part(node, ["div", "paragraphs"], words.length || null);
  if (paragraphs) showList(paragraphs, words, () => element("p"), writeMarkup);
  const small = part(node, ["p", "note"], note);
  if (small) show(small, note, writeMarkup);
  inOrder(node, heading, paragraphs, small);
}

function showMathematics(node, formulas, copy) {
  const set = part(node, ["div", "formulas"], formulas.length || null);
  if (set) showList(set, formulas, () => element("div", { className: "formula" }), writeFormula);
  const buttons = part(node, ["div", "buttons"], copy.length || null);
  if (buttons) showList(buttons, copy, createCopyButton, writeCopyButton);
  inOrder(node, set, buttons);
}

function writeFormula(box, latex) {
  if (box.firstChild) reset(box.firstChild, latex);
  else box.append(typeset(latex, true));
}

/** The children that there are stand in this order; those that do already are not moved. */
function inOrder(parent, ...parts) {
  parts.filter(Boolean).forEach((node, i) => {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
}

const opened = new Set(); // ids of the rows a person has opened: they are open again when they come back

/** What is closed is not written: it would cost time at every move, and nobody sees it. */
function showDetails(node, { summary, rows }, id) {
  if (!node.firstElementChild) {
    node.append(element("summary"), element("div", { className: "rows" }));
    node.open = opened.has(id);
    node.addEventListener("toggle", () => {
      opened[node.open ? "add" : "delete"](id);
      if (node.open) showRows(node.children[1], node.content);
    });
  }
  node.content = rows;
  show(node.children[0], summary, writeMarkup);
  if (node.open) showRows(node.children[1], rows);
}

function showTable(node, { head, body, align = [] }) {
  if (!node.firstElementChild) node.append(element("table", {}, element("thead"), element("tbody")));
  const { tHead, tBodies: [rows] } = node.firstElementChild;
  const line = tag => (tr, cells) => {
    showList(tr, cells, () => element(tag), writeMarkup);
    cells.forEach((_, i) => { tr.children[i].className = align[i] ?? "left"; });
    if (tag === "th") for (const cell of tr.children) cell.scope = "col";
  };
  showList(tHead, [head], () => element("tr"), line("th"));
  showList(rows, body, () => element("tr"), line("td"));
}

// ---- Markup -------------------------------------------------------------------------------------------

const MARKUP = new RegExp([
  String.raw`\*\*(?<bold>.+?)\*\*`,
  String.raw`\*(?=\S)(?<italic>[^*]+?)(?<=\S)\*`,
  "`(?<code>[^`]+)`",
  String.raw`(?<opening>[(“‘]*)\$(?<latex>[^$]+)\$(?<closing>[-).,:;!?’”…]*)`,
].join("|"), "g");

/** Words with **bold**, *italic*, `code` and $formulas$; everything else is what it is. */
function writeMarkup(node, markup) {
  node.replaceChildren();
  let end = 0;
  for (const found of markup.matchAll(MARKUP)) {
    node.append(markup.slice(end, found.index), styled(found.groups));
    end = found.index + found[0].length;
  }
  node.append(markup.slice(end));
}

function styled({ bold, italic, code, opening, latex, closing }) {
  if (latex !== undefined) return withNeighbours(opening, typeset(latex, false), closing);
  const node = element(bold ? "strong" : italic ? "em" : "code");
  if (code) node.textContent = code;
  else writeMarkup(node, bold ?? italic);
  return node;
}

/** A formula, on one line with the parenthesis before it and the comma after it. */
function withNeighbours(opening, formula, closing) {
  if (!opening && !closing) return formula;
  return element("span", { className: "together" }, opening, formula, closing);
}

// ---- Copying ------------------------------------------------------------------------------------------

function createCopyButton() {
  const said = element("span", { className: "said", ariaLive: "polite" });
  return element("span", { className: "copy" }, element("button", { type: "button" }), said);
}

function writeCopyButton(holder, { label, text }) {
  const [button, said] = holder.children;
  button.textContent = label;
  button.onclick = async () => {
    said.textContent = (await copyText(text)) ? "Copied" : "Not copied";
    setTimeout(() => { said.textContent = ""; }, COPIED_TIME);
  };
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // without https there is no clipboard, in some frames no permission
  }
}

function copyBySelection(text) {
  const focused = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  const area = element("textarea", { value: text });
  area.style.cssText = "position: fixed; opacity: 0";
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  return isCopied;
}
