import { Button } from "@mantine/core";

interface SmallButtonProps {
  readonly label: string;
  /** What it is called where the row around it is not seen. */
  readonly name?: string;
  readonly isGrave?: boolean;
  readonly onClick: () => void;
}

/** What can be done with a row of a list. */
export function SmallButton({ label, name = label, isGrave = false, onClick }: SmallButtonProps) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      fz={13}
      h={26}
      {...(isGrave ? { c: "var(--mantine-color-error)" } : {})}
      aria-label={name}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
