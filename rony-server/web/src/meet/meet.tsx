/** The page of a meeting: what the code in its address leads to, getting ready, waiting before the door, and the meeting. */
import { useQuery } from "@tanstack/react-query";
import { DoorOpen } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ApiError, api, call } from "@/api/client";
import type { Profile, RoomPreview } from "@/api/types";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Empty, Failed, Loading } from "@/ui/states";
import { Form, PasswordField, useForm } from "@/welcome/form";
import { WelcomeFrame } from "@/welcome/frame";
import { SignIn } from "@/welcome/sign-in";
import { Check } from "./check";
import { forgetGuest, guestToken } from "./guest";
import { type Ended, Meeting } from "./meeting";
import { Stage } from "./stage";
import type { Kind } from "./trouble";
import { type Rest, useDevices } from "./use-devices";

const ConnectionTest = lazy(() => import("./connection/connection-test"));

/** Stands behind the `#` in place of a code. */
const TEST = "connection-test";

interface Props {
  /** What stands behind the `#`. */
  code: string;
  /** Who is signed in; null for nobody. */
  me: Profile | null;
}

export default function Meet({ code, me }: Props) {
  if (code !== TEST) return <ByCode code={code} me={me} />;
  return (
    <Suspense fallback={<Loading />}>
      <ConnectionTest signedIn={me !== null} />
    </Suspense>
  );
}

