package standard_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

// What is exported can be imported, and is then the same.
func TestFilesGoThereAndBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		odd := []standard.Code{code("1", `=HYPERLINK("x")`, ""), code("2", "'=a", ""), during(code("3", `Kata "kutip", koma`, "1"), "2020-01-01", "2021-01-01"), code("4", "'biasa", "")}
		odd[0].Name.EN, odd[0].Notes = "+1", "@SUM\nbaris dua"
		r.put(t, steward, "aneh", listSpec(kemendagri, odd))
		for _, list := range []string{"aneh", string(standard.Kemendagri)} {
			before, err := r.lists.Get(t.Context(), steward, list)
			if err != nil {
				t.Fatal(err)
			}
			for _, format := range []standard.Format{standard.CSV, standard.SDMX} {
				var file bytes.Buffer
				if err := r.lists.Export(t.Context(), public, list, format, &file); err != nil {
					t.Fatal(err)
				}
				if format == standard.CSV && strings.Contains(file.String(), "\n1,,=") {
					t.Errorf("a formula left: %s", file.String())
				}
				done, err := r.lists.Import(t.Context(), steward, list, format, &file, false)
				if err != nil || done.Rows != len(before.Spec.Codes) || done.Before != done.Rows || !done.Stored {
					t.Fatalf("%s as %s: %+v, %v", list, format, done, err)
				}
				after, err := r.lists.Get(t.Context(), steward, list)
				if diff := cmp.Diff(before.Spec, after.Spec); err != nil || diff != "" {
					t.Errorf("%s as %s: %v (-before +after)\n%s", list, format, err, diff)
				}
			}
		}
	})
}

func TestFilesThatAreRefused(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := furnished(t, db)
		const list = string(standard.Kemendagri)
		before, err := r.lists.Get(t.Context(), steward, list)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			format standard.Format
			file   string
			place  string
		}{
			{"empty", standard.CSV, "", "line 1"},
			{"without names", standard.CSV, "code\n1\n", "line 1, column name_id"},
			{"an unknown column", standard.CSV, "code,name_id,warna\n", "line 1, column warna"},
			{"a column twice", standard.CSV, "code,name_id,code\n", "line 1, column code"},
			{"a short row", standard.CSV, "code,name_id\n1,a\n2\n", "line 3"},
			{"a quote that does not end", standard.CSV, "code,name_id\n1,\"a\n", "line 2"},
			{"a formula", standard.CSV, "code,name_id\n1,a\n2,=1+1\n", "line 3, column name_id"},
			{"a formula as code", standard.CSV, "code,name_id\n-1,a\n", "line 2, column code"},
			{"one code twice", standard.CSV, "code,name_id,from,until\n1,a,,\n1,b,2020-01-01,\n", "line 3, column from"},
			{"no such day", standard.CSV, "code,name_id,from\n1,a,2020-13-01\n", "line 2, column from"},
			{"no name", standard.CSV, "code,name_id\n1,\n", "line 2, column name_id"},
			{"not UTF-8", standard.CSV, "code,name_id\n1,a\xff\n", "line 2, column name_id"},
			{"a code that the history needs is gone", standard.CSV, "code,name_id\n1,a\n", "spec.successions[0].from"},
			{"not JSON", standard.SDMX, "kode", "byte 1"},
			{"two documents", standard.SDMX, `{"data":{"codelists":[{"codes":[]}]}} {}`, "body"},
			{"no list", standard.SDMX, `{"data":{}}`, "data.codelists"},
			{"a number as code", standard.SDMX, `{"data":{"codelists":[{"codes":[{"id":1}]}]}}`, "data.codelists[0].codes[0].id"},
			{"no name in JSON", standard.SDMX, `{"data":{"codelists":[{"codes":[{"id":"1"}]}]}}`, "data.codelists[0].codes[0].name"},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := r.lists.Import(t.Context(), steward, list, c.format, strings.NewReader(c.file), false)
				checkRefusal(t, err, simpul.CodeInvalid, c.place)
			})
		}
		dry, err := r.lists.Import(t.Context(), steward, string(standard.BPS), standard.CSV, strings.NewReader("code,name_id\n1,a\n"), true)
		if simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("%+v, %v", dry, err)
		}
		after, err := r.lists.Get(t.Context(), steward, list)
		if diff := cmp.Diff(before, after); err != nil || diff != "" {
			t.Errorf("something was half applied: %v %s", err, diff)
		}
	})
}

