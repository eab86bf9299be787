package app

import (
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
)

// openSealing builds what seals the personal part of records.
func (h *Hub) openSealing() {
	h.keys = evidence.NewKeys(h.db, sealer{h.vault}, clock.System)
	h.timekeeper = evidence.NewTimekeeper()
}
