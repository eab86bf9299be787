package web_test

import (
	"os"
	"os/exec"
	"testing"
)

// TestBrowser looks at the gallery in Chromium: axe-core finds nothing in
// either theme and language at 360 and 1280 px, nothing overflows even at
// 320 px, every target can be touched, and the islands work.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for _, needed := range []string{"/usr/bin/chromium", "../../../node_modules/playwright-core", "../../../node_modules/axe-core"} {
		if _, err := os.Stat(needed); err != nil {
			t.Skipf("%s is not installed", needed)
		}
	}
	arguments := []string{"testdata/browser.mjs", newGallery(t).URL}
	if folder := os.Getenv("SIMPUL_SCREENSHOTS"); folder != "" {
		arguments = append(arguments, folder)
	}
	if out, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
