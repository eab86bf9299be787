// Changes the theme in place. Without JavaScript the same links ask the server
// for the page in the other theme (?theme=dark), which sets the same cookie.

type Theme = "light" | "dark";

const yearInSeconds = 31_536_000;

export function themeSwitch(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-set-theme]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link.dataset.setTheme as Theme);
      focusOther(link);
    });
  }
}

// Choosing what the device prefers anyway means following the device again.
function choose(theme: Theme): void {
  const preferred: Theme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const followsDevice = theme === preferred;
  document.documentElement.dataset.theme = followsDevice ? "auto" : theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; SameSite=Lax; Max-Age=${followsDevice ? 0 : yearInSeconds}${secure}`;
}

// The link that was pressed disappears; its counterpart takes the focus.
function focusOther(link: HTMLAnchorElement): void {
  for (const other of link.parentElement?.querySelectorAll<HTMLAnchorElement>("a[data-set-theme]") ?? []) {
    if (other !== link) other.focus();
  }
}
