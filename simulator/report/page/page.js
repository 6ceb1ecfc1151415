// Arms can be shown and hidden by their keys, one choice for the whole page; nothing else needs script.
document.documentElement.classList.add("scripted");
document.querySelectorAll(".legend input").forEach((box) =>
  box.addEventListener("change", () => {
    document.body.classList.toggle("hide-" + box.dataset.arm, !box.checked);
    document.querySelectorAll(`.legend input[data-arm="${box.dataset.arm}"]`).forEach((other) => {
      other.checked = box.checked;
    });
  })
);
// What is folded away belongs on paper too.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((each) => (each.open = true));
});
window.addEventListener("afterprint", () => folded.forEach((each) => (each.open = false)));
