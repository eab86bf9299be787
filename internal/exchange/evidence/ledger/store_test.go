package ledger

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// sealer stands for the vault: it binds a value to its place.
type sealer struct{}

func (sealer) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	return append([]byte(table+"/"+row+"/"+column+"\x00"), mirrored(plaintext)...), nil
}

func (sealer) Open(sealed []byte, table, row, column string) ([]byte, error) {
	place, value, _ := bytes.Cut(sealed, []byte{0})
	if string(place) != table+"/"+row+"/"+column {
		return nil, errors.New("sealed for another place")
	}
	return mirrored(value), nil
}

func mirrored(b []byte) []byte {
	m := bytes.Clone(b)
	for i := range m {
		m[i] ^= 0xff
	}
	return m
}

func TestAKeyIsMadeOnceAndStays(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := NewKeys(db, sealer{}, clock.System)
		first, err := keys.Open(t.Context(), "hub.example", "j1")
		if err != nil {
			t.Fatal(err)
		}
		again, err := keys.Open(t.Context(), "renamed.example", "j1")
		if err != nil || again.Origin != "hub.example/evidence/j1" || again.Verifier != first.Verifier {
			t.Fatalf("%+v became %+v, %v", first, again, err)
		}
		other, err := keys.Open(t.Context(), "hub.example", "j2")
		if err != nil {
			t.Fatal(err)
		}
		signed, err := note.Sign(&note.Note{Text: "x\n"}, again.signer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := note.Open(signed, note.VerifierList(verifierOf(t, first))); err != nil {
			t.Error(err)
		}
		lines, err := keys.Lines(t.Context())
		if err != nil || len(lines) != 2 || lines[0] != "log "+first.Verifier || lines[1] != "log "+other.Verifier {
			t.Errorf("lines are %q, %v", lines, err)
		}
		if strings.Contains(strings.Join(lines, ""), "PRIVATE") {
			t.Error("a private key is published")
		}
	})
}

func TestANameThatCannotBeAKeyIsRefused(t *testing.T) {
	for _, hub := range []string{"hub example", "a+b", "line\nbreak"} {
		if k, err := NewKey(hub, "j"); err == nil {
			t.Errorf("%q is the name of %+v", hub, k)
		}
	}
}

func TestHeadsOnlyGrow(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := NewKeys(db, sealer{}, clock.System)
		if _, err := keys.Open(t.Context(), "hub.example", "j1"); err != nil {
			t.Fatal(err)
		}
		heads := keys.Heads("j1")
		for _, c := range []struct {
			size, want uint64
		}{{0, 0}, {5, 5}, {3, 5}, {5, 5}, {9, 9}} {
			if err := heads.Note(t.Context(), c.size, []byte{byte(c.size)}); err != nil {
				t.Fatal(err)
			}
			size, root, err := heads.Noted(t.Context())
			if err != nil || size != c.want || size > 0 && root[0] != byte(c.want) {
				t.Errorf("after %d: %d %x, %v", c.size, size, root, err)
			}
		}
	})
}

// Nobody but the hub itself reaches its logs' keys.
func TestOtherTenantsReachNoKey(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		if _, err := NewKeys(db, sealer{}, clock.System).Open(t.Context(), "hub.example", "j1"); err != nil {
			t.Fatal(err)
		}
		for _, scope := range []simpul.Scope{simpul.AgencyScope("bkn.go.id"), simpul.PublicScope()} {
			err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				if _, err := readKey(t.Context(), tx, "j1"); err == nil {
					t.Errorf("%q reads the key", scope.Key())
				}
				if all, err := listVerifiers(t.Context(), tx); err == nil {
					t.Errorf("%q lists %v", scope.Key(), all)
				}
				if _, _, err := readHead(t.Context(), tx, "j1"); err == nil {
					t.Errorf("%q reads the head", scope.Key())
				}
				if err := noteHead(t.Context(), tx, "j1", 9, ""); err == nil {
					t.Errorf("%q moves the head", scope.Key())
				}
				if err := insertKey(t.Context(), tx, storedKey{journal: "j2", origin: "x"}); err == nil {
					t.Errorf("%q adds a key", scope.Key())
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}
