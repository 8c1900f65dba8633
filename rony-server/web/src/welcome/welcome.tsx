/** What somebody sees who is not in yet: signing in, and the pages of the one-time links. */
import { useEffect, useState } from "react";
import type { Profile } from "@/api/types";
import type { Link } from "@/app";
import { Join } from "./join";
import { Register } from "./register";
import { Reset } from "./reset";
import { SetUp } from "./set-up";
import { SignIn } from "./sign-in";

interface Props {
  link: Link | undefined;
  /** What the link carries behind its `#`. */
  secret: string;
  /** Who is signed in already; null for nobody. */
  me: Profile | null;
}

export default function Welcome({ link, secret, me }: Props) {
  // The hash changes once somebody is in, and when they are led on; the secret is that of the first moment.
  const [held] = useState(secret);
  // Another link that is opened here changes only what stands behind the `#`, of which the browser makes no new page.
  useEffect(() => {
    if (link === undefined) return;
    const reload = () => window.location.reload();
    window.addEventListener("hashchange", reload);
    return () => window.removeEventListener("hashchange", reload);
  }, [link]);
  const [registering, setRegistering] = useState(false);
  if (link === "setup" && held) return <SetUp token={held} />;
  if (link === "reset" && held) return <Reset token={held} />;
  if (link === "join" && held) return <Join token={held} me={me} />;
  if (registering) return <Register back={() => setRegistering(false)} />;
  return <SignIn link={link} register={() => setRegistering(true)} />;
}
