package fieldtree

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

const answer = `{"items":[{"nik":"3273010101900001","nama":"Siti Rahma","umur":31},{"nik":"3273010202850002","nama":"Budi","umur":40}],"total":2}`

// bundleOf is the proof of an exchange with this answer, as its parties get it.
func bundleOf(t testing.TB, body string) (b proof.Bundle, root simpul.Digest, key string) {
	t.Helper()
	root, key = new(Committer).Commit([]byte(body))
	if root == "" {
		t.Fatal("no root")
	}
	sum := sha256.Sum256([]byte(body))
	record := fmt.Sprintf(`{"kind":"sealed","id":"x","response_digest":"%x","field_root":"%s","personal":"AAAA"}`, sum, root)
	return proof.Bundle{Format: proof.Format, Record: []byte(record), Personal: `{"subject":"s-1","field_key":"` + key + `"}`}, root, key
}

func TestEveryFieldOfAnAnswerIsProved(t *testing.T) {
	bodies := []string{answer, `5`, `{}`, `[[],{}]`}
	for n := 1; n <= 40; n++ { // every shape of a small tree
		bodies = append(bodies, "["+strings.Repeat("1,", n-1)+"1]")
	}
	for _, body := range bodies {
		whole, root, _ := bundleOf(t, body)
		fields, err := fieldsOf(body)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range fields {
			got, err := Prove(whole, []byte(body), want.Pointer)
			if err != nil {
				t.Fatalf("%s at %q: %v", body, want.Pointer, err)
			}
			if f := got.Field; f.Value != want.Value || f.Index != uint64(i) || f.Size != uint64(len(fields)) || f.Verify(root) != nil {
				t.Errorf("%s at %q: %+v", body, want.Pointer, f)
			}
		}
	}
}

