// LaTeX → a tree of plain objects, each with a `type`. The subset is the one our formulas use; what is not
// known becomes text, with one warning on the console: a formula never breaks a page.

import { CHARACTERS, LARGE_OPERATORS, OPERATORS, SPACES, SYMBOLS } from "./typeset_symbols.js";

const FRACTIONS = { frac: null, dfrac: "display", tfrac: "text" };
const LENGTHS = { pt: 0.1, em: 1, ex: 0.4306 }; // a point is a tenth of an em at TeX's 10 pt
const warned = new Set();

export function parse(latex) {
  const reader = new Reader(latex);
  const items = [];
  while (!reader.atEnd()) {
    items.push(...reader.items());
    if (!reader.atEnd()) reader.skipStray();
  }
  return row(items);
}

function row(items) {
  return items.length === 1 ? items[0] : { type: "row", items };
}

function symbol([kind, text, font]) {
  return { type: "symbol", kind, text, font };
}

class Reader {
  #latex;
  #at = 0;

  constructor(latex) {
    this.#latex = latex;
  }

  atEnd() {
    this.#skipBlanks();
    return this.#at >= this.#latex.length;
  }

  /** A `}`, `&` or `\\` that belongs to nothing. */
  skipStray() {
    const stray = this.#latex[this.#at] === "\\" ? this.#command() : this.#latex[this.#at];
    warnOnce(`a stray ${stray}`);
    this.#at += stray.length;
  }

  /** Everything up to the end of the group, the cell, the fence or the environment we are in. */
  items() {
    const items = [];
    while (!this.#stopsHere()) items.push(this.#withScripts());
    return items;
  }

  #stopsHere() {
    if (this.atEnd()) return true;
    const character = this.#latex[this.#at];
    if (character === "}" || character === "&") return true;
    return character === "\\" && ["\\\\", "\\end", "\\right"].includes(this.#command());
  }

  /** The macro at this place with its backslash, without moving on: "\\frac", "\\,". */
  #command() {
    let end = this.#at + 1;
    while (/[A-Za-z]/.test(this.#latex[end] ?? "")) end++;
    return this.#latex.slice(this.#at, Math.max(end, this.#at + 2));
  }

  #skipBlanks() {
    while (this.#latex[this.#at] === " " || this.#latex[this.#at] === "\n") this.#at++;
  }

  /** One atom with what hangs on it: primes, superscript, subscript. */
  #withScripts() {
    const first = this.#latex[this.#at];
    const base = first === "^" || first === "_" || first === "'" ? null : this.#atom();
    let sub = null;
    const sup = [];
    for (;;) {
      this.#skipBlanks();
      const character = this.#latex[this.#at];
      if (character === "'") {
        this.#at++;
        sup.push(symbol(["ord", "′", "main"]));
      } else if (character === "^") {
        this.#at++;
        sup.push(this.#argument());
      } else if (character === "_") {
        this.#at++;
        sub = this.#argument();
      } else break;
    }
    if (sup.length === 0 && sub === null) return base;
    return { type: "scripts", base, sup: sup.length ? row(sup) : null, sub };
  }

  #atom() {
    const character = this.#latex[this.#at];
    if (character === "\\") return this.#macro();
    if (character === "{") return this.#argument();
    if (character >= "0" && character <= "9") return this.#number();
    this.#at++;
    if (character === "~") return { type: "space", width: SPACES[" "] };
    if (character in CHARACTERS) return symbol(CHARACTERS[character]);
    return symbol(["ord", character, /\p{L}/u.test(character) ? "math" : "main"]);
  }

  #number() {
    const [text] = /^\d+(\.\d+)?/.exec(this.#latex.slice(this.#at, this.#at + 40));
    this.#at += text.length;
    return { type: "number", text };
  }

  /** What a macro is applied to: a group, or the one thing that follows (of a number, its first digit). */
  #argument() {
    if (this.atEnd()) return row([]);
    const character = this.#latex[this.#at];
    if (character >= "0" && character <= "9") {
      this.#at++;
      return { type: "number", text: character };
    }
    if (character !== "{") return this.#stopsHere() ? row([]) : this.#atom();
    this.#at++;
    const items = this.items();
    while (!this.atEnd() && this.#latex[this.#at] !== "}") {
      this.skipStray();
      items.push(...this.items());
    }
    this.#at++;
    return { type: "row", items };
  }

