package standard

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Host is the upstream of the LIDs of lists: a name under the private top-level
// domain "internal" (ICANN resolution 2024.07.29.06) that no server has. The
// gateway of each process answers for it with [Lists.Handler], so that calls
// walk the whole pipeline and the hub depends on no address of its own.
const Host = "referensi.hub.internal"

// Upstream is the base URL of a list's LID.
func Upstream(id ListID) string { return "http://" + Host + "/" + string(id) }

// Handler serves the published lists to applications, as the contracts say that
// [Lists.Offer] publishes. It acts for the public: what is a draft is not found.
func (l *Lists) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{list}", answering(l.serveList, "tanggal", "induk", "q", "limit", "cursor"))
	mux.HandleFunc("GET /{list}/{kode}", answering(l.serveCode, "tanggal"))
	mux.HandleFunc("GET /{list}/{kode}/padanan", answering(l.serveMappings, "tanggal"))
	return httpapi.Unserved(mux, httpapi.FailProblem)
}

// answering reads the query of a request, in which only the known parameters
// may occur, each once: a misspelt filter must not return everything.
func answering(answer func(*http.Request, url.Values) (any, error), known ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			err = badParameter("", known)
		}
		for name, values := range query {
			if !slices.Contains(known, name) || len(values) > 1 {
				err = badParameter(clip(name, 60), known)
			}
		}
		var body any
		if err == nil {
			body, err = answer(r, query)
		}
		if err != nil {
			httpapi.FailProblem(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "public, max-age=3600") // codes change by decree, a few times a year
		json.NewEncoder(w).Encode(body)
	}
}

func badParameter(name string, known []string) error {
	list := strings.Join(known, ", ")
	return simpul.Invalid("query."+name,
		simpul.Text{ID: "Parameter \"" + name + "\" tidak dikenal atau berulang.", EN: "Parameter \"" + name + "\" is unknown or repeated."},
		simpul.Text{ID: "Yang dikenal: " + list + ", masing-masing sekali.", EN: "Known: " + list + ", each once."})
}

// servedCode is a code as applications get it.
type servedCode struct {
	Kode    string `json:"kode"`
	Nama    string `json:"nama"`
	NamaEN  string `json:"nama_en,omitempty"`
	Induk   string `json:"induk,omitempty"`
	Dari    Day    `json:"berlaku_dari,omitempty"`
	Sampai  Day    `json:"berlaku_sampai,omitempty"`
	Catatan string `json:"catatan,omitempty"`
}

func servedOf(c Code) servedCode {
	return servedCode{c.Code, c.Name.ID, c.Name.EN, c.Parent, c.From, c.Until, c.Notes}
}

type servedList struct {
	Items   []servedCode `json:"items"`
	Tanggal Day          `json:"tanggal"`
	Next    string       `json:"next,omitempty"`
}

type servedOne struct {
	servedCode
	Tanggal Day `json:"tanggal"`
}

type servedMapping struct {
	Daftar   ListID   `json:"daftar"`
	Kode     string   `json:"kode"`
	Hubungan Relation `json:"hubungan"`
	Dari     Day      `json:"berlaku_dari,omitempty"`
	Sampai   Day      `json:"berlaku_sampai,omitempty"`
	Sumber   string   `json:"sumber,omitempty"`
}

type servedMappings struct {
	Kode    string          `json:"kode"`
	Tanggal Day             `json:"tanggal"`
	Items   []servedMapping `json:"items"`
}

// mostServed is the largest page that an application gets.
const mostServed = 1000

func (l *Lists) serveList(r *http.Request, query url.Values) (any, error) {
	day, err := l.dayAsked(query)
	if err != nil {
		return nil, err
	}
	limit, err := limitAsked(query.Get("limit"))
	if err != nil {
		return nil, err
	}
	after, err := httpapi.DecodeCursor(query.Get("cursor"))
	if err != nil {
		return nil, err
	}
	if err := plainText("query.q", query.Get("q")+query.Get("induk")); err != nil {
		return nil, err
	}
	found, err := l.Codes(r.Context(), simpul.Principal{}, r.PathValue("list"), CodeQuery{On: day, Parent: query.Get("induk"), Text: query.Get("q"), After: after, Limit: limit + 1})
	if err != nil {
		return nil, err
	}
	page := servedList{Items: make([]servedCode, 0, limit), Tanggal: day}
	for i, c := range found {
		if i == limit {
			page.Next = httpapi.EncodeCursor(found[i-1].Code.Code)
			break
		}
		page.Items = append(page.Items, servedOf(c.Code))
	}
	return page, nil
}

func (l *Lists) dayAsked(query url.Values) (Day, error) {
	day, err := l.day(Day(query.Get("tanggal")))
	return day, simpul.At("query.tanggal", err)
}

func limitAsked(text string) (int, error) {
	if text == "" {
		return 100, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostServed {
		return 0, simpul.Invalid("query.limit", simpul.Text{ID: "Nilai limit bukan bilangan 1 sampai 1.000.", EN: "limit is not a number from 1 to 1,000."},
			simpul.Text{ID: "Tulis misalnya limit=500.", EN: "Write for example limit=500."})
	}
	return n, nil
}

func (l *Lists) serveCode(r *http.Request, query url.Values) (any, error) {
	f, err := l.ask(r, query)
	return servedOne{servedOf(f.Code), f.On}, err
}

func (l *Lists) serveMappings(r *http.Request, query url.Values) (any, error) {
	f, err := l.ask(r, query)
	answer := servedMappings{Kode: f.Code.Code, Tanggal: f.On, Items: []servedMapping{}}
	for _, m := range f.Mappings {
		answer.Items = append(answer.Items, servedMapping{m.List, m.Target, m.Relation, m.From, m.Until, m.Source})
	}
	return answer, err
}

func (l *Lists) ask(r *http.Request, query url.Values) (Found, error) {
	day, err := l.dayAsked(query)
	if err != nil {
		return Found{}, err
	}
	if err := plainText("path", r.PathValue("kode")); err != nil {
		return Found{}, err
	}
	return l.Lookup(r.Context(), simpul.Principal{}, r.PathValue("list"), r.PathValue("kode"), day)
}
