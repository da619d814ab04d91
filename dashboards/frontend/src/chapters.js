// The graph from afar: its chapters as boxes, with lines between them for the arrows.
import { worded } from "./texts.js";

const LETTERS = [13, 12, 11, 10, 9]; // pixels of the letters of a title, the largest in which most fit
const SPACE = 0.25; // the width of a space, in letters

export const meets = ([left, top, right, low], [a, b, c, d]) => left <= c && right >= a && top <= d && low >= b;
export const boxOf = ([x, y, width, height]) => [x, y, x + width, y + height];

export function chapters({ pen, graph, colours, k, sight }) {
  pen.strokeStyle = colours.edge;
  const most = Math.max(...graph.between.map(([, , count]) => count), 1);
  for (const [from, to, count] of graph.between) {
    const [one, other] = [graph.groups[from].box, graph.groups[to].box];
    pen.lineWidth = (1 + (4 * count) / most) / k;
    pen.globalAlpha = 0.12 + 0.6 * (count / most);
    pen.beginPath();
    pen.moveTo(one[0] + one[2] / 2, one[1] + one[3] / 2);
    pen.lineTo(other[0] + other[2] / 2, other[1] + other[3] / 2);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  const seen = graph.groups.filter((group) => meets(boxOf(group.box), sight)).map((group) => ({ group, words: words(pen, colours, group), k, ...inside(group, k) }));
  const common = LETTERS.findIndex((size) => isCommon(seen, size));
  const letters = LETTERS.slice(common < 0 ? -1 : common);
  for (const one of seen) chapter({ pen, graph, colours, k, letters }, one);
}

// What a chapter's box leaves for words, beside a bar so thick at its foot.
function inside({ box: [, , width, height] }, k) {
  const [thick, pad] = [Math.min(5 / k, height / 6), Math.min(6 / k, width / 12)];
  return { thick, pad, wide: width - 2 * pad, high: height - 3 * pad - thick };
}

// Whether most titles fit in letters of that size, so that all may have it.
const isCommon = (seen, size) => seen.filter((one) => lettered(one, size).fits).length >= 0.7 * seen.length;

// Its title and counts in letters of one size, and a bar of its statuses.
function chapter({ pen, graph, colours, k, letters }, one) {
  const { group, thick, pad, wide } = one;
  const [x, y, width, height] = group.box;
  const lit = group.members.filter((at) => !graph.marks.hidden.has(at)).length;
  pen.globalAlpha = lit ? 1 : 0.3;
  pen.fillStyle = colours.raised;
  pen.strokeStyle = colours.edge;
  pen.lineWidth = 1.2 / k;
  pen.beginPath();
  pen.roundRect(x, y, width, height, 8 / k);
  pen.fill();
  pen.stroke();
  let left = x + pad;
  group.counts.forEach((count, status) => {
    const share = (wide * count) / Math.max(group.total, 1);
    pen.fillStyle = colours.looks[status].mark;
    pen.fillRect(left, y + height - pad - thick, share, thick);
    left += share;
  });
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.textAlign = "left";
  pen.textBaseline = "top";
  pen.fillStyle = colours.ink;
  const size = letters.find((size) => lettered(one, size).fits) ?? letters.at(-1);
  const { lines, step, counted } = lettered(one, size);
  pen.font = `600 ${size / k}px ${colours.serif}`;
  lines.forEach((line, at) => pen.fillText(line.text, x + pad, y + pad + at * step));
  if (counted) {
    const counts = lit < group.members.length ? worded("%(some)s of %(all)s fit", { some: lit, all: group.members.length }) : `✓ ${group.verified}/${group.total}`;
    pen.fillStyle = colours.soft;
    pen.font = `${Math.min(11.5 / k, step * 0.8)}px ${colours.sans}`;
    pen.fillText(counts, x + pad, y + pad + lines.length * step);
  }
  pen.restore();
  pen.globalAlpha = 1;
}

// A title in letters of that size, in as many lines as there is room for, and whether there is one more for the counts.
function lettered({ words, k, wide, high }, size) {
  const step = (1.16 * size) / k;
  const room = Math.floor(high / step);
  const most = (wide * k) / size;
  const lines = wrapped(words, most);
  const fits = lines.length < room && lines.every((line) => line.wide <= most);
  return { lines: lines.slice(0, Math.max(room - 1, 1)), step, counted: room > 1, fits };
}

const known = new WeakMap();

// The words of a title, each with its width in letters of one pixel: measured once, and not in every frame.
function words(pen, colours, group) {
  if (!known.has(group)) {
    pen.font = `600 100px ${colours.serif}`;
    known.set(group, group.title.split(" ").map((text) => ({ text, wide: pen.measureText(text).width / 100 })));
  }
  return known.get(group);
}

function wrapped(words, most) {
  const lines = [];
  for (const { text, wide } of words) {
    const line = lines.at(-1);
    if (line && line.wide + SPACE + wide <= most) Object.assign(line, { text: `${line.text} ${text}`, wide: line.wide + SPACE + wide });
    else lines.push({ text, wide });
  }
  return lines;
}
