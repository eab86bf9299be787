package catalog

import (
	"slices"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// longestSubject is the longest path of a NIK, in bytes, and longestParameter the
// longest name of a parameter.
const (
	longestSubject   = 200
	longestParameter = 100
)

// checkSubject refuses places of a NIK that cannot be meant: paths that are none,
// and a LID of the open class, in which there may be no personal data.
func (s Spec) checkSubject() error {
	on := s.Delivery.DataSubject
	if on == nil || *on == (simpul.DataSubject{}) {
		return nil
	}
	if s.Class == simpul.Terbuka {
		return simpul.Invalid(delivered("dataSubject.parameter"),
			simpul.Text{ID: "LID terbuka tidak memuat data pribadi, sehingga tidak ada NIK yang perlu dicatat.", EN: "An open LID holds no personal data, so that there is no NIK to record."},
			simpul.Text{ID: "Pilih kelas terbatas atau tertutup, atau kosongkan letak NIK.", EN: "Choose the class terbatas or tertutup, or leave the place of the NIK empty."})
	}
	if len(on.Parameter) > longestParameter || strings.ContainsAny(on.Parameter, " {}/?&=") {
		return noPlace("dataSubject.parameter")
	}
	for place, path := range map[string]string{"dataSubject.request": on.Request, "dataSubject.answer": on.Answer} {
		if path == "" {
			continue
		}
		if _, err := simpul.ParseFields([]string{path}); err != nil || len(path) > longestSubject {
			return noPlace(place)
		}
	}
	return nil
}

func noPlace(place string) *simpul.Error {
	return simpul.Invalid(delivered(place),
		simpul.Text{ID: "Letak NIK ini tidak terbaca.", EN: "This place of the NIK cannot be read."},
		simpul.Text{ID: "Tulis nama parameter, atau nama anggota yang dipisah titik, misalnya items.nik.", EN: "Write the name of a parameter, or names of members with dots between them, such as items.nik."})
}

// checkSubjectIn refuses a place that no operation of the contract has: what the
// hub would look for there is never found, and people would believe that nobody
// looked.
func (s Spec) checkSubjectIn(c *contract.Contract) error {
	on := s.Delivery.DataSubject
	if on == nil || c == nil {
		return nil
	}
	inFields := func(path string, of func(contract.Operation) []contract.Field) bool {
		return path == "" || slices.ContainsFunc(c.Operations, func(o contract.Operation) bool {
			return slices.ContainsFunc(of(o), func(f contract.Field) bool { return f.Path == path })
		})
	}
	known := on.Parameter == "" || slices.ContainsFunc(c.Operations, func(o contract.Operation) bool {
		return slices.ContainsFunc(o.Parameters, func(p contract.Parameter) bool {
			return p.Name == on.Parameter && (p.In == "path" || p.In == "query")
		})
	})
	switch {
	case !known:
		return notInContract("dataSubject.parameter", on.Parameter)
	case !inFields(on.Request, func(o contract.Operation) []contract.Field { return o.RequestFields }):
		return notInContract("dataSubject.request", on.Request)
	case !inFields(on.Answer, func(o contract.Operation) []contract.Field { return o.ResponseFields }):
		return notInContract("dataSubject.answer", on.Answer)
	}
	return nil
}

func notInContract(place, what string) *simpul.Error {
	return simpul.Invalid(delivered(place),
		simpul.Text{ID: "Kontrak tidak mengenal \"" + what + "\" di sini.", EN: "The contract has no \"" + what + "\" here."},
		simpul.Text{ID: "Salin nama dari kontrak: parameter jalur atau kueri, anggota isi permintaan, atau anggota jawaban.", EN: "Copy the name from the contract: a parameter of path or query, a member of the request's body, or of the answer."})
}
