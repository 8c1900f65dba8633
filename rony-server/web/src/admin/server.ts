/** What the server says of itself to administrators. */
import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api/client";

export function useServer() {
  return useQuery({ queryKey: ["server"], queryFn: () => call(api.GET("/server", {})), staleTime: 0 });
}
