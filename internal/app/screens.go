package app

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
	"simpul/internal/portal"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/lifecycle"
	"simpul/internal/registry/notice"
	"simpul/internal/registry/onboarding"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"
)

// screens puts the screens on the mux, in their frame, and returns it. What the
// mux had before, such as the control API, stays outside of the frame.
func (h *Hub) screens(mux *http.ServeMux, gatewayURL string) http.Handler {
	names := h.names
	pages := h.pages(mux, names, gatewayURL)
	mux.Handle("GET /assets/", web.Assets())
	mux.Handle("/", web.Localize(h.signedIn.Remember(h.site(names).Frame(web.Secure(httpapi.Unserved(pages, noPage))))))
	return mux
}

// pages are the screens without their frame. Only what other sites may post goes
// on the mux outside of it.
func (h *Hub) pages(outside *http.ServeMux, names *roster, gatewayURL string) *http.ServeMux {
	lids := catalog.NewPages(h.finder, gatewayURL, h.portal)
	lids.Greet(signin.Visitor)
	lids.ShowCourse(h.courseOf)
	across := portal.New(overview{h, names, lids}, records{h.Exchanges}, desk{h, names}, signin.Gate(), gatewayURL, clock.System)
	across.ShowProofs(h.exchangeProofs())

	pages := http.NewServeMux()
	lids.Register(pages)
	h.revisionPages(pages, names)
	h.signedIn.Register(pages)
	h.peoplePages(names).Register(pages)
	h.openidScreens(outside, pages)
	h.issuerPages(pages)
	h.consolePages(pages, gatewayURL)
	across.Register(pages)
	portal.RegisterCheck(pages)
	h.standardsPages(pages, names)
	h.maturityPages(pages, names)
	h.lifecyclePages(pages, names)
	h.meteringPages(pages, names)
	h.viewPages(pages)
	h.incidentPages(pages)
	h.trackerPages(pages, names)
	h.accessPages(pages, names)
	h.trafficPages(pages, names)
	h.workplacePages(pages, names)
	h.agencyPages(lids).Register(pages)
	h.onboardingPages().Register(pages)
	notice.NewPages(h.Notices, signin.Gate(), h.mail != nil, clock.System).Register(pages)
	if h.Screens != nil {
		h.Screens(pages)
	}
	h.dutyScreens(pages)
	h.feasibilityPages(pages, lids)
	h.violationPages(pages)
	h.witnessPages(pages)
	portal.NewNetworkMap(network{h, names}, signin.Gate()).Register(pages)
	return pages
}

// site is the frame of every screen.
func (h *Hub) site(names *roster) web.Site {
	entry := func(id, en, href string) web.NavItem {
		return web.NavItem{Label: simpul.Text{ID: id, EN: en}, Href: href}
	}
	return web.Site{
		Banner: h.Banner,
		About: simpul.Text{
			ID: "Satu penghubung untuk layanan dan data pemerintah: setiap pertukaran punya izin, dasar hukum, dan bukti.",
			EN: "One hub for government services and data: every exchange has a grant, a legal basis and evidence."},
		Nav: []web.NavItem{
			entry("Beranda", "Home", portal.HomePath),
			entry("Katalog", "Catalogue", catalog.ListPath),
			entry("Standar", "Standards", standard.StandardsPath),
			entry("Pertukaran", "Exchanges", portal.ExchangesPath),
			entry("Instansi", "Agencies", portal.AgenciesPath),
			entry("Panduan", "Guide", portal.GuidePath),
		},
		Footer: append([]web.NavItem{
			entry("Katalog", "Catalogue", catalog.ListPath),
			entry("Katalog sebagai CSV", "Catalogue as CSV", "/catalog.csv"),
			entry("Kode referensi", "Reference codes", standard.CodesPath),
			entry("Peta jejaring", "Map of the network", portal.NetworkPath),
			entry("Siapa yang melihat data saya", "Who looked at my data", tracker.Path),
			entry("Keadaan hub", "Status of the hub", metering.HubPath),
			entry("Daur hidup LID", "Life of a LID", lifecycle.ModelPath),
			entry("Periksa bukti", "Check a proof", portal.CheckPath),
			entry("Mutu katalog", "Quality of the catalogue", catalog.QualityPath),
			entry("Katalog sebagai DCAT", "Catalogue as DCAT", catalog.OpenPath),
			entry("Panduan", "Guide", portal.GuidePath),
			entry("Daftarkan instansi", "Join with your agency", onboarding.Path),
			entry("API kendali (OpenAPI)", "Control API (OpenAPI)", "/api/openapi.yaml"),
		}, h.Footer...),
		Attribution: catalog.Attributions(h.directory),
		SignIn:      signin.SignInPath,
		Deed:        identity.Deed,
		Account: func(ctx context.Context) web.Account {
			visitor, ok := signin.Visitor(ctx)
			if !ok {
				return web.Account{}
			}
			worker := desk{h, names}.Worker(ctx, visitor)
			who := web.Account{Name: worker.Name, Note: strings.Join(worker.Roles, ", "), Menu: menuOf(visitor), SignOut: signin.SignOutPath}
			if visitor.Account != "" {
				who.Inbox, who.Unread = notice.InboxPath, h.Notices.Unread(ctx, visitor.Account)
			}
			return who
		},
	}
}

