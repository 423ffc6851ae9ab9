import type { CurrentTeam } from "../../../session/current-team.ts";
import { ReplaceDialog } from "./replace-dialog.tsx";
import { ReplacementDialog } from "./replacement-dialog.tsx";
import type { useReplacing } from "./use-replacing.ts";

interface ReplacingProps {
  readonly team: CurrentTeam;
  readonly replacing: ReturnType<typeof useReplacing>;
  /** After a dialog has closed: what the page shows may be out of date, and the focus is nowhere. */
  readonly onClose: () => void;
}

/** The dialogs that the address opens: the new key first, then both until the old one is revoked. */
export function Replacing({ team, replacing: { replaceId, oldKeyId, close, show }, onClose }: ReplacingProps) {
  if (replaceId !== null) {
    const closeForm = (isMade: boolean) => {
      if (isMade) show(replaceId);
      else close();
      onClose();
    };
    return (
      <ReplaceDialog
        key={replaceId}
        teamId={team.id}
        id={replaceId}
        onClose={closeForm}
        onShow={() => show(replaceId)}
      />
    );
  }
  if (oldKeyId === null) return null;
  const closePair = () => {
    close();
    onClose();
  };
  return <ReplacementDialog key={oldKeyId} id={oldKeyId} onClose={closePair} />;
}
