/** The channel by which pages of one browser hear of each other that somebody signed in or out. */
const CHANNEL = "citywall-session";

/** This page's own end of it, which does not hear itself; null while it does not listen. */
let own: BroadcastChannel | null = null;

/** Tells the browser's other pages that who looks at them is somebody else now. */
export function tellSessionChanged(): void {
  const channel = own ?? new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  if (channel !== own) channel.close();
}

/**
 * Told when somebody signs in or out on another page of the same browser: what this one shows was told to somebody else. One listens at
 * a time. Returns what ends it.
 */
export function onSessionChanged(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  own = channel;
  channel.addEventListener("message", listener);
  return () => {
    channel.close();
    if (own === channel) own = null;
  };
}
