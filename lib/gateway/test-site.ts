/** Gateways of their own for tests, in folders of their own, and servers that stand for Next. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { TileCheck } from "../cities/load";
import { TestTokens } from "./test-tokens";
import { openGateway, type Gateway, type GatewayOptions } from "./server";

export interface TestSite {
  /** holds `data` and `cities` */
  folder: string;
  /** publishers' tokens of its gateways, but for those with control data */
  tokens: TestTokens;
  /** Opens a gateway on the folder, with a port of its own and no pages unless told otherwise. */
  open(more?: Partial<GatewayOptions>): Promise<Gateway>;
  drop(): Promise<void>;
}

/** A folder with the cities of this checkout. @param checkTile as the server's composition hands it over */
export async function makeSite(checkTile: TileCheck): Promise<TestSite> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-site-"));
  await cp(path.resolve(import.meta.dirname, "../../cities"), path.join(folder, "cities"), { recursive: true });
  const tokens = new TestTokens();
  return {
    folder,
    tokens,
    open: (more = {}) =>
      openGateway({
        host: "127.0.0.1",
        port: 0,
        data: path.join(folder, "data"),
        cities: path.join(folder, "cities"),
        pagesPort: null,
        checkTile,
        build: "test",
        tick: 10,
        ...(more.control ? {} : { tokens }),
        ...more,
      }),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A server that stands for Next's, on a port of its own. */
export async function standForPages(answer: RequestListener): Promise<{ port: number; close: () => void }> {
  const pages = createServer(answer);
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  return {
    port: (pages.address() as AddressInfo).port,
    close() {
      pages.closeAllConnections();
      pages.close();
    },
  };
}
