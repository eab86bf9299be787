package sqldb_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul/internal/platform/sqldb"
)

func TestARowComesBackAsItWas(t *testing.T) {
	row := sqldb.Row{nil, true, false, int64(0), int64(math.MinInt64), int64(math.MaxInt64), 2.5, "", "teks \x00\xff", []byte{}, []byte{0, 255}}
	packed, err := row.Pack(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sqldb.UnpackRow(packed, len(row))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(row, got); diff != "" {
		t.Error(diff)
	}
	for n := range packed {
		if _, err := sqldb.UnpackRow(packed[:n], len(row)); err == nil {
			t.Errorf("%d of %d bytes were taken for a row", n, len(packed))
		}
	}
	if _, err := (sqldb.Row{struct{}{}}).Pack(nil); err == nil {
		t.Error("a value of no kind was packed")
	}
}

func TestASumDoesNotDependOnTheOrder(t *testing.T) {
	var a, b, c sqldb.Sum
	for _, row := range []string{"satu", "dua", "dua", "tiga"} {
		a.Add([]byte(row))
	}
	for _, row := range []string{"tiga", "dua", "satu", "dua"} {
		b.Add([]byte(row))
	}
	for _, row := range []string{"tiga", "dua", "satu", "satu"} {
		c.Add([]byte(row))
	}
	if a != b || a == c {
		t.Errorf("%x, %x, %x", a, b, c)
	}
}

func FuzzUnpackRow(f *testing.F) {
	packed, _ := sqldb.Row{nil, int64(-7), "teks", []byte{1}, 1.5, true}.Pack(nil)
	f.Add(packed, 6)
	f.Add([]byte{5, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, 1)
	f.Fuzz(func(t *testing.T, b []byte, columns int) {
		row, err := sqldb.UnpackRow(b, columns)
		if err != nil {
			return
		}
		again, err := row.Pack(nil)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := sqldb.UnpackRow(again, columns); err != nil || len(back) != len(row) || len(again) > len(b) && !bytes.Equal(again, b) {
			t.Errorf("%x reads as %v, which is written %x", b, row, again)
		}
	})
}
