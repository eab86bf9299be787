package app

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
)

// olderVersions tells the grant room which versions of a LID can be called beside
// the newest.
func olderVersions(l *catalog.LID) (all []grant.OfferedVersion) {
	for _, o := range l.Older {
		all = append(all, grant.OfferedVersion{Version: o.Version, Sunset: o.Sunset})
	}
	return all
}

// Version tells whoever asks why a call is refused what the gateway would do.
func (g gate) Version(route *simpul.Route, pin string, now time.Time) (*simpul.Route, error) {
	return gateway.VersionOf(route, pin, now)
}

// warnOfEnds reminds those who call what ends soon.
func (h *Hub) warnOfEnds(ctx context.Context) error { return h.LIDs.WarnOfEnds(ctx, h.directory) }
