/** Two sides that agree on what to send, whatever happens to what they tell each other. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Negotiation, type NegotiationInput, type NegotiationOutput, type Operation } from "./negotiation";
import { Peer, type PeerConnection } from "./peer";
import type { Description } from "./wire";

/** A browser's rules about what may follow what. */
class Rules {
  state: RTCSignalingState = "stable";
  /** The offer and the answer that are in force. */
  agreed: [offer: string, answer: string] = ["", ""];
  private offer = "";
  private made = 0;

  constructor(private readonly name: string) {}

  local(type?: "rollback"): string {
    if (type === "rollback") return this.rollback("have-local-offer");
    this.made += 1;
    const sdp = `v=0 ${this.name}${this.made}`;
    if (this.state === "have-remote-offer") this.agree(sdp);
    else {
      this.offer = sdp;
      this.state = "have-local-offer";
    }
    return sdp;
  }

  remote(type: "offer" | "answer" | "rollback", sdp = ""): void {
    if (type === "rollback") this.rollback("have-remote-offer");
    else if (type === "answer") {
      if (this.state !== "have-local-offer") throw new Error(`an answer in ${this.state}`);
      this.agree(sdp);
    } else {
      if (this.state === "have-local-offer") throw new Error("both have offered");
      this.offer = sdp;
      this.state = "have-remote-offer";
    }
  }

  private rollback(from: RTCSignalingState): string {
    if (this.state !== from) throw new Error(`nothing to take back in ${this.state}`);
    this.state = "stable";
    return "";
  }

  private agree(answer: string): void {
    this.agreed = [this.offer, answer];
    this.state = "stable";
  }
}

/** One side, with a browser that takes its time. */
class Side {
  readonly rules: Rules;
  readonly negotiation: Negotiation;
  readonly candidates: string[] = [];
  pending: Operation | null = null;
  gaveUp = false;

  constructor(
    name: string,
    me: number,
    other: number,
    private readonly air: Description[],
  ) {
    this.rules = new Rules(name);
    this.negotiation = new Negotiation(me, other);
  }

  input(now: number, input: NegotiationInput): void {
    for (const output of this.negotiation.handle(now, input)) this.carryOut(output);
  }

  /** The browser finishes what it was asked to do, or fails. */
  finish(now: number, fails = false): void {
    const operation = this.pending;
    this.pending = null;
    if (operation === null) return;
    if (fails) return this.input(now, { type: "done", outcome: { type: "failed" } });
    if ("rollback" in operation && operation.rollback) {
      if (this.rules.state === "have-remote-offer") this.rules.remote("rollback");
      else if (this.rules.state === "have-local-offer") this.rules.local("rollback");
    }
    if (operation.type === "offer" || operation.type === "answer") {
      const sdp = this.rules.local();
      this.input(now, { type: "done", outcome: { type: "described", sdp } });
    } else {
      this.rules.remote(operation.type === "take_offer" ? "offer" : "answer", operation.sdp);
      this.input(now, { type: "done", outcome: { type: "applied" } });
    }
  }

  private carryOut(output: NegotiationOutput): void {
    if (output.type === "do") {
      expect(this.pending).toBeNull();
      this.pending = output.operation;
    } else if (output.type === "tell") this.air.push(output.description);
    else if (output.type === "add_candidate") this.candidates.push(output.candidate?.candidate ?? "");
    else this.gaveUp = true;
  }
}

function pair() {
  const [toImpolite, toPolite]: [Description[], Description[]] = [[], []];
  // The higher number is the polite one.
  const polite = new Side("p", 7, 3, toImpolite);
  const impolite = new Side("i", 3, 7, toPolite);
  return { polite, impolite, toImpolite, toPolite };
}

type Pair = ReturnType<typeof pair>;

/** Nothing goes wrong any more, until both rest. */
function settle({ polite, impolite, toImpolite, toPolite }: Pair, now = 0): void {
  for (let turn = 0; turn < 1_000; turn += 1) {
    for (const [side, inbox] of [
      [polite, toPolite],
      [impolite, toImpolite],
    ] as const) {
      side.finish(now);
      const description = inbox.shift();
      if (description !== undefined) side.input(now, { type: "heard", description });
    }
    const quiet = [toPolite, toImpolite].every(({ length }) => length === 0);
    if (!quiet || polite.pending !== null || impolite.pending !== null) continue;
    if (polite.negotiation.isStable && impolite.negotiation.isStable) return;
    now += 1_000;
    for (const side of [polite, impolite]) side.input(now, { type: "tick" });
  }
  throw new Error("they do not come to rest");
}

function expectAgreed({ polite, impolite }: Pair): void {
  expect([polite.rules.state, impolite.rules.state]).toEqual(["stable", "stable"]);
  expect(polite.rules.agreed).toEqual(impolite.rules.agreed);
  expect(polite.negotiation.agreed).toBe(impolite.negotiation.agreed);
}

