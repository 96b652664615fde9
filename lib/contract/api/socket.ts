import { z } from "zod";
import { screenSchema } from "../screens";
import { displayStanding } from "./displays";
import { LIMITS } from "./limits";
import { answers, id, msOut, requests } from "./parts";
import { cityEvent, eventCellRow, readingItem } from "./records";
import { placeTheme } from "./themes";

/** What goes over the live socket besides frames, and the events it goes by. */

const epoch = z.number().describe("the gateway's run that numbers the offsets");
const offset = z.int().describe("accepted changes of the topic in this epoch");

export const subscribeRequest = z
  .object({
    topics: z
      .array(
        z.object({
          topic: z.string().max(LIMITS.live.topicName),
          spans: z
            .array(z.number().min(0))
            .max(LIMITS.live.spans)
            .describe(
              "seconds of past readings wanted with a snapshot, one for each chart; none or 0: the last one only",
            ),
          have: z
            .object({ epoch: z.number(), offset: z.number() })
            .optional()
            .describe("what the client already holds: a topic that has not changed since is left out of the answer"),
        }),
      )
      .max(LIMITS.live.asked)
      .describe(`topics beyond ${LIMITS.live.topics} are refused by name`),
  })
  .describe("the topics this page shows now, replacing what it asked before")
  .register(requests, { id: "SubscribeRequest" });

export const watchScreenRequest = z
  .tuple([id.describe("city"), id.describe("screen")])
  .register(requests, { id: "WatchScreenRequest" });

/**
 * One topic of a snapshot; times in ms. `series` is pairs `[at, value]` flattened; `marks`, left out where all of it is
 * good, is pairs `[index of the pair in series, quality]` flattened, 1 uncertain and 2 bad.
 */
export const topicSnapshot = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("reading"),
      offset,
      last: readingItem.nullable(),
      series: z.array(z.number()).describe("pairs of observed time (ms) and value, flattened"),
      marks: z
        .array(z.number())
        .optional()
        .describe("pairs of index in `series` and quality (1 uncertain, 2 bad), flattened; left out where all is good"),
    }),
    z.object({
      kind: z.literal("events"),
      offset,
      items: z.array(cityEvent).describe("the newest open and closed ones"),
      counts: z.array(eventCellRow).describe("of all events"),
    }),
    z.object({
      kind: z.literal("positions"),
      offset,
      names: z.array(z.tuple([z.int(), z.string(), z.string()])).describe("slot, id, label"),
      rows: z.array(z.number()).describe("slot, lon, lat, heading, speed, observed (ms), flattened"),
    }),
  ])
  .register(answers, { id: "TopicSnapshot" });

export const snapshotMessage = z
  .object({
    epoch,
    now: msOut,
    set: z.int().describe("the frames that follow carry it"),
    seq: z
      .int()
      .describe("the next frame of this set carries seq + 1; another number means that one was lost: subscribe again"),
    order: z.array(z.string()).describe("index in this list = topic index in the set's frames"),
    topics: z.record(z.string(), topicSnapshot).describe("those that the client already has are left out"),
    refused: z.array(z.object({ topic: z.string(), reason: z.string() })),
  })
  .register(answers, { id: "SnapshotMessage" });

export const subscribeRefusal = z
  .object({ error: z.string().describe("why the whole subscription was refused; what was asked before stands") })
  .register(answers, { id: "SubscribeRefusal" });

export const helloMessage = z
  .object({ epoch, now: msOut, build: z.string().describe("of the pages; another one means that they were replaced") })
  .register(answers, { id: "HelloMessage" });

export const screenMessage = z
  .object({
    city: z.string(),
    screen: z.string(),
    revision: z.int().describe("counts the good layouts since the gateway began"),
    layout: screenSchema.register(answers, { id: "Screen" }).nullable().describe("the last good one"),
    error: z.string().nullable().describe("why a newer file was refused"),
    theme: placeTheme.optional().describe("how the place's pages look now; left out where nothing says"),
  })
  .register(answers, { id: "ScreenMessage" });

/** Who sees a part of the installation is not told how much there is of the rest. */
const WHOLE_ALONE = "told to whoever may look at all cities";

export const storeMessage = z
  .object({
    state: z
      .enum(["starting", "ok", "behind", "down", "full", "unwritable"])
      .describe(
        "behind: what came is safe on disk but not in the store yet; full: the room for what waits is used up; " +
          "unwritable: the disk cannot be written, or has next to no room left. In the last two nothing is taken " +
          "in: publishers are told to come again",
      ),
    since: msOut,
    waiting: z.number().optional().describe(`bytes that wait; ${WHOLE_ALONE}`),
    refused: z
      .int()
      .optional()
      .describe(`batches refused since the gateway began because nothing more could be kept; ${WHOLE_ALONE}`),
    space: z
      .enum(["ok", "low", "full"])
      .describe("room on the disk; low: fewer bytes than to be warned of; full: so few that nothing is taken in"),
    aside: z
      .int()
      .describe("items that the store refused and that are kept beside it; `npx citywall aside` lists them"),
    notices: z
      .array(
        z.object({
          what: z
            .enum(["journal", "store", "restored", "database", "recent", "totals", "tokens"])
            .describe(
              "what could not be read; restored: the journal is older than the store; database: it is another Citywall's",
            ),
          at: msOut,
          file: z.string().optional().describe(`which; ${WHOLE_ALONE}`),
          fault: z.string().optional().describe(`what is the matter with it; ${WHOLE_ALONE}`),
          lost: z.int().describe("acknowledged items that are gone"),
          exact: z.boolean().describe("false: at least so many"),
        }),
      )
      .describe("what nobody has acknowledged yet with `npx citywall notices --acknowledge`, oldest first"),
  })
  .register(answers, { id: "StoreMessage" });

