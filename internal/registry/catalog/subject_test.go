package catalog

import (
	"strings"
	"testing"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

func TestWhereANIKStands(t *testing.T) {
	read := &contract.Contract{Operations: []contract.Operation{{
		Parameters:     []contract.Parameter{{Name: "nik", In: "query"}, {Name: "X-Nik", In: "header"}},
		RequestFields:  []contract.Field{{Path: "pemohon"}, {Path: "pemohon.nik"}},
		ResponseFields: []contract.Field{{Path: "items"}, {Path: "items.nik"}},
	}}}
	for name, test := range map[string]struct {
		class simpul.LIDClass
		on    *simpul.DataSubject
		place string
	}{
		"nowhere":                     {simpul.Terbatas, nil, ""},
		"empty, and open":             {simpul.Terbuka, &simpul.DataSubject{}, ""},
		"everywhere":                  {simpul.Tertutup, &simpul.DataSubject{Parameter: "nik", Request: "pemohon.nik", Answer: "items.nik"}, ""},
		"in an open LID":              {simpul.Terbuka, &simpul.DataSubject{Parameter: "nik"}, "parameter"},
		"in a header":                 {simpul.Terbatas, &simpul.DataSubject{Parameter: "X-Nik"}, "parameter"},
		"in no parameter":             {simpul.Terbatas, &simpul.DataSubject{Parameter: "kode"}, "parameter"},
		"in a parameter that is none": {simpul.Terbatas, &simpul.DataSubject{Parameter: "{nik}"}, "parameter"},
		"in no member of the body":    {simpul.Terbatas, &simpul.DataSubject{Request: "nik"}, "request"},
		"in a path that is none":      {simpul.Terbatas, &simpul.DataSubject{Request: "a..b"}, "request"},
		"in no member of the answer":  {simpul.Terbatas, &simpul.DataSubject{Answer: "items.nama"}, "answer"},
		"in a path that is too long":  {simpul.Terbatas, &simpul.DataSubject{Answer: strings.Repeat("a", 201)}, "answer"},
	} {
		s := Spec{Class: test.class, Delivery: simpul.Delivery{DataSubject: test.on}}
		err := s.checkSubject()
		if err == nil {
			err = s.checkSubjectIn(read)
		}
		e, _ := err.(*simpul.Error)
		if (e == nil) != (test.place == "") || e != nil && e.Place != "spec.delivery.dataSubject."+test.place {
			t.Errorf("%s: %v, want %q", name, err, test.place)
		}
	}
}

func TestTheFormKeepsWhereANIKStands(t *testing.T) {
	on := simpul.DataSubject{Parameter: "nik", Request: "pemohon.nik", Answer: "items.nik"}
	f := &form{values: fillDelivery(simpul.Delivery{DataSubject: &on})}
	var d simpul.Delivery
	if readSubject(f, &d); d.DataSubject == nil || *d.DataSubject != on {
		t.Errorf("the form makes %+v of %+v", d.DataSubject, on)
	}
}
