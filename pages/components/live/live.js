// The live channel: while a hand moves something, the server is asked for the page's data of that moment, and every part
// of the page shows them at once. When the hand lets go Streamlit learns the final state, as it always did.
//
//   hold({key: value, …})   a hand has these entries of the state there now, on their way
//   letGo()                 it has let go; whoever held tells Streamlit
//   "backprop:ran", "backprop:rest"   events of the window: Streamlit has run; no hand is ahead of it any more
//   isAhead()               whether the screen shows another state than Streamlit knows
//   isOpen()                whether anybody would answer. If not, the page works through Streamlit alone
//   attach(component, show) a part of the page: Streamlit's data, and the channel's, reach it here
//   inSight(name, isIt)     a part is nearly in view, or no longer: of the others the server sends nothing meanwhile
//
// One question is on its way at a time, and the newest state is asked for next; over a slow line more are, as many as keep
// answers coming. What Streamlit sends meanwhile is of a state that the hand has left: it waits until Streamlit has come
// to what the screen shows, or to rest.
//
// The server's half, and the form of question and answer, is pages/live.py. As a component (shown last in every run):
//   data = {page, entries, values, address, since, changed}: what Streamlit's last run was of, entries as texts of the
//   address, values as the sliders have them

import { unpackAnswer } from "./answer.js";
import { GESTURE } from "./hand.js";
import { follow, watchSliders } from "./sliders.js";
import { element, keyAround } from "../shared/dom.js";
import { showAnew } from "../shared/in_its_place.js";

const PATIENCE = 3000; // ms for an answer; then the connection is given up
const RESULT = "result_line"; // the key of the part that is shown first
const REST = 150; // ms after the last run without a new one, where the channel had no answer
const LONG_REST = 1500; // the same where it had another one: over a slow line the run that agrees may be on its way
const APART = 40; // ms from one question to the next while another is on its way
const AGAIN = 2000; // ms before a lost connection is tried anew

const seen = new Set(); // the names of parts of the page that are nearly in view
export const sight = {}; // what else the server should know: {steps}, of a descent

export function inSight(name, isIt) {
  if (isIt) seen.add(name);
  else seen.delete(name);
}

// ---- The parts of the page ----------------------------------------------------------------------------

const parts = new Map(); // by key: {root, component, show, kept}
const cleanUps = new WeakMap(); // by root: what the part's module wants done at the end

/** Let `show`, a module's default export, show what Streamlit sends, at once or when the hand rests. */
export function attach(component, show) {
  const root = component.parentElement, key = keyAround(root);
  const part = { root, component, show, kept: false };
  parts.set(key, part);
  if (isAhead() && shown.has(key) && cleanUps.has(root)) part.kept = true;
  else place(part, component.data);
  return () => {
    if (parts.get(key) === part) parts.delete(key);
    cleanUps.get(root)?.();
    cleanUps.delete(root);
  };
}

/** `isLive`: the next will come in a moment, so nothing should glide. */
function place(part, data, isLive = false) {
  part.kept = false;
  part.root.querySelector(".wait")?.remove();
  showAnew(part.root, () => { cleanUps.set(part.root, part.show({ ...part.component, data, isLive })); });
}

/** What takes the server too long to follow a hand says so, and what it showed fades. */
function wait(root) {
  if (root.querySelector(".wait")) return;
  const faded = element("style", { textContent: ".wait ~ * { opacity: 0.35; }" });
  const words = element("p", { role: "status", textContent: "Let go to see." });
  root.prepend(element("div", { className: "wait" }, faded, words));
}

// ---- What is asked ------------------------------------------------------------------------------------

let settled = null; // what Streamlit's last run was of
let held = {}; // entries that the screen shows otherwise than Streamlit knows
let inHand = false;
let shown = new Set(); // keys of the parts that the channel has written since
let shownOf = null; // the address they are of
let gesture = null; // of the hand: the keys it holds, and the state it began with
let before = { keys: "", since: "", at: -Infinity }; // the gesture before, and when it ended

/** Whether the screen shows another state than Streamlit knows: a hand moves it, or has just let go. */
export function isAhead() {
  return Object.keys(held).length > 0;
}

export function hold(values) {
  if (!settled || Object.entries(values).every(([key, value]) => inHand && held[key] === value)) return;
  if (!inHand) gesture = { keys: named(values), since: present() };
  inHand = true;
  Object.assign(held, values);
  for (const [key, value] of Object.entries(values)) follow(key, value);
  document.documentElement.toggleAttribute("data-in-hand", true);
  ask();
}

export function letGo() {
  if (!inHand) return;
  before = { keys: gesture.keys, since: sinceWhen(), at: performance.now() };
  inHand = false;
  hasRun = false;
  settleSoon();
}

/** The keys of some entries, in one order. */
function named(values) {
  return Object.keys(values).sort().join();
}

/** What the screen says now, as the query of an address. */
function present() {
  const entries = { ...settled.entries };
  for (const [key, value] of Object.entries(held)) entries[key] = String(value);
  return new URLSearchParams(entries).toString();
}

function question() {
  const since = sinceWhen();
  const told = new URLSearchParams({ ...(since === null ? {} : { since }), parts: [...seen].join("~"), ...sight });
  return `${settled.page}?${present()}#${told}`;
}

