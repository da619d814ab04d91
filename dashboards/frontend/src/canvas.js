// Draws the graph on a canvas: only what is in sight, and only as much of it as can be read at its scale.
import { boxOf, chapters, meets } from "./chapters.js";

const WORDS = 0.62; // from this scale on nodes have both lines, below it a number alone, but large
const ARROWS = 0.3;
// So many in sight are drawn plainly while they move: edges without curves, nodes without words.
const MANY_EDGES = 1500;
const MANY_NODES = 250;

export function painter(canvas, graph) {
  const pen = canvas.getContext("2d");
  let colours = null;
  let asked = 0;
  let moving = false;

  function soon(inMotion = false) {
    moving = inMotion === true;
    asked ||= requestAnimationFrame(() => { asked = 0; draw(); });
  }

  function recolour() {
    colours = null;
    soon();
  }

  // Paper is white, and has no next frame.
  function print() {
    colours = null;
    const scale = devicePixelRatio || 1;
    draw([canvas.width / scale, canvas.height / scale]);
  }

  function draw([width, height] = fitted(canvas)) {
    if (!graph.nodes.length || !graph.camera) return;
    colours ??= palette(graph.legend);
    const { k, x, y } = graph.camera;
    const scale = devicePixelRatio || 1;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(scale * k, 0, 0, scale * k, scale * x, scale * y);
    const sight = [-x / k, -y / k, (width - x) / k, (height - y) / k];
    const scene = { pen, graph, colours, k, sight, moving };
    if (graph.isClustered(k)) return chapters(scene);
    frames(scene);
    edges(scene);
    nodes(scene);
  }

  return { soon, recolour, print };
}

function fitted(canvas) {
  const [width, height, scale] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1];
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  return [width, height];
}

function palette(legend) {
  const css = getComputedStyle(document.documentElement);
  const value = (name) => css.getPropertyValue(name).trim();
  const looks = legend.map(({ key }) => Object.fromEntries(["fill", "line", "ink", "mark"].map((part) => [part, value(`--${key}-${part}`)])));
  const names = ["edge", "accent", "ready", "ink", "soft", "hair", "paper", "raised", "sans", "serif"];
  const nothing = { fill: value("--paper"), line: value("--hair"), ink: value("--soft"), mark: value("--hair") };
  return { looks, nothing, ...Object.fromEntries(names.map((name) => [name, value(`--${name}`)])) };
}

function frames({ pen, graph, colours, k, sight }) {
  for (const { box, title, verified, total } of graph.groups) {
    if (!meets(boxOf(box), sight)) continue;
    pen.fillStyle = colours.paper;
    pen.strokeStyle = colours.hair;
    pen.lineWidth = 1.5 / k;
    pen.beginPath();
    pen.roundRect(...box, 12);
    pen.fill();
    pen.stroke();
    pen.fillStyle = colours.ink;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.font = `600 ${Math.min(22, 13 / k + 9)}px ${colours.serif}`;
    // The title stays in sight while any of its frame is.
    pen.fillText(`${title} · ${verified}/${total}`, Math.min(Math.max(box[0] + 24, sight[0] + 12 / k), box[0] + box[2] - 60), box[1] + 28, box[2] - 40);
  }
}

function edges(scene) {
  const { pen, graph, colours, k, sight, moving } = scene;
  const { hidden, steps } = graph.marks;
  const seen = graph.edges.filter((edge) => meets(edge.box, sight) && (!graph.groups.length || near(graph, edge, sight)));
  const plain = moving && seen.length > MANY_EDGES;
  const chosen = new Set([graph.hovered, graph.cursor, graph.marks.node].filter((at) => at >= 0));
  const kinds = { faint: [], usual: [], lit: [], critical: [] };
  for (const edge of seen) {
    if (steps.has(`${edge.used} ${edge.user}`)) kinds.critical.push(edge);
    else if (chosen.has(edge.used) || chosen.has(edge.user)) kinds.lit.push(edge);
    else if (hidden.has(edge.used) || hidden.has(edge.user) || far(graph, edge)) kinds.faint.push(edge);
    else kinds.usual.push(edge);
  }
  // What only a proof uses is dashed, whatever else is said of it.
  const stroke = (list, colour, width, alpha = 1) => {
    const look = { colour, width, alpha, arrows: k >= ARROWS, plain };
    lines(pen, list.filter((edge) => plain || !edge.dashed), { ...look, dash: [] });
    lines(pen, list.filter((edge) => !plain && edge.dashed), { ...look, dash: [5, 4] });
  };
  stroke(kinds.faint, colours.edge, 1, plain ? 0 : 0.28);
  stroke(kinds.usual, colours.edge, 1.3);
  stroke(kinds.lit, colours.accent, 2);
  stroke(kinds.critical, colours.ready, 3.5);
}

const far = (graph, edge) => graph.nodes[edge.used].group !== graph.nodes[edge.user].group;

const near = (graph, edge, sight) => [edge.used, edge.user].some((at) => {
  const { x, y } = graph.nodes[at];
  return x >= sight[0] && x <= sight[2] && y >= sight[1] && y <= sight[3];
});

