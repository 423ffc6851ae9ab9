import { IconChevronDown } from "@tabler/icons-react";
import { createElement } from "react";
import { createTheme, localStorageColorSchemeManager, type CSSVariablesResolver } from "@mantine/core";

/** Its key is also read by color-scheme.js, before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "latchkey-color-scheme" });

export const theme = createTheme({
  colors: {
    dark: [
      "#e3e6eb",
      "#b1b8c3",
      "#969eab",
      "#6b7482",
      "#3a404b",
      "#2b3038",
      "#20242b",
      "#15171c",
      "#111318",
      "#0c0e12",
    ],
  },
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
  components: {
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.45 } } },
    NativeSelect: { defaultProps: { rightSection: createElement(IconChevronDown, { size: 16, "aria-hidden": true }) } },
  },
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
    "--mantine-color-text": "#e3e6eb",
    "--mantine-color-dimmed": "#a0a8b4",
    "--mantine-color-placeholder": "#9098a5",
    "--mantine-color-error": "#ff8f8f",
    "--mantine-color-anchor": colors.indigo[3],
    "--latchkey-surface": "#1a1d23",
    "--latchkey-line": "#2b3038",
  },
});
