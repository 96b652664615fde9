import { expect, it } from "vitest";
import type { FromStore } from "../client/remote";
import { answering } from "./answering";
import type { HistoryService } from "./service";

const TOPIC = "reading/lianyungang/all/cases-today";
const MINUTE = 60_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");

it("keeps the numbers of a long answer until it is cancelled, and of one that was cancelled while it was made none", async () => {
  const count = 5_000;
  const at = Array.from({ length: count }, (_, i) => i * MINUTE);
  const answer = {
    series: [{ topic: TOPIC, at, values: { last: at.map((_, i) => (i === 7 ? null : i)) } }],
    ...{ completeUntil: NOW, provisionalFrom: null },
  };
  const query = () => Promise.resolve(answer);
  const store = { reach: () => Promise.resolve(true), methods: { query } } as unknown as HistoryService;
  const said: FromStore[] = [];
  const ask = answering(store, (message) => said.push(message));
  const question = {
    kind: "ask",
    method: "query",
    params: {},
    after: { segment: 0, offset: 0 },
    keep: true,
  } as const;
  const span = { series: 0, column: "last", from: 6, to: 9 } as const;
  ask({ ...question, id: 1 });
  await expect.poll(() => said.length).toBe(1);
  const head = { topic: TOPIC, rows: count, columns: ["at", "last"] };
  expect(said[0]).toMatchObject({ id: 1, result: { head: { series: [head], completeUntil: NOW } } });
  ask({ kind: "read", id: 2, of: 1, spans: [span] });
  expect(said[1]).toEqual({ kind: "answer", id: 2, result: Float64Array.of(6, NaN, 8) });
  ask({ kind: "cancel", id: 1 });
  ask({ kind: "read", id: 3, of: 1, spans: [span] });
  ask({ ...question, id: 4 });
  ask({ kind: "cancel", id: 4 });
  await expect.poll(() => said.length).toBe(4);
  ask({ kind: "read", id: 5, of: 4, spans: [span] });
  expect(said.slice(2)).toEqual([3, 4, 5].map((id) => ({ kind: "answer", id, error: "cancelled" })));
});
