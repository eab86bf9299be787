package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"simpul/internal/platform/resource"
)

// alike is a published LID that a planned one resembles.
type alike struct {
	LID, Title              string
	Score                   int
	Fields, Words, Concepts []string
}

// warn tells of published LIDs that a new one resembles, so that a second LID
// for the same data is at least meant. It is advice: whatever keeps the hub from
// giving it, such as its age or the caller's role, is no reason to fail.
func (h *hub) warn(ctx context.Context, con *console, d resource.Document) {
	if d.Kind != "LID" {
		return
	}
	got, err := h.call(ctx, http.MethodPost, []string{"lids", "similar"}, nil, d.JSON)
	var found struct{ Items []alike }
	if err != nil || json.Unmarshal(got.body, &found) != nil {
		return
	}
	for _, a := range found.Items {
		con.say(text("Peringatan: %s mirip %s (%s), %d dari 100. Sama-sama punya: %s.", "Warning: %s resembles %s (%s), %d of 100. Both have: %s.",
			d.ID, a.LID, a.Title, a.Score, a.why()))
	}
}

// why lists what both have, a few of each.
func (a alike) why() string {
	const most = 6
	var all []string
	for _, list := range [][]string{a.Fields, a.Words, a.Concepts} {
		all = append(all, list[:min(len(list), most)]...)
	}
	return strings.Join(all, ", ")
}
