/** For administrators: asking people in. */
import { InviteLink } from "@/shell/invite-dialog";
import { Screen } from "@/ui/screen";

export default function Admin(_: { part: string }) {
  return (
    <Screen title="Administration">
      <div className="mx-auto max-w-lg p-4">
        <InviteLink />
      </div>
    </Screen>
  );
}
