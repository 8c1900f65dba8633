/** A screen that nobody sees, for what does not run without one, or runs differently there. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Screen {
  /** What a program must have in its environment to be shown there. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

export async function hiddenScreen(): Promise<Screen> {
  // Only Linux has such a screen; elsewhere there is one that is seen.
  if (process.platform !== "linux") return { environment: {}, close: async () => {} };
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const failed = once(server, "exit").then(() => {
    throw new Error("Xvfb did not start");
  });
  const [display] = await Promise.race([once(server.stdout, "data"), failed]);
  failed.catch(() => {});
  return {
    environment: { DISPLAY: `:${String(display).trim()}` },
    async close() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
    },
  };
}
