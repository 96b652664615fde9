/** Tells the start command that pages can be served; the gateway passes nothing under /api on to here. */
export function GET(): Response {
  return new Response("ok");
}
