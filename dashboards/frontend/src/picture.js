// The view as PNG: the server's SVG, painted by the browser at twice its size, or as large as a canvas may be.
const LARGEST = 8192;

export function picture() {
  const reveal = () => { document.querySelector("[data-png]").hidden = false; };
  addEventListener("graph-visited", reveal);
  reveal();
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-png] a");
    if (!link) return;
    event.preventDefault();
    const image = new Image();
    image.src = link.href;
    await image.decode();
    save(await painted(image));
  });
}

function painted(image) {
  const scale = Math.min(2, LARGEST / image.naturalWidth, LARGEST / image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function save(blob) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: "graph.png" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
