package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// fakeVault binds what it seals to the place, and is as much longer as the vault.
type fakeVault struct{}

func (fakeVault) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	place := sha256.Sum256([]byte(table + row + column))
	sealed := append(place[:], 1)
	for _, c := range plaintext {
		sealed = append(sealed, ^c)
	}
	return sealed, nil
}

func (v fakeVault) Open(sealed []byte, table, row, column string) ([]byte, error) {
	place := sha256.Sum256([]byte(table + row + column))
	if !bytes.HasPrefix(sealed, append(place[:], 1)) {
		return nil, errors.New("altered")
	}
	var plaintext []byte
	for _, c := range sealed[33:] {
		plaintext = append(plaintext, ^c)
	}
	return plaintext, nil
}

// march is when delivery(0) was opened.
var march = time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)

func loadedKeys(t testing.TB, db *sqldb.DB, now time.Time) *Keys {
	t.Helper()
	k := NewKeys(db, fakeVault{}, clock.Fixed(now))
	if err := k.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

// personalDelivery is an exchange with everything that is sealed.
func personalDelivery() *simpul.Exchange {
	x := delivery(0)
	x.Consumer.Subject = "198501012010011001"
	x.Case = "SK-12/2026 \"segera\""
	x.Persons = []simpul.Pseudonym{"2026-03:W3kqW3kqW3kqW3kqW3kqWw", "2026-03:AAAAAAAAAAAAAAAAAAAAAA"}
	x.Unnamed = 2
	x.FieldRoot = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	x.FieldKey = "c2VjcmV0LW9mLXRoZS1maWVsZHM"
	x.DigestKey = simpul.DigestKey([]byte("key of a digest!"))
	x.RequestDigest, x.ResponseDigest = x.DigestKey.Request([32]byte{1}), x.DigestKey.Response([32]byte{2})
	return x
}

// payloads records the exchanges and returns what stands in the journal.
func payloads(t testing.TB, keys *Keys, all ...*simpul.Exchange) []string {
	t.Helper()
	j := openTest(t, t.TempDir(), Options{open: openUnsynced})
	r := NewRecorder(j, keys, nil)
	for _, x := range all {
		if err := r.Seal(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(t, j, 1)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func withoutPersonal(x simpul.Exchange) simpul.Exchange {
	x.Consumer.Subject, x.Case, x.Persons, x.FieldKey, x.DigestKey = "", "", nil, "", simpul.DigestKey{}
	return x
}

func decoded(t testing.TB, payload string) Record {
	t.Helper()
	r, err := DecodeRecord([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsPersonalStandsSealed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		keys := loadedKeys(t, db, march)
		for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas, simpul.Tertutup, ""} {
			x := personalDelivery()
			x.Class = class
			payload := payloads(t, keys, x)[0]
			for _, secret := range []string{x.Consumer.Subject, "segera", "W3kq", x.FieldKey, "a2V5IG9mIGEgZGlnZXN0IQ", `"subject"`, `"case"`, `"persons"`, `"field_key"`, `"digest_key"`} {
				if strings.Contains(payload, secret) {
					t.Errorf("%s stands in the clear: %s", secret, payload)
				}
			}
			r := decoded(t, payload)
			want := withoutPersonal(*x)
			if diff := cmp.Diff(want, r.Exchange); diff != "" {
				t.Errorf("the clear part\n%s", diff)
			}
			if key := keyID(class, monthOf(march)); r.Personal.Key != key {
				t.Errorf("sealed with %q, want %q", r.Personal.Key, key)
			}
			if err := keys.Open(&r); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(*x, r.Exchange); diff != "" {
				t.Errorf("opened\n%s", diff)
			}
			text, err := keys.OpenPersonal([]byte(payload))
			if want := `{"subject":"198501012010011001","case":"SK-12/2026 \"segera\"","persons":"2026-03:W3kqW3kqW3kqW3kqW3kqWw 2026-03:AAAAAAAAAAAAAAAAAAAAAA","field_key":"c2VjcmV0LW9mLXRoZS1maWVsZHM","digest_key":"a2V5IG9mIGEgZGlnZXN0IQ"}`; text != want || err != nil {
				t.Errorf("%s, %v", text, err)
			}
		}
	})
}

func TestARecordWithNothingPersonalHasNoBox(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	payload := payloads(t, keys, delivery(0))[0]
	if strings.Contains(payload, "personal") {
		t.Error(payload)
	}
	r := decoded(t, payload)
	if err := keys.Open(&r); err != nil {
		t.Error(err)
	}
	if _, _, ok := keys.Erased([]byte(payload)); ok {
		t.Error("nothing was sealed, and it is erased")
	}
	if text, err := keys.OpenPersonal([]byte(payload)); text != "" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// Without keys nothing personal is recorded, above all not the key of the fields.
func TestWithoutKeysNothingPersonalIsRecorded(t *testing.T) {
	x := personalDelivery()
	payload := payloads(t, nil, x)[0]
	if diff := cmp.Diff(withoutPersonal(*x), decoded(t, payload).Exchange); diff != "" || strings.Contains(payload, "personal") {
		t.Errorf("%s\n%s", payload, diff)
	}
}

// Records from before there were keys are read as they were written.
func TestOldRecordsAreReadInTheClear(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	r := decoded(t, `{"kind":"sealed","id":"a","subject":"s","case":"c","persons":"p q","field_key":"k"}`)
	if err := keys.Open(&r); err != nil || r.Exchange.Consumer.Subject != "s" || r.Exchange.Case != "c" || len(r.Exchange.Persons) != 2 || r.Exchange.FieldKey != "k" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestASealedPartOpensInItsOwnRecordOnly(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	payload := payloads(t, keys, personalDelivery())[0]
	for name, change := range map[string]func(*Record){
		"another exchange": func(r *Record) { r.Exchange.ID = delivery(1).ID },
		"another month":    func(r *Record) { r.Personal.Key = "tertutup/2026-04" },
		"another class":    func(r *Record) { r.Personal.Key = "terbatas/2026-03" },
		"a bit":            func(r *Record) { b := []byte(r.Personal.Box); b[70] ^= 1; r.Personal.Box = string(b) },
		"cut":              func(r *Record) { r.Personal.Box = r.Personal.Box[:40] },
		"not base64":       func(r *Record) { r.Personal.Box = "%%%" },
		"another version":  func(r *Record) { r.Personal.Box = "_" + r.Personal.Box[1:] },
	} {
		r := decoded(t, payload)
		change(&r)
		if err := keys.Open(&r); simpul.CodeOf(err) != simpul.CodeInternal || r.Exchange.Consumer.Subject != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := decoded(t, payload)
	r.Personal.Key = "tertutup/2020-01"
	if err := keys.Open(&r); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Errorf("a key that never was: %v", err)
	}
}

// Every bit of a box matters.
func TestEveryByteOfABoxFlipped(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	r := decoded(t, payloads(t, keys, personalDelivery())[0])
	box, err := r.Personal.unbox()
	if err != nil {
		t.Fatal(err)
	}
	key := keys.ring.Load().keys[r.Personal.Key]
	bound := appendAssociated(nil, r.Exchange.ID, key.id)
	for i := range box {
		b := bytes.Clone(box)
		b[i] ^= 1
		if _, err := key.open(b, bound); err == nil {
			t.Errorf("byte %d", i)
		}
	}
	if _, err := key.open(box, bound); err != nil {
		t.Error(err)
	}
}

// Several gateways start at once on one database: each opens what any other sealed.
func TestProcessesShareKeys(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		var nodes [6]*Keys
		var wg sync.WaitGroup
		for i := range nodes {
			nodes[i] = NewKeys(db, fakeVault{}, clock.Fixed(march))
			wg.Go(func() {
				if err := nodes[i].Load(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, one := range nodes {
			payload := payloads(t, one, personalDelivery())[0]
			for j, other := range nodes {
				r := decoded(t, payload)
				if err := other.Open(&r); err != nil {
					t.Errorf("%d opens what %d sealed: %v", j, i, err)
				}
			}
		}
		if got := dump(t, db, "evidence_key", "id"); !cmp.Equal(got, []string{"terbatas/2026-03", "terbatas/2026-04", "terbuka/2026-03", "terbuka/2026-04", "tertutup/2026-03", "tertutup/2026-04"}) {
			t.Errorf("keys %q", got)
		}
	})
}

// A process that runs into the next month has its key already, and makes the one after.
func TestKeysAreMadeAhead(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		now := march
		keys := NewKeys(db, fakeVault{}, func() time.Time { return now })
		if err := keys.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		x := personalDelivery()
		x.OpenedAt = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		if p, err := keys.Seal(x); err != nil || p.Key != "tertutup/2026-04" {
			t.Errorf("%+v, %v", p, err)
		}
		now = x.OpenedAt
		other := loadedKeys(t, db, march) // a node that hears of it by the log
		if err := keys.tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.OpenedAt = time.Date(2026, 5, 31, 23, 59, 59, 0, time.UTC)
		p, err := keys.Seal(x)
		if err != nil || p.Key != "tertutup/2026-05" {
			t.Errorf("%+v, %v", p, err)
		}
		if err := other.Refresh(t.Context(), []sqldb.Revision{{Kind: "Grant", ID: "x"}}); err != nil {
			t.Fatal(err)
		}
		if err := other.Open(&Record{Exchange: *x, Personal: p}); simpul.CodeOf(err) != simpul.CodeUnavailable {
			t.Errorf("before the log: %v", err)
		}
		if err := other.Refresh(t.Context(), []sqldb.Revision{{Kind: revisionKey, ID: "tertutup/2026-05"}}); err != nil {
			t.Fatal(err)
		}
		if err := other.Open(&Record{Exchange: *x, Personal: p}); err != nil {
			t.Error(err)
		}
	})
}

func TestWithoutAnyKeyNothingIsServed(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	r := NewRecorder(j, NewKeys(nil, nil, clock.System), nil)
	if err := r.Open(t.Context(), personalDelivery()); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Error(err)
	}
	if err := r.Open(t.Context(), delivery(0)); err != nil { // nothing to seal
		t.Error(err)
	}
	if j.Last() != 1 {
		t.Errorf("%d records", j.Last())
	}
}

func TestKeysBelongToTheNation(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		loadedKeys(t, db, march)
		err := db.Write(t.Context(), simpul.AgencyScope(kemendagri), func(tx *sqldb.Tx) error {
			if all, err := listKeys(t.Context(), tx); len(all) != 0 || err != nil {
				t.Errorf("an agency sees %d keys, %v", len(all), err)
			}
			if all, err := knownKeys(t.Context(), tx); len(all) != 0 || err != nil {
				t.Errorf("an agency knows %d keys, %v", len(all), err)
			}
			if all, err := listEnds(t.Context(), tx); len(all) != 0 || err != nil {
				t.Errorf("an agency sees %d ends, %v", len(all), err)
			}
			if there, err := wipeKey(t.Context(), tx, "tertutup/2026-03"); there || err != nil {
				t.Errorf("an agency wiped a key: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		agency := simpul.Acting("t", simpul.RoleAdmin, kemendagri)
		if all, err := loadedKeys(t, db, march).List(t.Context(), agency); len(all) != 0 || err != nil {
			t.Errorf("an agency lists %d keys, %v", len(all), err)
		}
	})
}

func TestTendingStops(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	keys.Run(ctx, slog.New(slog.DiscardHandler))
}

// Sealing happens for every exchange of personal data.
func TestSealingHardlyAllocates(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	x := personalDelivery()
	s := &scratch{record: make([]byte, 0, usualRecord)}
	seal := func() {
		s.record = appendRecord(s.record[:0], Sealed, x)
		s.record, _ = keys.appendSealed(s.record, x, s)
	}
	seal()
	if n := testing.AllocsPerRun(100, seal); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzOpenPersonal(f *testing.F) {
	keys := loadedKeys(f, testkit.SQLite(f), march)
	p, err := keys.Seal(personalDelivery())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"kind":"sealed","id":"` + string(delivery(0).ID) + `","personal":"` + p.Box + `","personal_key":"` + p.Key + `"}`)
	f.Add(`{"kind":"sealed","personal":"AQ","personal_key":"terbuka/2026-03"}`)
	f.Fuzz(func(t *testing.T, payload string) {
		text, err := keys.OpenPersonal([]byte(payload))
		if err != nil && text != "" {
			t.Errorf("%q beside %v", text, err)
		}
	})
}

func FuzzParseKeyID(f *testing.F) {
	f.Add("terbatas/2026-11")
	f.Add("terbuka/0000-01")
	f.Fuzz(func(t *testing.T, id string) {
		class, month, ok := parseKeyID(id)
		if ok && keyID(class, month) != id {
			t.Errorf("%q is read as %q", id, keyID(class, month))
		}
	})
}
