import { createTheme, localStorageColorSchemeManager, type CSSVariablesResolver } from "@mantine/core";

/** Its key is also read by color-scheme.js, before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "latchkey-color-scheme" });

export const theme = createTheme({
  primaryColor: "indigo",
  // White on these shades is at least 4.5:1.
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
});

/** Mantine's quiet text, placeholders and errors miss 4.5:1 on its own backgrounds; these do not. */
export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-text": "#1b1f27",
    "--mantine-color-dimmed": "#5a6270",
    "--mantine-color-placeholder": "#69707d",
    "--mantine-color-error": "#c22727",
    "--mantine-color-anchor": colors.indigo[8],
    "--mantine-color-default-border": "#d9dde3",
    "--latchkey-surface": "#f7f8fa",
    "--latchkey-line": "#e6e9ee",
  },
  dark: {
    "--mantine-color-body": "#15171c",
    "--mantine-color-text": "#e3e6eb",
    "--mantine-color-dimmed": "#a0a8b4",
    "--mantine-color-placeholder": "#9098a5",
    "--mantine-color-error": "#ff8f8f",
    "--mantine-color-anchor": colors.indigo[3],
    "--mantine-color-default": "#20242b",
    "--mantine-color-default-hover": "#282d36",
    "--mantine-color-default-border": "#3a404b",
    "--latchkey-surface": "#1a1d23",
    "--latchkey-line": "#2b3038",
  },
});