function lines(pen, list, { colour, width, alpha, dash, arrows, plain }) {
  if (!list.length || !alpha) return;
  Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: width, globalAlpha: alpha });
  pen.setLineDash(dash);
  pen.beginPath();
  for (const { points } of list) {
    pen.moveTo(points[0], points[1]);
    for (let at = 2; at < points.length; at += 2) {
      const [a, b, c, d] = points.slice(at - 2, at + 2);
      if (plain) pen.lineTo(c, d);
      else pen.bezierCurveTo(a, (b + d) / 2, c, (b + d) / 2, c, d);
    }
  }
  pen.stroke();
  pen.setLineDash([]);
  if (arrows) heads(pen, list);
  pen.globalAlpha = 1;
}

function heads(pen, list) {
  pen.beginPath();
  for (const { points, side } of list) {
    const [x, y, back] = [points.at(-2), points.at(-1), Math.sign(side) * 8];
    pen.moveTo(x, y);
    pen.lineTo(x - 4, y - back);
    pen.lineTo(x + 4, y - back);
    pen.closePath();
  }
  pen.fill();
}

function nodes(scene) {
  const { pen, graph, colours, sight } = scene;
  const { hidden } = graph.marks;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const seen = [...graph.nodes.keys()].filter((at) => {
    const { x, y, width } = graph.nodes[at];
    const [wide, high] = [width / 2 + 8, graph.half + 8];
    return meets([x - wide, y - high, x + wide, y + high], sight);
  });
  const plain = scene.moving && seen.length > MANY_NODES;
  for (const at of seen) {
    pen.globalAlpha = hidden.has(at) ? 0.18 : 1;
    one(scene, graph.nodes[at], at, plain);
  }
  pen.globalAlpha = 1;
  pen.fillStyle = colours.ink;
}

function one({ pen, graph, colours, k }, node, at, plain) {
  const { marks, half } = graph;
  const kind = graph.legend[marks.status[at]];
  const look = colours.looks[marks.status[at]] ?? colours.nothing;
  const ring = (margin, colour, width) => { outline(pen, graph, node, null, margin); Object.assign(pen, { strokeStyle: colour, lineWidth: width }); pen.stroke(); };
  pen.fillStyle = look.fill;
  pen.strokeStyle = look.line;
  pen.lineWidth = 1.5;
  outline(pen, graph, node, kind?.corners, 0);
  pen.fill();
  pen.setLineDash(kind && kind.border !== "dashed" ? [] : [4, 3]);
  pen.stroke();
  pen.setLineDash([]);
  if (kind?.border === "double") { outline(pen, graph, node, kind.corners, -3.5); pen.stroke(); }
  if (marks.ready.has(at)) ring(5, colours.ready, 2.5);
  if (marks.freed.has(at)) ring(9, colours.accent, 2);
  if (at === marks.node || at === graph.cursor || at === graph.hovered) ring(at === marks.node ? 6 : 4, colours.accent, at === marks.node ? 4 : 2.5);
  if (plain) return;
  pen.fillStyle = look.ink;
  if (k >= WORDS) {
    pen.font = `11.5px ${colours.sans}`;
    named(pen, kind, look, node, node.y - 7.5, 12);
    pen.font = `11px ${colours.sans}`;
    pen.fillText(node.second, node.x, node.y + 8.5, node.width - 10);
  } else if (half * k > 4) {
    pen.font = `500 22px ${colours.sans}`;
    named(pen, kind, look, node, node.y + 1, 20);
  }
}

// The first line of a node, with the icon of its status before it; both together stand in the middle.
function named(pen, kind, look, node, y, side) {
  const room = node.width - 10 - (kind ? side + 3 : 0);
  const wide = Math.min(pen.measureText(node.first).width, room);
  if (kind) icon(pen, kind, look, node.x - (wide + side + 3) / 2, y - side / 2 - 0.5, side);
  pen.fillText(node.first, node.x + (kind ? (side + 3) / 2 : 0), y, room);
}

const strokes = new WeakMap(); // of a kind, as the canvas reads them

function icon(pen, kind, look, x, y, side) {
  if (!strokes.has(kind)) strokes.set(kind, kind.icon.map(([made, path]) => [made, new Path2D(path)]));
  pen.save();
  pen.translate(x, y);
  pen.scale(side / 16, side / 16);
  pen.lineCap = pen.lineJoin = "round";
  pen.lineWidth = 1.65;
  for (const [made, path] of strokes.get(kind)) {
    pen.fillStyle = look.ink;
    pen.strokeStyle = made === "cut" ? look.fill : look.ink;
    pen.setLineDash(made === "dots" ? [2.6, 2.27] : []);
    if (made === "fill") pen.fill(path);
    else pen.stroke(path);
  }
  pen.restore();
}

// Corners are (side, level, slant) in a box, the slant in heights; none means round corners.
function outline(pen, graph, node, corners, margin) {
  const [wide, high] = [node.width / 2 + margin, graph.half + margin];
  pen.beginPath();
  if (!corners?.length) return pen.roundRect(node.x - wide, node.y - high, 2 * wide, 2 * high, graph.radius + Math.max(margin, 0));
  corners.forEach(([side, level, slant], at) => {
    const point = [node.x + side * (wide - slant * 2 * high), node.y + level * high];
    if (at) pen.lineTo(...point);
    else pen.moveTo(...point);
  });
  return pen.closePath();
}
