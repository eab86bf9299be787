package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

// A tenant never sees another tenant's drafts, keys, grants, records or counts,
// on any operation, by any identifier, and changes nothing of theirs. Everything
// secret of the other tenant holds the word secret, or is listed by the test.

const (
	ownAgency   = "sendiri.go.id"
	ownApp      = "aplikasi@sendiri.go.id"
	otherAgency = "tetangga.go.id"
	otherApp    = "rahasia@tetangga.go.id"
	secret      = "RAHASIA-TETANGGA"
)

// neighbours is a hub with two tenants that have nothing to do with each other.
type neighbours struct {
	*control    // as the operator
	createToken func(context.Context, simpul.Role, simpul.AgencyID) (simpul.Secret, error)
	operations  []httpapi.Operation
	ownKey      string
	otherKey    string // identifier of the other's key
	otherText   string // its text
	own         string // the own application's exchange
	exchange    string // of the other's application with the other's LID
	cursor      string // of the operator's list of exchanges, just before that one
}

func TestNobodyReachesAnotherTenant(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		n := newNeighbours(t, c)
		trials := n.trials()
		for _, op := range n.operations {
			if trials[op.ID] == nil {
				t.Errorf("operation %s is not classified: say how a stranger would use it", op.ID)
			}
			delete(trials, op.ID)
		}
		for id := range trials {
			t.Errorf("there is no operation %s any more", id)
		}

		before := n.everything(t)
		for _, role := range standardRoles {
			if simpul.StandardRoles()[role].Reach == simpul.ReachNation {
				continue // sees every tenant
			}
			t.Run(string(role), func(t *testing.T) {
				stranger := n.as(n.token(t, role))
				if diff := cmp.Diff([]simpul.ExchangeID{simpul.ExchangeID(n.own)}, exchanges(t, stranger)); diff != "" {
					t.Errorf("their own exchange is all that they see: %s", diff)
				}
				for id, list := range n.trials() {
					for _, trial := range list {
						n.try(t, stranger, id, trial)
					}
				}
			})
		}
		if diff := cmp.Diff(before, n.everything(t)); diff != "" {
			t.Errorf("strangers changed something:\n%s", diff)
		}
	})
}

// try makes one request as a stranger.
func (n *neighbours) try(t *testing.T, stranger *control, operation string, trial trial) {
	t.Helper()
	got, err := stranger.send(t.Context(), trial.method, trial.path, trial.body)
	if err != nil {
		t.Fatal(err)
	}
	where := fmt.Sprintf("%s: %s %s: %d %s", operation, trial.method, trial.path, got.status, got.text)
	if got.status != http.StatusForbidden && !slices.Contains(trial.want, got.status) { // a role may be refused before its scope matters
		t.Errorf("want %v: %s", trial.want, where)
	}
	for _, hidden := range []string{secret, n.otherKey, n.otherText} {
		if strings.Contains(got.text, hidden) && !strings.Contains(trial.path, hidden) {
			t.Errorf("shows %q: %s", hidden, where)
		}
	}
	if strings.Contains(got.text, n.exchange) && !strings.Contains(trial.path, n.exchange) {
		t.Errorf("shows the other's exchange: %s", where)
	}
}

// trial is a request of a stranger and the statuses that are right, beside 403.
type trial struct {
	method, path string
	body         any
	want         []int
}