func FuzzImportOfCodes(f *testing.F) {
	for _, seed := range []string{"code,name_id\n1,a\n", "\ufeffcode,name_id,from,until,parent,name_en,notes\n1,\"a\",2020-01-01,,,b,c\n", `{"data":{"codelists":[{"codes":[{"id":"1","name":"a","annotations":[{"type":"validFrom","text":"2020-01-01"}]}]}]}}`} {
		f.Add(seed)
	}
	r := newRoom(f, testkit.SQLite(f))
	r.put(f, steward, "fuzz", listSpec(kemendagri, []standard.Code{code("1", "a", "")}))
	f.Fuzz(func(t *testing.T, file string) {
		for _, format := range []standard.Format{standard.CSV, standard.SDMX} {
			_, err := r.lists.Import(t.Context(), steward, "fuzz", format, strings.NewReader(file), true)
			if code := simpul.CodeOf(err); code != "" && code != simpul.CodeInvalid && code != simpul.CodeTooLarge {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}

// All villages, with what is above them, load and can be walked. The figures
// are reported; only the number of rows is held.
func TestAllVillages(t *testing.T) {
	if testing.Short() {
		t.Skip("91,599 rows")
	}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, steward, "desa", listSpec(kemendagri, nil))
		file, rows := villages()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		begun := time.Now()
		done, err := r.lists.Import(t.Context(), steward, "desa", standard.CSV, strings.NewReader(file), false)
		runtime.ReadMemStats(&after)
		if err != nil || done.Rows != rows {
			t.Fatalf("%+v, %v, want %d", done, err, rows)
		}
		t.Logf("%d rows of %d bytes in %v; %d MB allocated in all, heap grew by %d MB", rows, len(file), time.Since(begun), (after.TotalAlloc-before.TotalAlloc)>>20, (int64(after.HeapInuse)-int64(before.HeapInuse))>>20)
		begun = time.Now()
		page, err := r.lists.Codes(t.Context(), public, "desa", standard.CodeQuery{Parent: "11.01.01", Limit: 100})
		if err != nil || len(page) != 12 {
			t.Errorf("%d, %v", len(page), err)
		}
		t.Logf("a page of the tree in %v", time.Since(begun))
		begun = time.Now()
		page, err = r.lists.Codes(t.Context(), public, "desa", standard.CodeQuery{Text: "desa 83000", Limit: 100})
		if err != nil || len(page) != 1 {
			t.Errorf("%d, %v", len(page), err)
		}
		t.Logf("a search among all in %v", time.Since(begun))
		stored, err := r.lists.Get(t.Context(), public, "desa")
		if err != nil || stored.Spec.Codes != nil || stored.Spec.Count != rows {
			t.Errorf("%d codes inline of %d, %v", len(stored.Spec.Codes), stored.Spec.Count, err)
		}
	})
}

// villages writes a file as large as the nation: 38 provinces, 514 regencies,
// 7,285 districts and 83,763 villages.
func villages() (file string, rows int) {
	var b strings.Builder
	b.WriteString("code,parent,name_id\n")
	add := func(code, parent, name string) {
		fmt.Fprintf(&b, "%s,%s,%s\n", code, parent, name)
		rows++
	}
	districts := make([]string, 0, 7285)
	for i := range 38 {
		add(fmt.Sprint(11+i), "", fmt.Sprint("Provinsi ", i))
	}
	for i := range 514 {
		parent := fmt.Sprint(11 + i%38)
		add(fmt.Sprintf("%s.%02d", parent, 1+i/38), parent, fmt.Sprint("Kabupaten ", i))
	}
	for i := range 7285 {
		parent := fmt.Sprintf("%d.%02d", 11+i%514%38, 1+i%514/38)
		districts = append(districts, fmt.Sprintf("%s.%02d", parent, 1+i/514))
		add(districts[i], parent, fmt.Sprint("Kecamatan ", i))
	}
	for i := range 83763 {
		parent := districts[i%7285]
		add(fmt.Sprintf("%s.%04d", parent, 2001+i/7285), parent, fmt.Sprint("Desa ", i))
	}
	return b.String(), rows
}

// All mistakes of a file are told at once, each with its line, and nothing is
// applied.
func TestAllMistakesAreTold(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, steward, "daftar", listSpec(kemendagri, []standard.Code{code("1", "a", "")}))
		many := "code,name_id\n" + strings.Repeat("-,x\n", 150)
		for _, c := range []struct {
			name   string
			format standard.Format
			file   string
			want   []string // places
		}{
			{"rows that are none, and formulas", standard.CSV, "code,name_id\n1,a\n2\n3,=1\n4,b,c\n5,e\n", []string{"line 3", "line 4, column name_id", "line 5"}},
			{"codes that are none", standard.CSV, "code,name_id,from\n!,a,\n2,,\n3,c,kapan\n4,d,\n", []string{"line 2, column code", "line 3, column name_id", "line 4, column from"}},
			{"overlaps and parents", standard.CSV, "code,name_id,parent\n1,a,\n1,b,\n2,c,9\n3,d,8\n", []string{"line 3, column from", "line 4, column parent", "line 5, column parent"}},
			{"in JSON", standard.SDMX, `{"data":{"codelists":[{"codes":[{"id":"!","name":"a"},{"id":"2","name":"b"},{"id":"3"}]}]}}`, []string{"data.codelists[0].codes[0].code", "data.codelists[0].codes[2].name"}},
			{"too many to tell", standard.CSV, many, nil},
		} {
			_, err := r.lists.Import(t.Context(), steward, "daftar", c.format, strings.NewReader(c.file), false)
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeInvalid {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			var got []string
			for _, f := range e.Faults {
				got = append(got, f.Place)
			}
			if c.want == nil && len(got) != simpul.MostFaults || c.want != nil && !cmp.Equal(c.want, got) {
				t.Errorf("%s: got %q", c.name, got)
			}
		}
		stored, err := r.lists.Get(t.Context(), steward, "daftar")
		if err != nil || stored.Spec.Count != 1 {
			t.Errorf("something was applied: %+v, %v", stored.Spec.Count, err)
		}
		forms := "id,nama,akses_umum\nBesar,a,ya\nb-1,b,entah\nb-2,c,ya\nb-2,d,ya\nb-3\n"
		_, err = r.metadata.ImportForms(t.Context(), steward, standard.Variable, kemendagri, standard.CSV, strings.NewReader(forms), false)
		e, _ := errors.AsType[*simpul.Error](err)
		if e == nil || len(e.Faults) != 4 || e.Faults[0].Place != "line 2, column id" || e.Faults[3].Place != "line 6" {
			t.Errorf("forms: %+v", e)
		}
		if all, err := r.metadata.List(t.Context(), steward, httpapi.Page{Limit: 10}); err != nil || len(all) != 0 {
			t.Errorf("forms were stored: %v, %v", all, err)
		}
	})
}
