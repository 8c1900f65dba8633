/** Opens a link, and keeps it open: its pass is renewed before it ends. */
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import type { Opened } from "@/api/types";
import { Door } from "@/files/door";

/** How it stands with the link. */
export type LinkState =
  | { kind: "opening" }
  /** It asks for a password; `wrong` is what was said to the last one. */
  | { kind: "guarded"; wrong: string | null }
  | { kind: "open"; opened: Opened; door: Door }
  /** It does not work, or not any more. */
  | { kind: "closed"; code: string }
  | { kind: "failed"; error: unknown };

/** So long before its end a pass is renewed, and at most so long a timer of browsers waits, in milliseconds. */
const EARLY = 120_000;
const LONGEST = 2_000_000_000;

export interface LinkHeld {
  state: LinkState;
  open: (password?: string) => Promise<void>;
  /** Something was refused: where it was the link, it is closed. */
  refused: (error: unknown) => void;
}

export function useLink(token: string): LinkHeld {
  const [state, setState] = useState<LinkState>({ kind: "opening" });
  const password = useRef<string>(undefined);
  // One for all of the time: what is under way goes on with the next pass.
  const [door] = useState(() => new Door());

  const open = useCallback(
    async (given?: string) => {
      password.current = given ?? password.current;
      try {
        const body = { token, ...(password.current !== undefined && { password: password.current }) };
        const opened = await new Door().ask<Opened>("POST", "/shared", body);
        door.pass = opened.pass;
        door.counted = typeof opened.share.downloads_left === "number";
        setState({ kind: "open", opened, door });
      } catch (error) {
        if (!(error instanceof ApiError)) return setState({ kind: "failed", error });
        if (error.code === "password_needed") setState({ kind: "guarded", wrong: null });
        else if (error.code === "password_wrong" || (error.status === 429 && password.current !== undefined))
          setState({ kind: "guarded", wrong: error.message });
        else if (error.code.startsWith("share_") || error.status === 404)
          setState({ kind: "closed", code: error.code });
        else setState({ kind: "failed", error });
      }
    },
    [token, door],
  );

  const refused = useCallback(
    (error: unknown) => {
      const code = error instanceof ApiError ? error.code : "";
      if (code.startsWith("share_")) setState({ kind: "closed", code });
      // A device that slept has missed the moment to renew it.
      else if (code === "pass_expired") void open();
    },
    [open],
  );

  useEffect(() => void open(), [open]);

  const opened = state.kind === "open" ? state.opened : null;
  useEffect(() => {
    if (opened === null) return;
    const wait = (moment: string, early: number) =>
      Math.min(LONGEST, Math.max(1_000, Date.parse(moment) - Date.now() - early));
    const end = opened.share.expires_at;
    const ends = end ? setTimeout(() => setState({ kind: "closed", code: "share_expired" }), wait(end, 0)) : undefined;
    const renew = setTimeout(() => void open(), wait(opened.expires_at, EARLY));
    return () => {
      clearTimeout(ends);
      clearTimeout(renew);
    };
  }, [opened, open]);

  return { state, open, refused };
}
