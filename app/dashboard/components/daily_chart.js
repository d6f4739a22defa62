// Complaints a day as a line over the usual range. Redrawn at the width it is given, so that text keeps its size.
const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 264;
const EDGE = { top: 26, right: 8, bottom: 26, left: 30 };

export default function ({ data, parentElement }) {
  const { days, finding, soFar } = JSON.parse(data.chart);
  const box = parentElement.querySelector(".chart");
  const draw = () => box.replaceChildren(chart(days, finding, soFar, Math.max(box.clientWidth, 240)));
  const observer = new ResizeObserver(draw);
  observer.observe(box);
  draw();
  return () => observer.disconnect();
}

function chart(days, finding, soFar, width) {
  const svg = node("svg", { width, height: HEIGHT, role: "img", "aria-label": finding });
  const most = Math.max(4, ...days.map((day) => Math.max(day.complaints, day.high ?? 0)));
  const step = tick(most);
  const x = (index) => EDGE.left + (index / Math.max(days.length - 1, 1)) * (width - EDGE.left - EDGE.right);
  const y = (value) => HEIGHT - EDGE.bottom - (value / most) * (HEIGHT - EDGE.top - EDGE.bottom);

  svg.append(...band(days, x, y));
  for (let value = 0; value <= most; value += step) {
    svg.append(node("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }));
    svg.append(label(EDGE.left - 8, y(value) + 4, value, "end"));
  }
  const every = Math.max(1, Math.ceil(days.length / (width / 110) / 7) * 7);
  days.forEach((day, index) => {
    const wanted = days.length <= 7 ? width > 420 || index % 2 === 0 : (days.length - 1 - index) % every === Math.min(4, every - 1);
    if (wanted) svg.append(label(Math.min(Math.max(x(index), EDGE.left + 18), width - 24), HEIGHT - 6, day.date, "middle"));
  });
  const over = days.filter((day) => day.complete).length;
  svg.append(path("line", days.slice(0, over), x, y));
  if (over && over < days.length) svg.append(path("line open", days.slice(over - 1), (index) => x(index + over - 1), y));
  svg.append(...marks(days, x, y, width));
  if (over < days.length && !days.at(-1).note) {
    const below = y(days.at(-1).complaints);
    svg.append(label(width - EDGE.right, below > HEIGHT - EDGE.bottom - 22 ? below - 10 : below + 16, soFar, "end"));
  }
  return svg;
}

function band(days, x, y) {
  const known = days.flatMap((day, index) => (day.high === null ? [] : [{ ...day, index }]));
  if (known.length < 2) return [];
  const top = known.map((day) => `${x(day.index)},${y(day.high)}`);
  const bottom = known.map((day) => `${x(day.index)},${y(day.low)}`).reverse();
  const first = known[Math.min(3, known.length - 1)];
  return [
    node("polygon", { class: "band", points: [...top, ...bottom].join(" ") }),
    label(x(first.index), y(first.high * 0.3), "usual range", "start"),
  ];
}

function marks(days, x, y, width) {
  const high = days.flatMap((day, index) => (day.note ? [{ ...day, index }] : []));
  const dots = high.map((day) => {
    const dot = node("circle", { class: "dot", cx: x(day.index), cy: y(day.complaints), r: 4.5 });
    dot.append(Object.assign(node("title", {}), { textContent: day.note }));
    return dot;
  });
  const peak = high.reduce((best, day) => (best && best.complaints >= day.complaints ? best : day), null);
  if (!peak) return dots;
  const right = x(peak.index) > width / 2;
  return [...dots, label(x(peak.index) + (right ? -10 : 10), y(peak.complaints) + 4, peak.note, right ? "end" : "start", "note")];
}

function path(name, days, x, y) {
  const points = days.map((day, index) => `${x(index)},${y(day.complaints)}`).join(" ");
  return node("polyline", { class: name, points });
}

function tick(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough));
}

function label(x, y, text, anchor, name = "label") {
  return Object.assign(node("text", { x, y, class: name, "text-anchor": anchor }), { textContent: text });
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
