import { describe, expect, it, vi } from "vitest";
import { encodeFrame } from "../contract/frames";
import type { SnapshotMessage, SubscribeRequest } from "../contract/socket-messages";
import { NO_RIGHT } from "../contract/rights";
import { LiveStore } from "./live-store";

const TOPIC = "reading/city/all/a";
const G0 = Date.parse("2026-11-22T08:00:00Z");

function setup() {
  let mono = 50_000;
  const store = new LiveStore(() => mono);
  const asked: SubscribeRequest[] = [];
  let reply: ((message: SnapshotMessage | { error: string }) => void) | null = null;
  const uplink = {
    subscribe(request: SubscribeRequest, answer: (message: SnapshotMessage | { error: string }) => void) {
      asked.push(request);
      reply = answer;
    },
  };
  const answer = (more: Partial<SnapshotMessage>): void =>
    reply?.({ epoch: 1, now: G0, set: 5, seq: 0, order: [TOPIC], topics: {}, refused: [], ...more });
  const snapshot = (seq: number, offset: number, value: number): void =>
    reply?.({
      epoch: 1,
      now: G0,
      set: 5,
      seq,
      order: [TOPIC],
      topics: { [TOPIC]: { kind: "reading", offset, last: { at: G0, value, quality: "good" }, series: [] } },
      refused: [],
    });
  const frame = (seq: number, value: number, set = 5): void =>
    store.takeFrame(
      encodeFrame({
        set,
        seq,
        now: G0 + seq * 100,
        sections: [{ kind: "reading", index: 0, advance: 1, items: [{ at: G0 + seq * 100, value, quality: "good" }] }],
      }),
    );
  return { store, asked, uplink, answer, snapshot, frame, pass: (ms: number) => (mono += ms) };
}

const valueOf = (store: LiveStore): number | undefined => {
  const state = store.state(TOPIC);
  return state?.kind === "reading" ? state.last?.value : undefined;
};

describe("LiveStore", () => {
  it("forgets what there is no right to any more, says so, and has it again with the right", () => {
    const { store, uplink, snapshot, answer } = setup();
    const told = vi.fn();
    store.watch(TOPIC, 0, told);
    store.attach(uplink);
    snapshot(3, 10, 1);
    expect([valueOf(store), store.isWithheld(TOPIC)]).toEqual([1, false]);
    store.detach();
    store.attach(uplink);
    answer({ order: [], refused: [{ topic: TOPIC, reason: NO_RIGHT }] });
    expect([valueOf(store), store.isWithheld(TOPIC)]).toEqual([undefined, true]);
    expect(told).toHaveBeenCalledTimes(2);
    // Asked for as something of which nothing is known.
    store.detach();
    store.attach(uplink);
    expect(store.state(TOPIC)?.epoch).toBe(0);
    snapshot(3, 10, 5);
    expect([valueOf(store), store.isWithheld(TOPIC)]).toEqual([5, false]);
    store.close();
  });

  it("does not take a topic that is not known for one that there is no right to", () => {
    const { store, uplink, answer } = setup();
    store.watch(TOPIC, 0, () => {});
    store.attach(uplink);
    answer({ order: [], refused: [{ topic: TOPIC, reason: "unknown-topic" }] });
    expect([store.isWithheld(TOPIC), store.refused]).toEqual([false, [{ topic: TOPIC, reason: "unknown-topic" }]]);
    store.close();
  });

  it("applies a snapshot, then frames in sequence, and tells who watches", () => {
    const { store, uplink, snapshot, frame } = setup();
    const told = vi.fn();
    store.watch(TOPIC, 0, told);
    store.attach(uplink);
    snapshot(3, 10, 1);
    frame(4, 2);
    expect(valueOf(store)).toBe(2);
    expect(store.state(TOPIC)?.offset).toBe(11);
    expect(told).toHaveBeenCalledTimes(2);
    store.close();
  });

  it("ignores frames of an earlier set and asks for everything again after a gap", async () => {
    const { store, uplink, snapshot, frame, asked } = setup();
    store.watch(TOPIC, 0, () => {});
    store.attach(uplink);
    snapshot(3, 10, 1);
    frame(4, 99, 4);
    expect(valueOf(store)).toBe(1);
    const before = asked.length;
    frame(6, 3);
    expect(valueOf(store)).toBe(1);
    await vi.waitFor(() => expect(asked.length).toBe(before + 1));
    expect(asked[asked.length - 1]?.topics[0]?.have).toBeUndefined();
    store.close();
  });

  it("tells the gateway where it stands when it reconnects", async () => {
    const { store, uplink, snapshot, asked } = setup();
    store.watch(TOPIC, 0, () => {});
    store.attach(uplink);
    snapshot(3, 10, 1);
    store.detach();
    store.attach(uplink);
    expect(asked[asked.length - 1]?.topics[0]?.have).toEqual({ epoch: 1, offset: 10 });
    store.close();
  });

  it("keeps gateway time whatever this machine's clock says, by the message that came the shortest way", () => {
    const { store, pass } = setup();
    store.heard(G0);
    pass(1_000);
    store.heard(G0 + 700);
    expect(store.now()).toBe(G0 + 1_000);
    store.heard(G0 + 1_020);
    expect(store.now()).toBe(G0 + 1_020);
    store.close();
  });

  it("goes by the gateway's clock at once when that was set, and asks for everything anew", async () => {
    const { store, asked, uplink, snapshot, pass } = setup();
    store.watch(TOPIC, 0, () => {});
    store.attach(uplink);
    snapshot(3, 10, 1);
    const before = asked.length;
    pass(100);
    store.clockSet({ now: G0 - 3_600_000, by: -3_600_000, at: G0 - 3_600_000 });
    expect(store.now()).toBe(G0 - 3_600_000);
    await vi.waitFor(() => expect(asked).toHaveLength(before + 1));
    expect(asked.at(-1)?.topics).toEqual([{ topic: TOPIC, spans: [] }]);
    store.close();
  });

  it("takes the time of another run of the gateway as it is told", () => {
    const { store } = setup();
    store.heard(G0);
    store.heardAnew(G0 - 5_000);
    expect(store.now()).toBe(G0 - 5_000);
    store.close();
  });

  it("calls a silent connection dead after four seconds, and says so to those who listen", () => {
    const { store, uplink, pass } = setup();
    store.attach(uplink);
    store.heard(G0);
    expect(store.connected()).toBe(true);
    pass(3_900);
    expect(store.connected()).toBe(true);
    pass(200);
    expect(store.connected()).toBe(false);
    store.close();
  });

  it("asks once for what several widgets want, with the spans of all of them", async () => {
    const { store, uplink, asked } = setup();
    store.attach(uplink);
    const before = asked.length;
    store.watch(TOPIC, 600, () => {});
    store.watch(TOPIC, 21_600, () => {});
    const stop = store.watch("reading/city/all/b", 0, () => {});
    await vi.waitFor(() => expect(asked.length).toBe(before + 1));
    expect(asked[asked.length - 1]?.topics).toEqual([
      { topic: TOPIC, spans: [600, 21_600] },
      { topic: "reading/city/all/b", spans: [] },
    ]);
    stop();
    await vi.waitFor(() => expect(asked[asked.length - 1]?.topics.length).toBe(1));
    store.close();
  });
});
