package app_test

import (
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
	otherPerson = "rahasia@tetangga.go.id"
	otherMail   = "rahasia@surat.example.id"
	secret      = "RAHASIA-TETANGGA"
)

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
	for _, hidden := range []string{secret, n.otherKey, n.otherText, n.proposal, n.request, n.incident} {
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
	post := func(path string, want ...int) trial { return trial{http.MethodPost, path, nil, want} }
	person, consumer := itemPath("Account", otherPerson), []object{{"role": "consumer"}}

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
		"rotate-key":         {{http.MethodPost, keys + "/" + n.otherKey + "/rotation", object{"overlapDays": 7}, []int{404}}, {http.MethodPost, itemPath("Application", ownApp) + "/keys/" + n.otherKey + "/rotation", object{"overlapDays": 7}, []int{404}}},
		"report-leaked-key":  {{http.MethodPost, keys + "/" + n.otherKey + "/leak", nil, []int{404}}, {http.MethodPost, itemPath("Application", ownApp) + "/keys/" + n.otherKey + "/leak", nil, []int{404}}},
		"report-leak":        {{http.MethodPost, "/leaked-keys", object{"key": n.otherText + "x"}, []int{202}}, {http.MethodPost, "/leaked-keys", object{"key": n.otherKey}, []int{202}}},

		"list-onboardings":   {read("/onboardings")},
		"get-onboarding":     {read("/onboardings/f-tetangga")},
		"accept-onboarding":  {{http.MethodPost, "/onboardings/f-tetangga/acceptance", object{"version": 1}, nil}},
		"return-onboarding":  {{http.MethodPost, "/onboardings/f-tetangga/return", object{"version": 1, "reasons": object{"name": "x"}}, nil}},
		"lock-onboarding":    {{http.MethodPost, "/onboardings/f-tetangga/lock", nil, nil}},
		"invite-onboarding":  {{http.MethodPost, "/onboardings/f-tetangga/invitation", nil, nil}},
		"get-own-onboarding": {read(itemPath("Agency", otherAgency)+"/onboarding", 404)},
		"put-own-onboarding": {{http.MethodPut, itemPath("Agency", otherAgency) + "/onboarding", object{
			"agency": ownAgency, "name": "Curian", "level": "kota", "letterNumber": "1", "letterDate": "2026-01-01", "team": []any{}, "purpose": "curian"}, []int{404}}},
		"attach-own-onboarding": {{http.MethodPost, itemPath("Agency", otherAgency) + "/onboarding/documents", object{"name": "a.pdf", "content": "JVBERi0xLjcKeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4CiUlRU9GCg=="}, []int{404}}},
		"detach-own-onboarding": {remove(itemPath("Agency", otherAgency)+"/onboarding/documents/d-1", 404)},
		"submit-own-onboarding": {{http.MethodPost, itemPath("Agency", otherAgency) + "/onboarding/submission", nil, []int{404}}},
		"get-standing":          {read(itemPath("Agency", otherAgency)+"/standing", 404)},
		"put-standing":          {{http.MethodPut, itemPath("Agency", otherAgency) + "/standing", object{"standing": "trial"}, nil}},
		"suspend-agency":        {{http.MethodPut, itemPath("Agency", otherAgency) + "/suspension", object{"reason": "curian"}, nil}},
		"reinstate-agency":      {remove(itemPath("Agency", otherAgency) + "/suspension")},
		"get-addresses":         {read(itemPath("Agency", otherAgency)+"/addresses", 404)},
		"put-addresses":         {{http.MethodPut, itemPath("Agency", otherAgency) + "/addresses", object{"addresses": []string{"10.0.0.0/8"}}, []int{403}}},
		"list-units":            {read(itemPath("Agency", otherAgency)+"/units", 404)},
		"put-unit":              {{http.MethodPut, itemPath("Agency", otherAgency) + "/units/curian", object{"name": "Curian"}, []int{403}}},
		"delete-unit":           {remove(itemPath("Agency", otherAgency)+"/units/rahasia", 404)},
		"add-certificate":       {{http.MethodPost, itemPath("Application", otherApp) + "/certificates", object{"thumbprint": strings.Repeat("ab", 32)}, []int{404}}},
		"list-certificates":     {read(itemPath("Application", otherApp)+"/certificates", 404)},
		"revoke-certificate":    {remove(itemPath("Application", otherApp)+"/certificates/c-1", 404)},
		"write-snippet":         {read("/lids/tetangga/Rahasia/snippets", 404)},
		"put-issuer":            {{http.MethodPut, "/issuers/curian", resource("Issuer", "curian", issuerSpec("https://curian.example")), []int{403}}},
		"get-issuer":            {read("/issuers/rahasia", 403)},
		"list-issuer":           {read("/issuers", 403)},
		"delete-issuer":         {remove("/issuers/rahasia", 403)},
		"revoke-issued-token":   {{http.MethodPost, "/issuers/rahasia/revocations", object{"jti": "x"}, []int{403}}},
		"get-usage": {
			read("/usage", 200), read("/usage?view=consumer&period=30d", 200), read("/usage?agency="+otherAgency, 404),
			read("/usage?view=consumer&agency="+otherAgency, 404), read("/usage?view=nation", 403)},
		"list-witnesses": {read("/witnesses", 200)}, // what witnesses say is for everybody; where they are is not

		"list-evidence-views":   {read("/evidence/views", 403)},
		"rebuild-evidence-view": {post("/evidence/views/index/rebuild", 403), post("/evidence/views/metering/rebuild", 403)},
		"list-incidents":        {read("/incidents", 200)},
		// Whoever asks about somebody else's application learns nothing that is not theirs.
		"note-incident":    {{http.MethodPost, "/incidents", object{"application": otherApp, "from": "2026-01-32", "until": "2026-12-31"}, []int{400}}, {http.MethodPost, "/incidents", object{"application": otherApp, "from": "2026-01-01", "until": "2026-12-31"}, []int{201}}},
		"get-incident":     {read("/incidents/"+n.incident, 404)},
		"count-incident":   {post("/incidents/"+n.incident+"/count", 404)},
		"export-incident":  {read("/incidents/"+n.incident+"/file?format=csv", 404), read("/incidents/"+n.incident+"/file?format=json", 404)},
		"match-incident":   {{http.MethodPost, "/incidents/" + n.incident + "/match", "3273014102900001", []int{404}}},
		"remark-incident":  {{http.MethodPost, "/incidents/" + n.incident + "/notes", object{"text": "curian"}, []int{404}}},
		"report-incident":  {{http.MethodPost, "/incidents/" + n.incident + "/report", object{"to": "both", "text": "curian"}, []int{404}}},
		"redate-incident":  {{http.MethodPost, "/incidents/" + n.incident + "/noted", object{"noted": "2026-11-25T08:00", "why": "curian"}, []int{404}}},
		"hold-incident":    {{http.MethodPost, "/incidents/" + n.incident + "/hold", object{"text": "curian"}, []int{404}}},
		"release-incident": {{http.MethodPost, "/incidents/" + n.incident + "/release", object{"text": "curian"}, []int{404}}},
		"close-incident":   {{http.MethodPost, "/incidents/" + n.incident + "/close", object{"text": "curian"}, []int{404}}},
		// A person sees all of their own history, whichever agencies took part; nobody in it is a tenant's.
		"trace-person": {
			{http.MethodPost, "/tracker/accesses", object{"nik": "3273016609849962", "reason": "di loket"}, []int{200}},
			{http.MethodPost, "/tracker/accesses", object{"look": "l-aaaaaaaaaaaaaaaa"}, []int{404}}},
		"personal-data-usage":   {{http.MethodPost, "/tracker/personal-data-usage", object{"nik": "3273016609849962", "reason": "di loket"}, []int{200}}},
		"ask-why":               {{http.MethodPost, "/tracker/questions", object{"look": "l-aaaaaaaaaaaaaaaa", "exchange": n.exchange, "question": "?"}, []int{404}}},
		"prove-access":          {{http.MethodPost, "/tracker/proofs", object{"look": "l-aaaaaaaaaaaaaaaa", "exchange": n.exchange}, []int{404}}},
		"list-questions":        {read("/tracker/questions", 200), read("/tracker/questions?state=answered", 200)},
		"get-question":          {read("/tracker/questions/t-aaaaaaaaaaaaaaaa", 404)},
		"answer-question":       {{http.MethodPost, "/tracker/questions/t-aaaaaaaaaaaaaaaa/answer", object{"answer": "curian"}, []int{404}}},
		"list-delays":           {read("/tracker/delays", 200)},
		"delay-disclosure":      {{http.MethodPost, "/tracker/delays", object{"agency": otherAgency, "kind": "case", "subject": "X-1", "basis": "curian", "shownFrom": "2026-12-01T00:00:00Z"}, []int{404}}},
		"list-withheld":         {read("/tracker/withheld", 200)},
		"get-tracker":           {read("/tracker", 403)},
		"rebuild-tracker":       {post("/tracker/rebuild", 403)},
		"decide-tracker-policy": {{http.MethodPut, "/tracker/policy", object{"answerDays": 1, "delayDays": 1}, []int{403}}},
		"destroy-tracker-key":   {post("/tracker/keys/2026-01/destruction", 403)},
		"get-metering":          {read("/metering", 403)},
		"rebuild-metering":      {post("/metering/rebuild", 403)},
		"get-lid-status":        {read("/lids/tetangga/Rahasia/status", 404, 200)}, // of what is published, states without counts
		"revoke-key": {
			remove(keys+"/"+n.otherKey, 404),
			remove(itemPath("Application", ownApp)+"/keys/"+n.otherKey, 404),
		},

		"register-public-key": {{http.MethodPost, itemPath("Application", otherApp) + "/public-keys", object{"jwk": publicKey}, []int{404}}},
		"list-public-keys":    {read(itemPath("Application", otherApp)+"/public-keys", 200)}, // none, whether or not there is such an application
		"put-openid-client": {
			{http.MethodPut, itemPath("Application", otherApp) + "/openid-client", resource("OpenIDClient", otherApp, openIDSpec), []int{404}},
			{http.MethodPut, itemPath("Application", ownApp) + "/openid-client", resource("OpenIDClient", otherApp, openIDSpec), []int{400}},
		},
		"get-openid-client":    {read(itemPath("Application", otherApp)+"/openid-client", 404)},
		"delete-openid-client": {remove(itemPath("Application", otherApp)+"/openid-client", 404)},
		"revoke-public-key":    {remove(itemPath("Application", otherApp)+"/public-keys/c-1", 404)},

		"put-identity-provider":    {{http.MethodPut, itemPath("Agency", otherAgency) + "/identity-provider", object{"issuer": "https://sso.sendiri.go.id", "clientId": "simpul", "clientSecret": "s"}, []int{404}}},
		"get-identity-provider":    {read(itemPath("Agency", otherAgency)+"/identity-provider", 404)},
		"delete-identity-provider": {remove(itemPath("Agency", otherAgency)+"/identity-provider", 404)},

		"test-lid":                 {post("/lids/tetangga/Terbit/feasibility", 404), post("/lids/tetangga/Rancangan/feasibility", 404), {http.MethodPost, "/lids/tetangga/Baru/feasibility", object{"spec": lidSpec(otherAgency, "http://127.0.0.1:9")}, []int{403}}, {http.MethodPost, "/lids/tetangga/Rancangan/feasibility", object{"spec": stolen}, []int{409}}},
		"purge-lid":                {remove("/lids/tetangga/Terbit/kept", 404), remove("/lids/tetangga/Rancangan/kept", 404)},
		"preview-lid-changes":      {{http.MethodPost, "/lids/tetangga/Terbit/changes/preview", object{"answer": object{}}, []int{404}}, {http.MethodPost, "/lids/tetangga/Rancangan/changes/preview", object{"answer": object{}, "changes": []object{{"field": "a", "drop": true}}}, []int{404}}},
		"get-feasibility":          {read("/lids/tetangga/Terbit/feasibility", 404), read("/lids/tetangga/Rancangan/feasibility", 404)},
		"get-violations":           {read("/lids/tetangga/Terbit/violations", 200), read("/lids/tetangga/Rancangan/violations", 404), read("/lids/tetangga/Tiada/violations", 404)},
		"waive-feasibility":        {{http.MethodPost, "/lids/tetangga/Terbit/feasibility/waiver", object{"reason": "karena kami ingin begitu"}, []int{403}}},
		"put-origin-credential":    {{http.MethodPut, "/lids/tetangga/Terbit/origin-credential", object{"generate": true}, []int{404}}, {http.MethodPut, "/lids/tetangga/Rancangan/origin-credential", object{"value": "Bearer curian-saya"}, []int{404}}},
		"get-origin-credential":    {read("/lids/tetangga/Terbit/origin-credential", 404)},
		"delete-origin-credential": {remove("/lids/tetangga/Terbit/origin-credential", 404)},
		"get-origins":              {read("/lids/tetangga/Terbit/origins", 404), read("/lids/tetangga/Rancangan/origins", 404)},
		"restart-canary":           {{http.MethodPost, "/lids/tetangga/Terbit/canary/restart", nil, []int{404}}},
		"end-canary":               {{http.MethodPost, "/lids/tetangga/Terbit/canary/end", nil, []int{404}}, {http.MethodPost, "/lids/tetangga/Rancangan/canary/end", nil, []int{404}}},
		"promote-canary":           {{http.MethodPost, "/lids/tetangga/Terbit/canary/promote", nil, []int{404}}},

		"put-lid": slices.Concat(
			put("LID", "tetangga/Rancangan", stolen, 409),
			put("LID", "tetangga/Terbit", stolen, 409),
			put("LID", "tetangga/Rancangan", lidSpec(otherAgency, "http://127.0.0.1:9"), 403),
			put("LID", "tetangga/Baru", lidSpec(otherAgency, "http://127.0.0.1:9"), 403),
		),
		"get-lid":    {read("/lids/tetangga/Rancangan", 404), read("/lids/tetangga/Terbit", 200)}, // what is published is public, but for its upstream
		"list-lid":   {read("/lids", 200), read("/lids"+after("tetangga/R"), 200), read("/lids?limit=1"+strings.Replace(after("tetangga/Rancanga"), "?", "&", 1), 200)},
		"delete-lid": {remove("/lids/tetangga/Rancangan", 404), remove("/lids/tetangga/Terbit", 404)},

		"get-lid-quality": {read("/lids/tetangga/Rancangan/quality", 404), read("/lids/tetangga/Terbit/quality", 200)},
		"get-quality":     {read("/quality/tetangga/Rancangan", 404), read("/quality/tetangga/Terbit", 200)},
		// Of what is published only.
		"list-quality":        {read("/quality", 200), read("/quality?agency="+otherAgency, 200)},
		"list-quality-tasks":  {read("/quality/tasks", 200), read("/quality/tasks?agency="+otherAgency, 200)},
		"list-agency-quality": {read("/quality/agencies", 200)},

		"advance-lid":              {{http.MethodPost, "/lids/tetangga/Rancangan/steps", object{"step": "retired"}, []int{404}}, {http.MethodPost, "/lids/tetangga/Terbit/steps", object{"step": "retired"}, []int{404}}},
		"get-evidence-report":      {read(itemPath("Agency", otherAgency)+"/evidence-report", 404)},
		"get-evidence-report-file": {read(itemPath("Agency", otherAgency)+"/evidence-report/file", 404), read(itemPath("Agency", otherAgency)+"/evidence-report/file?format=csv", 404)},
		"get-maturity-model":       {read("/maturity-model", 200)}, // what is asked for is public
		"put-maturity-model":       {{http.MethodPut, "/maturity-model", object{"from": "2026-01-01", "source": "Curian", "criteria": []object{{"assessment": "Curian", "level": 0, "evidence": "policy", "asks": object{"id": "a", "en": "b"}, "remedy": object{"id": "a", "en": "b"}}}}, []int{403}}},

		// What was never published has no revisions for others; what was, is told without its origin.
		"list-lid-revisions": {read("/lids/tetangga/Rancangan/revisions", 404), read("/lids/tetangga/Terbit/revisions", 200), read("/lids/tetangga/Terbit/revisions"+after("2"), 200)},
		"get-lid-revision":   {read("/lids/tetangga/Rancangan/revisions/1", 404), read("/lids/tetangga/Terbit/revisions/1", 200)},
		"diff-lid":           {read("/lids/tetangga/Rancangan/diff", 404), read("/lids/tetangga/Terbit/diff", 200), read("/lids/tetangga/Rancangan/diff?from=1&to=1", 404)},
		"announce-lid-plan":  {{http.MethodPost, "/lids/tetangga/Rancangan/plans", object{"spec": stolen}, []int{404}}, {http.MethodPost, "/lids/tetangga/Terbit/plans", object{"spec": stolen}, []int{404}}},
		"get-lid-plan":       {read("/lids/tetangga/Terbit/plans/"+strings.Repeat("a", 64), 404)},
		"answer-lid-plan":    {{http.MethodPost, "/lids/tetangga/Terbit/plans/" + strings.Repeat("a", 64) + "/answer", object{"verdict": "consents"}, []int{404}}},
		"plan-lid":           {{http.MethodPost, "/lids/tetangga/Rancangan/diff", object{"spec": stolen}, []int{200}}, {http.MethodPost, "/lids/tetangga/Terbit/diff", object{"spec": stolen}, []int{200}}},

		"get-lid-timeline":       {read("/lids/tetangga/Rancangan/timeline", 404), read("/lids/tetangga/Terbit/timeline", 200)}, // of what is published, its steps and nobody's name
		"list-due-lids":          {read("/lifecycle/due?days=3650", 200), read("/lifecycle/due?late=true", 200), read("/lifecycle/due?days=3650&cursor=MC8", 200)},
		"get-lifecycle-in-force": {read("/lifecycle", 200)}, // the nation's steps are public
		"count-working-days":     {read("/working-days?from=2026-11-25&days=5", 200)},
		"put-lifecycle":          put("LifeCycle", "2030-01-01", object{"steps": []any{}, "transitions": []any{}}, 403),
		"get-lifecycle":          {read("/lifecycles/2026-01-01", 200)},
		"list-lifecycle":         {read("/lifecycles", 200)},
		"delete-lifecycle":       {remove("/lifecycles/2026-01-01", 403)},
		"put-holiday":            put("Holiday", "2026", object{"source": "x", "verified": true, "days": []any{}}, 403),
		"get-holiday":            {read("/holidays/2026", 200)}, // so is the calendar
		"list-holiday":           {read("/holidays", 200)},
		"delete-holiday":         {remove("/holidays/2026", 403)},

		"find-similar-lids": {{http.MethodPost, "/lids/similar", resource("LID", "tetangga/Rancangan", stolen), []int{200}}}, // among what is published
		"harvest-catalog":   {{http.MethodPost, "/catalog/harvests", object{"source": "https://data.tetangga.go.id", "document": object{}}, []int{403}}},
		"list-harvests":     {read("/catalog/harvests", 200)}, // other catalogues are public
		"forget-harvest":    {remove("/catalog/harvests?source=https://data.tetangga.go.id", 403)},

		"put-grant": slices.Concat(
			put("Grant", "tetangga-izin", grantSpec("sendiri/Terbit", ownApp), 409),
			put("Grant", "curian", grantSpec("tetangga/Terbit", ownApp), 403),
			put("Grant", "curian", grantSpec("tetangga/Rancangan", ownApp), 404),
			put("Grant", "tetangga-izin", grantSpec("tetangga/Terbit", otherApp), 403),
		),
		"get-grant":    {read("/grants/tetangga-izin", 404)},
		"list-grant":   {read("/grants", 200), read("/grants"+after("tetangga"), 200)},
		"delete-grant": {remove("/grants/tetangga-izin", 404)},

		"list-requests":    {read("/requests", 200), read("/requests?side=provider", 200), read("/requests?state=submitted", 200), read("/requests"+after("p"), 200)},
		"get-request":      {read("/requests/"+n.request, 404)},
		"submit-request":   {{http.MethodPost, "/requests", accessAsk("sendiri/Terbit", otherApp), []int{400}}, {http.MethodPost, "/requests", accessAsk("tetangga/Rancangan", ownApp), []int{404}}},
		"mend-request":     {{http.MethodPost, "/requests/" + n.request + "/versions", accessAsk("tetangga/Terbatas", ownApp), []int{404}}},
		"withdraw-request": {post("/requests/"+n.request+"/withdrawal", 404)},
		"decide-request":   {{http.MethodPost, "/requests/" + n.request + "/decision", object{"version": 1, "verdict": "approved"}, []int{404}}},
		"explain-decision": {{http.MethodPost, "/decisions/explain", object{"application": otherApp, "lid": "tetangga/Terbit"}, []int{400}}},
		"revoke-grant":     {{http.MethodPost, "/grants/tetangga-izin/revocation", object{"reason": "curian"}, []int{404}}},
		"move-grant":       {{http.MethodPost, "/grants/tetangga-izin/version", object{"version": "1"}, []int{404}}},
		"suspend-grant":    {{http.MethodPost, "/grants/tetangga-izin/suspension", object{"reason": "curian"}, []int{404}}},
		"resume-grant":     {{http.MethodPost, "/grants/tetangga-izin/resumption", object{"reason": "curian"}, []int{404}}},

		// A token has no inbox, and the strangers have nobody's.
		"list-notices":           {read("/notices", 403), read("/notices?unread=true", 403)},
		"mark-notice":            {{http.MethodPatch, "/notices/n-1", object{"state": "done"}, []int{403}}},
		"get-notice-preferences": {read("/notice-preferences", 403)},
		"put-notice-preferences": {{http.MethodPut, "/notice-preferences", object{"ways": object{"key": "inbox"}}, []int{403}}},
		"list-mail":              {read("/mail", 200), read("/mail?state=dead", 200)},
		"list-proposals":         {read("/proposals", 200), read("/proposals?agency="+otherAgency, 200), read("/proposals?subject=tetangga/Tertutup", 200), read("/proposals"+after("9999999999999/z"), 200)},
		"get-proposal":           {read("/proposals/"+n.proposal, 404)},
		"decide-proposal":        {{http.MethodPost, "/proposals/" + n.proposal + "/decision", object{"verdict": "approve", "reason": "curian"}, []int{404}}},
		"withdraw-proposal":      {{http.MethodPost, "/proposals/" + n.proposal + "/withdrawal", nil, []int{404}}},

		"list-retention":   {read("/retention", 200)}, // how long things are kept is public
		"change-retention": {{http.MethodPut, "/retention/trail", object{"days": 400, "basis": "curian"}, []int{403}}},

		"list-evidence-keys":   {read("/evidence-keys", 200)}, // an agency sees none
		"destroy-evidence-key": {{http.MethodPost, "/evidence-keys/tertutup/2026-01/destruction", object{"reason": "curian"}, []int{403}}},

		"propose-key-export": {{http.MethodPost, "/keys/exports", object{"recipient": ageRecipient, "why": "curian"}, []int{403}}},
		"list-key-exports":   {read("/keys/exports", 403)},
		"fetch-key-export":   {{http.MethodPost, "/keys/exports/" + n.proposal + "/file", nil, []int{403}}},

		"list-events":     {read("/events", 200), read("/events?agency="+otherAgency, 200), read("/events?subject="+n.proposal, 200)},
		"list-own-events": {read("/me/events", 200)},
		"export-events":   {read("/events/export?format=csv", 200), read("/events/export?agency="+otherAgency, 200)},
		"verify-events":   {{http.MethodPost, "/events/verification", nil, []int{200}}}, // that the chain is intact, without its length
		// What roles contain is no secret, and the nation's to change.
		"put-role":    put("Role", "curian", object{"title": object{"id": "Curian", "en": "Stolen"}, "reach": "agency", "permissions": []string{"self"}}, 403),
		"get-role":    {read("/roles/admin", 200)},
		"list-role":   {read("/roles", 200)},
		"delete-role": {remove("/roles/admin", 403)},

		"list-accounts":       {read("/accounts", 200), read("/accounts?search=rahasia", 200), read("/accounts?search="+otherMail, 200), read("/accounts?agency="+otherAgency, 200), read("/accounts"+after("a"), 200)},
		"get-account":         {read(person, 404)},
		"invite-account":      {{http.MethodPost, "/accounts", object{"id": otherPerson, "name": "Curian", "email": "curi@example.id", "roles": consumer}, []int{403}}, {http.MethodPost, "/accounts", object{"id": "baru@" + otherAgency, "name": "Curian", "email": "curi@example.id", "roles": consumer}, []int{403}}},
		"change-account":      {{http.MethodPut, person, object{"name": "Curian", "email": "curi@example.id"}, []int{404}}},
		"put-account-roles":   {{http.MethodPut, person + "/roles", object{"roles": consumer}, []int{404}}},
		"resend-invitation":   {post(person+"/invitation", 404)},
		"withdraw-invitation": {remove(person+"/invitation", 404)},
		"recover-account":     {post(person+"/recovery", 404)},
		"suspend-account":     {post(person+"/suspension", 404)},
		"reinstate-account":   {remove(person+"/suspension", 404)},
		"close-account":       {post(person+"/closure", 404)},
		"export-account":      {post(person+"/export", 404)},
		"erase-account":       {post(person+"/erasure", 404)},
		"begin-emergency":     {{http.MethodPost, "/emergencies", object{"role": "dpo", "reason": "Ingin tahu apa yang ada di sana"}, []int{403}}},
		"end-emergency":       {post("/emergencies/e-1/end", 404)},
		"list-emergencies":    {read("/emergencies", 200), read("/emergencies?account="+url.QueryEscape(otherPerson), 200)},
		"put-refcode":         slices.Concat(put("RefCode", "tetangga-rancangan", refcodeSpec(ownAgency, "draft"), 409), put("RefCode", "tetangga-rancangan", refcodeSpec(otherAgency, "draft"), 403), put("RefCode", "baru", refcodeSpec(otherAgency, "draft"), 403)),
		"get-refcode":         {read("/refcodes/tetangga-rancangan", 404)},
		"list-refcode":        {read("/refcodes", 200), read("/refcodes"+after("t"), 200)},
		"delete-refcode":      {remove("/refcodes/tetangga-rancangan", 404)},
		"lookup-code":         {read("/refcodes/tetangga-rancangan/codes/1", 404)},
		"find-code":           {read("/codes/rhs1", 404), read("/codes/rhs1?list=tetangga-rancangan", 404)},
		"list-codes":          {read("/refcodes/tetangga-rancangan/codes", 404), read("/refcodes/tetangga-rancangan/codes?q=RAHASIA", 404)},
		"get-code-history":    {read("/refcodes/tetangga-rancangan/codes/rhs1/history", 404)},
		"import-codes":        {{http.MethodPost, "/refcodes/tetangga-rancangan/import", "code,name_id", []int{400, 404}}},
		"export-codes":        {read("/refcodes/tetangga-rancangan/export", 404), read("/refcodes/tetangga-rancangan/export?format=sdmx-json", 404)},
		"offer-refcode":       {{http.MethodPost, "/refcodes/tetangga-rancangan/lid", nil, []int{404}}},

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

		"put-limit": slices.Concat(put("Limit", "grant/tetangga-izin", object{"perDay": 1}, 404), put("Limit", "lid/tetangga/Rancangan", object{"perDay": 1}, 404),
			put("Limit", "lid/tetangga/Terbit", object{"perDay": 1}, 403), put("Limit", "application/"+otherApp, object{"perDay": 1}, 403), put("Limit", "agency/"+ownAgency, object{"perDay": 1}, 403)),
		"get-limit":       {read(itemPath("Limit", "grant/tetangga-izin"), 404), read(itemPath("Limit", "lid/tetangga/Terbit"), 404), read(itemPath("Limit", "agency/"+otherAgency), 404)},
		"list-limit":      {read("/limits", 200), read("/limits"+after("a"), 200)},
		"delete-limit":    {remove(itemPath("Limit", "grant/tetangga-izin"), 404), remove(itemPath("Limit", "agency/"+otherAgency), 404)},
		"get-limit-use":   {read(itemPath("Limit", "grant/tetangga-izin")+"/use", 404), read(itemPath("Limit", "lid/tetangga/Terbit")+"/use", 404)},
		"list-limit-uses": {read("/limit-uses", 200)},

		"put-metadata":     slices.Concat(put("Metadata", "tetangga-metadata", metadataSpec(ownAgency), 409), put("Metadata", "tetangga-metadata", metadataSpec(otherAgency), 403)),
		"get-metadata":     {read("/metadata/tetangga-metadata", 404)},
		"list-metadata":    {read("/metadata", 200), read("/metadata"+after("t"), 200)},
		"delete-metadata":  {remove("/metadata/tetangga-metadata", 404)},
		"submit-metadata":  {{http.MethodPost, "/metadata/tetangga-metadata/submit", object{}, []int{404}}},
		"approve-metadata": {{http.MethodPost, "/metadata/tetangga-metadata/approve", object{}, []int{404}}},
		"return-metadata":  {{http.MethodPost, "/metadata/tetangga-metadata/return", object{}, []int{404}}},
		"import-metadata":  {{http.MethodPost, "/metadata-files?form=ms-ind&agency=" + otherAgency, "x", []int{403}}},
		"export-metadata":  {read("/metadata-files?form=ms-ind", 200), read("/metadata-files?form=ms-ind&format=json", 200)},

		"get-exchange":       {read("/exchanges/"+n.exchange, 404)},
		"get-exchange-proof": {read("/exchanges/"+n.exchange+"/proof", 404)},
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
