import type { Socket } from "socket.io";
import { after } from "../clock";
import type { DisplayStanding } from "../contract/api/displays";
import type { ControlAsk } from "../control/remote";
import { cookieOf, hashOfSecret } from "./cookies";

/** Ms after which it is asked again where nobody could tell. */
const AGAIN = 1_000;

interface Followed {
  hash: string;
  /** what it was told last */
  told: string;
}

/** Tells displays over their live connections what they show, at first and whenever somebody changes it. */
export class LiveDisplays {
  private readonly followed = new Map<Socket, Followed>();
  private isAsking = false;
  private isWanted = false;

  constructor(private readonly control: Pick<ControlAsk, "call" | "onChange">) {
    control.onChange(() => this.look());
  }

  /** Begins with a connection, before what its request said is let go of. One that comes with no display's secret is told nothing. */
  follow(socket: Socket): void {
    const secret = cookieOf(socket.request, "display");
    if (secret === null) return;
    this.followed.set(socket, { hash: hashOfSecret(secret), told: "" });
    socket.once("disconnect", () => this.followed.delete(socket));
    this.look();
  }

  /** Asks for all of them at once, and anew where something changed meanwhile. */
  private look(): void {
    this.isWanted = this.followed.size > 0;
    if (this.isAsking || !this.isWanted) return;
    this.isAsking = true;
    this.isWanted = false;
    this.ask().then(
      () => {
        this.isAsking = false;
        if (this.isWanted) this.look();
      },
      () => {
        this.isAsking = false;
        // Nothing was told, so nothing is known to be right.
        after(AGAIN, () => this.look());
      },
    );
  }

  private async ask(): Promise<void> {
    const asked = [...this.followed];
    const hashes = asked.map(([, { hash }]) => hash);
    const standings = await this.control.call("displayStandings", { hashes });
    asked.forEach(([socket, followed], i) => this.tell(socket, followed, standings[i] as DisplayStanding));
  }

  private tell(socket: Socket, followed: Followed, standing: DisplayStanding): void {
    const told = JSON.stringify(standing);
    const isFirst = followed.told === "";
    if (told === followed.told) return;
    followed.told = told;
    // Whose secret is none from the start is no display.
    if (!isFirst || standing.state !== "none") socket.emit("display", standing);
  }
}
