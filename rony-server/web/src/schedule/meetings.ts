/** The scheduled meetings of whoever is signed in, kept in step with what others do. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API_URL, api, call } from "@/api/client";
import type { Meeting } from "@/api/types";
import { useClient } from "@/client/hooks";

/** What everything about them is kept under. */
export const MEETINGS = ["meetings"] as const;
/** What happens at once is asked for once. */
const GATHER = 200;
/** A list that was left open all day shows what is over not for longer than this. */
const AGAIN = 5 * 60_000;

/** Those that are not over, the next one first. */
export function useUpcoming() {
  return useInfiniteQuery({
    queryKey: [...MEETINGS, "upcoming"],
    queryFn: ({ pageParam }) => call(api.GET("/meetings", { params: { query: { cursor: pageParam, limit: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
    refetchInterval: AGAIN,
  });
}

export function useMeeting(id: string) {
  return useQuery({ queryKey: [...MEETINGS, id], queryFn: () => loadMeeting(id), staleTime: 60_000, retry: false });
}

export function loadMeeting(id: string): Promise<Meeting> {
  return call(api.GET("/meetings/{id}", { params: { path: { id } } }));
}

/** Keeps what is shown in step with what others do, and oneself at another device. */
export function useLiveMeetings(): void {
  const client = useClient();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = client.onEvent((event) => {
      if (event.type !== "meeting.changed" && event.type !== "meeting.removed") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: MEETINGS });
      }, GATHER);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [client, queries]);
}

/** The moment, again and again: "Join" comes without a click. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Where the calendar's file of a meeting is. */
export function calendarFile(id: string): string {
  return `${API_URL}/meetings/${id}/invite.ics`;
}
