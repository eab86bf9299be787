package standard_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul"
	"simpul/internal/registry/standard"
)

func place(i int, field string) string { return fmt.Sprint(i, ".", field) }

func TestCodesThatCannotBe(t *testing.T) {
	many := make([]standard.Code, 14)
	for i := range many {
		many[i] = code(fmt.Sprint(i), "x", "")
		if i > 0 {
			many[i].Parent = fmt.Sprint(i - 1)
		}
	}
	for _, c := range []struct {
		name  string
		codes []standard.Code
		place string // "" where it can
	}{
		{"one after the other", []standard.Code{during(code("1", "a", ""), "", "2020-01-01"), during(code("1", "b", ""), "2020-01-01", "")}, ""},
		{"with a gap", []standard.Code{during(code("1", "a", ""), "", "2019-01-01"), during(code("1", "b", ""), "2020-01-01", "")}, ""},
		{"one day twice", []standard.Code{during(code("1", "a", ""), "", "2020-01-02"), during(code("1", "b", ""), "2020-01-01", "")}, "1.from"},
		{"the same again", []standard.Code{code("1", "a", ""), code("1", "a", "")}, "1.from"},
		{"the later one first", []standard.Code{during(code("1", "b", ""), "2020-01-01", ""), code("1", "a", "")}, "0.from"},
		{"ends before it begins", []standard.Code{during(code("1", "a", ""), "2020-01-02", "2020-01-01")}, "0.until"},
		{"ends when it begins", []standard.Code{during(code("1", "a", ""), "2020-01-01", "2020-01-01")}, "0.until"},
		{"no such day", []standard.Code{during(code("1", "a", ""), "2023-02-29", "")}, "0.from"},
		{"no such end", []standard.Code{during(code("1", "a", ""), "", "9999-12-31")}, "0.until"},
		{"another notation", []standard.Code{during(code("1", "a", ""), "25/07/2022", "")}, "0.from"},
		{"unknown parent", []standard.Code{code("1", "a", ""), code("1.1", "b", "2")}, "1.parent"},
		{"its own parent", []standard.Code{code("1", "a", "1")}, "0.parent"},
		{"a circle", []standard.Code{code("1", "a", "2"), code("2", "a", "1")}, "0.parent"},
		{"too deep", many, "12.parent"},
		{"no name", []standard.Code{code("1", " ", "")}, "0.name"},
		{"a slash", []standard.Code{code("1/2", "a", "")}, "0.code"},
		{"a control character", []standard.Code{code("1", "a\x00", "")}, "0.name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := standard.CheckCodes(c.codes, place)
			if c.place == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkRefusal(t, err, simpul.CodeInvalid, c.place)
		})
	}
}

// Whatever periods a list has, it is accepted exactly when no day has two
// meanings of a code, and then every day has at most one.
func TestNoDayHasTwoMeanings(t *testing.T) {
	days := rapid.Custom(func(t *rapid.T) standard.Day {
		n := rapid.IntRange(-1, 40).Draw(t, "n")
		if n < 0 {
			return ""
		}
		return standard.DayOf(time.Date(2020, 1, 1+n, 0, 0, 0, 0, time.UTC))
	})
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) standard.Code {
			c := code(rapid.SampledFrom([]string{"1", "2"}).Draw(t, "code"), "n", "")
			return during(c, days.Draw(t, "from"), days.Draw(t, "until"))
		}), 0, 5).Draw(t, "codes")
		twice, empty := false, false
		for _, c := range codes {
			empty = empty || c.Until != "" && c.From >= c.Until
		}
		for n := -400; n < 400; n++ {
			day := standard.DayOf(time.Date(2020, 1, 1+n, 0, 0, 0, 0, time.UTC))
			meanings := map[string]int{}
			for _, c := range codes {
				if c.Holds(day) {
					meanings[c.Code]++
				}
			}
			twice = twice || meanings["1"] > 1 || meanings["2"] > 1
		}
		if err := standard.CheckCodes(codes, place); (err == nil) == (twice || empty) {
			t.Fatalf("%v: %v", codes, err)
		}
	})
}

func TestTheDayChangesInJakarta(t *testing.T) {
	for at, want := range map[string]standard.Day{"2022-07-24T16:59:59Z": "2022-07-24", "2022-07-24T17:00:00Z": "2022-07-25"} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := standard.DayOf(moment); got != want {
			t.Errorf("%s: %s", at, got)
		}
	}
}
