package app

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/portal"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/signin"
)

func (h *Hub) trackerPages(mux *http.ServeMux, names *roster) {
	tracker.NewPages(h.Tracker, tracker.PagesConfig{
		Names: tracked{h, names}, Gate: signin.Gate(), Citizens: h.Citizens, Proposal: duty.PagePath,
		Exchange: func(id simpul.ExchangeID) string { return portal.ExchangesPath + "/" + string(id) }, Check: portal.CheckPath,
	}).Register(mux)
}

func (h *Hub) trackerAPI(api *httpapi.API) {
	tracker.Register(api, h.Tracker, h.trackerKeys, tracked{h, h.names})
}

// tracked tells the tracker what agencies, applications, LIDs and fields are called.
type tracked struct {
	hub   *Hub
	names *roster
}

func (t tracked) Agency(ctx context.Context, id simpul.AgencyID) string {
	return cmp.Or(t.names.today(ctx).name(id), string(id))
}

// Application is by the hub's own right: people may know which application saw
// their data, whichever agency's it is.
func (t tracked) Application(ctx context.Context, id simpul.ApplicationID) string {
	stored, err := t.hub.Applications.Get(ctx, simpul.TheHub(), string(id))
	if err != nil {
		return string(id)
	}
	return cmp.Or(stored.Spec.Name, string(id))
}

func (t tracked) LID(_ context.Context, address simpul.Address) string {
	l, err := t.hub.directory.LID(address)
	if err != nil {
		return string(address)
	}
	return l.Spec.Title
}

func (t tracked) Field(_ context.Context, address simpul.Address, path string) string {
	l, err := t.hub.directory.LID(address)
	if err != nil {
		return ""
	}
	for _, op := range l.Contract.Operations {
		for _, f := range op.ResponseFields {
			switch {
			case f.Path != path:
			case f.Type == "boolean": // its description says what the value means
				return "tanda " + strings.ReplaceAll(path[strings.LastIndexByte(path, '.')+1:], "_", " ")
			default:
				return inWords(f.Description)
			}
		}
	}
	return ""
}

// longestWords is the most characters of a description that name a field.
const longestWords = 40

// inWords is the beginning of a field's description, where that is short enough to
// be its name: "Tanggal lahir." is "tanggal lahir".
func inWords(description string) string {
	name, _, _ := strings.Cut(description, ".")
	name = strings.TrimSpace(strings.FieldsFunc(name+",", func(r rune) bool { return strings.ContainsRune(",;:(", r) })[0])
	if name == "" || utf8.RuneCountInString(name) > longestWords {
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	if second, _ := utf8.DecodeRuneInString(name[size:]); unicode.IsUpper(second) {
		return name // an abbreviation
	}
	return string(unicode.ToLower(first)) + name[size:]
}

// delaying is the act of showing accesses to the persons later.
type delaying struct{ hub *Hub }

func (delaying) Name() string             { return tracker.ActionDelay }
func (delaying) Needs() simpul.Permission { return simpul.DelayDisclosure }
func (delaying) Title() simpul.Text {
	return simpul.Text{ID: "Tunda pengungkapan akses", EN: "Show accesses later"}
}

func (d delaying) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return d.hub.Tracker.PresentDelay(ctx, tx, subject)
}

func (d delaying) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	return d.hub.Tracker.PutApproved(ctx, tx, actor(p.Proposer), actor(p.Decider), p.Before, p.Content)
}

func (delaying) Show(content []byte) ([]duty.Fact, error) {
	w, err := tracker.ReadWish(content)
	kind := "nomor berkas (case)"
	if w.Kind == tracker.ByGrant {
		kind = "izin (grant)"
	}
	return []duty.Fact{
		{Term: simpul.Text{ID: "Instansi", EN: "Agency"}, Value: string(w.Agency)},
		{Term: simpul.Text{ID: "Yang ditunda", EN: "What is delayed"}, Value: kind + " " + w.Subject},
		{Term: simpul.Text{ID: "Dasar hukum", EN: "Legal basis"}, Value: w.Basis},
		{Term: simpul.Text{ID: "Terlihat warga sejak", EN: "People see it from"}, Value: tracker.WhenText(w.ShownFrom).ID},
	}, err
}
