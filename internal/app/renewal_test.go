package app_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/config"
)

// watching is a witness in this process that follows logs by their keys.
type watching struct {
	config config.Config
	key    string // its public key
	url    string
	stop   func()
}

func newAuditor(t *testing.T) *watching {
	t.Helper()
	c := config.Default()
	c.Data, c.Roles = t.TempDir(), []config.Role{config.WitnessRole}
	c.Witness = config.Witness{Addr: "127.0.0.1:0", Name: "saksi.bpk.go.id"}
	line, err := app.WitnessKey(c)
	if err != nil {
		t.Fatal(err)
	}
	w := &watching{config: c, key: strings.TrimPrefix(line, "witness "), stop: func() {}}
	t.Cleanup(func() { w.stop() })
	return w
}

// follow has the witness follow one more log; it answers at the same address as before.
func (w *watching) follow(t *testing.T, vkey string) {
	t.Helper()
	w.stop()
	if vkey != "" {
		w.config.Witness.Logs = append(w.config.Witness.Logs, config.WitnessLog{VKey: vkey})
	}
	ctx, cancel := context.WithCancel(context.Background())
	at := make(chan string, 1)
	var served sync.WaitGroup
	served.Go(func() {
		err := app.ServeWitness(ctx, w.config, slog.New(slog.DiscardHandler), func(r app.Ready) { at <- r.Witness })
		if err != nil {
			t.Error(err)
			at <- ""
		}
	})
	w.stop = func() { cancel(); served.Wait() }
	w.url = <-at
	w.config.Witness.Addr = strings.TrimPrefix(strings.Replace(w.url, "localhost", "127.0.0.1", 1), "http://")
}

// by is the setting by which a hub asks the witness.
func (w *watching) by() string { return "WITNESSES=BPK " + w.url + " " + w.key }

// root is the control listener without the path of its API.
func (c *control) root() string { return strings.TrimSuffix(c.url, "/api/v1") }

// standing is what the hub says of its log and the one witness.
type standing struct {
	Origin, State string
	Witnesses     []struct {
		State string
		Size  uint64
	}
}

func (c *control) standing(t *testing.T) standing {
	t.Helper()
	all := decode[struct{ Items []standing }](t, c.must(t, http.StatusOK, http.MethodGet, "/witnesses", nil))
	if len(all.Items) != 1 || len(all.Items[0].Witnesses) != 1 {
		t.Fatalf("witnesses: %+v", all)
	}
	return all.Items[0]
}

// prove carries exchanges of a LID until the proof of each can be given, one after the other, so
// that each is an entry of the log.
func (p *process) prove(t *testing.T, key string, n int) (ids []string) {
	t.Helper()
	for range n {
		id := call(t, p.client, p.gateway+"/uji/Data", key).header.Get("Exchange-Id")
		p.proved(t, id)
		ids = append(ids, id)
	}
	return ids
}

