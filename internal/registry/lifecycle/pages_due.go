package lifecycle

import (
	"context"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

const (
	perPage  = 50
	soonDays = 30 // how far the page of what is due looks ahead
)

// dueView is what of the reader's is due.
type dueView struct {
	All      []Standing
	Late     bool // only what is late
	National bool
	Next     string
	Older    bool // not the first page
	words    func(Standing) simpul.Text
	agency   func(simpul.AgencyID) string
	lid      func(Standing) string
}

func (p *Pages) due(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	ctx := r.Context()
	after, err := httpapi.DecodeCursor(r.URL.Query().Get("cursor"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	now := p.now()
	v := dueView{Late: r.URL.Query().Get("tampil") == "terlambat", National: visitor.National, Older: after != "",
		words:  func(s Standing) simpul.Text { return p.dueWords(s.Due, now) },
		agency: func(id simpul.AgencyID) string { return p.Agency(ctx, id) },
		lid:    func(s Standing) string { return p.page(ctx, s) },
	}
	until := now.AddDate(0, 0, soonDays)
	if v.Late {
		until = now
	}
	var next string
	if v.All, next, err = p.DueUntil(ctx, visitor.Scope(), until, httpapi.Page{Limit: perPage, After: after}); err != nil {
		web.Fail(w, r, err)
		return
	}
	if next != "" {
		v.Next = v.href(url.Values{"cursor": {httpapi.EncodeCursor(next)}})
	}
	web.Render(w, r, http.StatusOK, duePage(v))
}

// page is the address of a LID's page; what cannot be found has none.
func (p *Pages) page(ctx context.Context, s Standing) string {
	href, err := p.LID(ctx, s.Address, s.State)
	if err != nil {
		return ""
	}
	return href
}

func (v dueView) href(q url.Values) string {
	if v.Late {
		q.Set("tampil", "terlambat")
	}
	if len(q) == 0 {
		return DuePath
	}
	return DuePath + "?" + q.Encode()
}