test("when both offer at once the polite one gives way, and is heard afterwards", () => {
  const both = pair();
  for (const side of [both.polite, both.impolite]) side.input(0, { type: "needed" });
  for (const side of [both.polite, both.impolite]) side.finish(0);
  expect(both.toImpolite[0]).toMatchObject({ type: "offer", nid: 3 });
  expect(both.toPolite[0]).toMatchObject({ type: "offer", nid: 2 });
  settle(both);
  expectAgreed(both);
  // The second round is the polite one's.
  expect(both.polite.negotiation.agreed).toBe(5);
  expect(both.polite.rules.agreed[0]).toMatch(/ p/);
});

test("whatever is lost, doubled, late or fails, both agree on the same in the end", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean(), fc.nat());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const both = pair();
      let now = 0;
      let failures = 0;
      both.polite.input(now, { type: "needed" });
      for (const [what, politely, nat] of steps) {
        const side = politely ? both.polite : both.impolite;
        const inbox = politely ? both.toPolite : both.toImpolite;
        const at = nat % Math.max(1, inbox.length);
        if (what <= 1) side.finish(now);
        else if (what === 2) {
          // So few that none of them gives up.
          failures += 1;
          side.finish(now, failures < 4);
        } else if (what === 3) side.input(now, { type: nat % 2 === 0 ? "needed" : "restart" });
        else if (what === 4) inbox.splice(at, 1);
        else if (what === 5) inbox.push(...inbox.slice(at, at + 1));
        else if (what === 6) {
          now += nat % 5_000;
          side.input(now, { type: "tick" });
        } else for (const description of inbox.splice(at, 1)) side.input(now, { type: "heard", description });
      }
      settle(both, now);
      expectAgreed(both);
    }),
    { numRuns: 400 },
  );
});

test("candidates wait for their description, and those of an offer that was ignored are ignored", () => {
  const { polite, impolite, toImpolite } = pair();
  impolite.input(0, { type: "needed" });
  impolite.finish(0);
  const trickle = (nid: number, candidate: string) =>
    ({ type: "heard", description: { type: "trickle", nid, candidate: { candidate }, final: false } }) as const;
  // The polite one's offer of the same round is ignored; so is this.
  impolite.input(0, { type: "heard", description: { type: "offer", nid: 3, sdp: "v=0 p" } });
  impolite.input(0, trickle(3, "ignored"));
  impolite.input(0, trickle(2, "early"));
  expect(impolite.candidates).toEqual([]);
  impolite.input(0, { type: "heard", description: { type: "answer", nid: 2, sdp: "v=0 p" } });
  impolite.finish(0);
  impolite.input(0, trickle(2, "late"));
  expect(impolite.candidates).toEqual(["early", "late"]);

  // What is found before the offer is told goes after it, with its number.
  polite.input(0, { type: "needed" });
  polite.input(0, { type: "found", candidate: { candidate: "mine" }, final: false });
  expect(toImpolite).toEqual([]);
  polite.finish(0);
  expect(toImpolite.map(({ type, nid }) => [type, nid])).toEqual([
    ["offer", 3],
    ["trickle", 3],
  ]);
});

test("an answer to an older offer changes nothing", () => {
  const { impolite } = pair();
  impolite.input(0, { type: "needed" });
  impolite.finish(0);
  impolite.input(0, { type: "heard", description: { type: "answer", nid: 0, sdp: "v=0 old" } });
  expect(impolite.pending).toBeNull();
  expect(impolite.rules.state).toBe("have-local-offer");
});

test("a short interruption restarts nothing, a longer one does", () => {
  const { polite } = pair();
  polite.input(0, { type: "connection", state: "disconnected" });
  polite.input(3_999, { type: "connection", state: "connected" });
  expect(polite.negotiation.nextDue).toBeNull();
  polite.input(5_000, { type: "connection", state: "disconnected" });
  polite.input(9_000, { type: "tick" });
  expect(polite.pending).toEqual({ type: "offer", restart: true, rollback: false });
});

test("a connection that fails again and again is given up", () => {
  const { polite } = pair();
  for (let time = 0; time < 4; time += 1) polite.input(time, { type: "connection", state: "failed" });
  expect(polite.gaveUp).toBe(false);
  polite.input(4, { type: "connection", state: "failed" });
  expect(polite.gaveUp).toBe(true);
});

test("a connection that does not come about is looked for anew, and given up in the end", () => {
  const both = pair();
  both.impolite.input(0, { type: "needed" });
  settle(both);
  both.impolite.input(9_999, { type: "tick" });
  expect(both.impolite.pending).toBeNull();
  both.impolite.input(10_000, { type: "tick" });
  expect(both.impolite.pending).toEqual({ type: "offer", restart: true, rollback: false });
  both.impolite.input(20_000, { type: "tick" });
  expect(both.impolite.gaveUp).toBe(false);
  both.impolite.input(30_000, { type: "tick" });
  expect(both.impolite.gaveUp).toBe(true);
});

test("who was connected once is waited for no more", () => {
  const both = pair();
  both.impolite.input(0, { type: "needed" });
  settle(both);
  both.impolite.input(100, { type: "connection", state: "connected" });
  expect(both.impolite.negotiation.nextDue).toBeNull();
});