// A hub is restored from an older backup. Going on with its journal it would show another
// tree under the name of its log, and the witness disputes that; what begins anew is
// cosigned. What was proved before stays proved, by the file and by the hub.
func TestAnOlderBackupAndAWitness(t *testing.T) {
	w := newAuditor(t)
	w.follow(t, "")
	place, out := newSite(t), t.TempDir()
	with := w.by()
	hub := place.serve(t, with)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
	before := hub.prove(t, key, 2)
	old := logKey(t, public(t, hub.client, hub.root()+"/.well-known/simpul-keys"))
	w.follow(t, verifierIn(t, public(t, hub.client, hub.root()+"/.well-known/simpul-keys"), old.Name()))
	recipient, secret := drillKeys(t)
	full := filepath.Join(out, "penuh.simpul")
	receipt := backUp(t, place.on(t, ""), app.BackupWish{Out: full, WithKeys: true}, recipient)
	lost := hub.prove(t, key, 3)
	eventually(t, "the cosignature of what is lost", func() bool {
		s := hub.standing(t)
		return s.State == "cosigned" && s.Witnesses[0].Size > receipt.Log.Size+1
	})
	kept := hub.proved(t, before[0])
	newest := filepath.Join(out, "checkpoint")
	if err := os.WriteFile(newest, []byte(public(t, hub.client, hub.root()+"/log/"+kept.Journal+"/checkpoint")), 0o600); err != nil {
		t.Fatal(err)
	}
	hub.kill(t)

	identities, err := app.BackupIdentities([]string{secret}, "")
	if err != nil {
		t.Fatal(err)
	}
	from := app.RestoreFrom{Backups: []string{full}, Keys: identities, Newest: newest, AcceptOlder: true, Continue: true}
	forking := site{data: filepath.Join(t.TempDir(), "lanjut"), token: place.token, second: place.second}
	if _, _, err := app.RestoreStore(t.Context(), forking.on(t, ""), from); err == nil || !strings.Contains(err.Error(), "must not go on") {
		t.Fatalf("an older store goes on: %v", err)
	}
	from.Newest = ""
	if _, _, err := app.RestoreStore(t.Context(), forking.on(t, ""), from); err != nil {
		t.Fatal(err)
	}
	fork := forking.serve(t, with)
	fork.prove(t, key, 5)
	eventually(t, "the dispute", func() bool { return fork.standing(t).State == "disputed" })
	fork.kill(t)

	from.Newest, from.Continue = newest, false
	again := site{data: filepath.Join(t.TempDir(), "baru"), token: place.token, second: place.second}
	done, found, err := app.RestoreStore(t.Context(), again.on(t, ""), from)
	if err != nil || !found.Clean() {
		t.Fatalf("%+v, %v", found.Findings, err)
	}
	if done.Mark.Journal != kept.Journal || done.Mark.Successor == "" || done.Mark.Successor == kept.Journal || done.Mark.Lost == nil {
		t.Errorf("%+v", done.Mark)
	}
	hub = again.serve(t, with)
	after := hub.prove(t, key, 2)
	keys := public(t, hub.client, hub.root()+"/.well-known/simpul-keys")
	origin := strings.TrimSuffix(old.Name(), kept.Journal) + done.Mark.Successor
	if !strings.Contains(keys, "goes on as "+origin) {
		t.Errorf("the keys do not tell of the break:\n%s", keys)
	}
	if s := hub.standing(t); s.Origin != origin || s.State == "cosigned" {
		t.Errorf("before the witness knows of it: %+v", s)
	}
	w.follow(t, verifierIn(t, keys, origin))
	hub.terminate() // a witness that refused is left in peace for a while
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
	hub = again.serve(t, with)
	eventually(t, "the cosignature of the new log", func() bool { return hub.standing(t).State == "cosigned" })

	holds(t, kept, old) // the file from before
	for _, id := range append(slices.Clone(before), after...) {
		verified(t, hub, keys, hub.proved(t, id))
	}
	if b := hub.proved(t, before[0]); b.Journal != kept.Journal || string(b.Record) != string(kept.Record) {
		t.Errorf("the old record is proved as %+v", b)
	}
	if b := hub.proved(t, after[0]); b.Journal != done.Mark.Successor {
		t.Errorf("the new record stands in journal %s", b.Journal)
	}
	for _, id := range lost {
		hub.must(t, http.StatusNotFound, http.MethodGet, "/exchanges/"+id, nil)
	}
	if text := public(t, hub.client, hub.root()+"/log/"+kept.Journal+"/checkpoint"); !strings.HasPrefix(text, old.Name()+"\n") {
		t.Errorf("the old log is not served: %s", text)
	}
	saysBreak(t, hub, done.Mark.Successor, kept.Journal, receipt.Log.Root)
	countsBoth(t, hub, len(before)+len(after))
	hub.terminate()
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
	if r := check(t, again.on(t, "")); !r.Clean() || len(r.Ended) != 1 || r.Ended[0].ID != kept.Journal {
		t.Errorf("fsck: %+v", r)
	}
	movesWithBoth(t, again, key, append(before, after...), recipient, identities)
}

