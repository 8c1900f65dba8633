/** Somebody calls: a dialog over everything, with a tone and a title that calls for whoever looks elsewhere. */
import { Phone, PhoneOff, Video } from "lucide-react";
import { AlertDialog } from "radix-ui";
import { useEffect } from "react";
import { usePerson, usePersonName } from "@/client/hooks";
import { places } from "@/lib/navigate";
import { notify, takeBack } from "@/shell/browser-notifications";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { useDesk } from "./hooks";
import { useWith } from "./names";
import type { Call } from "./state";
import { inOneTab, ringTone } from "./tone";

export function Incoming({ call }: { call: Call }) {
  const desk = useDesk();
  const caller = usePersonName(call.caller);
  const person = usePerson(call.caller);
  const { name, group } = useWith(call);
  const what = call.video ? "video call" : "call";
  useCallsForAttention(call, `${caller} calls you`);
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 bg-black/50" />
        <AlertDialog.Content className="fixed inset-x-0 bottom-0 z-50 flex flex-col items-center gap-5 rounded-t-2xl border bg-raised p-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] shadow-xl sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-full sm:max-w-sm sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl">
          <span className="animate-pulse rounded-full ring-4 ring-accent/40 motion-reduce:animate-none">
            <Avatar id={call.caller} name={caller} picture={person?.avatar} size="large" />
          </span>
          <div className="text-center">
            <AlertDialog.Title dir="auto" className="break-words font-semibold text-xl">
              {caller}
            </AlertDialog.Title>
            <AlertDialog.Description className="mt-1 text-soft text-sm">
              {group ? `Incoming ${what} in ${name}` : `Incoming ${what}`}
              {call.waiting && <span className="block">Your other call will be put on hold.</span>}
            </AlertDialog.Description>
          </div>
          <div className="flex w-full flex-wrap justify-center gap-3">
            <Button look="danger" className="flex-1" onClick={() => desk?.decline(call.id)}>
              <PhoneOff className="size-4" aria-hidden /> Decline
            </Button>
            <Button className="flex-1" onClick={() => desk?.answer(call.id, false)}>
              <Phone className="size-4" aria-hidden /> Answer
            </Button>
            {call.video && (
              <Button className="w-full" look="plain" onClick={() => desk?.answer(call.id, true)}>
                <Video className="size-4" aria-hidden /> Answer with video
              </Button>
            )}
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

const BLINK = 1_000;

function useCallsForAttention({ id, conversation }: Call, words: string): void {
  useEffect(() => inOneTab(() => ringTone("ring")), []);

  useEffect(() => {
    const tag = `call-${id}`;
    const undo = inOneTab(() => {
      const place = conversation === null ? places.home : places.conversation(conversation);
      if (!document.hasFocus()) void notify({ title: words, body: "Open Rony to answer.", tag, place });
      return () => void takeBack(tag);
    });
    return undo;
  }, [id, conversation, words]);

  useEffect(() => {
    let before = document.title;
    const blink = () => {
      if (document.title !== words) before = document.title;
      document.title = document.title === words ? before : words;
    };
    blink();
    const timer = setInterval(blink, BLINK);
    return () => {
      clearInterval(timer);
      if (document.title === words) document.title = before;
    };
  }, [words]);
}
