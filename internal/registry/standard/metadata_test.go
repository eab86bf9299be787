package standard_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/standard"
)

var producer = simpul.Acting("t-producer", simpul.RoleProducer, kemendagri)

// complete answers every required question of a form.
func complete(id standard.FormID) standard.MetadataSpec {
	values := map[string]string{}
	for _, q := range standard.FormOf(id).Questions() {
		if !q.Required {
			continue
		}
		switch q.Type {
		case standard.Choice:
			values[q.Key] = q.Choices[0]
		case standard.YesNo:
			values[q.Key] = "ya"
		case standard.Number:
			values[q.Key] = "2026"
		case standard.Date:
			values[q.Key] = "2026-11-25"
		default:
			values[q.Key] = "Isi " + q.Key
		}
	}
	return standard.MetadataSpec{Form: id, Agency: kemendagri, Values: values}
}

func TestTheLifeOfAForm(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		for _, form := range standard.FormIDs() {
			id := "isi-" + string(form)
			s := complete(form)
			whole := s.Values
			s.Values = map[string]string{}
			put := func(p simpul.Principal) error {
				t.Helper()
				_, err := r.metadata.Put(ctx, p, id, s, false)
				return err
			}
			take := func(p simpul.Principal, move standard.Move) error {
				t.Helper()
				_, err := r.metadata.Take(ctx, p, id, move, "")
				return err
			}
			if err := put(producer); err != nil {
				t.Fatal(err)
			}
			if err := take(producer, standard.Submit); simpul.CodeOf(err) != simpul.CodeConflict {
				t.Errorf("%s: an empty form was submitted: %v", form, err)
			}
			s.Values = whole
			if err := put(producer); err != nil {
				t.Fatal(err)
			}
			checkRefusal(t, take(stranger, standard.Submit), simpul.CodeNotFound, "")
			if err := take(producer, standard.Submit); err != nil {
				t.Fatal(err)
			}
			s.LID = "master/Kota"
			checkRefusal(t, put(producer), simpul.CodeConflict, "")
			checkRefusal(t, take(producer, standard.Accept), simpul.CodeDenied, "")
			_, err := r.metadata.Get(ctx, public, id)
			checkRefusal(t, err, simpul.CodeNotFound, "")
			if err := take(steward, standard.HandReturn); err != nil {
				t.Fatal(err)
			}
			if err := take(steward, standard.Submit); err != nil {
				t.Fatal(err)
			}
			checkRefusal(t, take(steward, standard.Accept), simpul.CodeDenied, "") // who submitted it
			if err := take(operator, standard.Accept); err != nil {
				t.Fatal(err)
			}
			got, err := r.metadata.Get(ctx, public, id)
			if err != nil || got.Spec.State != standard.MetadataApproved {
				t.Errorf("%+v, %v", got, err)
			}
			checkRefusal(t, r.metadata.Delete(ctx, stranger, id), simpul.CodeNotFound, "")
			if err := put(stranger); simpul.CodeOf(err) != simpul.CodeDenied {
				t.Errorf("a stranger wrote: %v", err)
			}
			if err := put(producer); err != nil {
				t.Fatal(err)
			}
			if _, err = r.metadata.Get(ctx, public, id); simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Error("a changed form stayed published")
			}
			if err := r.metadata.Delete(ctx, producer, id); err != nil {
				t.Fatal(err)
			}
		}
		all, err := r.metadata.List(ctx, operator, httpapi.Page{Limit: 10})
		if err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

func TestAnswersThatDoNotFit(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for key, value := range map[string]string{"tahun": "dua", "jenis": "rapat", "mulai": "kemarin", "uji_coba": "mungkin", "judul": "a\nb", "latar_belakang": "a\x00", "warna": "merah"} {
			s := complete(standard.Activity)
			s.Values[key] = value
			_, err := r.metadata.Put(t.Context(), producer, "x", s, false)
			checkRefusal(t, err, simpul.CodeInvalid, "spec.values."+key)
		}
		s := complete(standard.Activity)
		s.LID = "kota"
		_, err := r.metadata.Put(t.Context(), producer, "x", s, false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.values.lid")
		s = complete(standard.Activity)
		s.Form = "ms-xyz"
		_, err = r.metadata.Put(t.Context(), producer, "x", s, false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.form")
	})
}

