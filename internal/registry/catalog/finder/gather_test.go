package finder

import "testing"

// A search that waited while another took the changes in makes no part of its own.
func TestChangesAreTakenInOnce(t *testing.T) {
	x, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Apply([]Document{{ID: "a/B", Title: "Data jalan"}}, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := x.Search("jalan"); err != nil || len(got.Hits) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	parts := x.now.Load().parts
	x.waiting.Store(true) // as the other search saw it
	if _, err := x.Search("jalan"); err != nil {
		t.Fatal(err)
	}
	if now := x.now.Load().parts; now != parts {
		t.Errorf("%d parts, before %d", now, parts)
	}
}
