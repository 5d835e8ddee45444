// A component that cannot show its data says so in its place, in a sentence; what it showed before is not true any more
// and is hidden until other data come. (That its module could not be loaded is said in pages/components/__init__.py.)

const SENTENCE = "This part of the page cannot show what the server sent. Reload the page to try again.";

/** Let a component show new data in its root, whatever became of the data before. */
export function showAnew(root, work) {
  root.querySelector(".trouble")?.remove();
  attempt(root, work);
}

/** Do what is left of it, later. */
export function attempt(root, work) {
  try {
    work();
  } catch (error) {
    console.error(error);
    if (!root.querySelector(".trouble")) root.prepend(apology());
  }
}

function apology() {
  const holder = document.createElement("div");
  holder.className = "trouble";
  const style = document.createElement("style");
  style.textContent = ".trouble ~ * { display: none !important; }";
  const words = document.createElement("p");
  words.setAttribute("role", "alert");
  words.textContent = SENTENCE;
  holder.append(style, words);
  return holder;
}