func TestFilesOfForms(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		for i := range 3 {
			s := complete(standard.Variable)
			s.Values["definisi"] = `=HYPERLINK("x"), dan "kutip"`
			if _, err := r.metadata.Put(ctx, producer, fmt.Sprint("variabel-", i), s, false); err != nil {
				t.Fatal(err)
			}
		}
		before, err := r.metadata.List(ctx, producer, httpapi.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []standard.Format{standard.CSV, standard.JSONFile} {
			var file bytes.Buffer
			if err := r.metadata.ExportForms(ctx, producer, standard.Variable, format, &file); err != nil {
				t.Fatal(err)
			}
			if format == standard.CSV && strings.Contains(file.String(), `,"=HYP`) {
				t.Error("a formula left")
			}
			if format == standard.JSONFile {
				file = *bytes.NewBufferString(strings.ReplaceAll(file.String(), `"=HYP`, `"'=HYP`))
				continue
			}
			done, err := r.metadata.ImportForms(ctx, producer, standard.Variable, kemendagri, format, &file, false)
			if err != nil || done.Rows != 3 {
				t.Fatalf("%+v, %v", done, err)
			}
			after, err := r.metadata.List(ctx, producer, httpapi.Page{Limit: 10})
			if diff := cmp.Diff(before, after); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		}
		for _, c := range []struct {
			format standard.Format
			file   string
			place  string
		}{
			{standard.CSV, "id,nama\nbaru,a\nbaru-2,=1\n", "line 3, column nama"},
			{standard.CSV, "id,nama,akses_umum\nbaru,a,ya\nbaru-2,b,entah\n", "line 3, column akses_umum"},
			{standard.CSV, "id,nama\nbaru,a\nbaru,b\n", "line 3, column id"},
			{standard.CSV, "id,nama\nBaru,a\n", "line 2, column id"},
			{standard.CSV, "id,lid\nbaru,kota\n", "line 2, column lid"},
			{standard.CSV, "nama\na\n", "line 1, column id"},
			{standard.JSONFile, `{"items":[{"id":"baru","values":{"nama":"a"}},{"id":"baru-2","values":{"nama":"=1"}}]}`, "items[1].nama"},
			{standard.JSONFile, `{"items":[{"id":"baru","values":{"warna":"a"}}]}`, "items[0].warna"},
			{standard.JSONFile, `{"items":[{"id":"baru","x":1}]}`, "body"},
			{standard.JSONFile, `{"items":[]} {}`, "body"},
			{standard.JSONFile, `[]`, "body"},
			{standard.JSONFile, ``, "body"},
		} {
			_, err := r.metadata.ImportForms(ctx, producer, standard.Variable, kemendagri, c.format, strings.NewReader(c.file), false)
			checkRefusal(t, err, simpul.CodeInvalid, c.place)
		}
		if _, err := r.metadata.ImportForms(ctx, stranger, standard.Variable, kemendagri, standard.CSV, strings.NewReader("id,nama\nbaru,a\n"), false); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("into another agency: %v", err)
		}
		if _, err := r.metadata.ImportForms(ctx, stranger, standard.Variable, bps, standard.CSV, strings.NewReader("id,nama\nvariabel-1,a\n"), false); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("over another agency's draft: %v", err)
		}
		after, err := r.metadata.List(ctx, operator, httpapi.Page{Limit: 10})
		if diff := cmp.Diff(before, after); err != nil || diff != "" {
			t.Errorf("something was half applied: %v %s", err, diff)
		}
		var theirs bytes.Buffer
		if err := r.metadata.ExportForms(ctx, stranger, standard.Variable, standard.JSONFile, &theirs); err != nil || theirs.String() != `{"items":[]}` {
			t.Errorf("a stranger gets %s, %v", theirs.String(), err)
		}
	})
}

func FuzzImportOfForms(f *testing.F) {
	f.Add("id,nama\na,b\n")
	f.Add(`{"items":[{"id":"a","lid":"master/Kota","values":{"nama":"b"}}]}`)
	r := newRoom(f, testkit.SQLite(f))
	f.Fuzz(func(t *testing.T, file string) {
		for _, format := range []standard.Format{standard.CSV, standard.JSONFile} {
			_, err := r.metadata.ImportForms(t.Context(), producer, standard.Variable, kemendagri, format, strings.NewReader(file), true)
			if code := simpul.CodeOf(err); code != "" && code != simpul.CodeInvalid && code != simpul.CodeTooLarge {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}
