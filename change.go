package simpul

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Changed reports whether the hub changes answers of the service. It holds for a
// nil Delivery too, as Kept does.
func (d *Delivery) Changed() bool { return d != nil && len(d.Changes) > 0 }

// Kept reports whether the hub may give an answer again.
func (d *Delivery) Kept() bool { return d != nil && d.Cache != nil }

// Texts within answers of which fields are selected, or that are changed, in bytes
// as sent: the hub holds one whole.
const (
	usualText   = 1 << 20
	longestText = 16 << 20 // a scanned document of 12 MiB in base64 fits
)

// LongestText is the longest text in an answer of the service that the hub goes
// through: the usual one, or what a provider's own bound of answers says, in whole
// MiB. It holds for a nil Delivery too.
func (d *Delivery) LongestText() int64 {
	if d == nil {
		return usualText
	}
	return min(max(d.MaxAnswerBytes>>20<<20, usualText), longestText)
}

// CheckShape refuses what a hub could not carry out of how answers are changed
// and kept. Places are relative to the delivery.
func (d Delivery) CheckShape(class LIDClass) error {
	if err := d.Cache.check(class); err != nil {
		return err
	}
	return CheckChanges(d.Changes)
}

// check refuses to keep what the law wants nobody to have a second copy of.
func (f *Freshness) check(class LIDClass) error {
	switch {
	case f == nil:
		return nil
	case class == Tertutup:
		return Invalid("cache",
			Text{"Jawaban LID tertutup tidak disimpan hub.", "The hub keeps no answers of a closed LID."},
			Text{"Hapus cache, atau simpan di layanan Anda sendiri.", "Remove cache, or keep answers in your own service."})
	case f.Shared && class != Terbuka:
		return Invalid("cache.shared",
			Text{"Hanya jawaban LID terbuka yang boleh dipakai bersama beberapa izin.", "Only answers of an open LID may serve several grants."},
			Text{"Hapus shared; setiap izin lalu punya simpanannya sendiri.", "Remove shared; each grant then has its own."})
	}
	return nil
}

// CheckChanges refuses changes of which two cannot both be meant, or one cannot.
func CheckChanges(changes []Change) error {
	c := changeChecker{seen: map[string]*changedField{}, taken: map[string]bool{}}
	for i, change := range changes {
		if err := c.check(change); err != nil {
			return under(fmt.Sprintf("changes[%d]", i), err)
		}
	}
	return c.below(changes)
}

func under(place string, err error) error {
	e, ok := err.(*Error)
	if !ok || e.Place == "" {
		return At(place, err)
	}
	return At(place+"."+e.Place, err)
}

type changedField struct{ renamed, dropped, converted bool }

type changeChecker struct {
	seen  map[string]*changedField
	taken map[string]bool // path of an object and a new name in it
}

func (c *changeChecker) check(change Change) error {
	if change.Field == "" || (FieldSet{}).add(change.Field) != nil {
		return Invalid("field",
			Text{"Kolom \"" + change.Field + "\" tidak sah.", "Field \"" + change.Field + "\" is not valid."},
			Text{"Tulis nama anggota dipisah titik, misalnya items.kd_kab.", "Write the names of members with dots between, such as items.kd_kab."})
	}
	before := c.seen[change.Field]
	if before == nil {
		before = &changedField{}
		c.seen[change.Field] = before
	}
	if before.dropped || change.Drop && (before.renamed || before.converted) {
		return Invalid("field",
			Text{"Kolom " + change.Field + " dihilangkan, jadi tidak dapat diubah juga.", "Field " + change.Field + " is left out, so it cannot be changed too."},
			Text{"Pilih salah satu: drop, atau perubahan lain.", "Choose one: drop, or other changes."})
	}
	if kinds := change.kinds(); kinds != 1 {
		return Invalid("",
			Text{"Satu perubahan berisi tepat satu dari rename, recode, unit, dan drop.", "One change is exactly one of rename, recode, unit and drop."},
			Text{"Bagi menjadi beberapa perubahan untuk kolom yang sama.", "Divide it into several changes of the same field."})
	}
	switch {
	case change.Drop:
		before.dropped = true
		return nil
	case change.Recode != nil:
		before.converted = true
		return under("recode", change.Recode.check())
	case change.Unit != nil:
		before.converted = true
		return under("unit", change.Unit.check())
	}
	return c.rename(change, before)
}

