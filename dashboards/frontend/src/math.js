// Typesets the mathematics of a page. The project's macros come as data, never as script.
const holder = document.getElementById("macros");
const macros = holder ? JSON.parse(holder.textContent) : {};
const extensions = ["ams", "amscd", "boldsymbol", "braket", "bussproofs", "cancel", "cases", "centernot", "color",
  "configmacros", "empheq", "enclose", "extpfeil", "gensymb", "mathtools", "newcommand", "noerrors",
  "noundefined", "tagformat", "textcomp", "textmacros", "unicode", "upgreek"];
const base = new URL("mathjax/", document.currentScript.src).href.replace(/\/$/, "");

window.MathJax = {
  loader: {
    paths: { mathjax: base, "mathjax-newcm": `${base}/mathjax-newcm-font` },
    load: ["core", "input/tex-base", ...extensions.map((name) => `[tex]/${name}`), "output/chtml", "ui/safe",
      "a11y/assistive-mml"],
  },
  tex: {
    packages: ["base", ...extensions],
    inlineMath: [["\\(", "\\)"]],
    displayMath: [["\\[", "\\]"]],
    processEscapes: false,
    tags: "ams",
    // A blueprint is written by strangers: a macro that feeds on itself stops early.
    maxMacros: 2000,
    maxBuffer: 20 * 1024,
    // Two alphabets whose fonts are not carried here, in the one that stands for them best.
    macros: { mathbbm: ["\\mathbb{#1}", 1], mathds: ["\\mathbb{#1}", 1], ...macros },
  },
  chtml: { font: "mathjax-newcm", fontURL: `${base}/mathjax-newcm-font/chtml/woff2`, displayOverflow: "scroll" },
  startup: {
    ready() {
      delete window.MathJax.config.options?.menuOptions; // there is no menu here, and MathJax would warn of it
      window.MathJax.startup.defaultReady();
    },
    elements: [...document.querySelectorAll(".math")],
    pageReady: () => window.MathJax.startup.defaultPageReady().then(() => document.documentElement.classList.add("math-done")),
  },
};

const script = document.createElement("script");
script.src = `${base}/startup.js`;
document.head.append(script);