  /** The characters of a group, as they stand. */
  #raw() {
    this.#skipBlanks();
    if (this.#latex[this.#at] !== "{") return "";
    let deep = 0;
    const start = this.#at + 1;
    do {
      if (this.#latex[this.#at] === "{") deep++;
      if (this.#latex[this.#at] === "}") deep--;
      this.#at++;
    } while (deep > 0 && this.#at < this.#latex.length);
    return this.#latex.slice(start, deep === 0 ? this.#at - 1 : this.#at);
  }

  #macro() {
    const name = this.#command().slice(1);
    this.#at += name.length + 1;
    if (Object.hasOwn(SYMBOLS, name)) return symbol(SYMBOLS[name]);
    if (Object.hasOwn(SPACES, name)) return { type: "space", width: SPACES[name] };
    if (Object.hasOwn(OPERATORS, name)) return { type: "operator", text: name, limits: OPERATORS[name] };
    if (Object.hasOwn(LARGE_OPERATORS, name)) {
      return { type: "large", text: LARGE_OPERATORS[name], limits: true };
    }
    if (Object.hasOwn(FRACTIONS, name)) {
      return { type: "fraction", style: FRACTIONS[name], above: this.#argument(), below: this.#argument() };
    }
    switch (name) {
      case "int": return { type: "large", text: "∫", limits: false };
      case "operatorname": return { type: "operator", text: this.#raw(), limits: false };
      case "text": case "mathrm": return { type: "text", text: this.#raw(), bold: false };
      case "mathbf": return { type: "text", text: this.#raw(), bold: true };
      case "sqrt": return { type: "root", body: this.#argument() };
      case "boxed": return { type: "boxed", body: this.#argument() };
      case "hat": return { type: "hat", body: this.#argument() };
      case "cancel": return { type: "cancel", body: this.#argument() };
      case "underbrace": return { type: "brace", over: false, body: this.#argument() };
      case "overbrace": return { type: "brace", over: true, body: this.#argument() };
      case "textcolor": return { type: "tint", role: this.#raw(), body: this.#argument() };
      case "mark": return { type: "mark", key: this.#raw(), body: this.#argument() };
      case "left": return this.#fenced();
      case "begin": return this.#environment();
      default:
        warnOnce(`\\${name}`);
        return { type: "text", text: name, bold: false };
    }
  }

  #fenced() {
    const left = this.#fence();
    const body = row(this.items());
    const closes = !this.atEnd() && this.#command() === "\\right";
    if (closes) this.#at += "\\right".length;
    return { type: "fenced", left, right: closes ? this.#fence() : "", body };
  }

  /** The character after \left or \right; "." is a fence that is not drawn. */
  #fence() {
    this.#skipBlanks();
    if (this.#latex[this.#at] === "\\") {
      const name = this.#command().slice(1);
      this.#at += name.length + 1;
      return SYMBOLS[name]?.[1] ?? "";
    }
    const character = this.#latex[this.#at++] ?? "";
    return character === "." ? "" : character;
  }

  /** rows: an array of arrays of trees; gaps[i]: extra room below row i, in em. */
  #environment() {
    const name = this.#raw();
    const rows = [[]], gaps = [];
    for (;;) {
      rows.at(-1).push({ type: "row", items: this.items() });
      if (this.atEnd()) break;
      if (this.#latex[this.#at] === "&") {
        this.#at++;
      } else if (this.#command() === "\\\\") {
        this.#at += 2;
        gaps.push(this.#length());
        rows.push([]);
      } else break;
    }
    if (!this.atEnd() && this.#command() === "\\end") {
      this.#at += "\\end".length;
      this.#raw();
    }
    const last = rows.at(-1);
    if (last.length === 1 && last[0].items.length === 0) rows.pop(); // \\ after the last row
    return { type: "table", name, rows, gaps };
  }

  /** The [3pt] that may follow a line break. */
  #length() {
    this.#skipBlanks();
    const found = /^\[(-?[\d.]+)(pt|em|ex)\]/.exec(this.#latex.slice(this.#at, this.#at + 20));
    if (!found) return 0;
    this.#at += found[0].length;
    return Number(found[1]) * LENGTHS[found[2]];
  }
}

export function warnOnce(what) {
  if (warned.has(what)) return;
  warned.add(what);
  console.warn(`typeset: cannot set ${what}`);
}
