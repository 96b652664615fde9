import type { Wanted } from "@/lib/contract/widget";
import type { Live } from "@/lib/live/read-metric";

/** Which topics are wanted, as one text: what an effect depends on, as the list itself is a new one at each render. */
export function keyOf(topics: Wanted[]): string {
  return topics.map(({ topic, span }) => `${topic} ${span}`).join("\n");
}

/** Watches the topics of a key of `keyOf`. Returns the functions that end it, one a topic. */
export function watchTopics(live: Pick<Live, "watch">, key: string, listener: () => void): (() => void)[] {
  const wanted = key === "" ? [] : key.split("\n").map((line) => line.split(" ") as [string, string]);
  // A function of its own for each: of one topic two spans may be wanted, and a listener has one.
  return wanted.map(([topic, span]) => live.watch(topic, Number(span), () => listener()));
}
