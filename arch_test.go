package simpul_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rule says what one package, or every package below it when it ends in "/…",
// may import. What is not named is forbidden. The first rule that matches a
// package is its rule.
type rule struct {
	pkg    string
	own    []string // packages of this module; "/…" admits everything below
	third  []string // modules of others, by import path prefix
	reason string
}

// forRooms are the doors that a room may use.
var forRooms = []string{
	"simpul",
	"simpul/internal/platform/allowance",
	"simpul/internal/platform/clock",
	"simpul/internal/platform/httpapi",
	"simpul/internal/platform/sqldb",
	"simpul/internal/platform/telemetry",
	"simpul/internal/platform/trail",
	"simpul/internal/platform/web",
}

// architecture is the import table of ARCHITECTURE.md.
var architecture = []rule{
	{pkg: "simpul",
		reason: "the vocabulary is for everybody, so it can depend on nobody"},

	{pkg: "simpul/internal/platform/clock",
		reason: "time is the lowest door"},
	{pkg: "simpul/internal/platform/allowance",
		own:    []string{"simpul/internal/platform/clock"},
		reason: "one way to bound what strangers begin, for every room that lets them"},
	{pkg: "simpul/internal/platform/config",
		own:    []string{"simpul"},
		third:  []string{"github.com/caarlos0/env/v11", "go.yaml.in/yaml/v3"},
		reason: "settings are read once, before anything else exists"},
	{pkg: "simpul/internal/platform/sqldb",
		own:    []string{"simpul"},
		third:  []string{"github.com/jackc/pgx/v5", "modernc.org/sqlite", "github.com/pressly/goose/v3"},
		reason: "the only place with database drivers and migrations"},
	{pkg: "simpul/internal/platform/trail",
		own:    []string{"simpul", "simpul/internal/platform/sqldb"},
		reason: "one audit trail for every room, in the transaction of what it tells of"},
	{pkg: "simpul/internal/platform/httpapi",
		own:    []string{"simpul"},
		third:  []string{"github.com/danielgtaylor/huma/v2"},
		reason: "the only place that registers API operations, so that none can skip roles and problem documents"},
	{pkg: "simpul/internal/platform/telemetry",
		own:    []string{"simpul"},
		third:  []string{"github.com/prometheus/client_golang", "go.opentelemetry.io/otel"},
		reason: "the only place that knows the formats of metrics and traces"},
	{pkg: "simpul/internal/platform/resource",
		own:    []string{"simpul"},
		third:  []string{"go.yaml.in/yaml/v3"},
		reason: "resource files are outside input; one reader guards it"},
	{pkg: "simpul/internal/platform/web",
		own:    []string{"simpul", "simpul/internal/platform/httpapi"},
		third:  []string{"github.com/a-h/templ"},
		reason: "one theme and one set of components for every screen"},
	{pkg: "simpul/internal/platform/proxied",
		third:  []string{"github.com/pires/go-proxyproto"},
		reason: "the only place that believes a proxy about where a connection came from"},
	{pkg: "simpul/internal/platform/paper",
		own:    []string{"simpul"},
		third:  []string{"github.com/carlos7ags/folio", "golang.org/x/image/font/gofont"},
		reason: "the only place that writes PDF, so that the library behind it can be changed"},
	{pkg: "simpul/internal/platform/mail/mailbox",
		own:    []string{"simpul/internal/platform/clock"},
		third:  []string{"github.com/emersion/go-smtp"},
		reason: "mail is outside input; one receiver reads it, and passes nothing on"},
	{pkg: "simpul/internal/platform/mail",
		own:    []string{"simpul"},
		third:  []string{"github.com/wneessen/go-mail"},
		reason: "the only place that speaks SMTP to the outside"},
	{pkg: "simpul/internal/platform/checksum",
		reason: "sums files that have no checksum of their own, and knows nothing of what is in them"},
	{pkg: "simpul/internal/platform/archive",
		own:    []string{"simpul"},
		third:  []string{"filippo.io/age", "github.com/klauspost/compress/zstd"},
		reason: "backups of others are outside input; one reader guards it, and one place knows how they are packed and encrypted"},
	{pkg: "simpul/internal/platform/testkit",
		own:    []string{"simpul", "simpul/internal/platform/sqldb"},
		reason: "for tests only; see TestOnlyTestsUseTheTestkit"},

	{pkg: "simpul/internal/platform/pkcs11",
		own:    []string{"simpul"},
		reason: "the only place that talks to a cryptographic token; the vault knows it as a Guard"},
	{pkg: "simpul/internal/platform/vault",
		own:    []string{"simpul", "simpul/internal/platform/sqldb"},
		third:  []string{"github.com/tink-crypto/tink-go/v2"},
		reason: "the only place with keys that seal data at rest"},

	{pkg: "simpul/internal/exchange/evidence/fieldtree", own: []string{"simpul", "simpul/internal/exchange/evidence/proof"}, third: []string{"github.com/go-json-experiment/json"},
		reason: "commits to the fields of an answer and knows nothing of hubs or journals"},
	{pkg: "simpul/internal/exchange/mediation/reshape", own: []string{"simpul"}, third: []string{"github.com/go-json-experiment/json"},
		reason: "changes an answer while it streams and knows nothing of grants"},
	{pkg: "simpul/internal/exchange/mediation/sandbox", own: []string{"simpul"}, third: []string{"github.com/go-json-experiment/json"},
		reason: "answers from a contract and knows nothing of providers"},
	{pkg: "simpul/internal/exchange/mediation/conform", own: []string{"simpul"}, third: []string{"github.com/santhosh-tekuri/jsonschema/v6"},
		reason: "holding a message to a contract is a rule by itself, without the walk of an exchange"},
	{pkg: "simpul/internal/exchange/mediation", own: append([]string{"simpul/internal/exchange/mediation/conform", "simpul/internal/exchange/mediation/reshape", "simpul/internal/exchange/mediation/sandbox"}, forRooms...), third: []string{"github.com/go-json-experiment/json"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/evidence/proof/prooftest", own: []string{"simpul", "simpul/internal/exchange/evidence/proof"},
		reason: "builds logs in memory with the standard library alone, so that what it makes is no echo of what checks it"},
	{pkg: "simpul/internal/exchange/evidence/proof", own: []string{"simpul"}, third: []string{"golang.org/x/mod/sumdb", "github.com/transparency-dev", "github.com/go-json-experiment/json"},
		reason: "a proof is checked with public keys alone, by a program that knows no hub; it is outside input, so one strict reader guards it"},
	{pkg: "simpul/internal/exchange/evidence/ledger", own: append([]string{"simpul/internal/exchange/evidence", "simpul/internal/exchange/evidence/proof"}, forRooms...), third: []string{"github.com/transparency-dev", "golang.org/x/mod/sumdb", "k8s.io/klog/v2"},
		reason: "the log of the journal's records: tiles, checkpoints and proofs are standards that a well-kept library knows better; klog is silenced, since that library writes to it"},
	{pkg: "simpul/internal/exchange/evidence", own: append([]string{"simpul/internal/exchange/evidence/proof"}, forRooms...), third: []string{"golang.org/x/sys", "github.com/go-json-experiment/json", "github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/evidence/witness", own: forRooms, third: []string{"github.com/a-h/templ", "golang.org/x/mod/sumdb/note", "github.com/transparency-dev/merkle"},
		reason: roomReason + "; notes and consistency proofs are read as other logs and witnesses read them"},
	{pkg: "simpul/internal/exchange/wire",
		reason: "speaks HTTP/1.1 and knows nothing of the hub, so that it can be held against others"},
	{pkg: "simpul/internal/exchange/front", own: []string{"simpul/internal/exchange/wire"},
		reason: "answers in HTTP/1.1 and knows nothing of the hub, so that it can be held against others"},
	{pkg: "simpul/internal/exchange/provider", own: append([]string{"simpul/internal/exchange/wire"}, forRooms...),
		reason: roomReason},
	{pkg: "simpul/internal/exchange/violation", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/console/snippet",
		reason: "writes calls as programs and knows nothing of the hub, so that others can run them"},
	{pkg: "simpul/internal/exchange/console", own: append([]string{"simpul/internal/exchange/console/snippet"}, forRooms...), third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/traffic", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: "shows what is used of limits; " + roomReason},
	{pkg: "simpul/internal/exchange/tracker", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: "shows people who looked at their data; " + roomReason},
	{pkg: "simpul/internal/exchange/metering", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/safety", own: append([]string{"simpul/internal/platform/archive", "simpul/internal/platform/checksum"}, forRooms...),
		reason: "the only room that reads and writes a whole store; " + roomReason},
	{pkg: "simpul/internal/exchange/incident", own: append([]string{"simpul/internal/platform/paper"}, forRooms...), third: []string{"github.com/a-h/templ"},
		reason: "prints the draft of a notice; " + roomReason},
	{pkg: "simpul/internal/exchange/derived", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/exchange/…", own: forRooms,
		reason: roomReason},
	{pkg: "simpul/internal/registry/catalog/contract", own: []string{"simpul"}, third: []string{"github.com/go-json-experiment/json"},
		reason: "contracts are outside input; one reader guards it, and knows nothing else"},
	{pkg: "simpul/internal/registry/catalog/contract/compare", own: []string{"simpul", "simpul/internal/registry/catalog/contract"},
		reason: "what breaks consumers is a rule by itself, without storage or screens"},
	{pkg: "simpul/internal/registry/catalog/finder", third: []string{"github.com/blevesearch"},
		reason: "finds texts in Indonesian and knows nothing of LIDs, so that the index behind it can be changed"},
	{pkg: "simpul/internal/registry/catalog/dcat", own: []string{"simpul"}, third: []string{"github.com/go-json-experiment/json"},
		reason: "other catalogues are outside input; one reader guards it, and knows nothing of LIDs"},
	{pkg: "simpul/internal/registry/catalog", own: append([]string{"simpul/internal/registry/catalog/contract", "simpul/internal/registry/catalog/contract/compare", "simpul/internal/registry/catalog/dcat", "simpul/internal/registry/catalog/finder"}, forRooms...), third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/registry/oidc", own: forRooms, third: []string{"github.com/go-jose/go-jose/v4", "github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/registry/issuer", own: forRooms, third: []string{"github.com/go-jose/go-jose/v4", "github.com/go-json-experiment/json", "github.com/a-h/templ"},
		reason: "tokens of others are outside input: a strict reader and a well-kept library for their signatures; " + roomReason},
	{pkg: "simpul/internal/registry/notice", own: append([]string{"simpul/internal/platform/mail"}, forRooms...), third: []string{"github.com/a-h/templ"},
		reason: "the only room that writes letters; " + roomReason},
	{pkg: "simpul/internal/registry/maturity", own: append([]string{"simpul/internal/platform/paper"}, forRooms...), third: []string{"github.com/a-h/templ"},
		reason: "prints evidence reports; " + roomReason},
	{pkg: "simpul/internal/registry/custody", own: forRooms, third: []string{"github.com/a-h/templ", "filippo.io/age"},
		reason: roomReason + "; age encrypts what leaves the hub to its recipient"},
	{pkg: "simpul/internal/registry/signin", own: forRooms, third: []string{
		"github.com/a-h/templ", "github.com/go-webauthn/webauthn", "github.com/pquerna/otp", "github.com/boombuler/barcode",
		"golang.org/x/crypto/argon2", "github.com/coreos/go-oidc/v3/oidc", "golang.org/x/oauth2"},
		reason: "proving who somebody is follows standards that a well-kept library knows better; " + roomReason},
	{pkg: "simpul/internal/registry/feasibility", own: forRooms, third: []string{"github.com/a-h/templ", "github.com/santhosh-tekuri/jsonschema/v6"},
		reason: roomReason + "; answers are held to JSON Schema 2020-12, which a library that passes the official suite knows better"},
	{pkg: "simpul/internal/registry/…", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: roomReason},
	{pkg: "simpul/internal/portal", own: forRooms, third: []string{"github.com/a-h/templ"},
		reason: "pages across rooms see them through interfaces of their own"},

	{pkg: "simpul/internal/app/demo", own: []string{"simpul", "simpul/internal/…"}, third: []string{"github.com/a-h/templ"},
		reason: "the demo nation is wiring with data"},
	{pkg: "simpul/internal/app", own: []string{"simpul", "simpul/internal/…"}, third: []string{"golang.org/x/net/netutil", "github.com/a-h/templ"},
		reason: "the only place where rooms meet; it hands components of one to the pages of another"},
	{pkg: "simpul/cmd/simpul", own: []string{"simpul", "simpul/internal/app/…", "simpul/internal/exchange/evidence/proof", "simpul/internal/exchange/evidence/fieldtree", "simpul/internal/platform/config", "simpul/internal/platform/resource", "simpul/internal/platform/telemetry"},
		third:  []string{"github.com/alecthomas/kong", "go.yaml.in/yaml/v3", "github.com/rogpeppe/go-internal/diff"},
		reason: "the command line speaks to people; app does the work, but for proofs, which are checked where there is no hub"},

	{pkg: "simpul/docs",
		reason: "holds the documentation and the tests that run its snippets"},
	{pkg: "simpul/web/bundle", third: []string{"github.com/evanw/esbuild"},
		reason: "builds the theme; runs at make gen only"},
	{pkg: "simpul/bench/…", own: []string{"simpul", "simpul/internal/platform/clock", "simpul/internal/platform/testkit", "simpul/internal/platform/sqldb", "simpul/internal/exchange/evidence/…", "simpul/internal/exchange/evidence"},
		third:  []string{"github.com/jackc/pgx/v5", "github.com/transparency-dev", "golang.org/x/mod/sumdb"},
		reason: "measures the binary from outside, and by itself what nobody outside can see: the evidence journal beside a database, and a log of a million entries (ADR 45)"},
	{pkg: "simpul/e2e/…", own: []string{"simpul", "simpul/internal/platform/testkit"},
		reason: "drives the binary from outside"},
}

const roomReason = "a room never imports another room; it declares the interface that it needs and app connects them"

type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Module       *struct{ Path string }
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func ruleOf(pkg string) (rule, bool) {
	i := slices.IndexFunc(architecture, func(r rule) bool { return matches(r.pkg, pkg) })
	if i < 0 {
		return rule{}, false
	}
	return architecture[i], true
}

// matches reports whether a pattern covers a package; "a/…" covers a and all
// below it.
func matches(pattern, pkg string) bool {
	parent, open := strings.CutSuffix(pattern, "/…")
	return pkg == parent || open && strings.HasPrefix(pkg, parent+"/")
}

func (r rule) admits(path string) bool {
	if path == "simpul" || strings.HasPrefix(path, "simpul/") {
		return slices.ContainsFunc(r.own, func(pattern string) bool { return matches(pattern, path) })
	}
	if !strings.Contains(strings.Split(path, "/")[0], ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.third, func(prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") })
}

func TestEveryImportIsInTheTable(t *testing.T) {
	used := map[string]bool{}
	for _, p := range packages(t) {
		r, ok := ruleOf(p.ImportPath)
		if !ok {
			t.Errorf("%s has no rule: add one to the table, with its reason", p.ImportPath)
			continue
		}
		used[r.pkg] = true
		for _, path := range p.Imports {
			if !r.admits(path) {
				t.Errorf("%s may not import %s: %s", p.ImportPath, path, r.reason)
			}
		}
	}
	for _, r := range architecture {
		if !used[r.pkg] {
			t.Errorf("the rule for %s covers no package: remove it", r.pkg)
		}
	}
}

func TestOnlyTestsUseTheTestkit(t *testing.T) {
	const kit = "simpul/internal/platform/testkit"
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, kit) && !strings.HasPrefix(p.ImportPath, "simpul/bench") && !strings.HasPrefix(p.ImportPath, "simpul/e2e") {
			t.Errorf("%s imports the testkit outside its tests", p.ImportPath)
		}
	}
}

// SQL stands in files named store.go, or store_noun.go where a room has much of
// it, so that a room's tables can be found and no statement hides.
func TestSQLStandsInStoresOnly(t *testing.T) {
	err := filepath.WalkDir("internal", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if isStore(filepath.Base(path)) || strings.HasPrefix(path, "internal/platform/sqldb/") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, verb := range []string{"`SELECT ", "`INSERT INTO ", "`UPDATE ", "`DELETE FROM "} {
			if strings.Contains(string(text), verb) {
				t.Errorf("%s has SQL (%s…); it belongs in the room's store", path, verb[1:])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isStore(name string) bool {
	return name == "store.go" || strings.HasPrefix(name, "store_")
}

// The table itself must be able to refuse.
func TestTheTableRefuses(t *testing.T) {
	for _, c := range []struct{ from, to string }{
		{"simpul", "simpul/internal/platform/clock"},
		{"simpul", "github.com/google/go-cmp/cmp"},
		{"simpul/internal/exchange/gateway", "simpul/internal/exchange/policy"},
		{"simpul/internal/exchange/policy", "simpul/internal/registry/grant"},
		{"simpul/internal/registry/grant", "simpul/internal/registry/catalog"},
		{"simpul/internal/registry/grant", "github.com/jackc/pgx/v5"},
		{"simpul/internal/registry/catalog", "github.com/danielgtaylor/huma/v2"},
		{"simpul/internal/platform/web", "simpul/internal/platform/sqldb"},
		{"simpul/cmd/simpul", "simpul/internal/registry/agency"},
		{"simpul/bench", "simpul/internal/app"},
	} {
		r, ok := ruleOf(c.from)
		if !ok || r.admits(c.to) {
			t.Errorf("%s may import %s", c.from, c.to)
		}
	}
}