/** The state whose change the result line tells: where this gesture began, or the one before if this goes on with it. */
function sinceWhen() {
  if (!Object.keys(held).some(key => key in settled.values)) return settled.since; // it does not move the loss
  const goesOn = gesture.keys === before.keys && performance.now() - before.at < GESTURE;
  return goesOn ? before.since : gesture.since;
}

// ---- The connection -----------------------------------------------------------------------------------

let socket = null;
let onTheWay = []; // when each question was asked that is not answered yet
let travel = 0; // ms that a question and its answer are under way, without the server's own work
let waiting = {}; // data by key, until the result line was painted
let frame = 0;
let isLate = false; // the state has changed since
let givenUpAt = -Infinity;

export function isOpen() {
  return socket?.readyState === WebSocket.OPEN;
}

function connect() {
  if (socket || performance.now() - givenUpAt < AGAIN) return;
  try {
    const address = new URL("../../../live/channel", import.meta.url);
    address.protocol = address.protocol.replace("http", "ws");
    socket = new WebSocket(address);
  } catch {
    return; // refused by the page's own rules: the page works without
  }
  socket.binaryType = "arraybuffer";
  socket.onopen = () => { if (inHand) ask(); };
  socket.onmessage = ({ data }) => receive(data);
  socket.onclose = giveUp;
}

function giveUp() {
  if (!socket) return;
  socket.onclose = socket.onmessage = null;
  socket.close();
  socket = null;
  onTheWay = [];
  givenUpAt = performance.now();
}

function ask() {
  connect();
  const now = performance.now();
  if (now - onTheWay[0] > PATIENCE) giveUp();
  isLate = !hasRoom(now);
  if (isLate || !isOpen()) return;
  onTheWay.push(now);
  socket.send(question());
}

/** Whether one more question may go: none is on its way, or so few that the line would stand idle. */
function hasRoom(now) {
  if (!onTheWay.length) return true;
  const pause = now - onTheWay.at(-1);
  if (onTheWay.length >= travel / APART) return false;
  if (pause < APART) setTimeout(() => { if (isLate) ask(); }, APART - pause);
  return pause >= APART;
}

function receive(message) {
  const page = settled?.page;
  const { of, shows, more, took = 0, refused } = unpackAnswer(message);
  if (!more) travel = performance.now() - onTheWay.shift() - took;
  isRefused = Boolean(refused);
  if (!refused && of.split("?")[0] === page && isAhead()) {
    if (!more) shownOf = of;
    const { [RESULT]: line, ...others } = shows;
    if (line) show({ [RESULT]: line });
    waiting = { ...waiting, ...others };
    frame ||= requestAnimationFrame(() => setTimeout(showOthers)); // after the result line was painted
  }
  if (more) return;
  if (isLate) ask();
  else if (!inHand) settleSoon();
}

function showOthers() {
  const others = waiting;
  [waiting, frame] = [{}, 0];
  if (isAhead()) show(others);
}

function show(shows) {
  for (const [key, data] of Object.entries(shows)) {
    shown.add(key);
    if (!parts.has(key)) continue;
    if (data === undefined) wait(parts.get(key).root);
    else place(parts.get(key), data, true);
  }
}

// ---- Streamlit comes to the same state ----------------------------------------------------------------

const app = () => document.querySelector("[data-testid=stApp]");
let timer = 0;
let hasRun = false; // Streamlit has run since the hand let go
let isRefused = false; // the channel had no answer to what was asked last
let watched = null; // the sidebar whose sliders are watched

export default function live({ data }) {
  if (!isAhead() && settled?.address !== data.address) {
    before = { keys: data.changed, since: data.since, at: performance.now() };
  }
  settled = data;
  window.dispatchEvent(new Event("backprop:ran"));
  watch();
  connect();
  if (inHand) return;
  hasRun = true;
  settleSoon();
}

/** If Streamlit does not come to what is shown, it is at rest somewhere else: then that is what counts. */
function settleSoon() {
  clearTimeout(timer);
  if (!isAhead() || inHand) return;
  if (!onTheWay.length && shownOf === settled?.address) return void rest();
  const isStill = hasRun && app()?.dataset.testScriptState === "notRunning";
  if (isStill) timer = setTimeout(() => { if (!inHand) rest(); }, isRefused ? REST : LONG_REST);
}

/** What Streamlit says is shown again. */
function rest() {
  clearTimeout(timer);
  const written = shown;
  isRefused = false;
  waiting = {};
  held = {};
  shown = new Set();
  shownOf = null;
  document.documentElement.toggleAttribute("data-in-hand", false);
  window.dispatchEvent(new Event("backprop:rest"));
  // Streamlit sends no data that are as they were before: the channel may have shown others since.
  for (const [key, part] of parts) if (part.kept || written.has(key)) place(part, part.component.data);
}

// ---- The sliders of the sidebar -----------------------------------------------------------------------

/** They cannot be asked to tell of a hand, but they can be watched. */
function watch() {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  if (!sidebar || watched === sidebar) return;
  watched = sidebar;
  watchSliders(sidebar, { awake: connect, isOpen, hold, letGo });
  new MutationObserver(settleSoon).observe(app(), { attributeFilter: ["data-test-script-state"] });
}