// trials are the ways to reach for the other tenant, by operation.
func (n *neighbours) trials() map[string][]trial {
	read := func(path string, want ...int) trial { return trial{http.MethodGet, path, nil, want} }
	remove := func(path string, want ...int) trial { return trial{http.MethodDelete, path, nil, want} }
	put := func(kind, id string, spec object, want ...int) []trial {
		path := itemPath(kind, id)
		return []trial{
			{http.MethodPut, path, resource(kind, id, spec), want},
			{http.MethodPut, path + "?dryRun=true", resource(kind, id, spec), want},
		}
	}
	after := func(key string) string { return "?cursor=" + url.QueryEscape(httpapi.EncodeCursor(key)) }
	keys := itemPath("Application", otherApp) + "/keys"
	stolen := lidSpec(ownAgency, "http://127.0.0.1:9")

	return map[string][]trial{
		"put-agency":    put("Agency", otherAgency, agencySpec("Diubah"), 403),
		"get-agency":    {read(itemPath("Agency", otherAgency), 200)}, // who the agencies are is public
		"list-agency":   {read("/agencies", 200)},
		"delete-agency": {remove(itemPath("Agency", otherAgency), 403, 404)},

		"put-application":    slices.Concat(put("Application", otherApp, applicationSpec("Diubah"), 403), put("Application", "baru@"+otherAgency, applicationSpec("Baru"), 403)),
		"get-application":    {read(itemPath("Application", otherApp), 404)},
		"list-application":   {read("/applications", 200), read("/applications"+after("a"), 200), read("/applications?limit=1", 200)},
		"delete-application": {remove(itemPath("Application", otherApp), 404)},
		"issue-key":          {{http.MethodPost, keys, object{"label": "curian"}, []int{404}}},
		"list-keys":          {read(keys, 404)},
		"revoke-key": {
			remove(keys+"/"+n.otherKey, 404),
			remove(itemPath("Application", ownApp)+"/keys/"+n.otherKey, 404),
		},

		"register-public-key": {{http.MethodPost, itemPath("Application", otherApp) + "/public-keys", object{"jwk": publicKey}, []int{404}}},
		"list-public-keys":    {read(itemPath("Application", otherApp)+"/public-keys", 200)}, // none, whether or not there is such an application
		"revoke-public-key":   {remove(itemPath("Application", otherApp)+"/public-keys/c-1", 404)},

		"put-lid": slices.Concat(
			put("LID", "tetangga/Rancangan", stolen, 409),
			put("LID", "tetangga/Terbit", stolen, 409),
			put("LID", "tetangga/Rancangan", lidSpec(otherAgency, "http://127.0.0.1:9"), 403),
			put("LID", "tetangga/Baru", lidSpec(otherAgency, "http://127.0.0.1:9"), 403),
		),
		"get-lid":    {read("/lids/tetangga/Rancangan", 404), read("/lids/tetangga/Terbit", 200)}, // what is published is public, but for its upstream
		"list-lid":   {read("/lids", 200), read("/lids"+after("tetangga/R"), 200), read("/lids?limit=1"+strings.Replace(after("tetangga/Rancanga"), "?", "&", 1), 200)},
		"delete-lid": {remove("/lids/tetangga/Rancangan", 404), remove("/lids/tetangga/Terbit", 404)},

		"put-grant": slices.Concat(
			put("Grant", "tetangga-izin", grantSpec("sendiri/Terbit", ownApp), 409),
			put("Grant", "curian", grantSpec("tetangga/Terbit", ownApp), 403),
			put("Grant", "curian", grantSpec("tetangga/Rancangan", ownApp), 404),
			put("Grant", "tetangga-izin", grantSpec("tetangga/Terbit", otherApp), 403),
		),
		"get-grant":    {read("/grants/tetangga-izin", 404)},
		"list-grant":   {read("/grants", 200), read("/grants"+after("tetangga"), 200)},
		"delete-grant": {remove("/grants/tetangga-izin", 404)},

		"put-refcode":      slices.Concat(put("RefCode", "tetangga-rancangan", refcodeSpec(ownAgency, "draft"), 409), put("RefCode", "tetangga-rancangan", refcodeSpec(otherAgency, "draft"), 403), put("RefCode", "baru", refcodeSpec(otherAgency, "draft"), 403)),
		"get-refcode":      {read("/refcodes/tetangga-rancangan", 404)},
		"list-refcode":     {read("/refcodes", 200), read("/refcodes"+after("t"), 200)},
		"delete-refcode":   {remove("/refcodes/tetangga-rancangan", 404)},
		"lookup-code":      {read("/refcodes/tetangga-rancangan/codes/1", 404)},
		"find-code":        {read("/codes/rhs1", 404), read("/codes/rhs1?list=tetangga-rancangan", 404)},
		"list-codes":       {read("/refcodes/tetangga-rancangan/codes", 404), read("/refcodes/tetangga-rancangan/codes?q=RAHASIA", 404)},
		"get-code-history": {read("/refcodes/tetangga-rancangan/codes/rhs1/history", 404)},
		"import-codes":     {{http.MethodPost, "/refcodes/tetangga-rancangan/import", "code,name_id", []int{400, 404}}},
		"export-codes":     {read("/refcodes/tetangga-rancangan/export", 404), read("/refcodes/tetangga-rancangan/export?format=sdmx-json", 404)},
		"offer-refcode":    {{http.MethodPost, "/refcodes/tetangga-rancangan/lid", nil, []int{404}}},

		"put-standard":           slices.Concat(put("Standard", "tetangga-standar", standardSpec(ownAgency), 409), put("Standard", "tetangga-standar", standardSpec(otherAgency), 403)),
		"get-standard":           {read("/standards/tetangga-standar", 404)},
		"list-standard":          {read("/standards", 200), read("/standards"+after("t"), 200)},
		"delete-standard":        {remove("/standards/tetangga-standar", 404)},
		"list-standard-versions": {read("/standards/tetangga-standar/versions", 404)},
		"propose-standard":       {{http.MethodPost, "/standards/tetangga-standar/versions/1/propose", object{}, []int{404}}},
		"approve-standard":       {{http.MethodPost, "/standards/tetangga-standar/versions/1/approve", object{}, []int{404}}},
		"return-standard":        {{http.MethodPost, "/standards/tetangga-standar/versions/1/return", object{}, []int{404}}},
		"withdraw-standard":      {{http.MethodPost, "/standards/tetangga-standar/versions/1/withdraw", object{}, []int{404}}},

		"put-binding":    slices.Concat(put("Binding", "tetangga/Rancangan", bindingSpec(), 404), put("Binding", "tetangga/Terbit", bindingSpec(), 403)),
		"get-binding":    {read("/bindings/tetangga/Rancangan", 404)},
		"list-binding":   {read("/bindings", 200), read("/bindings"+after("t"), 200)},
		"delete-binding": {remove("/bindings/tetangga/Rancangan", 404)},
		"list-uses":      {read("/uses", 200), read("/uses?list=tetangga-daftar", 200)},

		"put-metadata":     slices.Concat(put("Metadata", "tetangga-metadata", metadataSpec(ownAgency), 409), put("Metadata", "tetangga-metadata", metadataSpec(otherAgency), 403)),
		"get-metadata":     {read("/metadata/tetangga-metadata", 404)},
		"list-metadata":    {read("/metadata", 200), read("/metadata"+after("t"), 200)},
		"delete-metadata":  {remove("/metadata/tetangga-metadata", 404)},
		"submit-metadata":  {{http.MethodPost, "/metadata/tetangga-metadata/submit", object{}, []int{404}}},
		"approve-metadata": {{http.MethodPost, "/metadata/tetangga-metadata/approve", object{}, []int{404}}},
		"return-metadata":  {{http.MethodPost, "/metadata/tetangga-metadata/return", object{}, []int{404}}},
		"import-metadata":  {{http.MethodPost, "/metadata-files?form=ms-ind&agency=" + otherAgency, "x", []int{403}}},
		"export-metadata":  {read("/metadata-files?form=ms-ind", 200), read("/metadata-files?form=ms-ind&format=json", 200)},

		"get-exchange": {read("/exchanges/"+n.exchange, 404)},
		"list-exchanges": {
			read("/exchanges", 200),
			read("/exchanges?cursor="+url.QueryEscape(n.cursor), 200),
			read("/exchanges?application="+url.QueryEscape(otherApp), 200),
			read("/exchanges?lid=tetangga/Terbit", 200),
			read("/exchanges?grant=tetangga-izin", 200),
			read("/exchanges?outcome=delivered", 200),
		},
	}
}

