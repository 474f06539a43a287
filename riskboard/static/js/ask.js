// The vendor's questionnaire: says when an answer could not be saved, and when it could again.
document.addEventListener("DOMContentLoaded", () => {
  const lost = document.getElementById("lost");
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      lost.hidden = false;
      const state = document.getElementById(event.target.id + "-state");
      if (state) state.textContent = "not saved yet";
    });
  }
  document.body.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) lost.hidden = true;
  });
});
