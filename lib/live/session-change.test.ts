import { expect, it, vi } from "vitest";
import { onSessionChanged, tellSessionChanged } from "./session-change";

/** Another page of the same browser. */
function otherPage() {
  const channel = new BroadcastChannel("citywall-session");
  const heard = vi.fn();
  channel.addEventListener("message", heard);
  return { channel, heard };
}

it("other pages of a browser hear that somebody signed in or out, and the one where he did does not", async () => {
  const { channel, heard } = otherPage();
  const own = vi.fn();
  tellSessionChanged();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
  const stop = onSessionChanged(own);
  tellSessionChanged();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2));
  expect(own).not.toHaveBeenCalled();
  channel.postMessage(null);
  await vi.waitFor(() => expect(own).toHaveBeenCalledTimes(1));
  stop();
  tellSessionChanged();
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3));
  channel.close();
});
