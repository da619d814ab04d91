// Where one looks: pan and zoom by pointer, wheel, fingers and keys; kept in the address as `view=x,y,scale`.
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import { CLUSTERED } from "./chart.js";

const READABLE = 0.42; // the smallest scale to open at, where there are no clusters
const LARGEST = 3;
const TITLED = 100; // pixels of width in which a chapter's title can be read

export function camera(canvas, graph, redraw) {
  const gestures = zoom().scaleExtent([0.01, LARGEST]).clickDistance(5).on("zoom", moved).on("end", remember);
  const target = select(canvas).call(gestures).on("dblclick.zoom", null);
  const size = () => [canvas.clientWidth, canvas.clientHeight];
  let now = zoomIdentity;
  let opened = false;

  function moved(event) {
    now = graph.camera = event.transform;
    redraw(true);
  }

  function remember() {
    redraw(false);
    if (!opened) return;
    const [width, height] = size();
    const [x, y] = now.invert([width / 2, height / 2]);
    const address = new URL(location.href);
    address.searchParams.set("view", `${Math.round(x)},${Math.round(y)},${now.k.toPrecision(3)}`);
    history.replaceState(history.state, "", address);
  }

  function look(x, y, scale) {
    const [width, height] = size();
    target.call(gestures.transform, zoomIdentity.translate(width / 2 - x * scale, height / 2 - y * scale).scale(scale));
  }

  function frame([left, top, width, height], margin, largest) {
    const [wide, high] = size();
    return Math.min((wide - 2 * margin) / Math.max(width, 1), (high - 2 * margin) / Math.max(height, 1), largest);
  }

  // The whole graph where that can be read, else what is looked at or sought; else all clusters, or the beginning.
  function open() {
    opened = false;
    const said = new URL(location.href).searchParams.get("view")?.split(",").map(Number) ?? [];
    if (said.length === 3 && said.every(Number.isFinite)) look(said[0], said[1], Math.min(Math.max(said[2], 0.01), LARGEST));
    else begin();
    opened = true;
  }

  function begin() {
    const [width, height] = graph.size;
    const scale = frame([0, 0, width, height], 24, 1.15);
    const { node } = graph.marks;
    const whole = scale >= READABLE && !graph.groups.length;
    if (!whole && node >= 0) return look(graph.nodes[node].x, graph.nodes[node].y, 0.8);
    if (!whole && graph.sought().length) return show(graph.sought());
    if (graph.groups.length) return chapters(scale);
    if (whole) return look(width / 2, height / 2, scale);
    const first = graph.nodes.reduce((one, other) => (other.y < one.y || (other.y === one.y && other.x < one.x) ? other : one));
    return look(first.x + size()[0] * 0.3 / 0.62, first.y + size()[1] * 0.4 / 0.62, 0.62);
  }

  // All of them where their titles can be read then, else those that come first.
  function chapters(scale) {
    const widths = graph.groups.map(({ box }) => box[2]).sort((one, other) => one - other);
    const near = Math.min(TITLED / widths[widths.length >> 1], 0.95 * CLUSTERED);
    const [width, height] = graph.size;
    if (scale >= near) return look(width / 2, height / 2, scale);
    const [wide, high] = size();
    return look((wide / 2 - 12) / near, height * near < high ? height / 2 : (high / 2 - 12) / near, near);
  }

  function show(places, box = null) {
    const [left, top, width, height] = box ?? around(places);
    if (!places.length) return;
    const scale = Math.max(frame([left, top, width, height], 50, 1.15), box ? 0.22 : 0.01);
    const high = box && height * scale > size()[1];
    look(left + width / 2, high ? top + size()[1] / 2 / scale - 20 : top + height / 2, scale);
  }

  function around(places) {
    const nodes = places.map((at) => graph.nodes[at]);
    const left = Math.min(...nodes.map((node) => node.x - node.width / 2));
    const right = Math.max(...nodes.map((node) => node.x + node.width / 2));
    const [top, low] = [Math.min(...nodes.map((node) => node.y)), Math.max(...nodes.map((node) => node.y))];
    return [left, top - graph.half, right - left, low - top + 2 * graph.half];
  }

  // Brings a node into sight without a jump where it is in sight already.
  function reveal(at) {
    const { x, y } = graph.nodes[at];
    const [left, top] = now.apply([x, y]);
    const [width, height] = size();
    const seen = left > 60 && left < width - 60 && top > 40 && top < height - 40 && now.k > READABLE;
    if (!seen) look(x, y, Math.max(now.k, 0.8));
  }

  // Moves a node out from under what covers the right side, so many pixels wide.
  function uncover(at, covered) {
    const { x, y, width } = graph.nodes[at];
    const over = now.apply([x + width / 2, y])[0] + 20 - (size()[0] - covered);
    if (covered && over > 0) target.call(gestures.translateBy, -over / now.k, 0);
  }

  return {
    open, show, reveal, look, uncover,
    fit: () => look(graph.size[0] / 2, graph.size[1] / 2, frame([0, 0, ...graph.size], 24, 1.15)),
    zoom: (factor) => target.call(gestures.scaleBy, factor),
    move: (x, y) => target.call(gestures.translateBy, x / now.k, y / now.k),
    world: (x, y) => now.invert([x, y]),
    place: (at) => now.apply([graph.nodes[at].x, graph.nodes[at].y]),
    scale: () => now.k,
  };
}
