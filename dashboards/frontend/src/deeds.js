// What a form does is done at once: it is sent as it is, and of the page that comes back, the one that is seen
// without scripts, the parts take their places that are marked `data-live` and are other than they were.
import { worded } from "./texts.js";

const forms = "[data-live] form[method=post], #said form[method=post]";
const fields = "input:not([type=hidden]), select, textarea";
let served = remember();

if (served.size) {
  document.documentElement.classList.add("at-once");
  document.addEventListener("submit", begin);
  addEventListener("page-came", ({ detail }) => { served = remember(detail); });
}

function begin(event) {
  const form = event.target;
  if (!form.matches(forms)) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  send(form, event.submitter);
}

async function send(form, button) {
  const deed = named(form, button);
  form.dataset.busy = "yes";
  button?.setAttribute("aria-disabled", "true");
  blame(form, "");
  const outcome = await asked(new URL(deed.action, location.href), new URLSearchParams(new FormData(form, button)));
  delete form.dataset.busy;
  button?.removeAttribute("aria-disabled");
  if (outcome.error) return blame(form, outcome.error, outcome.link);
  take(outcome.page, deed);
}

// Where no answer comes, nobody knows what became of it, so that is what is said.
async function asked(address, body) {
  if (!navigator.onLine) return { error: worded("You are offline, so nothing was sent. Try again when you are back.") };
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
  const text = await answer?.text().catch(() => null);
  if (!text) return { error: worded("The server did not answer. Load the page again to see whether it was done.") };
  const page = new DOMParser().parseFromString(text, "text/html");
  const elsewhere = answer.redirected && new URL(answer.url).pathname !== location.pathname;
  if (answer.ok && !elsewhere) return { page };
  const words = page.querySelector(elsewhere ? "#said .flash p" : "main > p")?.textContent.trim();
  return { error: words || worded("That did not work."), link: elsewhere ? answer.url : "" };
}

// The form and the button of a deed, to be found again in another copy of the page.
const named = (form, button) => ({
  action: button?.getAttribute("formaction") ?? form.getAttribute("action"),
  form: form.getAttribute("action"),
  id: form.id,
  word: button?.textContent ?? "",
  task: form.closest("[data-task]")?.dataset.task,
});

// A form is known by its id, or else by where it leads.
const is = (form, deed) => Boolean(deed) && (deed.id ? form.id === deed.id : form.getAttribute("action") === deed.form);

function take(page, deed) {
  const refusal = page.querySelector("#said .flash-refused p");
  const done = page.querySelector("#said .flash:not(.flash-refused)");
  const lost = document.activeElement?.closest("[data-live]");
  const changed = [...document.querySelectorAll("[data-live]")].filter((part) => renew(part, page, refusal ? null : deed));
  served = remember(page);
  document.getElementById("said").replaceChildren(...(done ? [document.adoptNode(done)] : []));
  const form = [...document.querySelectorAll(forms)].find((one) => is(one, deed));
  if (refusal && form) blame(form, refusal.textContent);
  else if (refusal) document.getElementById("said").replaceChildren(document.adoptNode(refusal.closest(".flash")));
  if (lost && !lost.isConnected || document.activeElement === document.body) focus(form, deed);
  window.typeset?.(changed.flatMap((part) => [...document.getElementById(part.id).querySelectorAll(".math")]));
  dispatchEvent(new Event("deed-done"));
}

// Puts the new copy of a part in its place, unless nothing in it is new. What was opened or written stays.
function renew(part, page, deed) {
  const fresh = page.getElementById(part.id);
  if (fresh && served.get(part.id) === plain(fresh)) return false;
  if (!fresh) { part.replaceChildren(); return false; }
  const copy = document.importNode(fresh, true);
  carry(part, copy, deed);
  part.replaceWith(copy);
  return true;
}

function carry(old, copy, deed) {
  const forms = (root) => [...root.querySelectorAll("form")];
  for (const form of forms(old)) {
    if (is(form, deed)) continue;
    const twin = forms(copy).find((one) => is(one, named(form)));
    for (const field of twin ? form.querySelectorAll(fields) : []) {
      const same = twin.elements[field.name];
      if (field.name && same && "value" in same && written(field)) same.value = field.value;
    }
  }
  const opened = (root) => [...root.querySelectorAll("details")];
  const key = (one) => `${one.closest("[data-task]")?.dataset.task} ${one.querySelector("summary")?.textContent}`;
  const open = new Set(opened(old).filter((one) => one.open && !forms(one).some((form) => is(form, deed))).map(key));
  for (const one of opened(copy)) if (open.has(key(one))) one.open = true;
}

const written = (field) => (field.options ? ![...field.options].some((one) => one.selected && one.defaultSelected) : field.value !== field.defaultValue);

// Back to the same button; where that is gone, to what can be done now about the same task; else to what is said.
function focus(form, { word, task, id }) {
  const buttons = [...(form?.querySelectorAll("button") ?? [])].filter((one) => id || one.textContent === word);
  const about = task && document.querySelector(`[data-task="${CSS.escape(task)}"] :is(button, summary)`);
  const seen = (one) => one?.checkVisibility?.() ?? Boolean(one);
  const said = document.getElementById("said");
  said.tabIndex = -1;
  [...buttons, about, said].find(seen).focus();
}

// What went wrong is said beside the button.
function blame(form, words, link = "") {
  form.parentElement.querySelector(":scope > .blame-of-form")?.remove();
  if (!words) return;
  const said = Object.assign(document.createElement("p"), { className: "blame-of-form", textContent: words });
  said.setAttribute("role", "alert");
  if (link) said.append(" ", Object.assign(document.createElement("a"), { href: link, textContent: worded("Go there") }));
  form.after(said);
}

function remember(page = document) {
  return new Map([...page.querySelectorAll("[data-live][id]")].map((part) => [part.id, plain(part)]));
}

// As the server wrote it, but for the token that is another each time.
function plain(part) {
  return part.outerHTML.replaceAll(/name="csrf_token" value="[^"]*"/g, "");
}
