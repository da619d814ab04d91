// The interactive dependency graph: the server says what is drawn and where, this draws it and goes there.
import { camera } from "./camera.js";
import { painter } from "./canvas.js";
import { chart } from "./chart.js";
import { keys } from "./keys.js";
import { picture } from "./picture.js";
import { slider } from "./slider.js";
import { visits } from "./visits.js";

const root = document.getElementById("graph");
if (root) start(root);

async function start(root) {
  const canvas = document.createElement("canvas");
  root.append(canvas);
  document.documentElement.classList.add("has-graph");
  const graph = chart();
  const paint = painter(canvas, graph);
  const view = camera(canvas, graph, paint.soon);
  const pages = visits(root, { onData: (data) => graph.load(data), onMarks });
  const choose = (at) => pages.go({ node: at < 0 ? "" : graph.nodes[at].id });
  keys(root, graph, view, { choose, say, redraw: paint.soon });
  pointing(canvas, graph, view, { choose, redraw: paint.soon });
  buttons(root, view);
  picture(graph);
  slider(pages);
  spread();
  addEventListener("resize", paint.soon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint.recolour);
  matchMedia("print").addEventListener("change", paint.print);
  root.chart = { graph, view };
  await pages.first();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark("graph painted");
    root.dataset.ready = "yes";
  }));

  function onMarks(marks, { sought, fresh }) {
    graph.mark(marks);
    if (fresh) view.open();
    else if (sought) view.show(graph.sought());
    if (graph.marks.node >= 0) view.uncover(graph.marks.node, covered(root));
    paint.soon();
  }
}

// A touch of the graph chooses a node; a second one opens its page, as does a click with Ctrl in a new tab.
function pointing(canvas, graph, view, { choose, redraw }) {
  const at = (event) => graph.nodeAt(...view.world(event.offsetX, event.offsetY), view.scale());
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const found = at(event);
    if (found === graph.hovered) return;
    graph.hovered = found;
    canvas.style.cursor = found >= 0 ? "pointer" : "";
    say(graph, found);
    redraw();
  });
  canvas.addEventListener("pointerleave", () => { graph.hovered = -1; say(graph, -1); redraw(); });
  canvas.addEventListener("click", (event) => {
    const found = at(event);
    const group = found < 0 ? graph.groupAt(...view.world(event.offsetX, event.offsetY), view.scale()) : null;
    if (group) view.show(group.members, group.box);
    else if (found >= 0 && (event.ctrlKey || event.metaKey)) open(graph.nodes[found].url, "_blank", "noopener");
    else if (found >= 0 && found === graph.marks.node) location.assign(graph.nodes[found].url);
    else if (found >= 0 || graph.marks.node >= 0) choose(found);
  });
}

// Where there is room the filters are shown; where styles cannot do that, this does.
function spread() {
  const more = document.querySelector(".more-fields");
  if (matchMedia("(min-width: 621px)").matches) more.open = true;
}

// How much of the drawing the panel of a node lies over, at its right, in pixels.
function covered(root) {
  const panel = document.querySelector(".graph-panel");
  return panel && getComputedStyle(panel).position === "absolute" ? root.getBoundingClientRect().right - panel.getBoundingClientRect().left : 0;
}

function say(graph, at) {
  const card = document.getElementById("graph-card");
  card.hidden = at < 0;
  if (at >= 0) card.textContent = graph.describe(at);
}

function buttons(root, view) {
  const bar = root.parentElement.querySelector(".graph-buttons");
  bar.hidden = false;
  const wide = () => root.closest(".graph-stage").requestFullscreen?.();
  const deeds = { in: () => view.zoom(1.4), out: () => view.zoom(1 / 1.4), fit: () => view.fit(), wide };
  bar.addEventListener("click", (event) => deeds[event.target.closest("[data-zoom]")?.dataset.zoom]?.());
}
