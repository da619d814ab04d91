// The graph from afar: its chapters as boxes, with lines between them for the arrows.
import { worded } from "./texts.js";

const LETTERS = [13, 12, 11, 10, 9]; // pixels of the letters of a title, the largest in which most fit

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
  const seen = graph.groups.filter((group) => meets(boxOf(group.box), sight)).map((group) => ({ group, ...inside(group, k) }));
  const common = LETTERS.findIndex((size) => isCommon(pen, colours, seen, k, size));
  const letters = LETTERS.slice(common < 0 ? -1 : common);
  for (const one of seen) chapter({ pen, graph, colours, k, letters }, one);
}

// What a chapter's box leaves for words, beside a bar so thick at its foot.
function inside({ box: [, , width, height] }, k) {
  const [thick, pad] = [Math.min(5 / k, height / 6), Math.min(6 / k, width / 12)];
  return { thick, pad, wide: width - 2 * pad, high: height - 3 * pad - thick };
}

// Whether most titles fit in letters of that size, so that all may have it.
function isCommon(pen, colours, seen, k, size) {
  return seen.filter((one) => lettered(pen, colours, one, k, size).fits).length >= 0.7 * seen.length;
}

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
  const tried = letters.map((size) => () => lettered(pen, colours, one, k, size));
  const { lines, step, counted } = first(tried, ({ fits }) => fits);
  lines.forEach((line, at) => pen.fillText(line, x + pad, y + pad + at * step));
  if (counted) {
    const words = lit < group.members.length ? worded("%(some)s of %(all)s fit", { some: lit, all: group.members.length }) : `✓ ${group.verified}/${group.total}`;
    pen.fillStyle = colours.soft;
    pen.font = `${Math.min(11.5 / k, step * 0.8)}px ${colours.sans}`;
    pen.fillText(words, x + pad, y + pad + lines.length * step);
  }
  pen.restore();
  pen.globalAlpha = 1;
}

// A title in letters of that size, in as many lines as there is room for, and whether there is one more for the counts.
function lettered(pen, colours, { group, wide, high }, k, size) {
  const step = (1.16 * size) / k;
  const room = Math.floor(high / step);
  pen.font = `600 ${size / k}px ${colours.serif}`;
  const lines = wrapped(pen, group.title, wide);
  const fits = lines.length < room && lines.every((line) => pen.measureText(line).width <= wide);
  return { lines: lines.slice(0, Math.max(room - 1, 1)), step, counted: room > 1, fits };
}

// The first answer that will do, else the last.
function first(questions, does) {
  let answer = null;
  for (const question of questions) if (does(answer = question())) break;
  return answer;
}

function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (!lines.at(-1) || pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
