package catalog

import (
	"maps"
	"strconv"
	"testing"
)

// The edition before keeps what it had, whatever happens to the next one.
func TestTableSharesWithoutChangingWhatIsPublished(t *testing.T) {
	var before table[string, int]
	for i := range 2000 {
		before.put(strconv.Itoa(i), i)
	}
	after := before.next()
	after.put("7", -7)
	after.put("new", 1)
	after.drop("8")
	after.drop("never there")

	if v, ok := before.get("7"); !ok || v != 7 {
		t.Errorf("the change of 7 shows in the edition before: %d, %v", v, ok)
	}
	if _, ok := before.get("new"); ok {
		t.Error("what is new shows in the edition before")
	}
	if before.at("8") != 8 {
		t.Error("8 is gone from the edition before")
	}
	if n := len(maps.Collect(after.all())); n != 2000 {
		t.Errorf("the next edition has %d, want 2000", n)
	}
	if _, ok := after.get("8"); ok || after.at("7") != -7 || after.at("new") != 1 {
		t.Error("the next edition is not as it was changed")
	}
}
