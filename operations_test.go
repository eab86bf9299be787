package simpul_test

import (
	"slices"
	"testing"

	"simpul"
)

func TestOperationsFind(t *testing.T) {
	ops := simpul.NewOperations([]simpul.Operation{
		{Method: "GET", Path: "/{kode}"}, {Method: "GET", Path: "/"}, {Method: "POST", Path: "/"},
		{Method: "GET", Path: "/total"}, {Method: "DELETE", Path: "/{kode}/riwayat/{nomor}"},
	})
	for _, c := range []struct {
		method, path, want string
		allowed            []string
	}{
		{"GET", "/", "/", nil},
		{"GET", "", "/", nil},
		{"HEAD", "/", "/", nil},
		{"POST", "/", "/", nil},
		{"GET", "/32.73", "/{kode}", nil},
		{"GET", "/total", "/total", nil},
		{"DELETE", "/32/riwayat/7", "/{kode}/riwayat/{nomor}", nil},
		{"PUT", "/", "", []string{"GET", "POST"}},
		{"HEAD", "/32/riwayat/7", "", []string{"DELETE"}},
		{"GET", "/32/riwayat", "", nil},
		{"GET", "/32/riwayat/7/8", "", nil},
		{"GET", "/32//7", "", nil},
		{"get", "/", "", []string{"GET", "POST"}},
	} {
		op, allowed, ok := ops.Find(c.method, c.path)
		if op.Path != c.want || ok != (c.want != "") || !slices.Equal(allowed, c.allowed) {
			t.Errorf("%s %q: got %q %v %v", c.method, c.path, op.Path, allowed, ok)
		}
	}
}

func TestOperationsFindAllocatesNothing(t *testing.T) {
	ops := simpul.NewOperations([]simpul.Operation{{Method: "GET", Path: "/"}, {Method: "GET", Path: "/{kode}"}})
	if n := testing.AllocsPerRun(100, func() { ops.Find("GET", "/32.73") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
