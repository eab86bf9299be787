package witness

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/platform/clock"
)

const bpk = "saksi.bpk.go.id"

// A cosignature of ours is one for the published library of the standard, and the
// other way round.
func TestOthersReadOurCosignatures(t *testing.T) {
	l := newTree(t)
	l.grow("a", 7)
	role := newRole(t, bpk, clock.Fixed(noon), l)
	line, err := role.Add(l.submission(0, 7))
	if err != nil {
		t.Fatal(err)
	}
	signed := append(l.at(7), line...)

	theirs, err := f_note.NewVerifierForCosignatureV1(role.Key().String())
	if err != nil {
		t.Fatal(err)
	}
	logKey, err := note.NewVerifier(l.vkey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(theirs, logKey))
	if err != nil || len(n.Sigs) != 2 {
		t.Fatalf("opened as %+v: %v", n, err)
	}
	if at, err := f_note.CoSigV1Timestamp(n.Sigs[1]); err != nil || !at.Equal(noon) {
		t.Errorf("cosigned at %v, %v", at, err)
	}
	if _, err := note.Open(signed, note.VerifierList(role.Key())); err != nil {
		t.Errorf("our own verifier: %v", err)
	}

	text, err := os.ReadFile(filepath.Join(role.memory.dir, "key"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := f_note.NewSignerForCosignatureV1(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatalf("the key file: %v", err)
	}
	again, err := note.Sign(&note.Note{Text: textOf(t, l.at(7))}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(again, note.VerifierList(role.Key())); err != nil {
		t.Errorf("their cosignature: %v", err)
	}
}

// Every answer of C2SP tlog-witness, over HTTP.
func TestAddCheckpoint(t *testing.T) {
	l, stranger := newTree(t), newTree(t)
	l.grow("a", 20)
	stranger.grow("a", 20)
	fork := &tree{signer: l.signer, vkey: l.vkey, t: newTree(t).t}
	fork.grow("b", 20)
	elsewhere := elsewhereSigned(t)

	edited := func(s Submission, change func(*Submission)) []byte { change(&s); return s.Bytes() }
	good := l.submission(8, 13)
	for name, c := range map[string]struct {
		body   []byte
		status int
		want   string // of the body
	}{
		"growth":                      {good.Bytes(), 200, "— " + bpk},
		"the same again":              {l.submission(8, 8).Bytes(), 200, "— " + bpk},
		"a size that it never had":    {l.submission(7, 13).Bytes(), 409, "8\n"},
		"from the beginning":          {l.submission(0, 13).Bytes(), 409, "8\n"},
		"rollback":                    {l.submission(3, 5).Bytes(), 409, "8\n"},
		"rollback from what it knows": {edited(l.submission(8, 8), func(s *Submission) { s.Note = l.at(5) }), 400, ""},
		"a fork of the same size":     {fork.submission(8, 8).Bytes(), 409, "FORK"},
		"a fork that grew":            {fork.submission(8, 13).Bytes(), 422, ""},
		"no proof":                    {edited(good, func(s *Submission) { s.Proof = nil }), 422, ""},
		"a proof with more":           {edited(good, func(s *Submission) { s.Proof = append(s.Proof, s.Proof[0]) }), 422, ""},
		"a proof of another size":     {edited(good, func(s *Submission) { s.Note = l.at(14) }), 422, ""},
		"another log":                 {elsewhere, 404, ""},
		"a stranger's key":            {stranger.submission(8, 13).Bytes(), 403, ""},
		"nothing":                     {nil, 400, ""},
		"no checkpoint":               {[]byte("old 8\n\n"), 400, ""},
		"too long":                    {bytes.Repeat([]byte("x"), MaxSubmission+1), 413, ""},
		"altered by the way":          {bytes.Replace(good.Bytes(), []byte("\n13\n"), []byte("\n12\n"), 1), 403, ""},
		"a size with a zero in front": {bytes.Replace(good.Bytes(), []byte("old 8\n"), []byte("old 08\n"), 1), 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			role := newRole(t, bpk, clock.Fixed(noon), l)
			if _, err := role.Add(l.submission(0, 8)); err != nil {
				t.Fatal(err)
			}
			w := httptest.NewRecorder()
			role.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/add-checkpoint", bytes.NewReader(c.body)))
			if w.Code != c.status || !strings.HasPrefix(w.Body.String(), c.want) {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, c.status, c.want)
			}
			if sized := strings.HasPrefix(c.want, "8"); sized != (w.Header().Get("Content-Type") == "text/x.tlog.size") {
				t.Errorf("the size has the type %q", w.Header().Get("Content-Type"))
			}
			want := uint64(8)
			if name == "growth" {
				want = 13
			}
			if seen := role.Logs()[0].Size; seen != want {
				t.Errorf("the witness is at %d", seen)
			}
		})
	}
}

// elsewhereSigned is a good submission of a log that nobody follows.
func elsewhereSigned(t *testing.T) []byte {
	t.Helper()
	skey, _, err := note.GenerateKey(rand.Reader, "lain.go.id/evidence/j-1")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: "lain.go.id/evidence/j-1\n1\n" + strict.EncodeToString(make([]byte, 32)) + "\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return Submission{Note: signed}.Bytes()
}

// What was cosigned is known after a restart, and one process at a time has it.
func TestAWitnessRemembers(t *testing.T) {
	l, dir := newTree(t), t.TempDir()
	l.grow("a", 9)
	first := roleIn(t, dir, bpk, clock.Fixed(noon), l)
	if _, err := first.Add(l.submission(0, 9)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRole(RoleOptions{Dir: filepath.Join(dir, "witness"), Now: clock.System, Log: quiet}); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("a second process: %v", err)
	}
	key := first.Key()
	first.Close()
	second := roleIn(t, dir, "", clock.Fixed(noon), l)
	if second.Key() != key || second.Logs()[0].Size != 9 {
		t.Errorf("after a restart: %v, %+v", second.Key(), second.Logs())
	}
	if _, err := OpenKey(filepath.Join(dir, "witness", "key"), "lain.go.id"); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("another name: %v", err)
	}
}

