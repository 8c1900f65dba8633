/** By which door one comes to files: signed in, or with the pass that an opened link gave. All calls of files go through one. */
import { createContext, useContext } from "react";
import { API_URL, ApiError, call } from "@/api/client";
import type { Drive, FileLevel, Grant, IfExists, Item, ItemPage, ItemView, Opening, Share, Version } from "@/api/types";

export type Query = Record<string, string | number | undefined>;

export interface ItemChange {
  name?: string;
  icon?: string;
  color?: string;
  parent_id?: string | null;
  starred?: boolean;
  if_exists?: IfExists;
}

export interface NewShare {
  level: Share["level"];
  name: string;
  expires_at?: string | null;
  password?: string;
  max_downloads?: number | null;
  log_openings: boolean;
}

export class Door {
  /** `pass` is what an opened link gave, and is renewed from time to time; without one it is the person who is signed in. */
  constructor(public pass?: string) {}

  /** The link is good for so many downloads: nothing is looked at by the way. */
  counted = false;

  /** What says who asks, in each request. */
  get headers(): Record<string, string> {
    return this.pass ? { Authorization: `Bearer ${this.pass}` } : {};
  }

  list(query: Query): Promise<ItemPage> {
    return this.ask("GET", `/files${written(query)}`);
  }

  get(id: string): Promise<ItemView> {
    return this.ask("GET", `/files/${id}`);
  }

  createFolder(folder: {
    parent_id: string | null;
    name: string;
    icon?: string;
    color?: string;
    if_exists?: IfExists;
  }) {
    return this.ask<Item>("POST", "/folders", folder);
  }

  change(id: string, change: ItemChange): Promise<Item> {
    return this.ask("PATCH", `/files/${id}`, change);
  }

  copy(id: string, to: { parent_id: string | null; name?: string }): Promise<Item> {
    return this.ask("POST", `/files/${id}/copy`, to);
  }

  trash(id: string): Promise<void> {
    return this.ask("DELETE", `/files/${id}`);
  }

  restore(id: string): Promise<Item> {
    return this.ask("POST", `/files/${id}/restore`);
  }

  /** What is in the trash goes for good. */
  deleteForever(id: string): Promise<void> {
    return this.ask("DELETE", `/files/${id}?forever=true`);
  }

  emptyTrash(): Promise<void> {
    return this.ask("DELETE", "/trash");
  }

  drive(): Promise<Drive> {
    return this.ask("GET", "/drive");
  }

  async versions(id: string): Promise<Version[]> {
    return (await this.ask<{ items: Version[] }>("GET", `/files/${id}/versions`)).items;
  }

  restoreVersion(id: string, version: number): Promise<Item> {
    return this.ask("POST", `/files/${id}/versions/${version}/restore`);
  }

  deleteVersion(id: string, version: number): Promise<void> {
    return this.ask("DELETE", `/files/${id}/versions/${version}`);
  }

  async grants(id: string): Promise<Grant[]> {
    return (await this.ask<{ items: Grant[] }>("GET", `/files/${id}/grants`)).items;
  }

  grant(id: string, subject: Grant["subject"], level: FileLevel): Promise<void> {
    return this.ask("PUT", `/files/${id}/grants/${subject.id}`, { kind: subject.kind, level });
  }

  revoke(id: string, subject: string): Promise<void> {
    return this.ask("DELETE", `/files/${id}/grants/${subject}`);
  }

  /** A link that downloads at once, for so many minutes. */
  link(id: string, minutes: number): Promise<{ url: string; expires_at: string }> {
    return this.ask("POST", `/files/${id}/link`, { minutes });
  }

  async shares(id: string): Promise<Share[]> {
    return (await this.ask<{ items: Share[] }>("GET", `/files/${id}/shares`)).items;
  }

  share(id: string, share: NewShare): Promise<{ url: string; share: Share }> {
    return this.ask("POST", `/files/${id}/shares`, share);
  }

  endShare(id: string): Promise<void> {
    return this.ask("DELETE", `/shares/${id}`);
  }

  async openings(id: string): Promise<Opening[]> {
    return (await this.ask<{ items: Opening[] }>("GET", `/shares/${id}/openings`)).items;
  }

  /** Some bytes of a file: all of them without a range. */
  async bytes(id: string, { range, version, signal }: { range?: string; version?: number; signal?: AbortSignal } = {}) {
    const headers = { ...this.headers, ...(range && { Range: range }) };
    const answer = await reached(fetch(contentUrl(id, { version }), { headers, signal, credentials: "same-origin" }));
    if (!answer.ok) throw ApiError.of(await problem(answer), answer.status);
    return answer;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { ...this.headers };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const request = fetch(API_URL + path, {
      method,
      headers,
      credentials: this.pass ? "omit" : "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return call<T>(
      request.then(async (response) =>
        response.ok
          ? { response, data: (response.status === 204 ? undefined : await response.json()) as T }
          : { response, error: await problem(response) },
      ),
    );
  }
}

export const OWN_DOOR = new Door();

export const DoorContext = createContext(OWN_DOOR);

export function useDoor(): Door {
  return useContext(DoorContext);
}

/** Where a file's bytes are, for whoever is signed in. */
export function contentUrl(id: string, { version, download }: { version?: number; download?: boolean } = {}): string {
  return `${API_URL}/files/${id}/content${written({ version, download: download ? "true" : undefined })}`;
}

/** Where a small or a large picture of a file is. `version` makes a new address of new bytes. */
export function thumbnailUrl(id: string, size: "small" | "large", version?: number): string {
  return `${API_URL}/files/${id}/thumbnail${written({ size, v: version })}`;
}

function written(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("unreachable", "Rony cannot be reached. Check your connection.");
  }
}

async function problem(answer: Response) {
  return answer.json().catch(() => undefined);
}
