package grant

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// given is the value of the side of a list that shows what an agency gave.
const given = "penyedia"

func (p *Pages) registerGrants(mux *http.ServeMux) {
	mux.Handle("GET "+HeldPath, p.admit(simpul.ReadGrants, p.grants))
	mux.Handle("GET "+HeldPath+"/{id}", p.admit(simpul.ReadGrants, p.grant))
	mux.Handle("POST "+HeldPath+"/{id}", p.admit(simpul.WriteGrants, p.changeGrant))
	mux.Handle("GET "+HeldPath+"/{id}/lembar", p.admit(simpul.ReadGrants, p.sheet))
	mux.Handle("GET "+HeldPath+"/{id}/csv", p.admit(simpul.ReadGrants, p.grantCSV))
}

// grantsView is a list of grants, of one side.
type grantsView struct {
	listing
	tabs
	Grants   []Held
	Counts   map[Standing]int
	Standing Standing // of those shown; empty for all
	Given    bool     // what the visitor's agency gave, not what it holds
	Ending   bool
	Now      time.Time
	agency   func(context.Context, simpul.AgencyID) string
}

func (v grantsView) choices(ctx context.Context) []choice {
	all := choice{Label: web.T(ctx, "Semua", "All")}
	var each []choice
	for _, s := range Standings() {
		all.Count += v.Counts[s]
		each = append(each, choice{string(s), s.Name().In(web.Language(ctx)), v.Counts[s]})
	}
	return append([]choice{all}, each...)
}

func (p *Pages) grants(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v := grantsView{listing: listingOf(r, HeldPath), Now: p.Now(), agency: p.Agency}
	v.Standing, v.Given, v.Ending = Standing(v.Query.Get("status")), v.Query.Get("sisi") == given, v.Query.Get("urut") == "akhir"
	f := GrantFilter{Consumer: who.Agency, Standing: v.Standing, LID: v.Query.Get("lid"), Party: v.Query.Get("pihak"), Ending: v.Ending}
	if v.Given {
		f.Consumer, f.Provider = "", who.Agency
	}
	var err error
	if v.Grants, err = p.Grants.Browse(r.Context(), who, f, v.offset(), pageSize); err == nil {
		v.Counts, err = p.Grants.Count(r.Context(), who, f)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for standing, n := range v.Counts {
		if v.Standing == "" || v.Standing == standing {
			v.Total += n
		}
	}
	current := HeldPath
	if v.Given {
		current = v.listing.Path + "?sisi=" + given
	}
	if v.tabs, err = p.tabs(r.Context(), who, current); err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, grantsPage(v))
}

// grantView is what the page of a grant shows, to both parties alike.
type grantView struct {
	Held
	Class        simpul.LIDClass
	Pin          pinView // the version that it builds on
	ProviderName string
	ConsumerName string
	MayEnd       bool
	MayAsk       bool
	Fault        *simpul.Error
	Now          time.Time
}

func (v grantView) at(ctx context.Context, place string) string {
	return faultAt(ctx, v.Fault, place)
}

func (p *Pages) grant(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showGrant(w, r, who, nil)
}

func (p *Pages) look(r *http.Request, who simpul.Principal) (grantView, error) {
	ctx := r.Context()
	h, err := p.Grants.Look(ctx, who, r.PathValue("id"))
	if err != nil {
		return grantView{}, err
	}
	consumer := h.Spec.Application.Agency()
	offer, _ := p.Access.Offer(ctx, h.Spec.LID) // without it, as where the LID is not published, the class is not known
	return grantView{
		Held: h, Class: offer.Class, Pin: p.pinsOf(ctx, who, h)[h.ID], Now: p.Now(), ProviderName: p.Agency(ctx, h.Provider), ConsumerName: p.Agency(ctx, consumer),
		MayEnd: who.Scope().Covers(h.Provider) && who.Can(simpul.WriteGrants),
		MayAsk: who.Scope().Covers(consumer) && who.Can(simpul.WriteApplications),
	}, nil
}

func (p *Pages) showGrant(w http.ResponseWriter, r *http.Request, who simpul.Principal, fault *simpul.Error) {
	v, err := p.look(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	status := http.StatusOK
	if fault != nil {
		v.Fault, status = fault, httpapi.Status(fault.Code)
	}
	web.Render(w, r, status, grantPage(v))
}

// changeGrant suspends, resumes or revokes. After a revocation there is no page.
func (p *Pages) changeGrant(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	id := r.PathValue("id")
	proposal, err := p.endGrant(r.Context(), who, id, r.PostForm)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err != nil && (!coded || fault.Code == simpul.CodeNotFound):
		web.Fail(w, r, err)
	case err != nil:
		p.showGrant(w, r, who, fault)
	case proposal != "":
		http.Redirect(w, r, proposalPath(proposal), http.StatusSeeOther)
	case r.PostForm.Get("act") == "revoke":
		http.Redirect(w, r, HeldPath+"?sisi="+given, http.StatusSeeOther)
	default:
		http.Redirect(w, r, GrantPath(url.PathEscape(id)), http.StatusSeeOther)
	}
}

// sheet is the grant as an agreement to print, in both languages.
func (p *Pages) sheet(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.look(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, sheetPage(v))
}

// grantCSV is the grant as a table of two languages, for files of the parties.
func (p *Pages) grantCSV(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.look(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "izin-"+v.ID+".csv"))
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range v.table() {
		for i := range row {
			row[i] = plainCell(row[i])
		}
		out.Write(row) // an error stays until Flush
	}
	out.Flush()
}

// table is the agreement, line by line: what, in Indonesian, in English.
func (v grantView) table() [][]string {
	same := func(id, en, value string) []string { return []string{id + " / " + en, value, value} }
	rows := [][]string{
		{"hal", "bahasa Indonesia", "English"},
		same("Nomor izin", "Grant", v.ID),
		same("Penyedia", "Provider", v.ProviderName+" ("+string(v.Provider)+")"),
		same("Pemanfaat", "Consumer", v.ConsumerName+" ("+string(v.Spec.Application.Agency())+")"),
	}
	for i, s := range v.Spec.Sentences() {
		rows = append(rows, []string{strconv.Itoa(i + 1), s.ID, s.EN})
	}
	return rows
}

// plainCell keeps a program from taking a cell for a formula.
func plainCell(text string) string {
	if trimmed := strings.TrimLeft(text, " "); trimmed != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}
