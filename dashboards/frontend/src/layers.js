// A layout for graphs that are too big for dagre: nodes in layers by longest path, each layer put in order by
// where its neighbours are. Takes time proportional to the edges.
const SWEEPS = 6;
const GAP = 22;
const ROW = 110;
const WIDEST = 24; // a layer with more nodes than this is broken into rows

export function layers(nodes, edges) {
  const above = neighbours(edges, "target", "source");
  const below = neighbours(edges, "source", "target");
  const rows = split(levels(nodes, above, below));
  const place = new Map();
  rows.forEach((row) => row.forEach((node, at) => place.set(node.id(), at / row.length)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const near = sweep % 2 ? below : above;
    for (const row of rows) {
      const pull = new Map(row.map((node) => [node.id(), mean(near.get(node.id()), place) ?? place.get(node.id())]));
      row.sort((one, other) => pull.get(one.id()) - pull.get(other.id()));
      row.forEach((node, at) => place.set(node.id(), at / row.length));
    }
  }
  return positions(rows);
}

function neighbours(edges, from, to) {
  const out = new Map();
  for (const edge of edges) {
    const key = edge.data(from);
    if (!out.has(key)) out.set(key, []);
    out.get(key).push(edge.data(to));
  }
  return out;
}

// Kahn's order, so that a cycle ends the walk instead of repeating it; what is on one, or after one, comes first.
function levels(nodes, above, below) {
  const level = new Map();
  const waits = new Map(nodes.map((node) => [node.id(), above.get(node.id())?.length ?? 0]));
  const free = nodes.filter((node) => waits.get(node.id()) === 0).map((node) => node.id());
  free.forEach((id) => level.set(id, 0));
  while (free.length) {
    const id = free.shift();
    for (const next of below.get(id) ?? []) {
      level.set(next, Math.max(level.get(next) ?? 0, level.get(id) + 1));
      waits.set(next, waits.get(next) - 1);
      if (waits.get(next) === 0) free.push(next);
    }
  }
  const rows = [];
  for (const node of nodes) (rows[level.get(node.id()) ?? 0] ??= []).push(node);
  return rows.filter(Boolean);
}

const split = (rows) => rows.flatMap((row) => {
  const parts = Math.ceil(row.length / WIDEST);
  return Array.from({ length: parts }, (_, part) => row.filter((_node, at) => at % parts === part));
});

function mean(ids, place) {
  const known = (ids ?? []).filter((id) => place.has(id));
  return known.length ? known.reduce((sum, id) => sum + place.get(id), 0) / known.length : null;
}

function positions(rows) {
  const out = {};
  rows.forEach((row, level) => {
    const width = row.reduce((sum, node) => sum + node.width() + GAP, 0);
    let x = -width / 2;
    for (const node of row) {
      out[node.id()] = { x: x + node.width() / 2, y: level * ROW };
      x += node.width() + GAP;
    }
  });
  return out;
}
