// The list of checked commits as a slider through the project's history.
import { worded } from "./texts.js";

export function slider(pages) {
  const choice = document.querySelector("#graph-form select[name=at]");
  if (!choice) return;
  dress(choice, pages);
  addEventListener("graph-visited", () => {
    const fresh = document.querySelector("#graph-form select[name=at]");
    if (fresh && !fresh.dataset.dressed) dress(fresh, pages);
  });
}

// The options run from today back; the slider from the oldest to today.
function dress(choice) {
  choice.dataset.dressed = "yes";
  const last = choice.options.length - 1;
  const range = Object.assign(document.createElement("input"), { type: "range", min: 0, max: last, step: 1, value: last - choice.selectedIndex });
  const said = document.createElement("output");
  range.setAttribute("aria-label", worded("Go through the history of the project"));
  const say = () => {
    said.textContent = choice.selectedOptions[0].textContent;
    range.setAttribute("aria-valuetext", said.textContent);
  };
  range.addEventListener("input", (event) => {
    event.stopPropagation();
    choice.selectedIndex = last - Number(range.value);
    say();
    choice.dispatchEvent(new Event("input", { bubbles: true }));
  });
  choice.addEventListener("input", () => { range.value = last - choice.selectedIndex; say(); });
  say();
  choice.closest("p").append(range, said);
}
