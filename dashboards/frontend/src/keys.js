// The graph by keyboard: arrows go along its edges and rows, and what is reached is said aloud.
import { worded } from "./texts.js";

export function keys(root, graph, view, { choose, say, redraw }) {
  root.tabIndex = 0;
  root.setAttribute("role", "application");
  root.setAttribute("aria-label", worded("Dependency graph. Arrow keys go from node to node: up to what a node uses, down to what uses it. Enter chooses a node, and opens the chosen one; plus and minus zoom, 0 shows all, Escape lets go. The list below says the same."));
  const zooms = { "+": () => view.zoom(1.4), "=": () => view.zoom(1.4), "-": () => view.zoom(1 / 1.4), 0: () => view.fit() };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !graph.nodes.length) return;
    const next = going(graph, event);
    if (next >= 0) reach(next);
    else if (zooms[event.key]) zooms[event.key]();
    else if (event.key === "Enter" && graph.cursor >= 0) enter();
    else if (event.key === "Escape" && graph.marks.node >= 0) choose(-1);
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  });
  root.addEventListener("blur", () => { graph.cursor = graph.marks.node; say(graph, -1); redraw(); });

  function reach(at) {
    graph.cursor = at;
    view.reveal(at);
    say(graph, at);
    redraw();
  }

  function enter() {
    if (graph.cursor === graph.marks.node) location.assign(graph.nodes[graph.cursor].url);
    else choose(graph.cursor);
  }
}

function going(graph, { key }) {
  const here = graph.nodes[graph.cursor];
  if (key === "Home" || (key.startsWith("Arrow") && !here)) return 0;
  if (key === "End") return graph.nodes.length - 1;
  if (key === "ArrowUp") return nearest(graph, here.uses.map((at) => graph.edges[at].used), here);
  if (key === "ArrowDown") return nearest(graph, here.users.map((at) => graph.edges[at].user), here);
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  return side ? nearest(graph, beside(graph, here, side), here) : -1;
}

function beside(graph, here, side) {
  const places = [...graph.nodes.keys()];
  return places.filter((at) => graph.nodes[at].y === here.y && Math.sign(graph.nodes[at].x - here.x) === side);
}

function nearest(graph, places, here) {
  const far = (at) => Math.hypot(graph.nodes[at].x - here.x, graph.nodes[at].y - here.y);
  return places.reduce((best, at) => (best < 0 || far(at) < far(best) ? at : best), -1);
}
