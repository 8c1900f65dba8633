/** Links to rooms. */

/** Where this page has the meeting. What others are given is the room's `url`: the server may be known by several addresses. */
export function meetingPage(code: string): string {
  return new URL(`meet#${code}`, document.baseURI).href;
}
