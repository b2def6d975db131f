// What HTML cannot do alone: say that an update failed, and put the focus where the new results start.
const words = document.body.dataset;

function fail(event) {
  const source = event.detail.elt;
  const path = event.detail.pathInfo?.requestPath ?? location.href;
  const isRead = (event.detail.requestConfig?.verb ?? "get") === "get";
  document.querySelector("#failed")?.remove();
  const message = document.createElement("p");
  message.id = "failed";
  message.className = "msg bad";
  message.setAttribute("role", "alert");
  const text = document.createElement("span");
  text.textContent = words.failed + " ";
  const link = document.createElement("a");
  link.href = isRead ? path : location.href;
  link.textContent = words.retry;
  text.append(link);
  message.append(text);
  const target = event.detail.target ?? source;
  target.before(message);
  target.removeAttribute("aria-busy");
}

document.addEventListener("htmx:responseError", fail);
document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:timeout", fail);

const waiting = new WeakMap();
document.addEventListener("htmx:beforeRequest", (event) => {
  const target = event.detail.target;
  waiting.set(target, setTimeout(() => target.setAttribute("aria-busy", "true"), 300));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const target = event.detail.target;
  clearTimeout(waiting.get(target));
  target.removeAttribute("aria-busy");
  if (event.detail.successful) document.querySelector("#failed")?.remove();
});

// After paging the focus goes to the heading of the results; filters keep theirs, since their ids stay.
let focus = null;
document.addEventListener("click", (event) => {
  focus = event.target.closest?.("[data-focus]")?.dataset.focus ?? null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (focus) document.getElementById(focus)?.focus();
  focus = null;
});
