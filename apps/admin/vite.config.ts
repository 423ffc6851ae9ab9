import { readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const COLOR_SCHEME_SCRIPT = "src/app/color-scheme.js";

/**
 * The colour scheme has to be on <html> before the first paint, and the page's content security policy allows no inline
 * script: so a tiny classic script goes out as a hashed asset of its own, ahead of the modules.
 */
function colorSchemeScript(): Plugin {
  let isBuild = false;
  return {
    name: "color-scheme-script",
    configResolved({ command }) {
      isBuild = command === "build";
    },
    buildStart() {
      if (!isBuild) return;
      const source = readFileSync(join(import.meta.dirname, COLOR_SCHEME_SCRIPT), "utf8");
      this.emitFile({ type: "asset", name: "color-scheme.js", source });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const asset = Object.keys(bundle ?? {}).find((name) => /color-scheme-[^/]*\.js$/.test(name));
        if (isBuild && asset === undefined) throw new Error("The colour scheme script is missing from the build.");
        return [{ tag: "script", attrs: { src: `/${asset ?? COLOR_SCHEME_SCRIPT}` }, injectTo: "head-prepend" }];
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), colorSchemeScript()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    // One file in one order: a page's own styles stand behind the library's, whichever chunk comes first.
    cssCodeSplit: false,
    // Everything comes from our own origin as a file of its own: data: URLs would need their own line in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
});
