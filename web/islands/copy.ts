// Reveals the copy buttons, which do nothing without JavaScript and are
// therefore hidden by the server. A button names its text in data-copy (an id)
// and carries its answer, in the reader's language, in data-done.

export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyFrom(button));
  }
}

async function copyFrom(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source || !(await copied(source))) return;
  const label = button.querySelector<HTMLElement>("[data-label]");
  if (!label) return;
  const before = label.dataset.label ?? "";
  label.textContent = button.dataset.done ?? "";
  window.setTimeout(() => { label.textContent = before; }, 2500);
}

// The clipboard API needs HTTPS; a hub inside an office network may lack it, and
// there the old command still works on a selection.
async function copied(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
