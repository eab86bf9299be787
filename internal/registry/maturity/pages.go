package maturity

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// Path is where reports are looked at and downloaded.
const Path = "/bukti-spbe"

// Pages are the screen.
type Pages struct {
	service  *Service
	agencies func(context.Context) []Agency // for who may choose among them
	gate     web.Gate
}

// NewPages returns the screen.
func NewPages(service *Service, agencies func(context.Context) []Agency, gate web.Gate) *Pages {
	return &Pages{service, agencies, gate.At(Path)}
}

// Register puts the screen on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+Path, p.gate.Admit(simpul.ReadLIDs, p.show))
	mux.Handle("GET "+Path+"/laporan.pdf", p.gate.Admit(simpul.ReadLIDs, p.download("pdf")))
	mux.Handle("GET "+Path+"/laporan.csv", p.gate.Admit(simpul.ReadLIDs, p.download("csv")))
}

// wish is what a visitor asks for.
type wish struct {
	Agency      simpul.AgencyID
	From, Until string
}

// wishOf reads the address. Who acts for one agency asks about that one unless
// the address says otherwise.
func wishOf(r *http.Request, visitor simpul.Principal) wish {
	q := r.URL.Query()
	w := wish{simpul.AgencyID(strings.TrimSpace(q.Get("agency"))), q.Get("from"), q.Get("until")}
	if w.Agency == "" && !visitor.National {
		w.Agency = visitor.Agency
	}
	return w
}

func (w wish) href(format string) string {
	q := url.Values{"agency": {string(w.Agency)}, "from": {w.From}, "until": {w.Until}}
	return Path + "/laporan." + format + "?" + q.Encode()
}

// view is what the screen shows.
type view struct {
	Wish     wish
	Choices  []Agency // empty for who acts for one agency
	Document *Document
	Fault    *simpul.Error
}

func (v view) faultAt(ctx context.Context, place string) string {
	if v.Fault == nil || v.Fault.Place != "query."+place {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := view{Wish: wishOf(r, visitor)}
	if visitor.National {
		v.Choices = p.agencies(r.Context())
	}
	period, err := ParsePeriod(v.Wish.From, v.Wish.Until, p.service.now())
	if fault, ok := errors.AsType[*simpul.Error](err); ok {
		v.Fault = fault
		web.Render(w, r, http.StatusBadRequest, reportPage(v))
		return
	}
	v.Wish.From, v.Wish.Until = period.From, period.Until
	if v.Wish.Agency != "" {
		d, err := p.service.Look(r.Context(), visitor, v.Wish.Agency, period)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		v.Document = &d
	}
	web.Render(w, r, http.StatusOK, reportPage(v))
}

func (p *Pages) download(format string) func(http.ResponseWriter, *http.Request, simpul.Principal) {
	return func(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
		wanted := wishOf(r, visitor)
		period, err := ParsePeriod(wanted.From, wanted.Until, p.service.now())
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		d, err := p.service.Make(r.Context(), visitor, wanted.Agency, period, format)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		file, err := fileOf(d, format, web.Language(r.Context()))
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", file.Type)
		w.Header().Set("Content-Disposition", file.Name)
		w.Write(file.Body)
	}
}