// noPage answers where no screen is, in words for people.
func noPage(w http.ResponseWriter, r *http.Request, err error) {
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		err = &simpul.Error{
			Code:    simpul.CodeNotFound,
			Message: simpul.Text{ID: "Tidak ada halaman di alamat ini.", EN: "There is no page at this address."},
			Remedy:  simpul.Text{ID: "Periksa alamatnya, atau mulai dari beranda dan katalog.", EN: "Check the address, or start from the home page and the catalogue."},
		}
	}
	web.Fail(w, r, err)
}

// providers tells the catalogue's pages who provides.
type providers struct{ names *roster }

func (p providers) Agency(ctx context.Context, id simpul.AgencyID) catalog.Agency {
	view := p.names.today(ctx)
	return catalog.Agency{Name: view.name(id), Region: view.byID[id].Region, Level: string(view.byID[id].Level)}
}

func (p providers) Region(ctx context.Context, code string) string {
	return p.names.today(ctx).regions[code]
}

// overview answers the portal's questions about the hub as a whole.
type overview struct {
	hub   *Hub
	names *roster
	lids  *catalog.Pages
}

func (o overview) Figures(ctx context.Context, since time.Time) (portal.Figures, error) {
	// Totals name nobody, so the public may see those of the nation.
	totals, err := o.hub.Exchanges.Totals(ctx, simpul.NationScope(), since)
	return portal.Figures{
		Agencies:  len(o.names.today(ctx).sorted),
		LIDs:      len(o.hub.directory.All()),
		Exchanges: totals.Sealed,
		Delivered: totals.Delivered,
		Median:    totals.Median,
		Behind:    o.Behind(ctx),
	}, err
}

func (o overview) Behind(ctx context.Context) uint64 { return o.hub.unsearched(ctx) }

func (o overview) FirstCall(context.Context) (portal.FirstCall, bool) {
	l, command, ok := o.lids.FirstCall()
	if !ok {
		return portal.FirstCall{}, false
	}
	return portal.FirstCall{Title: l.Spec.Title, Address: l.Address, Command: command}, true
}

func (o overview) Agencies(ctx context.Context) []portal.Agency {
	published := map[simpul.AgencyID]int{}
	for _, l := range o.hub.directory.All() {
		published[l.Spec.Agency]++
	}
	view := o.names.today(ctx)
	all := make([]portal.Agency, len(view.sorted))
	for i, a := range view.sorted {
		id := simpul.AgencyID(a.ID)
		all[i] = portal.Agency{ID: id, Name: a.Spec.Name, Level: string(a.Spec.Level), Region: view.regions[a.Spec.Region], LIDs: published[id]}
	}
	return all
}

func (o overview) AgencyName(ctx context.Context, id simpul.AgencyID) string {
	return cmp.Or(o.names.today(ctx).name(id), "–")
}

// records gives the portal the exchanges of the evidence room.
type records struct{ exchanges *evidence.Exchanges }

func (r records) List(ctx context.Context, scope simpul.Scope, f portal.Filter, limit int, cursor string) ([]portal.Exchange, string, error) {
	page, next, err := r.exchanges.List(ctx, scope, evidence.Filter{Address: f.Address, Outcome: evidence.Outcome(f.Outcome)}, limit, cursor)
	rows := make([]portal.Exchange, len(page))
	for i, x := range page {
		rows[i] = shown(x)
	}
	return rows, next, err
}

func (r records) Get(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (portal.Exchange, error) {
	x, err := r.exchanges.Get(ctx, scope, id)
	return shown(x), err
}

func shown(x evidence.Indexed) portal.Exchange {
	return portal.Exchange{Exchange: x.Exchange, Ended: x.State == evidence.Sealed, Journal: x.Journal, Sequence: x.Sequence}
}
