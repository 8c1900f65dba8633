/** Calls of the REST API, with errors as people can read them. */
import createClient from "openapi-fetch";
import type { paths } from "./schema";
import type { Problem } from "./types";

/** Where the API is, relative to the page: an application may have mounted Rony under a path. */
export const API_URL = new URL(`${root()}api/v1`, document.baseURI).href;

/** The gateway's address. */
export const GATEWAY_URL = `${API_URL.replace(/^http/, "ws")}/gateway`;

export const api = createClient<paths>({ baseUrl: API_URL, credentials: "same-origin" });

/** What the server refused, or that it could not be reached. `message` is for people. */
export class ApiError extends Error {
  constructor(
    /** Stable, for programs; `unreachable` where no answer came. */
    readonly code: string,
    message: string,
    /** What is wrong with each field, by its name. */
    readonly fields: Readonly<Record<string, string>> = {},
    readonly status = 0,
  ) {
    super(message);
    this.name = "ApiError";
  }

  static of(problem: Partial<Problem> | undefined, status: number): ApiError {
    const fields = Object.fromEntries((problem?.errors ?? []).map(({ field, message }) => [field, message]));
    const message = problem?.detail || "That did not work. Try it again in a moment.";
    return new ApiError(problem?.code ?? "unexpected", message, fields, status);
  }
}

/** The data of an answer, or an [`ApiError`]. */
export async function call<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got: Awaited<typeof answer>;
  try {
    got = await answer;
  } catch {
    throw new ApiError("unreachable", "Rony cannot be reached. Check your connection.");
  }
  if (!got.response.ok) throw ApiError.of(got.error as Problem | undefined, got.response.status);
  return got.data as T;
}

/** What to tell a person about something that failed. */
export function explain(error: unknown): string {
  return error instanceof ApiError ? error.message : "That did not work. Reload the page and try it again.";
}

/** The page of a link stands below the others, and says so. */
function root(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=root]")?.content ?? "";
}
