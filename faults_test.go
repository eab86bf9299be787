package simpul_test

import (
	"errors"
	"strconv"
	"testing"

	"simpul"
)

func TestFaultsAreGathered(t *testing.T) {
	wrong := func(i int) error {
		return simpul.Invalid("line "+strconv.Itoa(i), simpul.Text{ID: "salah", EN: "wrong"}, simpul.Text{ID: "perbaiki", EN: "mend it"})
	}
	var none, one, many simpul.Faults
	if none.Any() || none.Err() != nil {
		t.Error("nothing is something")
	}
	if first := wrong(1); !one.Add(first) || one.Err() != first {
		t.Errorf("one is %v", one.Err())
	}
	if one.Add(errors.New("disk")) || one.Add(&simpul.Error{Code: simpul.CodeTooLarge}) || one.Add(nil) {
		t.Error("what is no fault of the input was taken for one")
	}
	for i := 1; many.Add(wrong(i)); i++ {
		if i > simpul.MostFaults {
			t.Fatal("no end")
		}
	}
	e, _ := errors.AsType[*simpul.Error](many.Err())
	if many.Add(wrong(0)) || e == nil || e.Place != "line 1" || len(e.Faults) != simpul.MostFaults || e.Faults[99].Place != "line 100" || e.Message.ID != "Ada ≥ 100 kesalahan. Yang pertama: salah" {
		t.Errorf("many are %+v", e)
	}
}
