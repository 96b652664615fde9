import type { z } from "zod";
import type {
  clockMessage,
  helloMessage,
  issueMessage,
  lagMessage,
  screenMessage,
  snapshotMessage,
  storeMessage,
  subscribeRequest,
  topicSnapshot,
} from "./api/socket";

/** What goes over the live socket besides frames; `api/socket.ts` says what each means and when it is sent. */

export type SubscribeRequest = z.infer<typeof subscribeRequest>;
export type TopicSnapshot = z.infer<typeof topicSnapshot>;
export type SnapshotMessage = z.infer<typeof snapshotMessage>;
export type HelloMessage = z.infer<typeof helloMessage>;
export type ScreenMessage = z.infer<typeof screenMessage>;
export type StoreMessage = z.infer<typeof storeMessage>;
/** All that there is to tell of the store. */
export type StoreStanding = Required<Omit<StoreMessage, "notices">> & {
  notices: Required<StoreMessage["notices"][number]>[];
};
export type ClockMessage = z.infer<typeof clockMessage>;
export type IssueMessage = z.infer<typeof issueMessage>;
export type LagMessage = z.infer<typeof lagMessage>;