// Who gets the proof of one field learns nothing of the others: no value, no salt,
// not the key of the salts, and not who it was about.
func TestOtherFieldsStayHidden(t *testing.T) {
	whole, _, key := bundleOf(t, answer)
	got, err := Prove(whole, []byte(answer), "/items/0/nama")
	if err != nil {
		t.Fatal(err)
	}
	if got.Personal != "" {
		t.Errorf("the sealed part is in it: %s", got.Personal)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := base64.RawURLEncoding.DecodeString(key)
	hidden := map[string]string{"key": key, "key in base64": base64.StdEncoding.EncodeToString(secret), "key in hex": hex.EncodeToString(secret), "subject": "s-1"}
	made := newSalts(secret)
	for i, value := range []string{"3273010101900001", "", "31", "3273010202850002", "Budi", "40", "2"} {
		if i == 1 {
			continue // the field itself
		}
		salt := made.append(nil, i)
		hidden["salt "+strconv.Itoa(i)] = base64.StdEncoding.EncodeToString(salt)
		hidden["salt in hex "+strconv.Itoa(i)] = hex.EncodeToString(salt)
		if len(value) > 2 {
			hidden["value "+value] = value
		}
	}
	for what, secret := range hidden {
		if strings.Contains(string(text), secret) {
			t.Errorf("the %s is in it", what)
		}
	}
	if !strings.Contains(string(text), "Siti Rahma") {
		t.Error("the field itself is not in it")
	}
}

func TestAnythingSwappedFails(t *testing.T) {
	whole, root, _ := bundleOf(t, answer)
	b, err := Prove(whole, []byte(answer), "/items/0/nama")
	if err != nil {
		t.Fatal(err)
	}
	other, err := Prove(whole, []byte(answer), "/items/1/nama")
	if err != nil {
		t.Fatal(err)
	}
	good := *b.Field
	for name, change := range map[string]func(*proof.FieldProof){
		"pointer":       func(f *proof.FieldProof) { f.Pointer = "/items/1/nama" },
		"no pointer":    func(f *proof.FieldProof) { f.Pointer = "items/0/nama" },
		"tilde":         func(f *proof.FieldProof) { f.Pointer = "/items/0/nama~" },
		"value":         func(f *proof.FieldProof) { f.Value = `"Siti Rahmi"` },
		"unquoted":      func(f *proof.FieldProof) { f.Value = "Siti Rahma" },
		"space":         func(f *proof.FieldProof) { f.Value += " " },
		"two values":    func(f *proof.FieldProof) { f.Value += ",1" },
		"container":     func(f *proof.FieldProof) { f.Value = "[" + f.Value + "]" },
		"no value":      func(f *proof.FieldProof) { f.Value = "" },
		"salt":          func(f *proof.FieldProof) { f.Salt = other.Field.Salt },
		"short salt":    func(f *proof.FieldProof) { f.Salt = f.Salt[:15] },
		"index":         func(f *proof.FieldProof) { f.Index++ },
		"index beyond":  func(f *proof.FieldProof) { f.Index = f.Size },
		"size":          func(f *proof.FieldProof) { f.Size++ },
		"size of none":  func(f *proof.FieldProof) { f.Size = 0 },
		"path":          func(f *proof.FieldProof) { f.Path = other.Field.Path },
		"path flipped":  func(f *proof.FieldProof) { f.Path[0][0] ^= 1 },
		"path cut":      func(f *proof.FieldProof) { f.Path = f.Path[1:] },
		"path longer":   func(f *proof.FieldProof) { f.Path = append(f.Path, f.Path[0]) },
		"moved a byte":  func(f *proof.FieldProof) { f.Pointer, f.Value = f.Pointer+`"`, f.Value[1:] },
		"path of bytes": func(f *proof.FieldProof) { f.Path[1] = f.Path[1][:31] },
	} {
		f := good
		f.Path = nil
		for _, p := range good.Path {
			f.Path = append(f.Path, slices.Clone(p))
		}
		change(&f)
		if err := f.Verify(root); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, wrong := range []simpul.Digest{"", "00", "zz", simpul.Digest(strings.Repeat("0", 64))} {
		if err := good.Verify(wrong); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("root %q: %v", wrong, err)
		}
	}
	if err := good.Verify(root); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestProveRefuses(t *testing.T) {
	whole, root, key := bundleOf(t, answer)
	for name, c := range map[string]struct {
		change  func(*proof.Bundle)
		body    string
		pointer string
		place   string
	}{
		"another body":    {body: strings.Replace(answer, "31", "32", 1), place: "body"},
		"reformatted":     {body: strings.Replace(answer, ":", ": ", 1), place: "body"},
		"no such field":   {pointer: "/items/2/nama", place: "field"},
		"a container":     {pointer: "/items/0", place: "field"},
		"the whole":       {pointer: " ", place: "field"},
		"no sealed part":  {change: func(b *proof.Bundle) { b.Personal = "" }, place: "proof"},
		"no key in it":    {change: func(b *proof.Bundle) { b.Personal = "{}" }, place: "proof"},
		"another key":     {change: func(b *proof.Bundle) { b.Personal = `{"field_key":"` + strings.Repeat("A", 22) + `"}` }, place: "field"},
		"a short key":     {change: func(b *proof.Bundle) { b.Personal = `{"field_key":"AAAA"}` }, place: "proof"},
		"no JSON":         {change: func(b *proof.Bundle) { b.Record = []byte("x") }, place: "proof"},
		"no root":         {change: func(b *proof.Bundle) { b.Record = []byte("{}") }, place: "proof"},
		"key in the open": {change: func(b *proof.Bundle) { b.Record = fmt.Appendf(nil, `{"field_root":"%s","field_key":"%s"}`, root, key) }, place: "proof"},
	} {
		b, body, pointer := whole, answer, "/total"
		if c.change != nil {
			c.change(&b)
		}
		if c.body != "" {
			body = c.body
		}
		if c.pointer != "" {
			pointer = c.pointer
		}
		_, err := Prove(b, []byte(body), pointer)
		if e, ok := err.(*simpul.Error); !ok || e.Place != c.place || e.Remedy.ID == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNoPlainJSONHasNoRoot(t *testing.T) {
	for _, body := range []string{"", "<a/>", `{"a":1,"a":2}`, `"` + strings.Repeat("x", MaxBytes) + `"`} {
		if root, key := new(Committer).Commit([]byte(body)); root != "" || key != "" {
			t.Errorf("%.20s: %s %s", body, root, key)
		}
	}
}

func TestEachAnswerHasItsOwnKey(t *testing.T) {
	var c Committer
	root, key := c.Commit([]byte(answer))
	c.Commit([]byte(`[[[`)) // what was begun and not ended leaves nothing behind
	again, other := c.Commit([]byte(answer))
	if root == again || key == other {
		t.Errorf("%s under %s, and again %s under %s", root, key, again, other)
	}
}

// A known answer under a known key, so that another implementation can be held
// against this one.
func TestRootIsKnown(t *testing.T) {
	m := &maker{walker: newWalker()}
	got, err := m.root([]byte(answer), []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "11a56913f1e86cf84b5ba13fafc07dcda5e5142b911f0d1bd42b2d0e9329bb62"
	if hex.EncodeToString(got[:]) != want {
		t.Errorf("%x", got)
	}
}

// BenchmarkCommit is what a provable answer of 1 KiB costs.
func BenchmarkCommit(b *testing.B) {
	row := `{"kode":"32.73","nama":"Kota Bandung","provinsi":"Jawa Barat","luas":167.31}`
	body := []byte(`{"items":[` + strings.Repeat(row+",", 12) + row + `]}`)
	var c Committer
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if root, _ := c.Commit(body); root == "" {
			b.Fatal("no root")
		}
	}
}
