// Typesets the mathematics of a page. The project's macros come as data, never as script.
const holder = document.getElementById("macros");
const macros = holder ? JSON.parse(holder.textContent) : {};
const extensions = ["ams", "amscd", "boldsymbol", "braket", "bussproofs", "cancel", "cases", "centernot", "color",
  "configmacros", "empheq", "enclose", "extpfeil", "gensymb", "mathtools", "newcommand", "noerrors",
  "noundefined", "tagformat", "textcomp", "textmacros", "unicode", "upgreek"];
const base = new URL("mathjax/", document.currentScript.src).href.replace(/\/$/, "");

// What packages of LaTeX have and MathJax has not: the nearest it has, or nothing where only print needs it.
const lacking = {
  mathbbm: ["\\mathbb{#1}", 1], mathds: ["\\mathbb{#1}", 1], mathbbb: ["\\mathbb{#1}", 1],
  bm: ["\\boldsymbol{#1}", 1], pmb: ["\\boldsymbol{#1}", 1], ensuremath: ["#1", 1],
  llbracket: "\\mathopen{[\\![}", rrbracket: "\\mathclose{]\\!]}", shortminus: "{-}", sslash: "\\mathbin{/\\!/}",
  fint: "\\mathop{⨍}", oiint: "\\mathop{∯}", lefteqn: ["\\rlap{\\displaystyle #1}", 1], textcolor: ["#2", 2], color: ["", 1],
  vspace: ["", 1], setlength: ["", 2], addtolength: ["", 2], noindent: "", allowdisplaybreaks: "", displaybreak: "",
  smashoperator: ["#1", 1], scalebox: ["#2", 2], raisebox: ["#2", 2], rotatebox: ["#2", 2], resizebox: ["#3", 3],
  textsc: ["\\textrm{#1}", 1], operatornamewithlimits: ["\\operatorname*{#1}", 1],
  intertext: ["\\\\ \\text{#1} \\\\", 1], shortintertext: ["\\\\ \\text{#1} \\\\", 1], qed: "", relax: "", nobreakdash: "",
  centering: "", xspace: "", protect: "", nobreak: "", allowbreak: "", smallskip: "", medskip: "", bigskip: "",
};

// The server sends formulas as MathML, which needs no script, each with the LaTeX that it was made from. Out of
// sight that is typeset, and takes the place of the MathML all at once, so that nobody sees the LaTeX meanwhile.
async function typeset(parts) {
  const formulas = [...new Set(parts.flatMap((part) => [...part.querySelectorAll("math[alttext]")]))];
  const drafts = formulas.map(drafted);
  await window.MathJax.typesetPromise(parts);
  await document.fonts.ready;
  formulas.forEach((one, at) => one.replaceWith(...drafts[at].childNodes));
  drafts.forEach((one) => one.remove());
}

// Beside the formula, because what is around it says in which size it is typeset.
function drafted(formula) {
  const draft = Object.assign(document.createElement("span"), { className: "draft", textContent: formula.getAttribute("alttext") });
  formula.after(draft);
  return draft;
}

// For what comes after the page itself.
window.typeset = (parts) => window.MathJax.typesetPromise && typeset(parts);

// The policy of our pages lets no style stand in a page. So what MathJax would put into a style element goes into
// a sheet that the page adopts, and what it would write as an attribute is set as a property.
function adoptStyles(adaptor) {
  const create = adaptor.create.bind(adaptor);
  const setAttribute = adaptor.setAttribute.bind(adaptor);
  adaptor.create = (kind, space) => (kind === "style" ? adoptedStyles() : create(kind, space));
  adaptor.setAttribute = (node, name, value, space) => {
    if (name === "style") node.style.cssText = value;
    else setAttribute(node, name, value, space);
  };
}

// Stands where the style element would, with the same `sheet`.
function adoptedStyles() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const holder = Object.assign(document.createElement("mjx-styles"), { hidden: true, sheet });
  holder.appendChild = (text) => { sheet.replaceSync(text.data); return text; };
  return holder;
}

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
    macros: { ...lacking, ...macros },
  },
  chtml: { font: "mathjax-newcm", fontURL: `${base}/mathjax-newcm-font/chtml/woff2`, displayOverflow: "scroll" },
  startup: {
    ready() {
      delete window.MathJax.config.options?.menuOptions; // there is no menu here, and MathJax would warn of it
      window.MathJax.startup.defaultReady();
      adoptStyles(window.MathJax.startup.adaptor);
    },
    pageReady: () => typeset([...document.querySelectorAll(".math")]).then(() => document.documentElement.classList.add("math-done")),
  },
};

const script = document.createElement("script");
script.src = `${base}/startup.js`;
document.head.append(script);
