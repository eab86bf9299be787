package evidence

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// A removal that is interrupted anywhere loses nothing that was not to go, and is
// finished by the next one.
func TestRemovalUnderFaults(t *testing.T) {
	full, broken := syscall.ENOSPC, syscall.EIO
	onNote := func(path string) bool { return strings.Contains(path, removalFile) }
	for name, fail := range map[string]func(*disk, *Options){
		"no space for the note": func(d *disk, _ *Options) {
			d.onWrite = func(b []byte) (int, error) { return min(len(b), 4), full }
		},
		"the note cannot be made": func(d *disk, _ *Options) {
			d.onOpen = func(path string, flag int) error {
				if onNote(path) {
					return full
				}
				return nil
			}
		},
		"the note cannot be synced": func(d *disk, _ *Options) {
			d.onSync = func(path string) error {
				if onNote(path) {
					return broken
				}
				return nil
			}
		},
		"the folder cannot be synced": func(d *disk, _ *Options) {
			d.onSync = func(path string) error {
				if !onNote(path) {
					return broken
				}
				return nil
			}
		},
		"the note cannot be renamed": func(_ *disk, o *Options) { o.rename = func(string, string) error { return broken } },
	} {
		t.Run(name, func(t *testing.T) {
			db := testkit.SQLite(t)
			d := newDisk()
			a := newAged(t, Options{open: d.open})
			a.record(t, simpul.Terbuka, 10)
			d.set(func(d *disk) { fail(d, &a.j.options) })
			c := a.cleanerAt(db, march.AddDate(0, 0, 34))
			if _, err := c.Clean(t.Context()); simpul.CodeOf(err) != simpul.CodeUnavailable {
				t.Fatalf("cleaned: %v", err)
			}
			d.heal()
			a.reopen(t)
			if _, last := sequencesFrom(t, a.j); last != 10 {
				t.Errorf("last is %d", last)
			}
			c = a.cleanerAt(db, march.AddDate(0, 0, 34))
			wantCleaned(t, c, len(a.segments(t))-3)
			if err := c.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff([]uint64{4, 7, 10}, a.segments(t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Killed between the note and the files: what is left of the removed part is not read
// any more, and goes with the next removal.
func TestRemovalKilledBeforeTheFilesWent(t *testing.T) {
	db := testkit.SQLite(t)
	a := newAged(t, Options{open: openUnsynced})
	a.record(t, simpul.Terbuka, 10)
	r := Removal{Journal: a.j.ID().String(), Through: 6, At: march}
	if err := a.cleanerAt(db, march).signOff(t.Context(), r, 2); err != nil {
		t.Fatal(err)
	}
	if err := writeRemoval(a.j.options, a.j.dir, r); err != nil {
		t.Fatal(err)
	}
	a.reopen(t)
	if first, last := sequencesFrom(t, a.j); first != 7 || last != 10 {
		t.Errorf("from %d to %d", first, last)
	}
	wantCleaned(t, a.cleanerAt(db, march.AddDate(0, 0, 1)), 2) // nothing more is over
	if diff := cmp.Diff([]uint64{7, 10}, a.segments(t)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryByteOfTheNoteFlipped(t *testing.T) {
	r := Removal{Journal: "00112233445566778899aabbccddeeff", Through: 12, At: march, Days: map[string]int{"terbuka": 730, "tertutup": 3650}}
	b, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parseRemoval(b); err != nil || !cmp.Equal(got, r) {
		t.Fatalf("%+v, %v", got, err)
	}
	for i := range b {
		for _, bits := range []byte{0x01, 0x20, 0xff} {
			flipped := bytes.Clone(b)
			flipped[i] ^= bits
			if _, err := parseRemoval(flipped); err == nil {
				t.Errorf("byte %d ^ %x is read: %q", i, bits, flipped)
			}
		}
		if _, err := parseRemoval(b[:i]); err == nil {
			t.Errorf("cut at %d is read", i)
		}
	}
	a := newAged(t, Options{open: openUnsynced})
	a.record(t, simpul.Terbuka, 4)
	a.j.Close()
	b[30] ^= 1
	os.WriteFile(filepath.Join(a.data, "evidence", removalFile), b, 0o600)
	_, err = OpenJournal(a.data, a.o)
	if d, ok := errors.AsType[*DamageError](err); !ok || d.File != removalFile {
		t.Errorf("opened over a damaged note: %v", err)
	}
	if _, err := ReadRemoval(a.data); err == nil {
		t.Error("read")
	}
}

func FuzzParseRemoval(f *testing.F) {
	b, _ := Removal{Journal: "a", Through: 1, At: march, Days: map[string]int{"terbuka": 1}}.encode()
	f.Add(b)
	f.Add([]byte("simpul-removed/1 00000000 {}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := parseRemoval(b); err == nil {
			if again, err := r.encode(); err != nil || !bytes.Equal(again, b) {
				t.Errorf("%q is read as %q", b, again)
			}
		}
	})
}

func TestRemovalsBelongToTheNation(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), simpul.AgencyScope(kemendagri), func(tx *sqldb.Tx) error {
			if err := putRemoval(t.Context(), tx, Removal{Journal: "j", Through: 3}); !errors.Is(err, sqldb.ErrScope) {
				t.Errorf("an agency signed off: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		err = within(t, db, func(tx *sqldb.Tx) error {
			for _, through := range []uint64{5, 3} {
				if err := putRemoval(t.Context(), tx, Removal{Journal: "j", Through: through, At: march}); err != nil {
					return err
				}
			}
			n, err := storedRemoval(t.Context(), tx, "j")
			if n != 5 {
				t.Errorf("stored %d", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
