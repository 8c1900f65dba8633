/** What components know of calls. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useClient } from "@/client/hooks";
import { CallDesk, type DeskState } from "./desk";

const DeskContext = createContext<CallDesk | null>(null);

/** Around everything from which one calls, or where one is called. */
export function Calling({ children }: { children: ReactNode }) {
  const client = useClient();
  const [desk, setDesk] = useState<CallDesk | null>(null);
  useEffect(() => {
    const made = new CallDesk(client);
    setDesk(made);
    return () => made.stop();
  }, [client]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

/** Null for a moment when the page begins. */
export function useDesk(): CallDesk | null {
  return useContext(DeskContext);
}

const NOTHING: DeskState = { calls: [], meetings: new Map(), sends: new Map(), asking: new Map() };
const never = () => () => {};

export function useCalls(): DeskState {
  const desk = useDesk();
  return useSyncExternalStore(desk?.subscribe ?? never, () => desk?.snapshot() ?? NOTHING);
}
