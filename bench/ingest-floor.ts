/**
 * The least that a publisher's post costs: a bare server that reads and parses a body, appends it to a file and answers
 * once it is written.
 */
import { openSync, write } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const file = openSync(path.join(process.env.CITYWALL_DATA ?? "", "floor"), "a");

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const { readings } = JSON.parse(body.toString()) as { readings: unknown[] };
    write(file, body, 0, body.length, null, () => {
      const text = JSON.stringify({ accepted: readings.length, duplicates: 0 });
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
      response.end(text);
    });
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ ready: (server.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