// saysBreak reads the first record of the log that goes on, as an auditor does.
func saysBreak(t *testing.T, hub *process, journal, predecessor, root string) {
	t.Helper()
	text := public(t, hub.client, hub.root()+"/log/"+journal+"/predecessor")
	b := decode[proof.Bundle](t, answer{text: text, status: http.StatusOK})
	holds(t, b, logNamed(t, public(t, hub.client, hub.root()+"/.well-known/simpul-keys"), "/evidence/"+journal))
	if b.Sequence != 1 || !strings.Contains(string(b.Record), `"predecessor":"`+predecessor+`"`) || !strings.Contains(string(b.Record), `"predecessor_root":"`+root+`"`) {
		t.Errorf("the first record says %s", b.Record)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, hub.root()+"/log/"+predecessor+"/predecessor", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := do(hub.client, r); err != nil || got.status != http.StatusNotFound {
		t.Errorf("the first journal of all has a predecessor: %d, %v", got.status, err)
	}
}

// countsBoth sees that search, usage and views are made of both journals.
func countsBoth(t *testing.T, hub *process, want int) {
	t.Helper()
	found := decode[struct{ Items []struct{ ID string } }](t, hub.must(t, http.StatusOK, http.MethodGet, "/exchanges?lid=uji/Data", nil))
	if len(found.Items) != want {
		t.Errorf("%d exchanges are found, want %d", len(found.Items), want)
	}
	views := decode[struct {
		Views []struct {
			Name      string
			Behind    uint64
			Positions []struct{ Journal string }
		}
	}](t, hub.must(t, http.StatusOK, http.MethodGet, "/evidence/views", nil))
	for _, v := range views.Views {
		if len(v.Positions) != 2 {
			t.Errorf("the view %s has read %d journals", v.Name, len(v.Positions))
		}
	}
}

// movesWithBoth backs the store up, moves it as it is, and finds all of it.
func movesWithBoth(t *testing.T, from site, key string, ids []string, recipient string, identities []app.BackupIdentity) {
	t.Helper()
	full := filepath.Join(t.TempDir(), "pindah.simpul")
	r := backUp(t, from.on(t, ""), app.BackupWish{Out: full, WithKeys: true}, recipient)
	if len(r.Ended) != 1 {
		t.Fatalf("the backup has %d journals that have ended", len(r.Ended))
	}
	moved := site{data: filepath.Join(t.TempDir(), "pindah"), token: from.token, second: from.second}
	done, found, err := app.RestoreStore(t.Context(), moved.on(t, ""), app.RestoreFrom{Backups: []string{full}, Keys: identities, Continue: true})
	if err != nil || !found.Clean() || done.Mark.Successor != "" || found.Journal.ID != r.Journal.ID {
		t.Fatalf("%+v, %+v, %v", done.Mark, found.Findings, err)
	}
	hub := moved.serve(t)
	keys := publicKeys(t, hub)
	for _, id := range ids {
		verified(t, hub, keys, hub.proved(t, id))
	}
	if got := call(t, hub.client, hub.gateway+"/uji/Data", key); got.text != slowAnswer {
		t.Errorf("%d %s", got.status, got.text)
	}
}

func publicKeys(t *testing.T, hub *process) string {
	t.Helper()
	return public(t, hub.client, hub.root()+"/.well-known/simpul-keys")
}

func verified(t *testing.T, hub *process, keys string, b proof.Bundle) {
	t.Helper()
	known, err := proof.ParseKeys([]byte(keys))
	if err != nil {
		t.Fatal(err)
	}
	if v := proof.Verify(b, known, proof.Demand{}); v.Status == proof.Invalid {
		t.Errorf("%s: %+v", b.Exchange, v)
	}
}

// verifierIn is the key of a log in a file of keys.
func verifierIn(t *testing.T, keys, origin string) string {
	t.Helper()
	for line := range strings.Lines(keys) {
		if vkey, ok := strings.CutPrefix(strings.TrimSpace(line), "log "); ok && strings.HasPrefix(vkey, origin+"+") {
			return vkey
		}
	}
	t.Fatalf("no key of %s in\n%s", origin, keys)
	return ""
}

func logNamed(t *testing.T, keys, ends string) note.Verifier {
	t.Helper()
	for line := range strings.Lines(keys) {
		if vkey, ok := strings.CutPrefix(strings.TrimSpace(line), "log "); ok && strings.Contains(vkey, ends+"+") {
			v, err := note.NewVerifier(vkey)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no key of %s in\n%s", ends, keys)
	return nil
}

// A data folder that was put back to an older state while the database was not: the hub
// does not give the sequences of lost records to others, until a person ends the journal.
func TestAJournalThatIsShorterThanWhatIsKnown(t *testing.T) {
	place := newSite(t)
	hub := place.serve(t)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
	kept := hub.prove(t, key, 1)
	hub.terminate()
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
	folders := []string{"evidence", "log"}
	older := t.TempDir()
	for _, name := range folders {
		if err := os.CopyFS(filepath.Join(older, name), os.DirFS(filepath.Join(place.data, name))); err != nil {
			t.Fatal(err)
		}
	}
	hub = place.serve(t)
	lost := hub.prove(t, key, 2)
	hub.terminate()
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
	for _, name := range folders {
		at := filepath.Join(place.data, name)
		if err := errors.Join(os.RemoveAll(at), os.CopyFS(at, os.DirFS(filepath.Join(older, name)))); err != nil {
			t.Fatal(err)
		}
	}
	c := settings(t, place.data)
	if _, err := app.Open(t.Context(), c, slog.New(slog.DiscardHandler)); simpul.CodeOf(err) != simpul.CodeUnavailable || !strings.Contains(err.Error(), "are lost") {
		t.Fatalf("the hub goes on: %v", err)
	}
	r, err := app.RenewJournal(c, "Cakram dikembalikan ke keadaan lama")
	if err != nil || r.Ended == "" || r.Last == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	hub = place.serve(t)
	keys := public(t, hub.client, hub.root()+"/.well-known/simpul-keys")
	for _, id := range append(kept, hub.prove(t, key, 1)...) {
		verified(t, hub, keys, hub.proved(t, id))
	}
	hub.must(t, http.StatusOK, http.MethodGet, "/exchanges/"+lost[1], nil) // that it was is known
	got := hub.must(t, http.StatusGone, http.MethodGet, "/exchanges/"+lost[1]+"/proof", nil)
	if !strings.Contains(got.text, "Cakram dikembalikan") {
		t.Errorf("the proof of what is lost: %s", got.text)
	}
}
