// Keeps lists that refresh themselves polite: they rest while nobody looks at the
// page, and, for whoever asked the device for less motion, until they are told
// to run.

export function calmLists(): void {
  const live = document.querySelector<HTMLElement>("[data-live]");
  if (!live) return;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pause = live.querySelector<HTMLAnchorElement>("a[data-pause]");
  if (calm && live.dataset.live === "" && pause) {
    live.removeAttribute("hx-trigger");
    window.location.replace(pause.href);
  }
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const asks = event.target as HTMLElement;
  if (document.hidden && asks.dataset.live !== undefined) event.preventDefault();
});
