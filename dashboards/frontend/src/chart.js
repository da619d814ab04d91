// The graph as the script knows it: what the server sent, by positions, and the questions asked of it.
import { worded } from "./texts.js";

export const CLUSTERED = 0.2; // below this scale chapters are drawn instead of their nodes

export function chart() {
  const self = { nodes: [], edges: [], groups: [], between: [], legend: [], hovered: -1, cursor: -1, load, mark };
  self.marks = { status: [], ready: new Set(), hidden: new Set(), path: [], steps: new Set(), node: -1, freed: new Set() };

  function load(data) {
    const half = data.height / 2;
    self.half = half;
    self.radius = data.radius;
    self.legend = data.legend;
    self.size = data.size;
    self.kinds = data.kinds;
    self.nodes = data.nodes.map(([id, first, second, x, y, width, page = id, title = second]) =>
      ({ id, first, second, title, url: data.pages + page, x, y, width, uses: [], users: [], group: -1 }));
    self.edges = data.edges.map((row, at) => edge(self.nodes, row, at, half));
    self.groups = data.groups;
    self.groups.forEach((group, at) => group.members.forEach((number) => { self.nodes[number].group = at; }));
    self.between = data.between;
    self.hovered = self.cursor = -1;
  }

  function mark(marks) {
    const steps = marks.path.slice(1).map((user, at) => `${marks.path[at]} ${user}`);
    self.marks = {
      ...marks, ready: new Set(marks.ready), hidden: new Set(marks.hidden), freed: new Set(marks.freed), steps: new Set(steps),
    };
    for (const group of self.groups) count(group, marks.status, self.legend);
    self.cursor = marks.node >= 0 ? marks.node : Math.min(self.cursor, self.nodes.length - 1);
  }

  self.isClustered = (scale) => self.groups.length > 0 && scale < CLUSTERED;

  self.nodeAt = (x, y, scale) => {
    if (self.isClustered(scale)) return -1;
    return self.nodes.findIndex((node) => Math.abs(node.x - x) <= node.width / 2 && Math.abs(node.y - y) <= self.half);
  };

  self.groupAt = (x, y, scale) =>
    (self.isClustered(scale) ? self.groups.find((group) => inside(group.box, x, y)) : null) ?? null;

  // What a search or filter leaves, when that is only a part.
  self.sought = () => (self.marks.hidden.size ? [...self.nodes.keys()].filter((at) => !self.marks.hidden.has(at)) : []);

  self.describe = (at) => {
    const { first, title, uses, users } = self.nodes[at];
    const [open, close] = /[()]/.test(title) ? "[]" : "()"; // no parentheses within others
    const caption = `${first.replace(/^\S+/, (short) => self.kinds[short] ?? short)} ${open}${title}${close}`;
    const word = self.legend[self.marks.status[at]]?.word ?? worded("Not in the blueprint yet");
    const values = { caption, word, uses: uses.length, users: users.length };
    if (self.marks.ready.has(at)) return worded("%(caption)s — %(word)s, ready to take; uses %(uses)s, used by %(users)s", values);
    return worded("%(caption)s — %(word)s; uses %(uses)s, used by %(users)s", values);
  };
  return self;
}

// How many nodes of a group there are of each status, in the order of the legend.
function count(group, status, legend) {
  group.counts = legend.map(() => 0);
  for (const at of group.members) if (status[at] >= 0) group.counts[status[at]] += 1;
  group.total = group.counts.reduce((sum, one) => sum + one, 0);
  group.verified = group.counts.reduce((sum, one, at) => sum + (legend[at].done ? one : 0), 0);
}

const inside = ([left, top, width, height], x, y) => x >= left && x <= left + width && y >= top && y <= top + height;

// An edge with its points: from below what is used to above its user, or the other way around.
function edge(nodes, [used, user, dashed, implied, ...bends], at, half) {
  const [start, end] = [nodes[used], nodes[user]];
  const side = end.y >= start.y ? half : -half;
  const way = bends.map((value, place) => value + (place % 2 ? start.y : start.x));
  const points = [start.x, start.y + side, ...way, end.x, end.y - side];
  const xs = points.filter((_, place) => place % 2 === 0);
  const ys = points.filter((_, place) => place % 2);
  start.users.push(at);
  end.uses.push(at);
  return { used, user, dashed, implied, points, side, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
}
