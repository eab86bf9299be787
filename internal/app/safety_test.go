package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/testkit"
)

func check(t *testing.T, c config.Config) app.StoreReport {
	t.Helper()
	r, err := app.CheckStore(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func filesOf(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A hub that was killed leaves no checksums. What is checked then, and what a
// flipped byte can do unseen, the ADR on backups says; here is what is found.
func TestFsckOfAStoreWhoseHubWasKilled(t *testing.T) {
	place := newSite(t)
	hub := place.serve(t)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
	hub.record(t, call(t, hub.client, hub.gateway+"/uji/Data", key).header.Get("Exchange-Id")) // so that the index has read it
	c := settings(t, place.data)
	if _, err := app.CheckStore(t.Context(), c); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("a running hub: %v", err)
	}
	hub.kill(t)
	if err := os.WriteFile(filepath.Join(c.Data, "catatan.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := check(t, c)
	unknown := slices.ContainsFunc(r.Findings, func(f app.StoreFinding) bool { return f.Place == "catatan.txt" && !f.Harm() })
	if !r.Clean() || !r.Summed.IsZero() || !unknown {
		t.Errorf("%+v", r.Findings)
	}
	text, err := os.ReadFile(filepath.Join(c.Data, "vault.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Data, "vault.json"), []byte(strings.Replace(string(text), "keyId", "keyIe", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := check(t, c); r.Clean() {
		t.Error("a key file that is none")
	}
	if err := os.Remove(filepath.Join(c.Data, "vault.json")); err != nil {
		t.Fatal(err)
	}
	segments, _ := filepath.Glob(filepath.Join(c.Data, "evidence", "*.seg"))
	if err := os.Truncate(segments[0], 40); err != nil {
		t.Fatal(err)
	}
	r = check(t, c)
	if !slices.ContainsFunc(r.Findings, func(f app.StoreFinding) bool { return f.Harm() && strings.Contains(f.Place, "_position") }) {
		t.Errorf("views are ahead of the journal: %+v", r.Findings)
	}
}

func TestAHubRefusesAFolderThatIsHalfRestored(t *testing.T) {
	c := settings(t, t.TempDir())
	if err := os.Mkdir(filepath.Join(c.Data, ".restoring"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := app.OpenDatabase(t.Context(), c); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Error(err)
	}
	if r := check(t, c); r.Clean() {
		t.Error("fsck has nothing to say about it")
	}
}

// drillKeys is a pair of age keys in files.
func drillKeys(t *testing.T) (public, secretFile string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	secretFile = filepath.Join(t.TempDir(), "kunci.txt")
	if err := os.WriteFile(secretFile, []byte(id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return id.Recipient().String(), secretFile
}

// The restore drill of docs/guide/cadangan-dan-pemulihan.md, on both engines and
// from either into the other.
func TestTheRestoreDrill(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { drill(t, "", "") })
	t.Run("postgres", func(t *testing.T) { drill(t, testkit.PostgresURL(t), testkit.PostgresURL(t)) })
	t.Run("sqlite to postgres", func(t *testing.T) { drill(t, "", testkit.PostgresURL(t)) })
}

func drill(t *testing.T, from, to string) {
	place, out := siteOn(t, from), t.TempDir()
	hub := place.serve(t, databaseAt(from)...)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
	load := startLoad(t, hub, key)

	load.await(50)
	public, secret := drillKeys(t)
	first := load.acknowledged()
	backUp(t, place.on(t, from), app.BackupWish{Out: filepath.Join(out, "penuh.simpul"), WithKeys: true}, public)
	load.await(len(first) + 50)
	second := load.acknowledged()
	receipt := backUp(t, place.on(t, from), app.BackupWish{Out: filepath.Join(out, "tambahan.simpul"), Since: filepath.Join(out, "penuh.simpul"), WithKeys: true}, public)
	hub.kill(t)
	load.end()

	identities, err := app.BackupIdentities([]string{secret}, "")
	if err != nil {
		t.Fatal(err)
	}
	files := []string{filepath.Join(out, "penuh.simpul"), filepath.Join(out, "tambahan.simpul")}
	if v, err := app.VerifyBackup(t.Context(), files, identities); err != nil || v.Manifest.Journal.Position != receipt.Journal.Position {
		t.Fatal(v, err)
	}
	again := site{data: filepath.Join(t.TempDir(), "baru"), token: place.token, second: place.second}
	done, found, err := app.RestoreStore(t.Context(), again.on(t, to), app.RestoreFrom{Backups: files, Keys: identities})
	if err != nil || !found.Clean() {
		t.Fatalf("%+v, %+v, %v", done.Mark, found.Findings, err)
	}
	if len(found.Ended) != 1 || found.Ended[0].Last != receipt.Journal.Position || found.Sealed == 0 {
		t.Errorf("%+v", found)
	}
	for _, segment := range receipt.Journal.Segments {
		if sum := sha256Of(t, filepath.Join(again.data, "evidence", receipt.Journal.ID, filepath.Base(segment.Name))); sum != segment.SHA256 {
			t.Errorf("%s has another digest", segment.Name)
		}
	}
	restored := again.serve(t, databaseAt(to)...)
	for _, id := range second {
		if kept := restored.record(t, id); kept.State != "sealed" || kept.Outcome != "delivered" {
			t.Errorf("exchange %s was acknowledged before the backup, and its record says %+v", id, kept)
		}
	}
	if got := call(t, restored.client, restored.gateway+"/uji/Data", key); got.text != slowAnswer {
		t.Errorf("the restored hub answers %d %s", got.status, got.text)
	}
	t.Logf("%d exchanges were acknowledged before the full backup, %d before the incremental one", len(first), len(second))
}

// siteOn is a site whose hub has its database at the URL; "" for SQLite.
func siteOn(t *testing.T, url string) site {
	t.Helper()
	if url == "" {
		return newSite(t)
	}
	s := site{data: t.TempDir()}
	err := app.WithTokens(t.Context(), s.on(t, url), func(tokens *app.Tokens) (err error) {
		if s.token, err = tokens.CreateToken(t.Context(), simpul.RoleOperator, ""); err != nil {
			return err
		}
		s.second, err = tokens.CreateToken(t.Context(), simpul.RoleOperator, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s site) on(t *testing.T, url string) config.Config {
	t.Helper()
	c := settings(t, s.data)
	if url != "" {
		c.Database.URL = url
	}
	return c
}

func databaseAt(url string) []string {
	if url == "" {
		return nil
	}
	return []string{"DATABASE_URL=" + url}
}

func backUp(t *testing.T, c config.Config, w app.BackupWish, public string) app.BackupReceipt {
	t.Helper()
	var err error
	if w.To, err = app.BackupRecipients([]string{public}, nil, ""); err != nil {
		t.Fatal(err)
	}
	r, err := app.BackUp(t.Context(), c, w)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sha256Of(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// load calls a hub from several places until it ends.
type load struct {
	mu   sync.Mutex
	ids  []string
	more *sync.Cond
	work sync.WaitGroup
}

func startLoad(t *testing.T, hub *process, key string) *load {
	l := &load{}
	l.more = sync.NewCond(&l.mu)
	for range 8 {
		l.work.Go(func() {
			for {
				id, err := deliver(hub, key)
				if err != nil {
					l.more.Broadcast()
					return
				}
				l.mu.Lock()
				l.ids = append(l.ids, id)
				l.mu.Unlock()
				l.more.Broadcast()
			}
		})
	}
	return l
}

func deliver(hub *process, key string) (id string, err error) {
	r, err := http.NewRequest(http.MethodGet, hub.gateway+"/uji/Data", nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("X-API-Key", key)
	got, err := do(hub.client, r)
	if err == nil && got.text != slowAnswer {
		err = fmt.Errorf("status %d: %w", got.status, io.ErrUnexpectedEOF)
	}
	if err != nil {
		return "", err
	}
	return got.header.Get("Exchange-Id"), nil
}

// await returns once so many exchanges were acknowledged.
func (l *load) await(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.ids) < n {
		l.more.Wait()
	}
}

func (l *load) acknowledged() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.ids)
}

func (l *load) end() { l.work.Wait() }