// A cosignature leaves only after the disk has what it is of, and a disk that
// failed once is not believed again.
func TestNothingIsCosignedThatIsNotOnDisk(t *testing.T) {
	l, dir := newTree(t), t.TempDir()
	l.grow("a", 9)
	role := roleIn(t, dir, bpk, clock.Fixed(noon), l)
	role.memory.keep = func(string, []byte) error { return errors.New("input/output error") }
	for range 2 {
		line, err := role.Add(l.submission(0, 9))
		no, ok := errors.AsType[*refusal](err)
		if line != "" || !ok || no.status != http.StatusServiceUnavailable {
			t.Fatalf("cosigned %q, %v", line, err)
		}
		role.memory.keep = replace // the disk is well again; what it holds is not known
	}
	if !role.Logs()[0].Broken {
		t.Error("nobody is told")
	}
	role.Close()
	if _, err := roleIn(t, dir, "", clock.Fixed(noon), l).Add(l.submission(0, 9)); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

// The state is on disk when it is signed: read it from within the write.
func TestMemoryComesBeforeTheCosignature(t *testing.T) {
	l := newTree(t)
	l.grow("a", 9)
	role := newRole(t, bpk, clock.Fixed(noon), l)
	written := false
	role.memory.keep = func(file string, text []byte) error {
		written = true
		return replace(file, text)
	}
	role.now = func() time.Time { // asked for the time of the cosignature
		if got, err := role.memory.recall(origin); !written || err != nil || got.Size != 9 {
			t.Errorf("cosigning while the disk has %d, %v", got.Size, err)
		}
		return noon
	}
	if _, err := role.Add(l.submission(0, 9)); err != nil || !written {
		t.Fatal(err)
	}
}

// Whatever byte of the memory is flipped or missing, the witness does not begin
// anew.
func TestADamagedMemoryIsNeverAnEmptyOne(t *testing.T) {
	l, dir := newTree(t), t.TempDir()
	l.grow("a", 9)
	role := roleIn(t, dir, bpk, clock.Fixed(noon), l)
	if _, err := role.Add(l.submission(0, 9)); err != nil {
		t.Fatal(err)
	}
	file := role.memory.file(origin)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		for _, text := range [][]byte{whole[:i], flipped(whole, i)} {
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := role.memory.recall(origin)
			if err == nil && got.Size != 9 {
				t.Fatalf("byte %d: recalled %+v", i, got)
			}
			if err != nil && simpul.CodeOf(err) != simpul.CodeInvalid {
				t.Fatalf("byte %d: %v", i, err)
			}
		}
	}
	os.WriteFile(file, whole[:20], 0o600)
	if err := role.Follow(origin, l.vkey); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Submission{l.submission(0, 9), l.submission(9, 9)} {
		if line, err := role.Add(s); err == nil {
			t.Errorf("cosigned %q", line)
		}
	}
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x10
	return b
}

func TestTheKeyIsForItsOwnerOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "key")
	if _, err := OpenKey(file, ""); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("without a name: %v", err)
	}
	made, err := OpenKey(file, bpk)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("made with mode %v", info.Mode())
	}
	text, _ := os.ReadFile(file)
	for name, damaged := range map[string][]byte{"empty": nil, "cut": text[:len(text)-9], "hash": bytes.Replace(text, []byte("+"+strings.Split(string(text), "+")[3]), []byte("+00000000"), 1)} {
		os.WriteFile(file, damaged, 0o600)
		if _, err := OpenKey(file, bpk); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if got, _ := os.ReadFile(file); !bytes.Equal(got, damaged) {
			t.Errorf("%s: the file was changed", name)
		}
	}
	os.WriteFile(file, text, 0o600)
	os.Chmod(file, 0o640)
	if _, err := OpenKey(file, bpk); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("readable by others: %v", err)
	}
	os.Chmod(file, 0o600)
	if again, err := OpenKey(file, bpk); err != nil || again.Key != made.Key {
		t.Errorf("%v, %v", again.Key, err)
	}
}

func TestParseKey(t *testing.T) {
	s := newSigner(bpk, make([]byte, 32))
	if k, err := ParseKey(s.Key.String()); err != nil || k != s.Key {
		t.Fatalf("%v, %v", k, err)
	}
	logKey := newTree(t).vkey
	plain, _, _ := strings.Cut(s.Key.String(), "+")
	for name, vkey := range map[string]string{
		"empty": "", "a name": plain, "a log's": logKey,
		"another name":    strings.Replace(s.Key.String(), bpk, "saksi.lain.go.id", 1),
		"another key":     strings.Replace(s.Key.String(), "ADtq", "ADtr", 1),
		"upper-case hash": strings.Replace(s.Key.String(), strings.Split(s.Key.String(), "+")[1], strings.ToUpper(strings.Split(s.Key.String(), "+")[1]), 1),
		"a newline":       s.Key.String() + "\n",
		"a space":         " " + s.Key.String(),
		"a whole line":    s.Key.Line(),
	} {
		if k, err := ParseKey(vkey); err == nil && k.String() != s.Key.String() || err == nil && name != "upper-case hash" && name != "another key" {
			t.Errorf("%s: %v", name, k)
		}
	}
}

func TestTheWitnessTellsWhoItIs(t *testing.T) {
	role := newRole(t, bpk, clock.Fixed(noon), newTree(t))
	w := httptest.NewRecorder()
	role.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if !strings.Contains(w.Body.String(), "\nwitness "+role.Key().String()+"\n# "+origin+": 0\n") {
		t.Error(w.Body)
	}
}
