/** The calls of this page: says and hears what there is to say about them, and meets their people. */
import { toast } from "sonner";
import type { Client } from "@/client/client";
import type { Meeting } from "@/meet/meeting";
import type { Kind } from "@/meet/trouble";
import { personName } from "@/model/naming";
import { asked, type Call, expire, hear, type Over, without, wordsOf } from "./state";
import type { CallSaid, CallTold } from "./wire";

export interface DeskState {
  calls: readonly Call[];
  /** The room of each call in which this device is. */
  meetings: ReadonlyMap<string, Meeting>;
  /** What a person wants to send in each call, whether or not it is put aside at the moment. */
  sends: ReadonlyMap<string, Sends>;
  /** For which devices of a call the browser may be asking its person. */
  asking: ReadonlyMap<string, string>;
}

export type Sends = Readonly<Record<Kind, boolean>>;

const OFF: Sends = { microphone: false, camera: false };
type Tracks = Partial<Record<Kind, MediaStreamTrack>>;
const KINDS = ["microphone", "camera"] as const;

/** Devices that are being opened. */
interface Opening {
  tracks: Promise<Tracks>;
  /** Comes, with nothing, when the browser may be asking its person, who may take their time. */
  asks: Promise<Tracks>;
}

export class CallDesk {
  private state: DeskState = { calls: [], meetings: new Map(), sends: new Map(), asking: new Map() };
  private readonly listeners = new Set<() => void>();
  /** One for as long as the page is there: by it the server knows this device on each connection. */
  private readonly device = crypto.randomUUID();
  /** Devices that are being opened for a call. */
  private readonly opening = new Map<string, Opening>();
  /** Calls that were left or declined here, perhaps while the server could not be told. */
  private readonly gone = new Set<string>();
  private readonly offs: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: Client) {
    this.offs.push(client.onCall((told) => this.heard(told)));
    this.offs.push(client.onLive(() => this.say({ type: "here", calls: this.own() })));
    window.addEventListener("pagehide", this.leaveAll);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): DeskState => this.state;

  /** Calls all others in a conversation. */
  start(conversation: string, video: boolean): void {
    const call = asked(crypto.randomUUID(), this.me(), conversation, video);
    this.set({ calls: [...this.state.calls, call] });
    this.open(call.id, video);
    if (this.say({ type: "invite", call: call.id, conversation, video })) return;
    this.over({
      call,
      type: "refused",
      code: "offline",
      detail: "You are offline. Call again when you are connected.",
    });
  }

  answer(id: string, video: boolean): void {
    this.open(id, video);
    this.say({ type: "accept", call: id });
  }

  decline(id: string): void {
    this.gone.add(id);
    this.say({ type: "decline", call: id });
    this.drop(id);
  }

  hangUp(id: string): void {
    this.gone.add(id);
    this.say({ type: "hang_up", call: id });
    this.drop(id);
  }

  hold(id: string, on: boolean): void {
    this.say({ type: "hold", call: id, on });
  }

  async switch(id: string, kind: Kind): Promise<void> {
    const sends = this.state.sends.get(id) ?? OFF;
    const meeting = this.state.meetings.get(id);
    const on = !sends[kind];
    if (meeting === undefined) return;
    const has = meeting.snapshot().own[kind] !== undefined;
    if (on && !has) {
      const { [kind]: track } = await this.take(id, { microphone: kind === "microphone", camera: kind === "camera" })
        .tracks;
      if (track === undefined || !this.lacks(id, meeting, kind)) return track?.stop();
      meeting.set(kind, track);
    } else if (!on && kind === "camera") meeting.set("camera", null);
    this.sending(id, { ...sends, [kind]: on });
    this.settle(id);
  }

  /** A device was opened, changed or lost in the call's meeting itself. */
  follow(id: string): void {
    const meeting = this.state.meetings.get(id);
    const call = this.state.calls.find((one) => one.id === id);
    // While it is put aside nothing is sent, whatever its person wants.
    if (meeting === undefined || call === undefined || call.held) return;
    const { microphone, camera } = meeting.snapshot().own;
    this.sending(id, { microphone: microphone?.muted === false, camera: camera?.muted === false });
  }

  /** Keeps what its person wants to send in a call. */
  private sending(id: string, sends: Sends): void {
    const before = this.state.sends.get(id) ?? OFF;
    if (before.microphone === sends.microphone && before.camera === sends.camera) return;
    this.set({ sends: new Map(this.state.sends).set(id, sends) });
    if (before.camera !== sends.camera) this.say({ type: "video", call: id, on: sends.camera });
  }

  stop(): void {
    this.leaveAll();
    window.removeEventListener("pagehide", this.leaveAll);
    for (const off of this.offs) off();
    clearTimeout(this.timer);
  }

  private readonly leaveAll = () => {
    for (const id of this.own()) this.hangUp(id);
  };

  /** The calls in which this device is, or means to be. */
  private own(): string[] {
    return this.state.calls.filter((call) => call.phase !== "ringing").map((call) => call.id);
  }

  private me(): string {
    return this.client.snapshot().model?.me.id ?? "";
  }

  private say(message: CallSaid): boolean {
    return this.client.call(this.device, message);
  }

  private heard(told: CallTold): void {
    if ((told.type === "calling" || told.type === "ring" || told.type === "join") && this.gone.has(told.call)) {
      // It went on at the server while this device was away.
      this.say({ type: "hang_up", call: told.call });
      return;
    }
    const before = this.state.calls;
    const now = { page: performance.now(), day: Date.now() };
    const [calls, over] = hear(before, this.me(), told, now);
    if (calls !== before) this.set({ calls });
    if (over !== null) this.over(over);
    if (told.type === "join") void this.join(told.call, told.room);
    if (told.type === "held") this.settle(told.call);
    clearTimeout(this.timer);
    if (this.state.calls.some((call) => call.phase === "ringing")) this.timer = setTimeout(() => this.expired(), 1_000);
  }

  private expired(): void {
    const calls = expire(this.state.calls, performance.now());
    if (calls !== this.state.calls) this.set({ calls });
    if (calls.some((call) => call.phase === "ringing")) this.timer = setTimeout(() => this.expired(), 1_000);
  }

  private over(over: Over): void {
    if (!this.state.calls.some((call) => call.id === over.call.id)) this.drop(over.call.id);
    const { model } = this.client.snapshot();
    if (model === null) return;
    const view = model.conversations.get(over.call.conversation ?? "");
    const whom = over.call.caller === this.me() ? view?.peer_id : over.call.caller;
    const words = wordsOf(over, this.me(), whom ? personName(model, whom) : view?.title || "The group");
    if (words !== null) toast(words);
  }

  private async join(id: string, room: string): Promise<void> {
    if (this.state.meetings.has(id)) return;
    // At once, so that being told twice is no second seat.
    const opening = this.opening.get(id) ?? { tracks: Promise.resolve<Tracks>({}), asks: Promise.resolve<Tracks>({}) };
    this.opening.delete(id);
    // Who never calls need not wait for it.
    const { Meeting } = await import("@/meet/meeting");
    const tracks = await Promise.race([opening.tracks, opening.asks]);
    const here = this.state.calls.some((call) => call.id === id) && !this.state.meetings.has(id);
    if (!here) return void opening.tracks.then(close);
    const meeting = new Meeting({ room }, null, tracks);
    const sends = { microphone: tracks.microphone !== undefined, camera: tracks.camera !== undefined };
    this.set({
      meetings: new Map(this.state.meetings).set(id, meeting),
      sends: new Map(this.state.sends).set(id, sends),
    });
    this.settle(id);
    const off = meeting.subscribe(() => {
      if (meeting.snapshot().ended === null) return;
      off();
      // The room is closed to this device: so is the call.
      if (this.state.meetings.get(id) === meeting) this.hangUp(id);
    });
    void opening.tracks.then((all) => this.takesLate(id, meeting, all));
  }

  /** Devices that were allowed only when the call went on already. */
  private takesLate(id: string, meeting: Meeting, tracks: Tracks): void {
    for (const kind of KINDS) {
      const track = tracks[kind];
      if (track === undefined || track === meeting.snapshot().own[kind]?.track) continue;
      if (!this.lacks(id, meeting, kind)) {
        track.stop();
        continue;
      }
      meeting.set(kind, track);
      this.sending(id, { ...(this.state.sends.get(id) ?? OFF), [kind]: true });
    }
    this.settle(id);
  }

  /** Whether that call goes on here, and has no such device yet. */
  private lacks(id: string, meeting: Meeting, kind: Kind): boolean {
    return this.state.meetings.get(id) === meeting && meeting.snapshot().own[kind] === undefined;
  }

  /** Nothing is sent in a call that is put aside. */
  private settle(id: string): void {
    const call = this.state.calls.find((one) => one.id === id);
    const [meeting, sends] = [this.state.meetings.get(id), this.state.sends.get(id)];
    if (call === undefined || meeting === undefined || sends === undefined) return;
    if (call.held && meeting.snapshot().own.screen !== undefined) meeting.showScreen(null);
    for (const kind of KINDS) {
      const own = meeting.snapshot().own[kind];
      const muted = call.held || !sends[kind];
      if (own !== undefined && own.muted !== muted) meeting.mute(kind, muted);
    }
  }

  private open(id: string, video: boolean): void {
    this.opening.set(id, this.take(id, { microphone: true, camera: video }));
  }

  /** Opens devices for a call, and says so where the browser may ask for them. */
  private take(id: string, wanted: Record<Kind, boolean>): Opening {
    const tracks = opened(wanted);
    const ends = tracks.then(() => true);
    const asks = mayAsk(wanted).then((what): Tracks => {
      this.set({ asking: new Map(this.state.asking).set(id, what) });
      void ends.then(() => this.answered(id));
      return {};
    });
    return { tracks, asks };
  }

  private answered(id: string): void {
    const asking = new Map(this.state.asking);
    if (asking.delete(id)) this.set({ asking });
  }

  private drop(id: string): void {
    const meeting = this.state.meetings.get(id);
    const [meetings, sends] = [new Map(this.state.meetings), new Map(this.state.sends)];
    meetings.delete(id);
    sends.delete(id);
    this.set({ calls: without(this.state.calls, { id }), meetings, sends });
    void this.opening.get(id)?.tracks.then(close);
    this.opening.delete(id);
    this.answered(id);
    meeting?.leave();
  }

  private set(changed: Partial<DeskState>): void {
    this.state = { ...this.state, ...changed };
    for (const listener of this.listeners) listener();
  }
}

