"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { after, every } from "@/lib/clock";
import type { Export } from "./export-words";
import { handOver } from "./picture";

/** A file that is there sooner (ms) is handed over without a word, as the browser would have done. */
const SHOWN_AFTER = 500;
/** How long it is said what became of a file, ms. */
const SAID_FOR = 12_000;
/** How often it is said how much came, ms: a voice that reads it out would not come to an end else. */
const SAID_EVERY = 1_000;

/** A refusal by the gateway, or, with 0, a connection that broke. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly again: number | null = null,
  ) {
    super(`refused with ${status}`);
  }
}

const formatOf = (url: string): "csv" | "xlsx" => (/[?&]format=xlsx\b/.test(url) ? "xlsx" : "csv");

function nameOf(response: Response): string {
  return /filename="?([^";]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "export";
}

/** Fetches a file. @param came told of the bytes so far @throws Refused */
async function fetchFile(url: string, signal: AbortSignal, came: (bytes: number) => void) {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) {
    const again = Number(response.headers.get("retry-after"));
    throw new Refused(response.status, again > 0 ? again : null);
  }
  const chunks: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    came((bytes += read.value.length));
  }
  const type = response.headers.get("content-type") ?? "";
  return { blob: new Blob(chunks, { type }), name: nameOf(response), bytes };
}

/**
 * Takes one file at a time. What takes longer than a moment is told of and can be called off, which ends its making as well:
 * the gateway sees that nobody waits for it any more.
 */
export function useExport() {
  const [state, setState] = useState<Export>({ phase: "none" });
  const under = useRef<AbortController | null>(null);
  useEffect(() => () => under.current?.abort(), []);
  useEffect(() => {
    const isOver = state.phase === "done" || state.phase === "cancelled" || state.phase === "refused";
    return isOver ? after(SAID_FOR, () => setState({ phase: "none" })) : undefined;
  }, [state]);

  const start = useCallback((url: string): void => {
    under.current?.abort();
    const own = new AbortController();
    under.current = own;
    setState({ phase: "none" });
    let [bytes, seconds, shown] = [0, 0, false];
    const say = (): void => {
      shown = true;
      setState(bytes > 0 ? { phase: "coming", bytes } : { phase: "making", seconds });
    };
    const stops = [
      after(SHOWN_AFTER, say),
      every(SAID_EVERY, () => {
        seconds++;
        say();
      }),
    ];
    fetchFile(url, own.signal, (count) => (bytes = count))
      .then(
        (file) => {
          handOver(file.blob, file.name);
          return shown ? ({ phase: "done", bytes: file.bytes } as const) : ({ phase: "none" } as const);
        },
        (error: unknown): Export => {
          const { status, again } = error instanceof Refused ? error : new Refused(0);
          return { phase: "refused", status, again, format: formatOf(url) };
        },
      )
      .then(
        (end) => {
          stops.forEach((stop) => stop());
          if (!own.signal.aborted) setState(end);
        },
        () => {},
      );
    own.signal.addEventListener("abort", () => stops.forEach((stop) => stop()));
  }, []);

  const cancel = useCallback((): void => {
    under.current?.abort();
    setState({ phase: "cancelled" });
  }, []);

  return { state, start, cancel };
}
