/*
 * The least a page can do to show the same 24 widgets: JSON over a bare socket, canvas drawn by hand, at the same
 * rates.
 */
const SPAN = 300_000;
/** ms between two drawings of a widget */
const EVERY = { figure: 30, gauge: 500, line: 1000 };
const widgets = [];
for (let i = 0; i < 24; i++) {
  const box = document.createElement("div");
  const kind = ["figure", "gauge", "line", "line"][Math.floor(i / 6)];
  const widget = {
    kind,
    value: null,
    points: [],
    dirty: false,
    paintedAt: 0,
    every: EVERY[kind],
  };
  if (kind !== "line") {
    widget.text = document.createElement("b");
    widget.text.dataset.figure = String(i + 1);
    box.append(widget.text);
  }
  if (kind !== "figure") {
    widget.canvas = document.createElement("canvas");
    box.append(widget.canvas);
  }
  document.getElementById("g").append(box);
  widgets.push(widget);
}
for (const widget of widgets) {
  if (!widget.canvas) continue;
  widget.canvas.width = widget.canvas.clientWidth * devicePixelRatio;
  widget.canvas.height = widget.canvas.clientHeight * devicePixelRatio;
}

function draw(widget, now) {
  if (widget.text) widget.text.textContent = widget.value.toLocaleString("en");
  if (!widget.canvas) return;
  const { width, height } = widget.canvas;
  const context = widget.canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  if (widget.kind === "gauge") {
    context.lineWidth = 16;
    for (const [color, part] of [
      ["#1a2833", 1],
      ["#43c6b1", widget.value / 1e7],
    ]) {
      context.strokeStyle = color;
      context.beginPath();
      context.arc(width / 2, height * 0.56, height * 0.36, 2.5, 2.5 + 4.4 * part);
      context.stroke();
    }
    return;
  }
  let low = Infinity,
    high = -Infinity;
  for (const [, v] of widget.points) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  context.fillStyle = "#92a3b3";
  context.font = "14px monospace";
  context.strokeStyle = "#1f2d39";
  for (let k = 0; k < 4; k++) {
    const y = 10 + (k * (height - 40)) / 3;
    context.beginPath();
    context.moveTo(50, y);
    context.lineTo(width, y);
    context.stroke();
    context.fillText(String(Math.round(high - (k * (high - low)) / 3)), 4, y);
    context.fillText(
      new Date(now - SPAN + (k * SPAN) / 3).toTimeString().slice(0, 5),
      50 + (k * (width - 90)) / 3,
      height - 6,
    );
  }
  context.strokeStyle = "#43c6b1";
  context.lineWidth = 2;
  context.beginPath();
  widget.points.forEach(([at, v], i) => {
    const x = 50 + ((at - now + SPAN) / SPAN) * (width - 50),
      y = height - 30 - ((v - low) / (high - low || 1)) * (height - 40);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
}

function frame(now) {
  let left = false;
  for (const widget of widgets) {
    if (!widget.dirty) continue;
    if (now - widget.paintedAt < widget.every) {
      left = true;
      continue;
    }
    widget.dirty = false;
    widget.paintedAt = now;
    draw(widget, Date.now());
  }
  asked = false;
  if (left) ask();
}
let asked = false;
function ask() {
  if (!asked) {
    asked = true;
    requestAnimationFrame(frame);
  }
}

const socket = new WebSocket(`ws://${location.host}/`);
socket.onmessage = (message) => {
  const { m, at, v } = JSON.parse(message.data);
  const widget = widgets[m - 1];
  widget.value = v;
  const last = widget.points[widget.points.length - 1];
  if (last && Math.floor(last[0] / 1000) === Math.floor(at / 1000)) {
    last[0] = at;
    last[1] = v;
  } else widget.points.push([at, v]);
  while (widget.points.length > 300) widget.points.shift();
  widget.dirty = true;
  ask();
};
