// Runs before the first paint (see vite.config.ts). The key and its values are those of color-scheme-manager in theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("latchkey-color-scheme");
  } catch {
    // Storage may be forbidden; the system's scheme is then what is left.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
