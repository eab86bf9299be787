package vault_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"simpul/internal/platform/vault"
)

func TestSealedValueOpensInItsPlace(t *testing.T) {
	v := open(t, keyFile(t))
	for name, plaintext := range map[string]string{
		"text":   "budi@bandungkota.go.id",
		"empty":  "",
		"binary": "\x00\xff\x01\x00",
		"long":   strings.Repeat("x", 1<<20),
	} {
		sealed := seal(t, v, plaintext)
		wantOpen(t, v, sealed, plaintext)
		if len(sealed) != len(plaintext)+33 {
			t.Errorf("%s: %d bytes became %d", name, len(plaintext), len(sealed))
		}
		if len(plaintext) > 8 && bytes.Contains(sealed, []byte(plaintext[:8])) {
			t.Errorf("%s: stands in clear", name)
		}
		if bytes.Equal(sealed, seal(t, v, plaintext)) {
			t.Errorf("%s: two seals are equal, which tells that the values are", name)
		}
	}
}

func TestSealedValueOpensNowhereElse(t *testing.T) {
	v := open(t, keyFile(t))
	sealed := seal(t, v, "rahasia")
	for name, place := range map[string]vault.Place{
		"other tenant":       {Tenant: "surabaya.go.id", Table: email.Table, Row: email.Row, Column: email.Column},
		"no tenant":          {Table: email.Table, Row: email.Row, Column: email.Column},
		"other table":        {Tenant: email.Tenant, Table: "identity_token", Row: email.Row, Column: email.Column},
		"other row":          {Tenant: email.Tenant, Table: email.Table, Row: "a2", Column: email.Column},
		"other column":       {Tenant: email.Tenant, Table: email.Table, Row: email.Row, Column: "phone"},
		"parts exchanged":    {Tenant: email.Tenant, Table: email.Table, Row: email.Column, Column: email.Row},
		"a boundary shifted": {Tenant: email.Tenant, Table: email.Table + "a", Row: "1", Column: email.Column},
		"nowhere":            {},
	} {
		plaintext, err := v.Open(sealed, place)
		if plaintext != nil {
			t.Errorf("%s: opened as %q", name, plaintext)
		}
		wantRefusal(t, err, vault.ErrAltered)
	}
}

func TestSealWantsAWholePlace(t *testing.T) {
	v := open(t, keyFile(t))
	for _, place := range []vault.Place{
		{}, {Tenant: "a.go.id"}, {Table: "t", Row: "r"}, {Table: "t", Column: "c"}, {Row: "r", Column: "c"},
	} {
		if _, err := v.Seal(nil, place); err == nil {
			t.Errorf("sealed for %+v, which many values share", place)
		}
	}
	if _, err := v.Seal(nil, vault.Place{Table: "t", Row: "r", Column: "c"}); err != nil {
		t.Errorf("the hub's own value: %v", err)
	}
}

func TestAlteredValueDoesNotOpen(t *testing.T) {
	v := open(t, keyFile(t))
	sealed := seal(t, v, "rahasia")
	for i := range sealed {
		if i >= 1 && i < 5 {
			continue // names the key; see TestUnknownKey
		}
		forged := bytes.Clone(sealed)
		forged[i] ^= 0x80
		_, err := v.Open(forged, email)
		wantRefusal(t, err, vault.ErrAltered)
	}
	for n := range len(sealed) {
		if _, err := v.Open(sealed[:n], email); err == nil {
			t.Errorf("opened from its first %d bytes", n)
		}
	}
	_, err := v.Open(append(sealed, 0), email)
	wantRefusal(t, err, vault.ErrAltered)
}

func TestUnknownKey(t *testing.T) {
	sealed := seal(t, open(t, keyFile(t)), "rahasia")
	_, err := open(t, keyFile(t)).Open(sealed, email)
	wantRefusal(t, err, vault.ErrUnknownKey)
	if strings.Contains(err.Error(), email.Row) {
		t.Errorf("%v names the row, whose key may be personal", err)
	}
}

func TestDigest(t *testing.T) {
	file := keyFile(t)
	v := open(t, file)
	digest := func(v *vault.Vault, value, purpose string) string {
		t.Helper()
		d, err := v.Digest(value, purpose)
		if err != nil || len(d) != 64 || strings.Trim(d, "0123456789abcdef") != "" {
			t.Fatalf("digest %q, %v", d, err)
		}
		return d
	}
	d := digest(v, "budi@a.go.id", "account.email")
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if digest(v, "budi@a.go.id", "account.email") != d {
		t.Error("after a rotation the value is not found again")
	}
	if digest(open(t, file), "budi@a.go.id", "account.email") != d {
		t.Error("after a restart the value is not found again")
	}
	for name, other := range map[string]string{
		"value":    digest(v, "ani@a.go.id", "account.email"),
		"purpose":  digest(v, "budi@a.go.id", "account.phone"),
		"boundary": digest(v, "lbudi@a.go.id", "account.emai"),
		"exchange": digest(v, "account.email", "budi@a.go.id"),
		"key file": digest(open(t, keyFile(t)), "budi@a.go.id", "account.email"),
	} {
		if other == d {
			t.Errorf("same digest for another %s", name)
		}
	}
}

// Whatever a careless line prints of a vault, it is not a key.
func TestVaultPrintsNoKey(t *testing.T) {
	file := keyFile(t)
	v := open(t, file)
	keys := keyMaterial(t, file)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, printed := range []string{fmt.Sprintf(verb, v), fmt.Sprintf(verb, v.Keys())} {
			for _, key := range keys {
				if strings.Contains(printed, key) {
					t.Errorf("%s prints a key", verb)
				}
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	v, err := vault.Open(f.TempDir() + "/keys.json")
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := v.Seal([]byte("rahasia"), email)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, {1}, sealed, sealed[:5], sealed[:20], append(bytes.Clone(sealed), 0), bytes.Repeat([]byte{1}, 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, forged []byte) {
		plaintext, err := v.Open(forged, email)
		if bytes.Equal(forged, sealed) {
			return
		}
		if err == nil {
			t.Fatalf("%x opens as %q", forged, plaintext)
		}
	})
}
