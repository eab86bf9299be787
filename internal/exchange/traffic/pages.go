package traffic

import (
	"context"
	"net/http"
	"slices"

	"simpul"
	"simpul/internal/platform/web"
)

// Path is the address of the screen.
const Path = "/batas"

// Pages is the screen of what limits there are and how much of each is used.
type Pages struct {
	service *Service
	gate    web.Gate
	name    func(context.Context, simpul.AgencyID) string
}

// NewPages returns the screen; name is what people call an agency.
func NewPages(service *Service, gate web.Gate, name func(context.Context, simpul.AgencyID) string) *Pages {
	return &Pages{service, gate.At(Path), name}
}

// Register puts the screen on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+Path, p.gate.Admit(simpul.ReadGrants, p.show))
	p.registerSetting(mux)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	uses, err := p.service.Uses(r.Context(), who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := p.divide(r.Context(), who, uses)
	v.Saved, v.Lifted = r.URL.Query().Get("tersimpan"), r.URL.Query().Has("dihapus")
	web.Render(w, r, http.StatusOK, page(v))
}

// near is how much of a limit is used when people should hear of it, of 1.
const near = 0.8

// mostBars is how many limits of one group are drawn.
const mostBars = 50

// view is what the page shows.
type view struct {
	All, Near int
	National  bool
	MayWrite  bool
	Saved     string // subject whose limit was just set
	Lifted    bool   // one was just removed
	Groups    []group
}

// group is limits that are read together.
type group struct {
	Title, Lead simpul.Text
	Mine        []simpul.Subject // whose limits the reader can change
	Uses        []Use
	Left        int // that are not drawn
}

// divide puts the limits into groups. The nearest to a limit come first, whoever
// they belong to, and are not shown a second time.
func (p *Pages) divide(ctx context.Context, who simpul.Principal, uses []Use) view {
	v := view{All: len(uses), National: who.National, MayWrite: who.Can(simpul.WriteGrants)}
	groups := groupsOf(who.National)
	for _, u := range uses {
		i := groupOf(u, who)
		if u.Ratio() >= near {
			i = 0
			v.Near++
		}
		if u.Subject.Kind == simpul.SubjectAgency && u.Title == "" && p.name != nil {
			u.Title = p.name(ctx, simpul.AgencyID(u.Subject.ID))
		}
		groups[i].Uses = append(groups[i].Uses, u)
		if v.MayWrite && (who.National || u.Provider != "" && who.Scope().Covers(u.Provider)) && !slices.Contains(groups[i].Mine, u.Subject) {
			groups[i].Mine = append(groups[i].Mine, u.Subject)
		}
	}
	for _, g := range groups {
		if len(g.Uses) > 0 {
			g.Left = max(0, len(g.Uses)-mostBars)
			g.Uses = g.Uses[:len(g.Uses)-g.Left]
			v.Groups = append(v.Groups, g)
		}
	}
	return v
}

// groupOf is the group of a limit that is not near: for the nation by the kind of
// its subject, for an agency by its side of the exchange.
func groupOf(u Use, who simpul.Principal) int {
	if who.National {
		return map[simpul.SubjectKind]int{simpul.SubjectAgency: 1, simpul.SubjectApplication: 2, simpul.SubjectGrant: 3, simpul.SubjectLID: 4}[u.Subject.Kind]
	}
	if who.Scope().Covers(u.Consumer) {
		return 1
	}
	return 2
}
