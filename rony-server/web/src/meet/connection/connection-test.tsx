/** The page that tries whether a meeting would work here, and says what is wrong. */
import { Check, CircleAlert, Copy, Info, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { WelcomeFrame } from "@/welcome/frame";
import { probe } from "./probe";
import { BEGINNING, report, type Standing, summary, type Verdict, verdicts } from "./verdict";

export default function ConnectionTest({ signedIn }: { signedIn: boolean }) {
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState(BEGINNING);
  const [copied, setCopied] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt tries anew
  useEffect(() => {
    const over = new AbortController();
    setFound({ ...BEGINNING, secure: window.isSecureContext });
    setCopied(false);
    void probe(signedIn, (change) => setFound((before) => ({ ...before, ...change })), over.signal);
    return () => over.abort();
  }, [signedIn, attempt]);

  const all = verdicts(found, navigator.userAgent);
  const busy = all.some(({ standing }) => standing === "checking");
  const copy = async () => {
    const where = { page: window.location.origin, browser: navigator.userAgent, at: new Date() };
    await navigator.clipboard.writeText(report(found, all, where));
    setCopied(true);
  };
  return (
    <WelcomeFrame
      title="Connection test"
      lead={<p role="status">{summary(all)}</p>}
      below={<p>Nothing that your microphone or camera takes up leaves this device.</p>}
    >
      <ul className="flex flex-col gap-4">
        {all.map((verdict) => (
          <Line key={verdict.name} verdict={verdict} />
        ))}
      </ul>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => setAttempt((count) => count + 1)}>
          Test again
        </Button>
        {/* Pages without a secure address may not copy. */}
        {navigator.clipboard !== undefined && (
          <Button look="plain" disabled={busy} onClick={() => void copy().catch(() => {})}>
            {copied ? <Check className="size-4" aria-hidden /> : <Copy className="size-4" aria-hidden />}
            <span aria-live="polite">{copied ? "Copied" : "Copy report"}</span>
          </Button>
        )}
      </div>
    </WelcomeFrame>
  );
}

const MARKS: Record<Standing, readonly [icon: React.ReactNode, words: string, color: string]> = {
  checking: [<LoaderCircle key="icon" className="animate-spin" aria-hidden />, "", "text-soft"],
  good: [<Check key="icon" aria-hidden />, "good", "text-good"],
  note: [<Info key="icon" aria-hidden />, "note", "text-soft"],
  bad: [<CircleAlert key="icon" aria-hidden />, "does not work", "text-warn"],
};

function Line({ verdict: { name, standing, text, steps } }: { verdict: Verdict }) {
  const [icon, words, color] = MARKS[standing];
  return (
    <li className="flex gap-3 text-sm">
      <span className={cn("mt-0.5 [&_svg]:size-4", color)}>{icon}</span>
      <div className="min-w-0 flex-1">
        <h2 className="font-medium">
          {name}
          {words !== "" && <span className="sr-only">: {words}</span>}
        </h2>
        <p className="wrap-anywhere text-soft">{text}</p>
        {steps.length > 0 && (
          <ol className="mt-1 list-decimal pl-5 text-soft">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
      </div>
    </li>
  );
}
