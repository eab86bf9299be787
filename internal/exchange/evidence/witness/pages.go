package witness

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// PagePath is the page of witnesses.
const PagePath = "/saksi"

// Pages are the screens.
type Pages struct {
	service *Service
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(s *Service, gate web.Gate) *Pages { return &Pages{s, gate.At(PagePath)} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+PagePath, p.gate.Admit(simpul.ReadExchanges, p.show))
}

// witnessView is what the page shows.
type witnessView struct {
	Reports  []Report
	National bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	reports, err := p.service.Reports(r.Context(), who.Scope())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, witnessPage(witnessView{reports, who.National}))
}

// dependent reports whether nobody but the operator vouches for the log.
func (r Report) dependent() bool { return r.State == Vouched && r.Independent == 0 }

// facts are what is known of one witness.
func (v witnessView) facts(ctx context.Context, w Witness) []web.Fact {
	rows := []web.Fact{
		{Term: web.T(ctx, "Tanda tangan terakhir", "Last cosignature"), Value: web.Time{At: w.CosignedAt}},
		{Term: web.T(ctx, "Sampai entri", "Up to entry"), Value: entries(ctx, w.Size)},
		{Term: web.T(ctx, "Terakhir ditanya", "Last asked"), Value: web.Time{At: w.Tried}},
		{Term: web.T(ctx, "Nama kunci", "Name of the key"), Value: web.Mono(w.Key.Name())},
	}
	if v.National {
		rows = append(rows, web.Fact{Term: web.T(ctx, "Alamat", "Address"), Value: web.Mono(w.URL)})
	}
	return rows
}

func entries(ctx context.Context, n uint64) templ.Component {
	if n == 0 {
		return web.Text("–")
	}
	return web.Text(web.Number(ctx, int64(n)))
}
