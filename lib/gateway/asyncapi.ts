import type { z } from "zod";
import { FRAME_LAYOUT, TO_CLIENT, TO_GATEWAY } from "../contract/api/socket";
import { LIMITS } from "../contract/api/limits";
import { schemaOf, schemasFor, type Json } from "./openapi";

interface Message {
  summary: string;
  payload: z.ZodType | null;
  args?: boolean;
  replies?: Readonly<Record<string, z.ZodType>>;
}

const TARGET = "draft-7";
const CHANNEL = "#/channels/live";
const SOCKET_IO =
  "socket.io 4 at path /live, WebSocket transport only, namespace /. A message's `name` is the name of the " +
  "socket.io event and its payload the event's first argument, unless it says that it is the list of arguments. " +
  "A frame is a single binary WebSocket message without socket.io's JSON placeholder before it: it stands for " +
  "the event `f`.";
const TOPICS =
  "Topics: reading/{city}/{district}/{metric} (district: a place's code, or all), events/{city}, " +
  "positions/{city}/{layer}. A subscription is answered with a snapshot {epoch, set, seq, order}; frames of " +
  "that set follow, each with seq one higher. A frame out of sequence means that one was lost: subscribe again.";

/** JSON Schema draft 7 is what AsyncAPI takes as it is. @param io as in `schemaOf` */
function payloadOf(payload: z.ZodType, io: "input" | "output", closed: boolean): Json {
  return schemaOf(payload, io, { target: TARGET, closed });
}

function messageOf(name: string, { summary, payload, args }: Message, io: "input" | "output", closed: boolean): Json {
  const bytes = { contentType: "application/octet-stream", payload: { type: "string", format: "binary" } };
  return {
    name,
    summary,
    ...(args ? { description: "The payload is the list of the event's arguments." } : {}),
    ...(name === "f" ? { description: FRAME_LAYOUT } : {}),
    ...(payload ? { contentType: "application/json", payload: payloadOf(payload, io, closed) } : bytes),
  };
}

const entries = (messages: Record<string, Message>): [string, Message][] => Object.entries(messages);
/** A key of the document, which takes no dash in the eyes of some generators. */
const keyOf = (name: string): string => name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
const refTo = (key: string): Json => ({ $ref: `${CHANNEL}/messages/${key}` });

function replyMessages(closed: boolean): [string, Json][] {
  return entries(TO_GATEWAY).flatMap(([event, { replies = {} }]) =>
    Object.entries(replies).map(([name, schema]): [string, Json] => [
      name,
      {
        name,
        summary: `What the acknowledgement of \`${event}\` may carry`,
        contentType: "application/json",
        payload: payloadOf(schema, "output", closed),
      },
    ]),
  );
}

function operations(): Json {
  const received = entries(TO_GATEWAY).map(([name, { summary, replies = {} }]) => [
    keyOf(name),
    {
      action: "receive",
      channel: { $ref: CHANNEL },
      summary,
      messages: [refTo(keyOf(name))],
      reply: { channel: { $ref: CHANNEL }, messages: Object.keys(replies).map(refTo) },
    },
  ]);
  const sent = entries(TO_CLIENT).map(([name, { summary }]) => [
    `send${keyOf(name)[0]?.toUpperCase()}${keyOf(name).slice(1)}`,
    { action: "send", channel: { $ref: CHANNEL }, summary, messages: [refTo(keyOf(name))] },
  ]);
  return Object.fromEntries([...received, ...sent]) as Json;
}

/**
 * `/api/asyncapi.json`. Seen from the gateway: it receives subscriptions and sends frames.
 * @param closed as of `makeOpenapi`
 */
export function makeAsyncapi(closed = false): Json {
  const messages = Object.fromEntries([
    ...entries(TO_GATEWAY).map(([name, message]) => [keyOf(name), messageOf(name, message, "input", closed)] as const),
    ...entries(TO_CLIENT).map(([name, message]) => [keyOf(name), messageOf(name, message, "output", closed)] as const),
    ...replyMessages(closed),
  ]);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Citywall live socket",
      version: "1.1.0",
      license: { name: "Apache-2.0" },
      description: `${SOCKET_IO} A message of a client holds at most ${LIMITS.message} bytes.\n\n${TOPICS}`,
    },
    servers: {
      gateway: { host: "localhost:3000", pathname: "/live", protocol: "ws", description: "The port of the pages" },
    },
    defaultContentType: "application/json",
    channels: { live: { address: "/", title: "The live socket", description: TOPICS, messages } },
    operations: operations(),
    components: { schemas: schemasFor(messages, { target: TARGET, closed }) },
  };
}

let made: Json | null = null;

/** The published document, made when first asked for. */
export function asyncapi(): Json {
  made ??= makeAsyncapi();
  return made;
}
