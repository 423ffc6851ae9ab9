import type { ReactNode } from "react";
import classes from "./code-block.module.css";

interface CodeBlockProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A command or a snippet, scrolling inside its own box; one click selects all of it. */
export function CodeBlock({ label, children }: CodeBlockProps) {
  return (
    <pre className={classes.block} role="group" aria-label={label} tabIndex={0}>
      <code className={classes.code}>{children}</code>
    </pre>
  );
}
