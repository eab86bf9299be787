package simpul_test

import (
	"testing"

	"simpul"
)

func TestFieldsAreJudgedByTheirNames(t *testing.T) {
	for path, want := range map[string]simpul.FieldKind{
		"nik": simpul.PersonalField, "items.nama": simpul.PersonalField, "items.nomorKK": simpul.PersonalField, "tanggal_lahir": simpul.PersonalField,
		"kode_kabupaten": simpul.RegionalField, "items.kodeWilayah": simpul.RegionalField, "provinsi": simpul.RegionalField, "items.nama-provinsi": simpul.RegionalField, "provinsi_nama": simpul.RegionalField,
		"kotak": simpul.PlainField, "wilayah.total": simpul.PlainField, "jumlah": simpul.PlainField, "teknik": simpul.PlainField, "": simpul.PlainField, "a.": simpul.PlainField, "__": simpul.PlainField,
	} {
		if got := simpul.KindOfField(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}
