// Going from view to view without loading the page anew. The rules are the server's: what a query means is
// read from the page it answers with, which is the one that is seen without scripts.
const PATIENCE = 180; // milliseconds after a key

export function visits(root, { onData, onMarks }) {
  const form = () => document.getElementById("graph-form");
  let drawn = "";
  let latest = 0;
  let waiting = 0;

  const asked = () => {
    const fields = [...new FormData(form())].filter(([, value]) => value !== "");
    return new URLSearchParams(fields);
  };

  // A view that was overtaken by a later one is not drawn.
  async function draw(number, sought) {
    const { source, version } = root.dataset;
    const fresh = drawn !== `${source} ${version}`;
    const data = fresh ? await fetch(source).then((answer) => (answer.ok ? answer.json() : null)) : null;
    if (number !== latest || (fresh && !data)) return;
    if (fresh) onData(data);
    drawn = `${source} ${version}`;
    onMarks(JSON.parse(document.getElementById("graph-marks").textContent), { sought, fresh });
    root.removeAttribute("aria-busy");
  }

  async function visit(query, { push = true, typed = false, sought = false } = {}) {
    const number = ++latest;
    root.setAttribute("aria-busy", "true");
    const answer = await fetch(`${location.pathname}?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (number !== latest) return;
    if (!answer?.ok) return location.assign(`${location.pathname}?${query}`);
    take(new DOMParser().parseFromString(await answer.text(), "text/html"), typed);
    if (push !== null) history[push ? "pushState" : "replaceState"]({}, "", location.pathname + root.dataset.query);
    await draw(number, sought);
  }

  function take(page, typed) {
    dispatchEvent(new CustomEvent("page-came", { detail: page }));
    const new_ = page.getElementById("graph");
    Object.assign(root.dataset, { query: new_.dataset.query, source: new_.dataset.source, version: new_.dataset.version });
    for (const part of document.querySelectorAll("[data-live]")) {
      if (typed && part.matches("form")) continue;
      part.replaceWith(document.adoptNode(page.getElementById(part.id)));
    }
    for (const one of form().querySelectorAll("[data-count]")) {
      one.textContent = page.querySelector(`[data-count="${one.dataset.count}"]`)?.textContent ?? one.textContent;
    }
    for (const name of ["node", "focus", "way"]) hold(name, new URLSearchParams(root.dataset.query).get(name));
    dispatchEvent(new Event("graph-visited"));
    window.typeset?.([document.getElementById("graph-list"), document.getElementById("graph-told")]);
  }

  // What the form carries along without a field that one sees.
  function hold(name, value) {
    let field = form().querySelector(`input[type=hidden][name=${name}]`);
    if (!value) return field?.remove();
    field ??= form().appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }

  function go(changes) {
    const query = new URLSearchParams(root.dataset.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    return visit(query);
  }

  // Something was done from this page: parts of it are new, and so may be what there is to draw.
  addEventListener("deed-done", () => {
    dispatchEvent(new Event("graph-visited"));
    draw(++latest, false);
  });
  addEventListener("popstate", () => visit(new URLSearchParams(location.search), { push: null }));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.go");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    visit(new URLSearchParams(new URL(link.href).search));
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    visit(asked(), { typed: true, sought: true });
  });
  document.addEventListener("input", (event) => {
    if (event.target.form !== form()) return;
    clearTimeout(waiting);
    const search = event.target.type === "search";
    const passing = search || event.target.name === "at";
    waiting = setTimeout(() => visit(asked(), { push: !passing, typed: true, sought: true }), search ? PATIENCE : 0);
  });

  return { go, visit, asked, first: () => draw(latest, true) };
}