/** A stand-in for a browser's connection, by the same rules. */
class FakeConnection {
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: ((event: { candidate: RTCIceCandidate | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  connectionState: RTCPeerConnectionState = "new";
  localDescription: RTCSessionDescription | null = null;
  readonly rules: Rules;
  readonly candidates: (string | undefined)[] = [];
  restarts = 0;

  constructor(name: string) {
    this.rules = new Rules(name);
  }

  get signalingState(): RTCSignalingState {
    return this.rules.state;
  }

  get currentRemoteDescription(): object | null {
    return this.rules.agreed[0] === "" ? null : {};
  }

  async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
    await Promise.resolve();
    const type = this.rules.state === "have-remote-offer" ? "answer" : "offer";
    const sdp = this.rules.local(description?.type === "rollback" ? "rollback" : undefined);
    this.localDescription = { type, sdp } as RTCSessionDescription;
  }

  async setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    await Promise.resolve();
    this.rules.remote(type as "offer", sdp);
  }

  async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
    this.candidates.push(candidate?.candidate);
    throw new Error("of no use");
  }

  restartIce(): void {
    this.restarts += 1;
    this.onnegotiationneeded?.();
  }

  close(): void {
    this.connectionState = "closed";
  }

  finds(candidate: string | null): void {
    const found = candidate === null ? null : ({ candidate, toJSON: () => ({ candidate }) } as RTCIceCandidate);
    this.onicecandidate?.({ candidate: found });
  }

  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Two browsers; `lost` says which of what they tell each other does not arrive. */
function browsers(lost: (description: Description) => boolean = () => false) {
  const [low, high] = [new FakeConnection("i"), new FakeConnection("p")];
  const states: RTCPeerConnectionState[] = [];
  const gaveUp = vi.fn();
  const peers: { low: Peer; high: Peer } = {
    low: new Peer(low as unknown as PeerConnection, 3, 7, {
      tell: (said) => arrive("high", said),
      connection: (it) => states.push(it),
      gaveUp,
    }),
    high: new Peer(high as unknown as PeerConnection, 7, 3, {
      tell: (said) => arrive("low", said),
      connection: () => {},
      gaveUp,
    }),
  };
  function arrive(at: "low" | "high", description: Description): void {
    if (!lost(description)) setTimeout(() => peers[at].heard(description), 5);
  }
  return { low, high, peers, states, gaveUp };
}

test("two browsers that both begin agree, and tell each other the ways to reach them", async () => {
  const { low, high } = browsers();
  low.onnegotiationneeded?.();
  high.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([low.rules.state, high.rules.state]).toEqual(["stable", "stable"]);
  expect(low.rules.agreed).toEqual(high.rules.agreed);
  low.finds("way");
  low.finds("");
  low.finds(null);
  await vi.advanceTimersByTimeAsync(10);
  // One that is of no use, as all are here, is no harm.
  expect(high.candidates).toEqual(["way", undefined]);
});

test("the polite one leaves the first offer to the other, unless that has nothing to send", async () => {
  const meet = async (...begin: ("low" | "high")[]) => {
    const offers: number[] = [];
    const both = browsers((description) => description.type === "offer" && offers.push(description.nid) === 0);
    for (const name of begin) both[name].onnegotiationneeded?.();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(both.low.rules.agreed).toEqual(both.high.rules.agreed);
    return offers;
  };
  expect(await meet("high", "low")).toEqual([2]);
  expect(await meet("high")).toEqual([3]);
});

test("a first offer is taken back only when the browser has found a way to this side, or finds none", async () => {
  for (const finds of [true, false]) {
    // The other's offer comes so late that this side has begun.
    const { low, high } = browsers();
    high.onnegotiationneeded?.();
    await vi.advanceTimersByTimeAsync(999);
    low.onnegotiationneeded?.();
    await vi.advanceTimersByTimeAsync(10);
    expect(high.rules.state).toBe("have-local-offer");
    if (finds) high.finds("way");
    else await vi.advanceTimersByTimeAsync(1_000);
    await vi.advanceTimersByTimeAsync(100);
    expect([low.rules.state, high.rules.state]).toEqual(["stable", "stable"]);
    expect(low.rules.agreed).toEqual(high.rules.agreed);
  }
});

test("an answer that is lost comes again", async () => {
  let answers = 0;
  const { low, high } = browsers(({ type }) => type === "answer" && ++answers === 1);
  low.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(low.rules.state).toBe("have-local-offer");
  await vi.advanceTimersByTimeAsync(3_000);
  expect(low.rules.state).toBe("stable");
  expect(low.rules.agreed).toEqual(high.rules.agreed);
});

test("a failed connection is restarted, and one that is closed does nothing any more", async () => {
  const { low, high, peers, states } = browsers();
  low.onnegotiationneeded?.();
  await vi.advanceTimersByTimeAsync(100);
  low.becomes("failed");
  await vi.advanceTimersByTimeAsync(100);
  expect(low.restarts).toBe(1);
  expect(low.rules.agreed).toEqual(high.rules.agreed);
  low.becomes("connected");
  peers.low.close();
  peers.low.restart();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(low.restarts).toBe(1);
  expect(states).toEqual(["failed", "connected"]);
});
