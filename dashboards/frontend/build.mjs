// Bundles the pages' scripts and copies MathJax and the serif beside them. Output: ../static/vendor.
import { build } from "esbuild";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "vendor");
const modules = join(here, "node_modules");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await build({
  entryPoints: ["graph.js", "graph.css", "math.js", "page.js", "serif.css"].map((name) => join(here, "src", name)),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "linked",
});

// Only the pieces that src/math.js loads: no menus, no speech workers, nothing a blueprint could switch on.
const tex = ["ams", "amscd", "boldsymbol", "braket", "bussproofs", "cancel", "cases", "centernot", "color",
  "configmacros", "empheq", "enclose", "extpfeil", "gensymb", "mathtools", "newcommand", "noerrors",
  "noundefined", "tagformat", "textcomp", "textmacros", "unicode", "upgreek"];
const pieces = ["startup.js", "core.js", "LICENSE", "input/tex-base.js", "output/chtml.js", "ui/safe.js",
  "a11y/assistive-mml.js", ...tex.map((name) => `input/tex/extensions/${name}.js`)];
for (const piece of pieces) cpSync(join(modules, "mathjax", piece), join(out, "mathjax", piece));
for (const piece of ["chtml.js", "chtml"]) {
  const font = "mathjax-newcm-font";
  cpSync(join(modules, "@mathjax", font, piece), join(out, "mathjax", font, piece), { recursive: true });
}
