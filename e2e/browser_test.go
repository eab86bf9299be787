package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// TestBrowser lets a browser tell each story to one nation. A story prints what
// it found wrong, and ends with status 1 if there is anything.
// They share the nation, and none minds what another does there at the same time.
func TestBrowser(t *testing.T) {
	needBrowser(t)
	t.Parallel()
	nation, err := json.Marshal(startNation(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range []string{
		"pages",    // axe, layout and weight of every page; the longest, so first
		"visitor",  // finds a LID by search and copies a call that works
		"operator", // signs in and sees an exchange as it happens
		"tenant",   // sees the exchanges of its agency and no others
		"newcomer", // from the operator's token to an agency's first call
		"proof",    // checks proofs: one that holds, one that awaits a witness, forged ones
		"evidence", // downloads a proof and checks it; a citizen sees an access, asks why and is answered
		"deliver",  // says how a LID is delivered, tries it by hand, and reads what came of it
		"publish",  // makes a LID from an OpenAPI file and submits it
		"openid",   // signs in to an application of an agency
		"plain",    // does both without JavaScript
		"passkey",  // comes in by invitation, signs out and in again, with a passkey and without JavaScript
	} {
		t.Run(story, func(t *testing.T) {
			t.Parallel()
			node := exec.CommandContext(t.Context(), "node", "browser/"+story+".mjs")
			node.Env = append(os.Environ(), "NATION="+string(nation))
			out, err := node.CombinedOutput()
			if err != nil {
				t.Error(err)
			}
			if len(out) > 0 {
				t.Logf("%s", out)
			}
		})
	}
}

// needBrowser skips the test where there is no browser, except in CI.
func needBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	for _, needed := range []string{chromium, root + "/node_modules/playwright-core", root + "/node_modules/axe-core", root + "/node_modules/idn-area-data"} {
		if _, err := os.Stat(needed); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", needed)
		}
		t.Skipf("%s is not installed", needed)
	}
}
