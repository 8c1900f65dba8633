/** Links to rooms, and whether a conversation was told of one. */
import type { Message } from "@/api/types";

/** So long a message with the link says that there is a meeting. */
const NEWS = 60 * 60_000;

/** Where this page has the meeting. What others are given is the room's `url`: the server may be known by several addresses. */
export function meetingPage(code: string): string {
  return new URL(`meet#${code}`, document.baseURI).href;
}

/** Whether those who read the conversation have the link before them: then it is not posted once more. */
export function wasTold(messages: readonly Message[], code: string, now: number): boolean {
  return messages.some(
    ({ text, deleted_at, created_at }) =>
      !deleted_at && text.includes(`#${code}`) && now - Date.parse(created_at) < NEWS,
  );
}

/** What stands in the conversation. */
export function announcement(url: string): string {
  return `I am in a meeting. Join me: ${url}`;
}