/** Opens devices. One that does not open is said, and the call goes on without it. */
async function opened(wanted: Record<Kind, boolean>): Promise<Tracks> {
  const [{ openDevices, recallChoices, thisBrowser }, { help }] = await Promise.all([
    import("@/meet/devices"),
    import("@/meet/trouble"),
  ]);
  const choices = recallChoices();
  const got = await openDevices(
    {
      microphone: wanted.microphone && (choices.microphone ?? true),
      camera: wanted.camera && (choices.camera ?? true),
    },
    thisBrowser(),
  );
  const tracks: Tracks = {};
  for (const kind of KINDS) {
    const one = got[kind];
    if (one.type === "on") tracks[kind] = one.track;
    if (one.type !== "failed") continue;
    const { title, steps } = help(one.trouble, kind, navigator.userAgent);
    toast.error(title, { description: steps.join(" "), duration: 15_000 });
  }
  return tracks;
}

/** For what the browser may ask, once it may; never, where it has been told already. */
async function mayAsk(wanted: Record<Kind, boolean>): Promise<string> {
  const { thisBrowser, wordsFor } = await import("@/meet/devices");
  const said = await Promise.all(KINDS.filter((kind) => wanted[kind]).map(thisBrowser().permission));
  if (said.every((one) => one === "granted" || one === "denied")) await new Promise(() => {});
  return wordsFor(wanted);
}

function close(tracks: Tracks): void {
  for (const track of Object.values(tracks)) track.stop();
}
