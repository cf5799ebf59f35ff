// A place to sign by finger or mouse: what is drawn becomes the file of the uploader that it stands above.
(() => {
  const INK = "#16222E", PAPER = "#FFFFFF", HIGH = 160;

  function prepare(pad) {
    pad.dataset.ready = "yes";
    const canvas = document.createElement("canvas"), row = document.createElement("div");
    const use = document.createElement("button"), clear = document.createElement("button");
    canvas.setAttribute("aria-label", pad.dataset.label);
    canvas.setAttribute("role", "img");
    use.type = clear.type = "button";
    use.textContent = pad.dataset.use;
    clear.textContent = pad.dataset.clear;
    use.disabled = true;
    row.append(use, clear);
    pad.append(canvas, row);
    const wide = pad.clientWidth || 320, dense = Math.max(window.devicePixelRatio || 1, 2);
    canvas.width = wide * dense;
    canvas.height = HIGH * dense;
    const ink = canvas.getContext("2d");

    function blank() {
      ink.setTransform(dense, 0, 0, dense, 0, 0);
      ink.fillStyle = PAPER;
      ink.fillRect(0, 0, wide, HIGH);
      Object.assign(ink, { lineWidth: 2.2, lineCap: "round", lineJoin: "round", strokeStyle: INK });
      use.disabled = true;
    }

    function place(event) {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * wide) / box.width, ((event.clientY - box.top) * HIGH) / box.height];
    }

    let drawing = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      ink.beginPath();
      ink.moveTo(...place(event));
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      ink.lineTo(...place(event));
      ink.stroke();
      use.disabled = false;
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { drawing = false; });
    clear.addEventListener("click", blank);
    use.addEventListener("click", () => canvas.toBlob((blob) => {
      const input = document.querySelector(`[class*="${pad.dataset.target}"] input[type=file]`);
      if (!input || !blob) return;
      const held = new DataTransfer();
      held.items.add(new File([blob], pad.dataset.file, { type: "image/png" }));
      input.files = held.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }, "image/png"));
    blank();
  }

  document.querySelectorAll(".firma-aqui:not([data-ready])").forEach(prepare);
})();