func (c Change) kinds() (n int) {
	for _, set := range []bool{c.Rename != "", c.Recode != nil, c.Unit != nil, c.Drop} {
		if set {
			n++
		}
	}
	return n
}

func (c *changeChecker) rename(change Change, before *changedField) error {
	odd := func(r rune) bool { return r == '.' || unicode.IsControl(r) }
	parent, name := cutField(change.Field)
	target := parent + "\x00" + change.Rename
	switch {
	case !utf8.ValidString(change.Rename) || strings.ContainsFunc(change.Rename, odd):
		return Invalid("rename",
			Text{"Nama baru memuat titik atau karakter kendali.", "The new name holds a dot or a control character."},
			Text{"Tulis nama anggotanya saja, tanpa jalur.", "Write just the member's name, without a path."})
	case name == change.Rename || before.renamed:
		return Invalid("rename",
			Text{"Kolom " + change.Field + " sudah bernama begitu, atau diberi dua nama.", "Field " + change.Field + " already has this name, or gets two names."},
			Text{"Sisakan satu rename untuk kolom ini, dengan nama lain.", "Leave one rename of this field, to another name."})
	case c.taken[target]:
		return Invalid("rename",
			Text{"Dua kolom mendapat nama " + change.Rename + " di objek yang sama.", "Two fields of one object get the name " + change.Rename + "."},
			Text{"Beri nama lain kepada salah satunya, atau hilangkan dengan drop.", "Give one of them another name, or leave it out with drop."})
	}
	before.renamed, c.taken[target] = true, true
	return nil
}

// below refuses changes of what is below a member that is left out.
func (c *changeChecker) below(changes []Change) error {
	for i, change := range changes {
		for parent, _ := cutField(change.Field); parent != ""; parent, _ = cutField(parent) {
			if above := c.seen[parent]; above != nil && above.dropped {
				return Invalid(fmt.Sprintf("changes[%d].field", i),
					Text{"Kolom " + change.Field + " berada di dalam " + parent + ", yang dihilangkan.", "Field " + change.Field + " is inside " + parent + ", which is left out."},
					Text{"Hapus salah satunya.", "Remove one of the two."})
			}
		}
	}
	return nil
}

// cutField divides a path into that of the object and the member's name.
func cutField(path string) (parent, name string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

func (r *Recode) check() error {
	switch {
	case (r.List == "") == (len(r.Pairs) == 0):
		return Invalid("",
			Text{"Isi salah satu: list atau pairs.", "Fill in one: list or pairs."},
			Text{"list menyebut daftar kode referensi hub; pairs menulis pasangan nilai di sini.", "list names a reference list of the hub; pairs writes pairs of values here."})
	case r.Else != "" && r.Else != "keep" && r.Else != "null" && r.Else != "refuse":
		return Invalid("else", Text{"Nilai else tidak dikenal.", "The value of else is unknown."}, Text{"Pilih keep, null, atau refuse.", "Choose keep, null or refuse."})
	}
	return nil
}

var decimalNumber = regexp.MustCompile(`^-?[0-9]{1,30}([.][0-9]{1,30})?$`)

func (u *Unit) check() error {
	remedy := Text{"Tulis bilangan desimal, misalnya 0.001.", "Write a decimal number, such as 0.001."}
	switch {
	case !decimalNumber.MatchString(u.Factor):
		return Invalid("factor", Text{"Faktor bukan bilangan desimal.", "The factor is not a decimal number."}, remedy)
	case u.Offset != "" && !decimalNumber.MatchString(u.Offset):
		return Invalid("offset", Text{"Offset bukan bilangan desimal.", "The offset is not a decimal number."}, remedy)
	case u.Digits < 0 || u.Digits > 12:
		return Invalid("digits", Text{"Jumlah angka di belakang koma tidak sah.", "The number of places after the point is not valid."}, Text{"Pilih 1 sampai 12.", "Choose 1 to 12."})
	}
	return nil
}
