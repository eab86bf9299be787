package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// perList is how many exchanges a list shows.
const perList = 50

// The two words of an outcome filter that are no codes.
const (
	deliveredOnly = "delivered"
	failedOnly    = "failed"
)

// listQuery is what somebody asks of the list of exchanges.
type listQuery struct {
	LID     string
	Outcome string
	Cursor  string
	Live    string // "off": does not refresh itself; "on": does, whatever the device prefers
}

func parseListQuery(v url.Values) listQuery {
	q := listQuery{LID: strings.TrimSpace(v.Get("lid")), Cursor: v.Get("cursor")}
	if o := v.Get("outcome"); o == deliveredOnly || o == failedOnly || o != "" && endingOf(simpul.Code(o)).meaning.ID != "" {
		q.Outcome = o
	}
	if l := v.Get("live"); l == "on" || l == "off" {
		q.Live = l
	}
	return q
}

// href is the address of the list, with further parameters as name, value.
func (q listQuery) href(more ...string) string {
	v := url.Values{}
	pairs := append([]string{"lid", q.LID, "outcome", q.Outcome, "cursor", q.Cursor, "live", q.Live}, more...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return ExchangesPath
	}
	return ExchangesPath + "?" + v.Encode()
}

func (q listQuery) with(change func(*listQuery)) listQuery { change(&q); return q }

// running reports whether the list refreshes itself: the newest page does,
// unless somebody paused it.
func (q listQuery) running() bool { return q.Cursor == "" && q.Live != "off" }

func (q listQuery) narrowed() bool { return q.LID != "" || q.Outcome != "" }

// listView is what the list of exchanges shows.
type listView struct {
	Query    listQuery
	Fault    *simpul.Error // the filter cannot be read
	Rows     []Exchange
	Next     string            // cursor
	Seen     simpul.ExchangeID // the newest that the reader has; "" for none
	Again    bool              // a refresh, not the first look
	Scope    string            // name of the agency whose exchanges these are; "" for all
	Call     FirstCall
	HasCall  bool
	Today    time.Time // start of the day on the hub's clock
	Snapshot string    // changes when anything in the list does
	Behind   uint64    // records that cannot be found yet; 0 for a few
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := listView{Query: parseListQuery(r.URL.Query()), Today: startOfDay(p.now())}
	v.Seen, v.Snapshot = parseSeen(r.URL.Query().Get("seen"))
	v.Again = v.Snapshot != ""
	if id := visitor.Agency; id != "" {
		v.Scope = p.hub.AgencyName(r.Context(), id)
	}
	filter := Filter{Outcome: v.Query.Outcome}
	status := http.StatusOK
	if v.Query.LID != "" {
		address, err := simpul.ParseAddress(v.Query.LID)
		if fault, ok := err.(*simpul.Error); ok {
			v.Fault, status = fault, http.StatusBadRequest
		}
		filter.Address = address
	}
	if v.Fault == nil {
		var err error
		if v.Rows, v.Next, err = p.exchanges.List(r.Context(), visitor.Scope(), filter, perList, v.Query.Cursor); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	now := snapshotOf(v.Rows)
	if r.Header.Get("HX-Request") != "" && v.Snapshot == now {
		w.WriteHeader(http.StatusNoContent) // nothing new: what is on the screen stays
		return
	}
	v.Snapshot = now
	v.Call, v.HasCall = p.hub.FirstCall(r.Context())
	v.Behind = p.hub.Behind(r.Context())
	web.Render(w, r, status, listPage(v))
}

// seen is what the next refresh says it has: the newest exchange and the
// snapshot of the list.
func (v listView) seen() string {
	if len(v.Rows) == 0 {
		return "." + v.Snapshot
	}
	return string(v.Rows[0].ID) + "." + v.Snapshot
}

func parseSeen(s string) (newest simpul.ExchangeID, snapshot string) {
	id, snapshot, _ := strings.Cut(s, ".")
	newest, err := simpul.ParseExchangeID(id)
	if err != nil {
		return "", snapshot
	}
	return newest, snapshot
}

// isNew reports whether a row came with this refresh. Identifiers sort by time,
// and the first to come into an empty list is as new as any.
func (v listView) isNew(x Exchange) bool { return v.Again && x.ID > v.Seen }

// snapshotOf sums up a list, so that two equal lists need not be sent twice.
func snapshotOf(rows []Exchange) string {
	h := sha256.New()
	for _, x := range rows {
		fmt.Fprintln(h, x.ID, x.Ended, x.Outcome)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (p *Pages) exchange(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	id, err := simpul.ParseExchangeID(r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, noSuchExchange(r.PathValue("id")))
		return
	}
	x, err := p.exchanges.Get(r.Context(), visitor.Scope(), id)
	if err != nil {
		if simpul.CodeOf(err) == simpul.CodeNotFound {
			err = noSuchExchange(string(id))
		}
		web.Fail(w, r, err)
		return
	}
	proved, err := p.proofOf(r.Context(), visitor.Scope(), id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, exchangePage(exchangeView{
		Exchange: x, Proof: proved,
		Consumer: p.hub.AgencyName(r.Context(), x.Consumer.Application.Agency()),
		Provider: p.hub.AgencyName(r.Context(), x.Provider),
	}))
}

// noSuchExchange tells what does not exist and what belongs to others in the
// same words.
func noSuchExchange(id string) error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Pertukaran " + id + " tidak ada, atau bukan milik instansi Anda.", EN: "Exchange " + id + " does not exist, or is not your agency's."},
		Remedy:  simpul.Text{ID: "Periksa nomornya pada header Exchange-Id dari jawaban hub, atau cari di daftar pertukaran.", EN: "Check the number in the Exchange-Id header of the hub's answer, or look for it in the list of exchanges."},
	}
}
