package app

import (
	"context"
	"maps"
	"net/http"
	"slices"
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
	h.Views = derived.New(h.db, heldJournal{h}, clock.System, h.indexView(), h.meteringView(), h.trackerView(), h.logView())
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
	return h.ofEarlier(p)
}

// derivedView is one that follows the journals.
type derivedView struct {
	name      string
	title     simpul.Text
	positions func(context.Context) ([]derived.Position, error)
	rebuild   func(context.Context, *sqldb.Tx) error
}

func (f derivedView) Name() string       { return f.name }
func (f derivedView) Title() simpul.Text { return f.title }

func (f derivedView) Positions(ctx context.Context) ([]derived.Position, error) {
	return f.positions(ctx)
}

func (f derivedView) Rebuild(ctx context.Context, tx *sqldb.Tx) error { return f.rebuild(ctx, tx) }

// searching is the name of the index in which exchanges are searched.
const searching = "index"

// lagOf says how far behind answers from a view are.
func (h *Hub) lagOf(view string) func(context.Context) (httpapi.Lag, error) {
	return func(ctx context.Context) (httpapi.Lag, error) { return h.Views.Lag(ctx, view) }
}

// indexView is the index in which exchanges are searched.
func (h *Hub) indexView() derivedView {
	return derivedView{searching, simpul.Text{ID: "Pencarian pertukaran", EN: "Search of exchanges"}, h.indexed, h.Exchanges.RebuildAll}
}

func (h *Hub) indexed(ctx context.Context) (all []derived.Position, err error) {
	stored, err := h.Exchanges.Positions(ctx)
	for _, p := range stored {
		all = append(all, h.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again}))
	}
	return all, err
}

// counting is the name of the counts of usage.
const counting = "metering"

// meteringView is the counts of usage.
func (h *Hub) meteringView() derivedView {
	return derivedView{counting, simpul.Text{ID: "Hitungan pemakaian", EN: "Counts of usage"}, h.counted, h.Metering.CountAgain}
}

func (h *Hub) counted(ctx context.Context) (all []derived.Position, err error) {
	stored, err := h.Metering.Positions(ctx, simpul.TheHub())
	for _, p := range stored {
		all = append(all, h.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again()}))
	}
	return all, err
}

// trackerView is who looked at whose data.
func (h *Hub) trackerView() derivedView {
	return derivedView{"tracker", simpul.Text{ID: "Jejak akses", EN: "Access tracker"}, h.tracked, h.Tracker.ReadAgain}
}

func (h *Hub) tracked(ctx context.Context) (all []derived.Position, err error) {
	stored, err := h.Tracker.Positions(ctx, simpul.TheHub())
	for _, p := range stored {
		all = append(all, h.here(derived.Position{Journal: p.Journal, Sequence: p.Sequence, Seen: p.Seen, At: p.At, Again: p.Again()}))
	}
	return all, err
}

// evidenceLog is the name of the transparency log, of which no answer is read.
const evidenceLog = "log"

// logView is the evidence log. It is built anew only where its files are gone.
func (h *Hub) logView() keptView {
	return keptView{derivedView{evidenceLog, simpul.Text{ID: "Log transparansi", EN: "Transparency log"}, h.logPosition, keepLog}}
}

// keptView is a view that nobody may have dropped.
type keptView struct{ derivedView }

func (keptView) Kept() *simpul.Error { return logIsKept() }

func (h *Hub) logPosition(context.Context) ([]derived.Position, error) {
	if h.Ledger == nil {
		return nil, nil
	}
	trouble, why := logTrouble(h.Ledger.Err())
	all := []derived.Position{h.here(derived.Position{Journal: h.Ledger.Journal(), Sequence: h.Ledger.Covered(), Seen: h.journal.Durable(), Trouble: string(trouble), Why: why})}
	for _, one := range h.earlier {
		all = append(all, derived.Position{Journal: one.Journal, Sequence: one.log.Covered(), Seen: one.log.Covered(), Ended: one.At})
	}
	return all, nil
}

func keepLog(context.Context, *sqldb.Tx) error { return logIsKept() }

func logIsKept() *simpul.Error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Log transparansi tidak dibuang: isinya sudah ditandatangani hub dan saksinya.", EN: "The transparency log is not dropped: the hub and its witnesses have signed what is in it."},
		Remedy:  simpul.Text{ID: "Hentikan hub dan jalankan simpul fsck. Bila berkas log hilang, hub membangunnya kembali dari jurnal saat mulai.", EN: "Stop the hub and run simpul fsck. Where files of the log are gone, the hub builds them anew from the journal when it starts."},
	}
}

// manyRecords is from how many missing records on whoever is shown figures is told:
// fewer are there before they have read the page.
const manyRecords = 200

// lags are the views that an answer about an incident is read from, and the journals
// that other processes hold: of these each view is where its holder stored it last.
func (h *Hub) lags(ctx context.Context) (behind []incident.Lag, elsewhere []incident.Elsewhere) {
	all, err := h.Views.All(ctx)
	if err != nil {
		return nil, nil // the figures themselves fail then
	}
	heard := map[string]time.Time{} // of a journal, by the view that heard of it least
	for _, s := range all {
		if s.Name == counting || s.Name == evidenceLog {
			continue
		}
		if s.Behind() > 0 {
			behind = append(behind, incident.Lag{What: s.Title, Records: s.Behind(), Oldest: s.Oldest()})
		}
		for _, p := range s.Positions {
			if known, ok := heard[p.Journal]; !p.Here && (!ok || p.At.Before(known)) {
				heard[p.Journal] = p.At
			}
		}
	}
	for _, journal := range slices.Sorted(maps.Keys(heard)) {
		elsewhere = append(elsewhere, incident.Elsewhere{Journal: journal, Known: heard[journal]})
	}
	return behind, elsewhere
}

// unsearched is how many records lists and figures of exchanges lack; 0 for a few.
func (h *Hub) unsearched(ctx context.Context) uint64 {
	all, err := h.indexed(ctx)
	if err != nil {
		return 0 // the list itself fails then
	}
	behind := derived.Standing{Positions: all}.Behind()
	if behind < manyRecords {
		return 0
	}
	return behind
}
