/** A way for sound and pictures, below their encryption, that can be cut for good: what a network is that somebody walks out of. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Person } from "./person";

export class Relay {
  private readonly sockets: Socket[] = [];
  private readonly ports = new Map<number, Promise<number>>();
  /** How many packets it has carried. */
  carried = 0;

  /** The port by which what listens at `port` of this machine is reached through this relay. */
  by(port: number): Promise<number> {
    const known = this.ports.get(port) ?? this.open(port);
    this.ports.set(port, known);
    return known;
  }

  /** Nothing gets through any more. */
  cut(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  private async open(port: number): Promise<number> {
    const [near, far] = [createSocket("udp4"), createSocket("udp4")];
    this.sockets.push(near, far);
    let caller = 0;
    near.on("message", (packet, from) => {
      caller = from.port;
      this.carried += 1;
      far.send(packet, port, "127.0.0.1");
    });
    far.on("message", (packet) => {
      if (caller !== 0) near.send(packet, caller, "127.0.0.1");
    });
    for (const socket of [near, far]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    return near.address().port;
  }
}

/**
 * Lets all connections of this person's pages go by what `way` says at the moment: of the addresses that others tell, only the one of this
 * machine is heard, with a port of the relay in place of its own; without a relay none is.
 */
export async function goesBy(person: Person, way: () => Relay | null): Promise<void> {
  await person.context.exposeFunction("portOfRelay", async (port: number) => (await way()?.by(port)) ?? 0);
  await person.context.addInitScript(() => {
    const { portOfRelay } = window as unknown as { portOfRelay(port: number): Promise<number> };
    type Told<T> = (this: RTCPeerConnection, what: T) => Promise<void>;
    const { prototype } = RTCPeerConnection;
    const addIceCandidate = prototype.addIceCandidate as Told<RTCIceCandidateInit | null | undefined>;
    const setRemoteDescription = prototype.setRemoteDescription as Told<RTCSessionDescriptionInit>;
    prototype.addIceCandidate = async function (this: RTCPeerConnection, candidate?: RTCIceCandidateInit | null) {
      const parts = candidate?.candidate?.split(" ");
      if (parts === undefined) return addIceCandidate.call(this, candidate);
      if (parts[2]?.toLowerCase() !== "udp" || parts[4] !== "127.0.0.1") return;
      const port = await portOfRelay(Number(parts[5]));
      if (port === 0) return;
      parts[5] = String(port);
      return addIceCandidate.call(this, { ...candidate, candidate: parts.join(" ") });
    } as typeof prototype.addIceCandidate;
    // Later descriptions repeat what was told in candidates.
    prototype.setRemoteDescription = async function (this: RTCPeerConnection, description: RTCSessionDescriptionInit) {
      const sdp = description.sdp?.replace(/^a=candidate:.*\r\n/gm, "") ?? "";
      return setRemoteDescription.call(this, { type: description.type, ...(sdp !== "" && { sdp }) });
    } as typeof prototype.setRemoteDescription;
  });
}
