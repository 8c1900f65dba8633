/** The rooms of whoever is signed in. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";

/** What the list is kept under. */
export const ROOMS = ["rooms"] as const;

/** Those that one made, and those of one's conversations, the newest first. */
export function useRooms() {
  return useInfiniteQuery({
    queryKey: ROOMS,
    queryFn: ({ pageParam }) => call(api.GET("/rooms", { params: { query: { cursor: pageParam, limit: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
}
