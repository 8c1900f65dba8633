/** What stories need that is not their subject: done by the API, as any client could. */
import { randomUUID } from "node:crypto";
import type { Made } from "./files";
import type { Server } from "./server";

export class Api {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly id: string,
  ) {}

  static async signIn(server: Server, username: string, password: string): Promise<Api> {
    const { token } = await new Api(server.url, "", "").post("/sessions", { username, password });
    const me = await new Api(server.url, token, "").get("/me");
    return new Api(server.url, token, me.id);
  }

  get(path: string) {
    return this.call("GET", path);
  }

  post(path: string, body: unknown = {}) {
    return this.call("POST", path, body);
  }

  /** What says who asks. */
  get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** Puts a file into a folder, or to the top; answers its id. */
  async upload({ name, mimeType, buffer }: Made, parent?: string): Promise<string> {
    const about = { filename: name, media_type: mimeType, if_exists: "rename", ...(parent && { parent_id: parent }) };
    const metadata = Object.entries(about).map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`);
    const headers = { ...this.headers, "Tus-Resumable": "1.0.0" };
    const made = await fetch(`${this.url}/api/v1/uploads`, {
      method: "POST",
      headers: { ...headers, "Upload-Length": String(buffer.length), "Upload-Metadata": metadata.join(",") },
    });
    const place = made.headers.get("Location");
    if (!made.ok || place === null) throw new Error(`POST /uploads: ${made.status} ${await made.text()}`);
    const sent = await fetch(new URL(place, `${this.url}/api/v1/uploads`), {
      method: "PATCH",
      headers: { ...headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" },
      body: new Uint8Array(buffer),
    });
    const id = sent.headers.get("Rony-File");
    if (id === null) throw new Error(`PATCH ${place}: ${sent.status} ${await sent.text()}`);
    return id;
  }

  put(path: string, body: unknown) {
    return this.call("PUT", path, body);
  }

  delete(path: string) {
    return this.call("DELETE", path);
  }

  /** Writes a message, and gives it back. */
  async say(conversation: string, text: string, more: object = {}) {
    const body = { client_id: randomUUID(), text, ...more };
    const posted = await this.post(`/conversations/${conversation}/messages`, body);
    return posted.message ?? posted;
  }

  // biome-ignore lint/suspicious/noExplicitAny: stories know what they asked for
  private async call(method: string, path: string, body?: unknown): Promise<any> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    for (;;) {
      const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers, body: text });
      if (answer.status === 429) {
        // It says itself when it takes more.
        const seconds = Number(answer.headers.get("Retry-After") ?? "1");
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        continue;
      }
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? undefined : answer.json();
    }
  }
}
