/** What stands over the page: the dialogs, of which one is open at a time, and the shortcuts that open them. */
import { lazy, Suspense } from "react";
import { closeOverlay, useOverlay } from "./overlays";
import { useShortcuts } from "./shortcuts";

const PaletteBox = lazy(() => import("./palette-box"));
const WelcomeDialog = lazy(() => import("./welcome-dialog"));
const InviteDialog = lazy(() => import("./invite-dialog"));
const NewConversation = lazy(() => import("./new-conversation"));
const Schedule = lazy(() => import("@/schedule/schedule-dialog"));
const NewRoom = lazy(() => import("@/rooms/new-room"));
const StatusDialog = lazy(() => import("./status-dialog"));
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog"));
const PersonDialog = lazy(() => import("@/people/person-dialog"));
const Preview = lazy(() => import("@/files/preview/preview"));
const AddContact = lazy(() => import("@/people/add-contact"));

export function Palette() {
  useShortcuts();
  const overlay = useOverlay();
  if (overlay === null) return null;
  return (
    <Suspense>
      {overlay.kind === "palette" && <PaletteBox close={closeOverlay} />}
      {overlay.kind === "welcome" && <WelcomeDialog close={closeOverlay} />}
      {overlay.kind === "invite" && <InviteDialog conversation={overlay.conversation} close={closeOverlay} />}
      {overlay.kind === "new" && <NewConversation what={overlay.what ?? "direct"} close={closeOverlay} />}
      {overlay.kind === "new-room" && <NewRoom close={closeOverlay} />}
      {overlay.kind === "schedule" && <Schedule close={closeOverlay} />}
      {overlay.kind === "status" && <StatusDialog close={closeOverlay} />}
      {overlay.kind === "shortcuts" && <ShortcutsDialog close={closeOverlay} />}
      {overlay.kind === "person" && <PersonDialog key={overlay.id} id={overlay.id} close={closeOverlay} />}
      {overlay.kind === "preview" && <Preview files={overlay.files} at={overlay.at} close={closeOverlay} />}
      {overlay.kind === "add-contact" && <AddContact close={closeOverlay} />}
    </Suspense>
  );
}
