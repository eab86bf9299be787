package vault

import (
	"bytes"
	"testing"

	"simpul"
)

// Two places have the same associated data only if they are the same place.
func FuzzPlaceIsUnambiguous(f *testing.F) {
	f.Add("a.go.id", "t", "r", "c", "a.go.idt", "", "r", "c")
	f.Add("", "tr", "", "c", "", "t", "r", "c")
	f.Add("", "\x00\x00\x00\x01t", "", "", "", "t", "\x00", "")
	f.Add("", "a\x00b", "", "c", "", "a", "b", "\x00c")
	f.Fuzz(func(t *testing.T, tenant1, table1, row1, column1, tenant2, table2, row2, column2 string) {
		one := Place{simpul.AgencyID(tenant1), table1, row1, column1}
		two := Place{simpul.AgencyID(tenant2), table2, row2, column2}
		if bytes.Equal(one.associated(), two.associated()) != (one == two) {
			t.Errorf("%+v and %+v", one, two)
		}
	})
}
