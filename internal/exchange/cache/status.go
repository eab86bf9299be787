package cache

import (
	"fmt"
	"time"
)

// What Cache-Status says (RFC 9211), under the name by which the hub is known.

// hit is an answer that was kept; left is for how long it is fresh, negative for one
// that is stale.
func hit(left time.Duration) string {
	return fmt.Sprintf("Simpul; hit; ttl=%d", int64(left/time.Second))
}

// staleHit is an answer that was given because the provider fails.
func staleHit(left time.Duration) string { return hit(left) + "; detail=stale-if-error" }

// forwarded is an answer of the provider: why it was called, and whether the answer
// is kept.
func forwarded(why string, status int, kept bool) string {
	text := fmt.Sprintf("Simpul; fwd=%s; fwd-status=%d", why, status)
	if kept {
		text += "; stored"
	}
	return text
}
