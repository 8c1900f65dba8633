/** What is seen of calls over everything else. */
import { useCalls, useDesk } from "./hooks";
import { Incoming } from "./incoming";
import { Panel } from "./panel";

export default function Calls() {
  const { calls } = useCalls();
  const desk = useDesk();
  const rings = calls.find((call) => call.phase === "ringing");
  return (
    <>
      {desk !== null && <Panel />}
      {rings && <Incoming key={rings.id} call={rings} />}
    </>
  );
}