func newNeighbours(t *testing.T, c config.Config) *neighbours {
	t.Helper()
	hub := open(t, c)
	n := &neighbours{operations: hub.API(http.NewServeMux()).Operations()}
	token, err := hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	at := run(t, hub)
	n.control = &control{url: at.Control + "/api/v1", token: token, client: newClient(t)}
	n.createToken = hub.Identity.CreateToken
	upstream := answering(t, `{"items":[]}`)
	hidden := answering(t, `{"items":[]}`) + "/" + secret

	n.put(t, "Agency", ownAgency, agencySpec("Sendiri"))
	n.put(t, "Application", ownApp, applicationSpec("Aplikasi"))
	n.put(t, "LID", "sendiri/Terbit", lidSpec(ownAgency, upstream))
	n.put(t, "Grant", "sendiri-izin", grantSpec("sendiri/Terbit", ownApp))
	n.ownKey = n.key(t, ownApp)

	n.put(t, "Agency", otherAgency, agencySpec("Tetangga"))
	n.put(t, "Application", otherApp, object{"name": secret, "description": secret})
	n.put(t, "LID", "tetangga/Rancangan", merged(lidSpec(otherAgency, hidden), object{"state": "draft", "title": secret}))
	n.put(t, "LID", "tetangga/Terbit", lidSpec(otherAgency, hidden))
	n.put(t, "RefCode", "tetangga-rancangan", merged(refcodeSpec(otherAgency, "draft"), object{"title": object{"id": secret}, "codes": []object{{"code": "rhs1", "name": object{"id": secret}}}}))
	n.put(t, "RefCode", "tetangga-daftar", refcodeSpec(otherAgency, "published"))
	n.put(t, "Binding", "tetangga/Rancangan", object{"fields": []object{{"field": "items", "list": "tetangga-daftar"}}})
	n.put(t, "Metadata", "tetangga-metadata", merged(metadataSpec(otherAgency), object{"values": object{"nama": secret}}))
	n.put(t, "Standard", "tetangga-standar", merged(standardSpec(otherAgency), object{"definition": secret}))
	n.put(t, "Grant", "tetangga-izin", merged(grantSpec("tetangga/Terbit", otherApp), object{"purpose": secret}))
	made := decode[struct{ ID, Key string }](t, n.must(t, http.StatusCreated, http.MethodPost, itemPath("Application", otherApp)+"/keys", object{"label": secret}))
	n.otherKey, n.otherText = made.ID, made.Key

	n.exchange = call(t, n.client, at.Gateway+"/tetangga/Terbit", n.otherText).header.Get("Exchange-Id")
	n.own = call(t, n.client, at.Gateway+"/sendiri/Terbit", n.ownKey).header.Get("Exchange-Id")
	n.record(t, n.exchange)
	n.record(t, n.own)
	n.cursor = decode[struct{ Next string }](t, n.must(t, http.StatusOK, http.MethodGet, "/exchanges?limit=1", nil)).Next
	return n
}

// everything is what the hub holds, as the operator sees it.
func (n *neighbours) everything(t *testing.T) map[string]any {
	t.Helper()
	all := map[string]any{"exchanges": exchanges(t, n.control)}
	for kind := range collections {
		all[kind] = n.all(t, kind)
	}
	for _, id := range []string{ownApp, otherApp} {
		all["keys of "+id] = n.must(t, http.StatusOK, http.MethodGet, itemPath("Application", id)+"/keys", nil).text
	}
	return all
}

// publicKey is a well-formed EC key on P-256 (RFC 7517 appendix A.1).
var publicKey = object{
	"kty": "EC", "crv": "P-256",
	"x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
	"y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
