package catalog

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"

	"simpul"
	"simpul/internal/platform/web"
)

// QualityPath is where the quality of all descriptions is shown.
const QualityPath = "/mutu"

// qualityPath is where those of one agency are.
func qualityPath(agency simpul.AgencyID) string { return QualityPath + "/" + string(agency) }

// qualityTablePath is where everything to mend is as a table.
const qualityTablePath = "/mutu.csv"

func qualityTable(agency simpul.AgencyID) string {
	if agency == "" {
		return qualityTablePath
	}
	return qualityTablePath + "?agency=" + string(agency)
}

// Greet tells the pages who is signed in, so that their agency stands first.
func (p *Pages) Greet(visitor func(context.Context) (simpul.Principal, bool)) { p.visitor = visitor }

// own is the agency of whoever is signed in; "" for nobody.
func (p *Pages) own(ctx context.Context) simpul.AgencyID {
	if p.visitor == nil {
		return ""
	}
	visitor, _ := p.visitor(ctx)
	return visitor.Agency
}

// agencyStanding is a standing with the name of its agency.
type agencyStanding struct {
	Standing
	Name string
}

// ownStanding is what whoever is signed in sees first.
type ownStanding struct {
	Agency    simpul.AgencyID
	Name      string
	Score     int
	LIDs      int
	Tasks     []Task // those that earn most
	TasksLeft int    // beyond these
}

// qualityView is the overview.
type qualityView struct {
	Agencies []agencyStanding
	Mean     int // of all LIDs
	LIDs     int
	Own      *ownStanding // nil for who is not signed in for an agency
}

func (p *Pages) quality(w http.ResponseWriter, r *http.Request) {
	var v qualityView
	sum := 0
	for _, s := range p.finder.Standings(r.Context()) {
		v.Agencies = append(v.Agencies, agencyStanding{s, p.agencies.Agency(r.Context(), s.Agency).Name})
		v.LIDs, sum = v.LIDs+s.LIDs, sum+s.Score*s.LIDs
	}
	if v.LIDs > 0 {
		v.Mean = sum / v.LIDs
	}
	if own := p.own(r.Context()); own != "" {
		v.Own = p.ownStanding(r.Context(), own, v.Agencies)
	}
	web.Render(w, r, http.StatusOK, qualityPage(v))
}

// mostTasks is how many tasks stand above the list.
const mostTasks = 3

func (p *Pages) ownStanding(ctx context.Context, agency simpul.AgencyID, all []agencyStanding) *ownStanding {
	own := &ownStanding{Agency: agency, Name: p.agencies.Agency(ctx, agency).Name}
	for _, s := range all {
		if s.Agency == agency {
			own.Score, own.LIDs = s.Score, s.LIDs
		}
	}
	chores := p.finder.chores(agency)
	first := min(len(chores), mostTasks)
	own.Tasks, own.TasksLeft = slices.Collect(p.finder.tasks(chores[:first])), len(chores)-first
	return own
}

// qualityCSV serves everything to mend as a table (RFC 4180, UTF-8), what earns
// most first.
func (p *Pages) qualityCSV(w http.ResponseWriter, r *http.Request) {
	agency := simpul.AgencyID(r.URL.Query().Get("agency"))
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="mutu-lid.csv"`)
	h.Set("Cache-Control", "no-cache")
	lang := web.Language(r.Context())
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"agency", "address", "score", "check", "title", "gain", "remedy", "place"})
	for t := range p.finder.tasks(p.finder.chores(agency)) {
		row := []string{string(t.Agency), string(t.LID), strconv.Itoa(t.Score), t.Key, t.Title.In(lang), strconv.Itoa(t.Gain), t.Remedy.In(lang), t.Place}
		for i, cell := range row {
			row[i] = inert(cell)
		}
		table.Write(row)
	}
	table.Flush()
}

// agencyQualityView is what one agency has to mend.
type agencyQualityView struct {
	Name   string
	Agency simpul.AgencyID
	LIDs   []measuredLID
	Total  int
	Page   int
}

func (p *Pages) agencyQuality(w http.ResponseWriter, r *http.Request) {
	q := parseQuery(r.URL.Query())
	v := agencyQualityView{Agency: simpul.AgencyID(r.PathValue("agency")), Page: q.Page}
	v.LIDs, v.Total = p.finder.worst(v.Agency, (q.Page-1)*perPage, perPage)
	if v.Total == 0 {
		web.Fail(w, r, &simpul.Error{
			Code:    simpul.CodeNotFound,
			Message: simpul.Text{ID: "Tidak ada LID terbit dari instansi ini.", EN: "This agency publishes no LID."},
			Remedy:  simpul.Text{ID: "Pilih instansi dari daftar mutu.", EN: "Choose an agency from the list of quality."},
		})
		return
	}
	v.Name = p.agencies.Agency(r.Context(), v.Agency).Name
	web.Render(w, r, http.StatusOK, agencyQualityPage(v))
}

// href is the address of another page of the list; "" where there is none.
func (v agencyQualityView) href(page int) string {
	if page < 1 || page > 1 && (page-1)*perPage >= v.Total {
		return ""
	}
	if page == 1 {
		return qualityPath(v.Agency)
	}
	return qualityPath(v.Agency) + "?page=" + strconv.Itoa(page)
}
