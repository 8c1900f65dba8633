/** Lists that come in pages. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/ui/button";

interface OnePage<T> {
  items: T[];
  next?: string | null;
}

/** A list, the first page of it at once. */
export function usePages<T>(key: readonly unknown[], load: (cursor: string | undefined) => Promise<OnePage<T>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

interface MoreProps {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** Brings the next page, where there is one. */
export function More({ list }: MoreProps) {
  if (!list.hasNextPage) return null;
  return (
    <div className="mt-4 flex justify-center">
      <Button look="plain" size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {list.isFetchingNextPage ? "Loading…" : "Show more"}
      </Button>
    </div>
  );
}
