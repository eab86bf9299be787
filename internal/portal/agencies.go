package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// perAgencies is how many agencies a page of the list shows.
const perAgencies = 50

// lastPage bounds what is reckoned with; no list is that long.
const lastPage = 1_000_000

// agencyQuery is what somebody asks of the list of agencies.
type agencyQuery struct {
	Text   string
	Levels []string
	Page   int // from 1
}

func parseAgencyQuery(v url.Values) agencyQuery {
	q := agencyQuery{Text: strings.TrimSpace(v.Get("q")), Page: 1}
	if runes := []rune(q.Text); len(runes) > 200 {
		q.Text = string(runes[:200])
	}
	for _, level := range levels() {
		if slices.Contains(v["level"], level) {
			q.Levels = append(q.Levels, level)
		}
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 && n <= lastPage {
		q.Page = n
	}
	return q
}

func (q agencyQuery) href() string {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	for _, level := range q.Levels {
		v.Add("level", level)
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if len(v) == 0 {
		return AgenciesPath
	}
	return AgenciesPath + "?" + v.Encode()
}

// at is the same list on another page.
func (q agencyQuery) at(page int) string { q.Page = page; return q.href() }

// agencyView is what the list of agencies shows.
type agencyView struct {
	Query  agencyQuery
	Rows   []Agency
	Total  int // that match
	All    int
	Levels map[string]int // how many match at each level
}

func (v agencyView) last() bool { return v.Query.Page*perAgencies >= v.Total }

func (p *Pages) agencies(w http.ResponseWriter, r *http.Request) {
	q := parseAgencyQuery(r.URL.Query())
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Replace-Url", q.href())
	}
	web.Render(w, r, http.StatusOK, agenciesPage(choose(q, p.hub.Agencies(r.Context()))))
}

// choose answers a query from all agencies.
func choose(q agencyQuery, all []Agency) agencyView {
	v := agencyView{Query: q, All: len(all), Levels: map[string]int{}}
	words := strings.Fields(strings.ToLower(q.Text))
	var matched []Agency
	for _, a := range all {
		if !a.mentions(words) {
			continue
		}
		v.Levels[a.Level]++
		if len(q.Levels) == 0 || slices.Contains(q.Levels, a.Level) {
			matched = append(matched, a)
		}
	}
	v.Total = len(matched)
	from := min((q.Page-1)*perAgencies, v.Total)
	v.Rows = matched[from:min(from+perAgencies, v.Total)]
	return v
}

func (a Agency) mentions(words []string) bool {
	text := strings.ToLower(a.Name + "\n" + string(a.ID) + "\n" + a.Region)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

func lidsOf(id simpul.AgencyID) string {
	return catalogPath + "?" + url.Values{"agency": {string(id)}}.Encode()
}
