// Sliders and numbers in step: when the page has come to rest, it says what its sliders say.
//
// A message of the browser names where all its sliders stand. One that was on its way while the server moved them
// (an undo, and at once a click elsewhere) names the old places, and the server takes them for the person's wish. So at
// rest the two are compared, and where they differ the server is told once more: what the person sees is what counts.
//
//   data = {key: value}: the values of the last run; trigger "differ" when the sliders stand elsewhere

import { isAhead } from "../live/live.js";
import { follow, onlyFollowed } from "../live/sliders.js";

const REST = 250; // ms after the last run without a new one
const CLOSE = 0.004; // a slider's label is rounded to four digits

let held = 0; // pointers on the page: a thumb in hand stands where no server knows yet
addEventListener("pointerdown", ({ isTrusted }) => { if (isTrusted) held += 1; }, { capture: true });
for (const event of ["pointerup", "pointercancel"]) {
  addEventListener(event, ({ isTrusted }) => { if (isTrusted) held = Math.max(0, held - 1); }, { capture: true });
}

const stands = key => {
  const thumb = document.querySelector(`.st-key-${key} input[type=range]`);
  return thumb ? Number(thumb.getAttribute("aria-valuetext") ?? thumb.value) : NaN;
};

const watches = new WeakMap(); // by the element Streamlit gives us: what to stop before the next data

export default function inStep({ data, parentElement, setTriggerValue }) {
  watches.get(parentElement)?.();
  const app = document.querySelector("[data-testid=stApp]");
  let timer = null;
  let told = "";
  const look = () => {
    let differing = Object.keys(data).filter(key => Math.abs(stands(key) - data[key]) > CLOSE);
    if (!differing.length) return;
    if (held || isAhead()) return void wait();
    for (const key of differing.filter(onlyFollowed)) follow(key, data[key]);
    differing = differing.filter(key => !onlyFollowed(key));
    if (!differing.length) return;
    const seen = differing.map(key => `${key} ${stands(key)}`).join();
    if (seen === told) return; // it was said, and changed nothing
    told = seen;
    setTriggerValue("differ", seen);
  };
  const wait = () => {
    clearTimeout(timer);
    if (app?.dataset.testScriptState === "notRunning") timer = setTimeout(look, REST);
  };
  const observer = new MutationObserver(wait);
  if (app) observer.observe(app, { attributeFilter: ["data-test-script-state"] });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  watches.set(parentElement, stop);
  wait();
  return stop;
}
