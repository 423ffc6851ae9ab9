import { Text, Title } from "@mantine/core";
import type { ReactNode, RefObject } from "react";
import classes from "./page-heading.module.css";

interface PageHeadingProps {
  readonly title: string;
  readonly intro: string;
  /** The focus goes here when what had it is gone. */
  readonly headingRef: RefObject<HTMLHeadingElement | null>;
  readonly children?: ReactNode;
}

/** The start of a page; in a Group it leaves room for the page's main action. */
export function PageHeading({ title, intro, headingRef, children }: PageHeadingProps) {
  return (
    <div className={classes.intro}>
      <Title order={1} size="h2" ref={headingRef} tabIndex={-1} className={classes.heading}>
        {title}
      </Title>
      <Text c="dimmed" size="sm" mt={4}>
        {intro}
      </Text>
      {children}
    </div>
  );
}
