// The vendor's questionnaire: says when an answer could not be saved, and when it could again.
document.addEventListener("DOMContentLoaded", () => {
  const lost = document.getElementById("lost");
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      const status = event.detail.xhr ? event.detail.xhr.status : 0;
      lost.hidden = status === 413;
      const state = document.getElementById(event.target.id + "-state");
      if (state) state.textContent = status === 413 ? lost.dataset.large : lost.dataset.unsaved;
    });
  }
  document.body.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) lost.hidden = true;
  });
});