export const clockMessage = z
  .object({
    now: msOut.describe("by the clock as it stands; what was known of the gateway's time before holds no longer"),
    by: z.number().describe("ms by which it was set, below 0 if back"),
    at: msOut.describe("when, by the clock as it stands then"),
  })
  .register(answers, { id: "ClockMessage" });

export const lagMessage = z
  .object({ skippedFrames: z.int().describe("that this connection was too slow for, since it began") })
  .register(answers, { id: "LagMessage" });

export const issueMessage = z
  .object({
    code: z.enum(["too-many-messages", "too-many-bytes", "too-slow", "rights-changed"]),
    detail: z
      .string()
      .describe(
        "what was more than one connection may send or leave waiting; rights-changed: who has it is signed out, or may do more or less",
      ),
  })
  .register(answers, { id: "IssueMessage" });

/** The bytes of a frame. */
export const FRAME_LAYOUT = [
  "One frame: u8 version (1) | varint set | varint seq | u48 gateway time, ms | sections until the end.",
  "section: varint (topic index * 4 + kind) | body.",
  "kind 0, one reading, the topic's offset advances by one: item.",
  "kind 1, readings: varint advance | varint count | item... (count 0: too much happened, subscribe again).",
  "kind 2, events: varint advance | varint bytes | UTF-8 JSON [[CityEvent...], [EventCellRow...]].",
  "kind 3, positions: varint advance | varint count | varint bytes of names | UTF-8 JSON [[slot, id, " +
    "label]...], empty id frees the slot | count rows of u32 slot, i32 lon * 1e6, i32 lat * 1e6, u16 heading * " +
    "100, u16 speed * 50, i32 gateway time - observed in ms.",
  "item: zigzag varint (gateway time - observed), ms | value.",
  "value: varint (zigzag(v * 10^s) * 4 + s), s = 0..2; or 3 | u8 quality (0 good, 1 uncertain, 2 bad) | f64.",
  "varint: 7 bits a byte, lowest first, the top bit says that another follows. zigzag: 2v, or -2v - 1 below 0.",
  "All multi-byte numbers are little-endian. A frame without sections is a heartbeat: one comes at least every second.",
].join("\n");

interface Message {
  summary: string;
  /** of the event's arguments the first, or, with `args`, all of them as a list; null: bytes */
  payload: z.ZodType | null;
  args?: boolean;
  /** what the acknowledgement may carry */
  replies?: Readonly<Record<string, z.ZodType>>;
}

/** Events that clients send, by name. */
export const TO_GATEWAY = {
  subscribe: {
    summary:
      "The topics this client shows now, replacing what it asked before; acknowledged with a snapshot or a refusal",
    payload: subscribeRequest,
    replies: { subscribed: snapshotMessage, subscribeRefused: subscribeRefusal },
  },
  "watch-screen": {
    summary:
      "City and screen whose layout is followed; acknowledged with the layout as it stands, null where there is " +
      "no such screen, or no right to it",
    payload: watchScreenRequest,
    args: true,
    replies: { watched: screenMessage.nullable() },
  },
} as const satisfies Record<string, Message>;

/** Events that the gateway sends, by name. */
export const TO_CLIENT = {
  hello: { summary: "Once per connection", payload: helloMessage },
  store: {
    summary: "How the store of the past stands, at first and when it changes; not sent where no past is kept",
    payload: storeMessage,
  },
  f: { summary: "What changed in a set of topics", payload: null },
  snapshot: {
    summary: "The state of the topics, instead of frames that were skipped because the connection was congested",
    payload: snapshotMessage,
  },
  lag: { summary: "What this connection was too slow for, after each such snapshot", payload: lagMessage },
  clock: {
    summary:
      "The clock of the gateway's machine was set: ask for everything anew. Also once after `hello` for ten minutes from then on",
    payload: clockMessage,
  },
  issue: {
    summary:
      "Why this connection is cut, right before it is (close code 1008): come again, with less, or as who one is now",
    payload: issueMessage,
  },
  display: {
    summary:
      "To a display: what it is and which screen it shows, at first and whenever somebody changes it; `withdrawn`: it is to show " +
      "nothing any more",
    payload: displayStanding,
  },
  screen: { summary: "A watched screen's layout changed, or a newer file was refused", payload: screenMessage },
} as const satisfies Record<string, Message>;
