/** The frame around everything: the rail, the list of conversations, and the place where one is. */
import { lazy, Suspense } from "react";
import { Route, Router, Switch, useRoute } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { Calling } from "@/call/hooks";
import { Conversation } from "@/conversation/conversation";
import { cn } from "@/lib/cn";
import { useLiveMeetings } from "@/schedule/meetings";
import { Loading } from "@/ui/states";
import { useFirstAhead } from "./ahead";
import { useAttention } from "./attention";
import { ConnectionBanner } from "./banner";
import { ConversationList } from "./list";
import { Palette } from "./palette";
import { Rail } from "./rail";
import { Start } from "./start";

const Browse = lazy(() => import("@/people/browse"));
const People = lazy(() => import("@/people/people"));
const Activity = lazy(() => import("@/people/activity"));
const Calls = lazy(() => import("@/call/calls"));
const CallLog = lazy(() => import("@/call/log"));
const Meetings = lazy(() => import("@/rooms/page"));
const Search = lazy(() => import("@/people/search"));
const Files = lazy(() => import("@/files/page"));
const Uploads = lazy(() => import("@/files/uploads/own-panel"));
const Settings = lazy(() => import("@/settings/settings"));
const Admin = lazy(() => import("@/admin/admin"));

export function Shell() {
  return (
    <Router hook={useHashLocation}>
      <Calling>
        <Frame />
      </Calling>
    </Router>
  );
}

/** On a phone one of the two is seen, the list at home and everything else in its place, with the rail below; a conversation has all. */
function Frame() {
  useAttention();
  useFirstAhead();
  useLiveMeetings();
  const [home] = useRoute("/");
  const [talking] = useRoute("/c/:id/*?");
  const [filing] = useRoute("/files/*?");
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1 max-md:flex-col-reverse">
        <Rail className={cn(talking && "max-md:hidden")} />
        <ConversationList
          className={cn(
            "w-72 max-md:min-h-0 max-md:w-full max-md:flex-1",
            !home && "max-md:hidden",
            !home && !talking && "max-xl:hidden",
            filing && "max-2xl:hidden",
          )}
        />
        <main className={cn("flex min-h-0 min-w-0 flex-1 flex-col", home && "max-md:hidden")}>
          <Suspense fallback={<Loading />}>
            <Places />
          </Suspense>
        </main>
      </div>
      <Palette />
      <Suspense>
        <Calls />
      </Suspense>
      <Suspense>
        <Uploads small={talking} className={cn(talking && "bottom-24 max-md:bottom-24")} />
      </Suspense>
    </div>
  );
}

function Places() {
  return (
    <Switch>
      <Route path="/" component={Start} />
      <Route path="/c/:id">{({ id }) => <Conversation key={id} id={id} />}</Route>
      <Route path="/c/:id/m/:seq">{({ id, seq }) => <Conversation key={id} id={id} seq={Number(seq)} />}</Route>
      <Route path="/c/:id/t/:thread">{({ id, thread }) => <Conversation key={id} id={id} thread={thread} />}</Route>
      <Route path="/browse" component={Browse} />
      <Route path="/people/:id?">{({ id }) => <People id={id} />}</Route>
      <Route path="/activity" component={Activity} />
      <Route path="/meetings/:id?">{({ id }) => <Meetings id={id} />}</Route>
      <Route path="/calls" component={CallLog} />
      <Route path="/search/in/:conversation/:query?">
        {({ conversation, query }) => (
          <Search query={query ? decodeURIComponent(query) : ""} conversation={conversation} />
        )}
      </Route>
      <Route path="/search/:query?">{({ query }) => <Search query={query ? decodeURIComponent(query) : ""} />}</Route>
      <Route path="/files/:what?/:which?">
        {({ what, which }) => <Files what={what} which={which && decodeURIComponent(which)} />}
      </Route>
      <Route path="/settings/:part?">{({ part }) => <Settings part={part} />}</Route>
      <Route path="/admin/:part?">{({ part }) => <Admin part={part} />}</Route>
      <Route component={Start} />
    </Switch>
  );
}
