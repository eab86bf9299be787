package catalog

import (
	"net/http"
	"strconv"

	"simpul"
	"simpul/internal/platform/web"
)

// QualityPath is where the quality of all descriptions is shown.
const QualityPath = "/mutu"

// qualityPath is where those of one agency are.
func qualityPath(agency simpul.AgencyID) string { return QualityPath + "/" + string(agency) }

// agencyStanding is a standing with the name of its agency.
type agencyStanding struct {
	Standing
	Name string
}

// qualityView is the overview.
type qualityView struct {
	Agencies []agencyStanding
	Mean     int // of all LIDs
	LIDs     int
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
	web.Render(w, r, http.StatusOK, qualityPage(v))
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