function ByCode({ code, me }: Props) {
  // Another room's link that is opened here changes only what stands behind the `#`.
  useEffect(() => {
    const reload = () => window.location.reload();
    window.addEventListener("hashchange", reload);
    return () => window.removeEventListener("hashchange", reload);
  }, []);
  const room = useQuery({
    queryKey: ["room", code],
    queryFn: () => call(api.POST("/rooms/preview", { body: { code } })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [signingIn, setSigningIn] = useState(false);
  if (room.isPending) return <Loading />;
  if (room.isError) {
    const unknown = room.error instanceof ApiError && room.error.code === "room_unknown";
    if (code !== "" && !unknown) return <Failed error={room.error} retry={() => void room.refetch()} alone />;
    return (
      <main className="h-full">
        <Empty icon={<DoorOpen />} title="There is no meeting at this link" alone>
          <p>Check that you have all of its address, or ask for a new one.</p>
        </Empty>
      </main>
    );
  }
  if (me === null && (signingIn || !room.data.guests))
    return (
      <SignIn
        title={room.data.guests ? "Sign in" : "Sign in to join this meeting"}
        done={async () => window.location.reload()}
        back={room.data.guests ? () => setSigningIn(false) : undefined}
      />
    );
  return <Door room={room.data} me={me} signIn={() => setSigningIn(true)} />;
}

function Door({ room, me, signIn }: { room: RoomPreview; me: Profile | null; signIn: () => void }) {
  const [meeting, setMeeting] = useState<Meeting | null>(null);
  const [ended, setEnded] = useState<Ended | null>(null);
  const held = useRef<Meeting>(null);
  useEffect(() => () => held.current?.leave(), []);
  const [rest, setRest] = useState<Rest | null>(null);
  const keep = (next: Meeting | null, waits: Rest | null = null) => {
    held.current = next;
    setMeeting(next);
    setRest(waits);
  };
  if (meeting !== null)
    return (
      <Inside
        meeting={meeting}
        rest={rest}
        room={room}
        over={(how) => {
          keep(null);
          setEnded(how);
          if (how.type === "refused" && how.code === "signed_out") forgetGuest(room.code);
        }}
      />
    );
  if (ended?.type === "over") return <Over ended={ended} back={() => setEnded(null)} />;
  return <Ready room={room} me={me} signIn={signIn} refused={ended?.detail} join={keep} />;
}

interface ReadyProps {
  room: RoomPreview;
  me: Profile | null;
  signIn: () => void;
  /** Why one could not come in the last time. */
  refused: string | undefined;
  /** With what the browser may still be asking for. */
  join: (meeting: Meeting, rest: Rest | null) => void;
}

function Ready({ room, me, signIn, refused, join }: ReadyProps) {
  const check = useDevices();
  const [password, setPassword] = useState("");
  const name = check.choices.name.trim();
  const form = useForm(["name"], async () => {
    if (me === null && name === "")
      throw new ApiError("invalid", "Say who you are.", { name: "Others need to know who you are." });
    const token = me === null ? await guestToken(room.code, name) : null;
    const wanted = { room: room.code, ...(me === null && { name }), ...(password !== "" && { password }) };
    const { tracks, rest } = check.take((kind, track) => takesLate(meeting, kind, track));
    const meeting = new Meeting(wanted, token, tracks);
    join(meeting, rest);
  });
  const problem = form.error ?? refused ?? null;
  return (
    <WelcomeFrame
      title={room.title || `${room.host}’s meeting`}
      lead={me === null ? `${room.host} invites you.` : `You join as ${me.display_name}.`}
      below={
        <>
          {me === null && (
            <p>
              Have an account?{" "}
              <Button look="link" size="inline" onClick={signIn}>
                Sign in
              </Button>
            </p>
          )}
          <p>
            Something does not work?{" "}
            <a className="text-link hover:underline" href={`#${TEST}`} target="_blank" rel="noreferrer">
              Test your connection
            </a>
          </p>
        </>
      }
    >
      <Form form={{ ...form, error: problem }} action={form.busy ? "Joining…" : "Join"}>
        <Check check={check} />
        {me === null && (
          <Field
            label="Your name"
            name="name"
            autoComplete="name"
            maxLength={60}
            value={check.choices.name}
            error={form.fields.name}
            onChange={({ target }) => check.change({ name: target.value })}
          />
        )}
        {room.has_password && (
          <PasswordField
            label="The meeting’s password"
            name="password"
            autoComplete="off"
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        )}
      </Form>
    </WelcomeFrame>
  );
}

/** A device that was opened, or allowed, only when somebody was on the way in. */
function takesLate(meeting: Meeting, kind: Kind, track: MediaStreamTrack): void {
  const { phase, own } = meeting.snapshot();
  if (phase === "over" || own[kind] !== undefined) track.stop();
  else meeting.set(kind, track);
}

interface InsideProps {
  meeting: Meeting;
  rest: Rest | null;
  room: RoomPreview;
  over: (ended: Ended) => void;
}

function Inside({ meeting, rest, room, over }: InsideProps) {
  const { phase, ended } = useSyncExternalStore(meeting.subscribe, meeting.snapshot);
  useEffect(() => {
    if (ended !== null) over(ended);
  });
  if (phase === "in") return <Stage meeting={meeting} rest={rest} title={room.title || `${room.host}’s meeting`} />;
  return (
    <main className="h-full">
      <Empty icon={<DoorOpen />} title={phase === "waiting" ? "You will be let in soon" : "Joining the meeting…"} alone>
        <p role="status">
          {phase === "waiting"
            ? "Whoever looks after the meeting sees that you are here. Leave this page open."
            : "If this takes long, check your connection. It is tried again by itself."}
        </p>
        <Button look="plain" onClick={meeting.leave}>
          Leave
        </Button>
      </Empty>
    </main>
  );
}

/** Why it is over, and what one can do then. */
const OVER: Record<string, readonly [string, string]> = {
  left: ["You left the meeting", "Come back as long as it goes on."],
  denied: ["You were not let in", "Ask whoever invited you whether it is the right meeting."],
  removed: ["You were removed from the meeting", "Whoever looks after it decided so."],
  ended: ["The meeting is over", "Whoever looks after it ended it for all."],
  replaced: ["You are in this meeting somewhere else", "It was opened again in another tab or on another device."],
};

function Over({ ended, back }: { ended: Ended & { type: "over" }; back: () => void }) {
  const [title, text] = OVER[ended.reason] ?? [
    "You are out of the meeting",
    "Something went wrong. Try to join again.",
  ];
  return (
    <main className="h-full">
      <Empty icon={<DoorOpen />} title={title} alone>
        <p role="status">{text}</p>
        {ended.reason !== "removed" && (
          <Button look="plain" onClick={back}>
            Join again
          </Button>
        )}
      </Empty>
    </main>
  );
}
