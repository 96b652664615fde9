/** Rows of corners along a flow; behind them come two for its head, whose base is wider and whose tip is none. */
const ROWS = 33;
/** Corners of a flow: two for each row. */
export const VERTICES = (ROWS + 2) * 2;

const block = `\
layout(std140) uniform flowUniforms {
  mat4 matrix;
  vec4 edge;
  vec2 pixel;
  float unit;
  float travelled;
  float period;
  float moving;
} flow;
`;

/** What the program is told with each drawing: all lengths in CSS pixels. */
export const flowUniforms = {
  name: "flow",
  vs: block,
  fs: block,
  uniformTypes: {
    matrix: "mat4x4<f32>",
    edge: "vec4<f32>",
    pixel: "vec2<f32>",
    unit: "f32",
    travelled: "f32",
    period: "f32",
    moving: "f32",
  },
} as const;

/**
 * A flow bends to the left of its way, so that two that go to and fro lie beside each other, and rises where a map is tilted. It begins
 * and ends a little off the places it joins: heads of several flows stand around a place and not on each other.
 */
export const VERTEX = `\
#version 300 es
#define SHADER_NAME flow-layer-vertex
in vec4 ends;
in vec2 looks;
in vec4 sources;
in vec4 targets;
out vec4 color;
out vec3 line;
out float along;
out float head;
const float BOW = 0.13;
const float RISE = 0.16;
vec4 place(float t) {
  vec2 way = ends.zw - ends.xy;
  float bend = 4.0 * t * (1.0 - t);
  vec2 at = mix(ends.xy, ends.zw, t) + vec2(-way.y, way.x) * (BOW * bend);
  return flow.matrix * vec4(at, length(way) * RISE * bend, 1.0);
}
vec2 seen(vec4 at) {
  return at.xy / at.w / flow.pixel;
}
void main() {
  int row = gl_VertexID >> 1;
  float turn = float(gl_VertexID & 1) * 2.0 - 1.0;
  float span = max(1.0, distance(seen(place(0.0)), seen(place(0.5))) + distance(seen(place(0.5)), seen(place(1.0))));
  float body = looks.x * flow.unit;
  float tip = 1.0 - min(0.2, 0.6 * flow.unit / span);
  float base = tip - min(0.3, (0.55 * flow.unit + 3.0 * body) / span);
  float start = 1.0 - tip;
  head = row < ${ROWS} ? 0.0 : 1.0;
  float t = row > ${ROWS} ? tip : mix(start, base, min(1.0, float(row) / ${ROWS - 1}.0));
  float wide = row < ${ROWS} ? body : (row == ${ROWS} ? 0.24 * flow.unit + 1.8 * body : 0.0);
  vec4 at = place(t);
  vec2 way = normalize(seen(place(t + 0.01)) - seen(place(t - 0.01)));
  // Half a pixel more fades out, and around that lies the edge.
  float reach = wide + 0.5 + 0.1 * flow.unit;
  line = vec3(turn * reach, wide, 0.1 * flow.unit);
  along = t * span - looks.y * flow.period;
  color = mix(sources, targets, t);
  gl_Position = at + vec4(vec2(-way.y, way.x) * (turn * reach) * flow.pixel * at.w, 0.0, 0.0);
}
`;

/** A pulse is brightest and widest in front and fades behind: so it tells its way in a picture as well. */
export const FRAGMENT = `\
#version 300 es
#define SHADER_NAME flow-layer-fragment
precision highp float;
in vec4 color;
in vec3 line;
in float along;
in float head;
out vec4 fragColor;
void main() {
  float behind = mod(flow.travelled - along, flow.period);
  float pulse = (1.0 - smoothstep(0.0, 0.55 * flow.period, behind)) * min(1.0, behind);
  float lit = max(1.0 - flow.moving, max(head, pulse));
  float wide = line.y * mix(0.5, 1.0, lit);
  float within = clamp(wide + 0.5 - abs(line.x), 0.0, 1.0);
  float around = clamp(wide + line.z + 0.5 - abs(line.x), 0.0, 1.0);
  vec4 inner = vec4(color.rgb, color.a * mix(0.5, 1.0, lit));
  vec4 mixed = mix(vec4(flow.edge.rgb, flow.edge.a * inner.a), inner, within);
  fragColor = vec4(mixed.rgb, mixed.a * around);
}
`;
