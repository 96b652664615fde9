import { expect, it } from "vitest";
import { Hub } from "./hub";
import { jsonPieces } from "./pieces";
import { snapshotApi } from "./snapshot-api";

const T0 = Date.parse("2026-11-24T04:00:00Z");

it("tells a layer of 200,000 things as it stood when it was asked, a little at a time", () => {
  const hub = new Hub(1);
  const move = (i: number, at: number): unknown =>
    hub.takePosition({
      city: "x",
      layer: "l",
      id: `t${i}`,
      label: "",
      at,
      lon: i / 1e4,
      lat: 1,
      heading: 90,
      speed: 5,
    });
  for (let i = 0; i < 200_000; i++) move(i, T0);
  const topic = "positions/x/l";
  const catalogue = { city: () => ({ facts: { id: "x", layers: [{ id: "l" }] } }) };
  const handlers = snapshotApi({ hub, catalogue, totals: {}, now: () => T0 } as never);
  const { body } = handlers.snapshot({ query: { topic: [topic] } } as never, { who: { kind: "local" } } as never) as {
    body: unknown;
  };
  const pieces = jsonPieces(body);
  const first = pieces.next().value as string;
  move(199_999, T0 + 1_000);
  const rest = [...pieces];
  const { topics } = JSON.parse([first, ...rest].join("")) as {
    topics: { positions: { at: string; lon: number }[] }[];
  };
  expect(topics[0]?.positions).toHaveLength(200_000);
  expect(topics[0]?.positions.at(-1)).toMatchObject({ at: "2026-11-24T04:00:00.000Z", lon: 19.9999 });
  expect(Math.max(...rest.map((piece) => piece.length))).toBeLessThan(33_000);
});
