package audit

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

// ListPath is where the trail is shown.
const ListPath = "/audit"

const perPage = 50

// Pages are the screens.
type Pages struct {
	service *Service
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate) *Pages {
	return &Pages{service, gate.At(ListPath)}
}

// Register puts the screens on the mux. Who may not read the audit sees what
// concerns themselves.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+ListPath, p.gate.Known(p.list))
	mux.Handle("POST "+ListPath, p.gate.Known(p.verify))
	mux.Handle("GET "+ListPath+"/ekspor", p.gate.Known(p.export))
}

// query is what a reader asks of the screen.
type query struct {
	Account, Actor, Action, Subject, Agency string
	Since, Until                            string // dates on the hub's clock, 2026-01-31; until is included
	Refused                                 bool
	Before                                  int64
}

func parseQuery(v url.Values) query {
	before, err := strconv.ParseInt(v.Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	return query{
		Account: v.Get("account"), Actor: v.Get("actor"), Action: v.Get("action"), Subject: v.Get("subject"), Agency: v.Get("agency"),
		Since: v.Get("since"), Until: v.Get("until"), Refused: v.Get("refused") != "", Before: before,
	}
}

// filter reads the dates; one that is no date does not narrow, and bad says so.
func (q query) filter() (f trail.Filter, bad bool) {
	f = trail.Filter{Account: simpul.AccountID(q.Account), Actor: q.Actor, Action: q.Action, Subject: q.Subject, Agency: simpul.AgencyID(q.Agency), Refused: q.Refused}
	since, sinceBad := day(q.Since)
	until, untilBad := day(q.Until)
	f.Since = since
	if !until.IsZero() {
		f.Until = until.AddDate(0, 0, 1)
	}
	return f, sinceBad || untilBad
}

// wib is the hub's clock on screens: UTC+7, without summer time.
var wib = time.FixedZone("WIB", 7*60*60)

func day(text string) (t time.Time, bad bool) {
	if text == "" {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(time.DateOnly, text, wib)
	return t, err != nil
}

func (q query) narrowed() bool {
	q.Before = 0
	return q != query{}
}

// values are the query as parameters, without its page.
func (q query) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"account": q.Account, "actor": q.Actor, "action": q.Action, "subject": q.Subject, "agency": q.Agency, "since": q.Since, "until": q.Until} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Refused {
		v.Set("refused", "1")
	}
	return v
}

func (q query) href(path, name, value string) string {
	v := q.values()
	if value != "" {
		v.Set(name, value)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// listView is what the screen shows.
type listView struct {
	Query    query
	Events   []trail.Event
	Next     int64
	Own      bool // only what concerns the visitor
	National bool
	BadDate  bool
	Verified *Verification
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.show(w, r, visitor, nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, verified *Verification) {
	v := listView{Query: parseQuery(r.URL.Query()), Own: !visitor.Can(simpul.ReadAudit), National: visitor.National, Verified: verified}
	f, bad := v.Query.filter()
	v.BadDate = bad
	list := p.service.List
	if v.Own {
		list = p.service.Own
	}
	var err error
	if v.Events, v.Next, err = list(r.Context(), visitor, f, v.Query.Before, perPage); err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, listPage(v))
}

// verify shows the result at once instead of leading back: it is of this moment.
func (p *Pages) verify(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := visitor.Need(simpul.ReadAudit); err != nil {
		web.Fail(w, r, err)
		return
	}
	v, err := p.service.Verify(r.Context(), visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.show(w, r, visitor, &v)
}

func (p *Pages) export(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	text, format, err := p.exported(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", format.MediaType())
	h.Set("Content-Disposition", attachment(format))
	w.Write(text)
}

func (p *Pages) exported(r *http.Request, visitor simpul.Principal) ([]byte, Format, error) {
	if err := visitor.Need(simpul.ReadAudit); err != nil {
		return nil, "", err
	}
	format, err := ParseFormat(r.URL.Query().Get("format"))
	if err != nil {
		return nil, "", err
	}
	f, bad := parseQuery(r.URL.Query()).filter()
	if bad {
		return nil, "", badDate()
	}
	events, err := p.service.Export(r.Context(), visitor, f)
	if err != nil {
		return nil, "", err
	}
	text, err := format.Write(events)
	return text, format, err
}

func badDate() error {
	return simpul.Invalid("query",
		simpul.Text{ID: "Tanggal tidak terbaca.", EN: "The date cannot be read."},
		simpul.Text{ID: "Tulis seperti 2026-01-31.", EN: "Write it like 2026-01-31."})
}
