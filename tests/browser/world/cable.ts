/** A cable between somebody and the server, which can be cut and mended: what was under way on it is lost, as with a real one. */
import { once } from "node:events";
import { connect, createServer, type Server as Listener, type Socket } from "node:net";
import type { Server } from "./server";

export class Cable {
  private readonly ends = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly listener: Listener,
    /** What somebody opens who is at this end of it. */
    readonly url: string,
  ) {}

  static async to(server: Server): Promise<Cable> {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("no port is free");
    const cable = new Cable(listener, `http://localhost:${address.port}`);
    listener.on("connection", (near) => cable.carry(near, server.port));
    return cable;
  }

  cut(): void {
    this.isCut = true;
    for (const end of this.ends) end.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  remove(): void {
    this.cut();
    this.listener.close();
  }

  private carry(near: Socket, port: number): void {
    if (this.isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.ends.add(end);
      end.pipe(other);
      // One that breaks takes the other along.
      end.on("error", () => other.destroy());
      end.on("close", () => {
        this.ends.delete(end);
        other.destroy();
      });
    }
  }
}
