/** The places of the page, behind the `#` of its address: so the page works wherever it is mounted. */
import { useHashLocation } from "wouter/use-hash-location";

export const places = {
  home: "/",
  conversation: (id: string) => `/c/${id}`,
  /** A conversation, at the message with this `seq`. */
  message: (id: string, seq: number) => `/c/${id}/m/${seq}`,
  /** A conversation with a thread beside it. */
  thread: (id: string, message: string) => `/c/${id}/t/${message}`,
  browse: "/browse",
  people: "/people",
  person: (id: string) => `/people/${id}`,
  activity: "/activity",
  /** What is looked for, where it is only in one conversation. */
  search: (query = "", conversation = "") =>
    `/search/${conversation && `in/${conversation}/`}${encodeURIComponent(query)}`,
  meetings: "/meetings",
  /** A scheduled meeting, over the list of all. */
  meeting: (id: string) => `/meetings/${id}`,
  calls: "/calls",
  files: "/files",
  folder: (id: string | null) => (id ? `/files/folder/${id}` : "/files"),
  /** What is not a folder: `recent`, `starred`, `shared` or `trash`. */
  filesView: (view: string) => `/files/${view}`,
  /** A file, shown over the folder that it is in. */
  file: (id: string) => `/files/file/${id}`,
  fileSearch: (query = "") => `/files/search/${encodeURIComponent(query)}`,
  settings: (part?: string) => (part ? `/settings/${part}` : "/settings"),
  admin: (part?: string) => (part ? `/admin/${part}` : "/admin"),
} as const;

/** Goes to a place. */
export function useNavigate(): (place: string) => void {
  const [, navigate] = useHashLocation();
  return navigate;
}
