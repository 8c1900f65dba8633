/** The uploads of whoever is signed in, whatever place is shown; and what others do to files is heard. */
import { useLiveFiles } from "../queries";
import { UploadsPanel } from "./panel";
import { useUploads } from "./use-uploads";

export default function OwnUploads({ small, className }: { small: boolean; className?: string }) {
  useLiveFiles();
  return <UploadsPanel uploads={useUploads()} fleeting small={small} className={className} />;
}
