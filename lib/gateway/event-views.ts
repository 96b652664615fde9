import { randomInt } from "node:crypto";
import type { EventCellRow } from "../contract/event-counts";
import type { CityEvent } from "../contract/events";

/** What changed in a topic of events since the last tick. */
export interface PendingEvents {
  kind: "events";
  advance: number;
  items: Map<string, CityEvent>;
  counts: Map<string, EventCellRow>;
  /** where events were that went to another place, by id */
  moved?: Map<string, Set<string>>;
  /** an event went out of sight: what followers hold can only be told anew */
  gone?: boolean;
}

/** A city's events of some places, for those who may not look at all of them. */
interface EventView {
  topic: string;
  places: ReadonlySet<string>;
  /** of changes in these places alone: how much happens elsewhere is not told */
  offset: number;
  /** sets of topics that it is in */
  followed: number;
}

/** Views that are kept though nobody follows them, so that their offsets go on. */
const KEPT = 256;
/** A view that is made anew begins somewhere else: what somebody has of an earlier one is not taken for this one's. */
const FIRST_OFFSETS = 2 ** 40;

/**
 * The views of events that are followed. Each is made when somebody first asks for it and is derived from the changes of its topic,
 * once for all who have the same rights; where nobody has some districts alone there is none, and nothing to do.
 */
export class EventViews {
  private readonly views = new Map<string, EventView>();
  private readonly byTopic = new Map<string, Map<string, EventView>>();

  /** The name of a view; it is there from now on. */
  open(topic: string, places: readonly string[]): string {
    const channel = `${topic} ${places.join(",")}`;
    const known = this.views.get(channel);
    if (known) {
      // The one that was asked for last is let go of last.
      this.views.delete(channel);
      this.views.set(channel, known);
      return channel;
    }
    const view = { topic, places: new Set(places), offset: randomInt(FIRST_OFFSETS), followed: 0 };
    this.views.set(channel, view);
    const others = this.byTopic.get(topic);
    if (others) others.set(channel, view);
    else this.byTopic.set(topic, new Map([[channel, view]]));
    this.letGo();
    return channel;
  }

  private letGo(): void {
    let spare = this.views.size - KEPT;
    for (const [channel, { topic, followed }] of this.views) {
      if (spare <= 0) return;
      if (followed > 0) continue;
      spare--;
      this.views.delete(channel);
      this.byTopic.get(topic)?.delete(channel);
    }
  }

  find(channel: string): Readonly<EventView> | undefined {
    return this.views.get(channel);
  }

  /** Says that a set of topics with this view begins (1) or ends (-1); nothing for what is no view. */
  follow(channel: string, by: 1 | -1): void {
    const view = this.views.get(channel);
    if (view) view.followed += by;
  }

  /** What a topic's changes are to each of its views; nothing for those that they do not touch. */
  *derive(topic: string, pending: PendingEvents): Generator<[string, PendingEvents]> {
    for (const [channel, view] of this.byTopic.get(topic) ?? []) {
      const { places } = view;
      const items = new Map([...pending.items].filter(([, { district }]) => places.has(district)));
      const counts = new Map([...pending.counts].filter(([, [, district]]) => places.has(district)));
      const gone = [...(pending.moved ?? [])].some(
        ([id, from]) => !items.has(id) && [...from].some((place) => places.has(place)),
      );
      if (items.size === 0 && counts.size === 0 && !gone) continue;
      const advance = Math.max(1, items.size);
      view.offset += advance;
      yield [channel, { kind: "events", advance, items, counts, gone }];
    }
  }
}

/** The topic of what is followed: of a view, that which it is derived from. */
export function topicOf(channel: string): string {
  return channel.split(" ", 1)[0] as string;
}
