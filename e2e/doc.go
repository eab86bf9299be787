// Package e2e tells the stories that a hub exists for, against the real binary:
// it builds simpul, starts the demo nation, and lets a browser do what people
// do. The browser's part is in the folder browser; an OpenID client that others
// have written, in openid. Stories run side by side and share one nation: each
// brings people and things of its own, and none counts on being alone.
//
//	go test -timeout 5m ./e2e
//
// Set SIMPUL_SCREENSHOTS to a folder to keep a picture of every page. Without
// Chromium or node_modules the stories are skipped, except in CI.
package e2e
