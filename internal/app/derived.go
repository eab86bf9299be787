package app

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/derived"
	"simpul/internal/exchange/incident"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/signin"
)

// openViews lets those who tend them see what is derived from the journals.
func (h *Hub) openViews() {
	h.Views = derived.New(h.db, heldJournal{h}, clock.System, indexView{h}, meteringView{h}, trackerView{h}, logView{h})
}

func (h *Hub) viewAPI(api *httpapi.API) { derived.Register(api, h.Views) }

func (h *Hub) viewPages(mux *http.ServeMux) { derived.NewPages(h.Views, signin.Gate()).Register(mux) }

// heldJournal is the journal of this process.
type heldJournal struct{ *Hub }

func (h heldJournal) State() (derived.State, error) {
	s, err := h.journal.State()
	state := derived.State{
		ID: s.ID, Last: s.Last, Durable: s.Durable, Segments: s.Segments, Bytes: s.Bytes, Verified: s.Recovery.Verified, Held: h.indexes(),
	}
	if s.Recovery.Torn != nil {
		state.Torn = s.Recovery.Torn.Bytes
	}
	if s.Err != nil {
		state.Refuses = s.Err.Error()
	}
	return state, err
}

func (h heldJournal) TimeOf(sequence uint64) (time.Time, error) { return h.journal.TimeOf(sequence) }

// here completes a position by what this process knows of its own journal.
func (h *Hub) here(p derived.Position) derived.Position {
	if p.Journal == h.journal.ID().String() && h.indexes() {
		p.Here, p.Seen = true, max(h.journal.Last(), p.Sequence)
	}
	return p
}

// indexView is the index in which exchanges are searched.
type indexView struct{ hub *Hub }

func (indexView) Name() string { return "index" }
func (indexView) Title() simpul.Text {
	return simpul.Text{ID: "Pencarian pertukaran", EN: "Search of exchanges"}
}

func (v indexView) Positions(ctx context.Context) (all []derived.Position, err error) {
	stored, err := v.hub.Exchanges.Positions(ctx)
	for _, p := range stored {
		all = append(all, v.hub.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again}))
	}
	return all, err
}

func (v indexView) Rebuild(ctx context.Context, tx *sqldb.Tx) error {
	return v.hub.Exchanges.RebuildAll(ctx, tx)
}

// meteringView is the counts of usage.
type meteringView struct{ hub *Hub }

func (meteringView) Name() string { return "metering" }
func (meteringView) Title() simpul.Text {
	return simpul.Text{ID: "Hitungan pemakaian", EN: "Counts of usage"}
}

func (v meteringView) Positions(ctx context.Context) (all []derived.Position, err error) {
	stored, err := v.hub.Metering.Positions(ctx, simpul.TheHub())
	for _, p := range stored {
		all = append(all, v.hub.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again()}))
	}
	return all, err
}

func (v meteringView) Rebuild(ctx context.Context, tx *sqldb.Tx) error {
	return v.hub.Metering.CountAgain(ctx, tx)
}

// trackerView is who looked at whose data.
type trackerView struct{ hub *Hub }

func (trackerView) Name() string { return "tracker" }
func (trackerView) Title() simpul.Text {
	return simpul.Text{ID: "Jejak akses", EN: "Access tracker"}
}

func (v trackerView) Positions(ctx context.Context) (all []derived.Position, err error) {
	stored, err := v.hub.Tracker.Positions(ctx, simpul.TheHub())
	for _, p := range stored {
		all = append(all, v.hub.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again()}))
	}
	return all, err
}

func (v trackerView) Rebuild(ctx context.Context, tx *sqldb.Tx) error {
	return v.hub.Tracker.ReadAgain(ctx, tx)
}

// logView is the evidence log. It is built anew only where its files are gone.
type logView struct{ hub *Hub }

func (logView) Name() string { return "log" }
func (logView) Title() simpul.Text {
	return simpul.Text{ID: "Log transparansi", EN: "Transparency log"}
}

func (v logView) Positions(context.Context) ([]derived.Position, error) {
	l := v.hub.Ledger
	if l == nil {
		return nil, nil
	}
	return []derived.Position{v.hub.here(derived.Position{Journal: l.Journal(), Sequence: l.Covered(), Seen: v.hub.journal.Durable()})}, nil
}

func (logView) Rebuild(context.Context, *sqldb.Tx) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Log transparansi tidak dibuang: akarnya sudah ditandatangani.", EN: "The transparency log is not dropped: its root has been signed."},
		Remedy:  simpul.Text{ID: "Hentikan hub dan jalankan simpul fsck. Bila berkas log hilang, hub membangunnya kembali dari jurnal saat mulai.", EN: "Stop the hub and run simpul fsck. Where files of the log are gone, the hub builds them anew from the journal when it starts."},
	}
}

// manyRecords is from how many missing records on whoever is shown figures is told:
// fewer are there before they have read the page.
const manyRecords = 200

// lags are the views that an answer about an incident is read from.
func (h *Hub) lags(ctx context.Context) (all []incident.Lag) {
	for _, s := range h.Views.Late(ctx, 0) {
		if s.Name != (meteringView{}).Name() {
			all = append(all, incident.Lag{What: s.Title, Records: s.Behind(), Oldest: s.Oldest()})
		}
	}
	return all
}

// unsearched is how many records lists and figures of exchanges lack; 0 for a few.
func (h *Hub) unsearched(ctx context.Context) uint64 {
	all, err := indexView{h}.Positions(ctx)
	if err != nil {
		return 0 // the list itself fails then
	}
	behind := derived.Standing{Positions: all}.Behind()
	if behind < manyRecords {
		return 0
	}
	return behind
}
