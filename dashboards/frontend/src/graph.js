// The interactive dependency graph: pan, zoom, search, filter; a click opens the node's page.
import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";
import { layers } from "./layers.js";

cytoscape.use(dagre);

const DAGRE_MANAGES = 320;
const LAYOUT = { name: "dagre", ranker: "network-simplex", animate: false, fit: false };
const DOWN = { ...LAYOUT, rankDir: "TB", nodeSep: 20, rankSep: 58 };
const ACROSS = { ...LAYOUT, rankDir: "LR", nodeSep: 16, rankSep: 70 };
const READABLE = 0.4; // the smallest scale to open at

const root = document.getElementById("graph");
if (root) start(root);

async function start(root) {
  const answer = await fetch(root.dataset.source, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const data = await answer.json();
  document.documentElement.classList.add("has-graph");
  document.getElementById("graph-tools").hidden = false;
  const cy = draw(root, data);
  const repaint = () => cy.style(style(data.legend));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  wireNodes(cy);
  wireTools(cy, root);
  root.dataset.ready = "yes";
  root.chart = cy;
}

function draw(root, data) {
  const elements = [
    ...data.nodes.map((node) => ({ data: { ...node, text: caption(node) }, classes: node.ready ? "ready" : "" })),
    ...data.edges.map((edge) => ({ data: edge, classes: edgeClasses(edge) })),
  ];
  const cy = cytoscape({
    container: root,
    elements,
    style: style(data.legend),
    layout: { name: "preset" },
    minZoom: 0.05,
    maxZoom: 3,
  });
  arrange(cy, cy.elements().not(".implied"));
  opening(cy);
  return cy;
}

// Downwards, as a proof is read; across where that lets one see more of it at once.
function arrange(cy, drawn) {
  if (cy.nodes().length > DAGRE_MANAGES) {
    const positions = layers(cy.nodes().toArray(), drawn.edges().toArray());
    cy.layout({ name: "preset", positions, fit: false }).run();
    return;
  }
  const scale = (layout) => {
    drawn.layout(layout).run();
    const box = drawn.boundingBox();
    return Math.min(cy.width() / box.w, cy.height() / box.h);
  };
  const down = scale(DOWN);
  if (down < 0.9 && scale(ACROSS) < down * 1.15) drawn.layout(DOWN).run();
}

const edgeClasses = (edge) => `${edge.parts.includes("statement") ? "statement" : "proof"}${edge.implied ? " implied" : ""}`;

// A graph too big for the screen opens at a size that can be read, at its top.
function opening(cy) {
  cy.fit(undefined, 24);
  if (cy.zoom() > 1.1) cy.zoom(1.1);
  if (cy.zoom() < READABLE) {
    const scale = 0.62;
    const first = cy.nodes().min((node) => node.position("x") + node.position("y")).ele.position();
    cy.zoom(scale);
    cy.pan({ x: cy.width() / 4 - first.x * scale, y: cy.height() / 4 - first.y * scale });
  } else cy.center();
}

function caption(node) {
  const title = node.title || node.id;
  return `${node.icon} ${node.short}\n${title.length > 26 ? `${title.slice(0, 25)}…` : title}`;
}

function style(legend) {
  const css = getComputedStyle(document.documentElement);
  const value = (name) => css.getPropertyValue(name).trim();
  const kinds = legend.map((entry) => ({
    selector: `node[status = "${entry.key}"]`,
    style: {
      ...outline(entry.shape),
      "background-color": value(`--${entry.key}-fill`),
      "border-color": value(`--${entry.key}-line`),
      "border-style": entry.border,
      color: value(`--${entry.key}-ink`),
    },
  }));
  return [
    {
      selector: "node",
      style: {
        label: "data(text)", "text-wrap": "wrap", "text-valign": "center", "text-halign": "center",
        "font-family": value("--sans"), "font-size": 11, "line-height": 1.25, "text-max-width": 180,
        width: (node) => 38 + 6.1 * Math.max(...node.data("text").split("\n").map((line) => line.length)),
        height: 42, "border-width": 1.5, "background-opacity": 1,
      },
    },
    ...kinds,
    { selector: "node.ready", style: { "outline-width": 3, "outline-offset": 3, "outline-color": value("--ready"), "outline-opacity": 1 } },
    {
      selector: "edge",
      style: {
        width: 1.2, "curve-style": "bezier", "line-color": value("--edge"), "target-arrow-color": value("--edge"),
        "target-arrow-shape": "triangle", "arrow-scale": 0.8,
      },
    },
    { selector: "edge.proof", style: { "line-style": "dashed", "line-dash-pattern": [5, 4] } },
    { selector: ".faded, .dimmed", style: { opacity: 0.14 } },
    { selector: "edge.lit", style: { "line-color": value("--accent"), "target-arrow-color": value("--accent"), width: 2 } },
    { selector: "node.found", style: { "border-width": 4, "border-color": value("--accent") } },
    { selector: "edge.implied", style: { display: "none" } },
    { selector: "edge.implied.shown", style: { display: "element", opacity: 0.55 } },
    { selector: ".out", style: { display: "none" } },
  ];
}

// The slanted shapes, drawn flatter than cytoscape's own so that two lines of words fit into them.
const POLYGONS = {
  hexagon: "-1 0 -0.86 -1 0.86 -1 1 0 0.86 1 -0.86 1",
  octagon: "-1 -0.4 -0.9 -1 0.9 -1 1 -0.4 1 0.4 0.9 1 -0.9 1 -1 0.4",
  rhomboid: "-0.8 -1 1 -1 0.8 1 -1 1",
};
const outline = (shape) => (POLYGONS[shape] ? { shape: "polygon", "shape-polygon-points": POLYGONS[shape] } : { shape });

function wireNodes(cy) {
  cy.on("tap", "node", (event) => {
    const { originalEvent } = event;
    const url = event.target.data("url");
    if (originalEvent?.metaKey || originalEvent?.ctrlKey) window.open(url, "_blank", "noopener");
    else location.assign(url);
  });
  cy.on("mouseover", "node", (event) => {
    cy.container().style.cursor = "pointer";
    const near = event.target.union(event.target.predecessors()).union(event.target.outgoers());
    cy.elements().not(near).addClass("dimmed");
    near.edges().addClass("lit");
    say(event.target.data());
  });
  cy.on("mouseout", "node", () => {
    cy.container().style.cursor = "";
    cy.elements().removeClass("dimmed lit");
    say(null);
  });
}

function say(node) {
  const card = document.getElementById("graph-card");
  card.hidden = !node;
  if (node) card.textContent = `${node.caption} — ${node.word}${node.ready ? ", ready to take" : ""}`;
}

function wireTools(cy, root) {
  const search = document.getElementById("graph-search");
  const chapter = document.getElementById("graph-chapter");
  const boxes = [...document.querySelectorAll("[data-status]")];
  const sieve = () => {
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.status));
    cy.batch(() => cy.nodes().forEach((node) => {
      const fits = shown.has(node.data("status")) && (!chapter.value || node.data("chapter") === chapter.value);
      node.toggleClass("out", !fits);
    }));
    find();
  };
  const find = () => {
    const wanted = search.value.trim().toLowerCase();
    cy.elements().removeClass("found faded");
    if (!wanted) return cy.nodes(":visible");
    const hits = cy.nodes(":visible").filter((node) => haystack(node).includes(wanted));
    cy.elements().not(hits).addClass("faded");
    hits.addClass("found");
    return hits;
  };
  boxes.forEach((box) => box.addEventListener("change", sieve));
  chapter.addEventListener("change", () => { sieve(); cy.fit(cy.nodes(":visible"), 40); });
  search.addEventListener("input", () => {
    const hits = find();
    if (search.value.trim() && hits.length) cy.animate({ fit: { eles: hits, padding: 90 } }, { duration: 160 });
  });
  search.addEventListener("keydown", (event) => {
    const hits = find();
    if (event.key === "Enter" && search.value.trim() && hits.length === 1) location.assign(hits[0].data("url"));
  });
  const all = document.getElementById("graph-all");
  all.closest("label").hidden = cy.edges(".implied").empty();
  all.addEventListener("change", () => cy.edges(".implied").toggleClass("shown", all.checked));
  search.form.addEventListener("submit", (event) => event.preventDefault());
  const zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  document.getElementById("graph-in").addEventListener("click", () => zoom(1.3));
  document.getElementById("graph-out").addEventListener("click", () => zoom(1 / 1.3));
  document.getElementById("graph-fit").addEventListener("click", () => cy.fit(cy.nodes(":visible"), 24));
  document.getElementById("graph-wide").addEventListener("click", () => root.closest(".graph-frame").requestFullscreen?.());
}

const haystack = (node) => ["id", "caption", "lean"].map((key) => node.data(key)).join(" ").toLowerCase();
