// The islands: small pieces of behaviour on top of pages that work without them.
import { copyButtons } from "./copy";
import { calmLists } from "./live";
import { fragmentForms, passkeys } from "./passkey";
import { themeSwitch } from "./theme";

themeSwitch();
copyButtons();
calmLists();
passkeys();
fragmentForms();

// Pieces of a page that htmx brings in later get their buttons too.
document.addEventListener("htmx:load", copyButtons);
