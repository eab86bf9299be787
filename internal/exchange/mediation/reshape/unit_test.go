package reshape

import (
	"testing"

	"pgregory.net/rapid"

	"simpul"
)

// What is converted quickly is what is converted in big numbers.
func TestQuickAndExactConversionsAgree(t *testing.T) {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?`)
	quick := 0
	rapid.Check(t, func(t *rapid.T) {
		spec := &simpul.Unit{
			Factor: rapid.StringMatching(`-?[0-9]{1,9}([.][0-9]{1,9})?`).Draw(t, "factor"),
			Offset: rapid.StringMatching(`(-?[0-9]{1,9}([.][0-9]{1,9})?)?`).Draw(t, "offset"),
			Digits: rapid.IntRange(0, 12).Draw(t, "digits"),
		}
		u, err := newUnit(spec)
		if err != nil {
			t.Fatal(err)
		}
		value := []byte(number.Draw(t, "value"))
		fast, ok := u.convertSmall(nil, value)
		if !ok {
			return
		}
		quick++
		u.quick = false
		if slow, err := u.convert(nil, value); err != nil || string(slow) != string(fast) {
			t.Fatalf("%s by %+v: quickly %s, exactly %s, %v", value, spec, fast, slow, err)
		}
	})
	if quick == 0 {
		t.Error("nothing was converted quickly")
	}
}

func TestEdgesOfSmallNumbers(t *testing.T) {
	for _, c := range []struct{ value, factor, offset, want string }{
		{"999999999999999999", "1", "", "999999999999999999"},
		{"999999999999999999", "10", "", "9999999999999999990"},
		{"-999999999999999999", "999999999999999999", "", "-999999999999999998000000000000000001"},
		{"4611686018427387904", "1", "", "4611686018427387904"},
		{"0.000000000000001", "0.000000000000001", "", "0.000000000000000000000000000001"},
		{"1", "1", "-1", "0"},
		{"-0", "1", "", "0"},
		{"0", "-5", "0.00", "0"},
		{"-0.5", "1", "", "-0.5"},
		{"1e3", "0.1", "", "100"},
		{"4611686018427387904", "1", "4611686018427387904", "9223372036854775808"},
	} {
		u, err := newUnit(&simpul.Unit{Factor: c.factor, Offset: c.offset})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := u.convert(nil, []byte(c.value)); err != nil || string(got) != c.want {
			t.Errorf("%s × %s + %s is %s, %v; want %s", c.value, c.factor, c.offset, got, err, c.want)
		}
	}
}
