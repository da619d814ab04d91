// Typesets formulas with the MathJax of the pages, configured as src/math.js configures it.
// In: {frontend, macros, formulas: [[tex, display]]} on standard input. Out: for each the error, or null.
const { readFileSync } = require("node:fs");
const { frontend, macros, formulas } = JSON.parse(readFileSync(0, "utf8"));
const mathjax = `${frontend}/node_modules/mathjax`;

const holder = { textContent: JSON.stringify(macros), classList: { add() {} }, append() {} };
globalThis.window = globalThis;
globalThis.document = {
  getElementById: () => holder, querySelectorAll: () => [], createElement: () => holder,
  currentScript: { src: "http://localhost/math.js" }, head: holder, documentElement: holder,
};
(0, eval)(readFileSync(`${frontend}/src/math.js`, "utf8"));
delete globalThis.window;
delete globalThis.document;

const pages = globalThis.MathJax;
const lenient = ["noerrors", "noundefined"]; // which hide on a page what is to be seen here
delete globalThis.MathJax;
const configuration = {
  loader: {
    paths: { mathjax, "mathjax-newcm": `${frontend}/node_modules/@mathjax/mathjax-newcm-font` },
    load: ["adaptors/liteDOM", ...pages.loader.load.filter((name) => /^(input|output|\[tex\])/.test(name))],
    require,
  },
  tex: {
    ...pages.tex,
    packages: pages.tex.packages.filter((name) => !lenient.includes(name)),
    formatError(jax, error) { throw error; },
  },
  chtml: pages.chtml,
  startup: { typeset: false },
};

async function main() {
  const MathJax = await require(`${mathjax}/node-main.cjs`).init(configuration);
  const errors = [];
  for (const [tex, display] of formulas) {
    try {
      const mml = await MathJax.tex2mmlPromise(tex, { display });
      errors.push(/<merror[^>]*title="([^"]*)"/.exec(mml)?.[1] ?? null);
    } catch (error) {
      errors.push(String(error.message ?? error));
    }
  }
  process.stdout.write(JSON.stringify(errors), () => process.exit(0));
}
main();
