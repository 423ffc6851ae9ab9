import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import classes from "./search-field.module.css";

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly clearLabel: string;
  /** What the address says. */
  readonly value: string;
  readonly onChange: (q: string) => void;
}

/** Follows the address, and changes it once typing pauses. */
export function SearchField({ label, placeholder, clearLabel, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((q: string) => {
    sent.current = q;
    onChange(q);
  }, 300);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  const change = (q: string) => {
    setText(q);
    send(q);
  };
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      maxLength={100}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={text === "" ? null : <CloseButton size="sm" aria-label={clearLabel} onClick={() => change("")} />}
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
