// What the scripts say: in English, unless the page brings it in another language.
const holder = document.getElementById("texts");
const texts = holder ? JSON.parse(holder.textContent) : {};

// The text with its values in the places written `%(name)s`.
export const worded = (text, values = {}) => (texts[text] ?? text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
