package web_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

// overTime are charts of three series over the values.
func overTime(values []float64) []templ.Component {
	moments := make([]string, len(values))
	for i := range moments {
		moments[i] = "jam " + strconv.Itoa(i)
	}
	series := []web.Series{{Label: "Sampai", Values: values}, {Label: "Gagal", Values: values}, {Label: "Kurang", Values: values[:len(values)/2]}}
	return []templ.Component{
		web.Columns{ID: "k", Title: "Panggilan", Summary: "Ringkas", When: "Jam", Moments: moments, Series: series},
		web.Lines{ID: "l", Title: "Lama", Summary: "Ringkas", When: "Jam", Moments: moments, Series: series},
		web.Shares{ID: "b", Title: "Bagian", What: "Instansi", Parts: moments, Wholes: []web.Whole{{Label: "Panggilan", Values: values}, {Label: "Data"}}},
	}
}

func TestChartsOfSeriesDrawAnyValues(t *testing.T) {
	for name, values := range map[string][]float64{
		"none": {}, "one": {1}, "zeros": {0, 0, 0}, "odd": {math.NaN(), math.Inf(1), -5, 2}, "huge": {math.MaxFloat64, 1}, "many": make([]float64, 400),
	} {
		for _, c := range overTime(values) {
			if html := rendered(t, t.Context(), c); strings.Contains(html, "NaN") || strings.Contains(html, "Inf") || strings.Contains(html, "style=") {
				t.Errorf("%s: %s", name, html)
			}
		}
	}
	rendered(t, t.Context(), web.Strip{ID: "s"})
}

// What is seen can also be read: a title, a description, and a table with every
// value.
func TestChartsOfSeriesCanBeRead(t *testing.T) {
	for i, c := range overTime([]float64{1111, 2222, 3333, 4444}) {
		html := rendered(t, t.Context(), c)
		if !strings.Contains(html, `role="img"`) || !strings.Contains(html, "</title>") || !strings.Contains(html, "<details") || !strings.Contains(html, `<table class="table"`) {
			t.Errorf("chart %d cannot be read: %s", i, html)
		}
		if i < 2 && (!strings.Contains(html, "4.444") || !strings.Contains(html, "</desc>") || !strings.Contains(html, `class="legend"`)) {
			t.Errorf("chart %d lacks a value, its description or its legend: %s", i, html)
		}
	}
	html := rendered(t, t.Context(), web.Strip{ID: "s", Title: "Hari", Summary: "Dua hari", Days: []web.StripDay{{Label: "1 Nov", Tone: web.Good, Word: "Normal"}, {Label: "2 Nov", Tone: web.Bad, Word: "Terganggu"}}})
	if strings.Count(html, "Terganggu") < 3 || !strings.Contains(html, "Dua hari") {
		t.Errorf("the strip cannot be read: %s", html)
	}
}

// The parts of a column stand on each other and keep their proportion.
func TestColumnsKeepTheirProportion(t *testing.T) {
	html := rendered(t, t.Context(), web.Columns{ID: "k", Moments: []string{"a", "b"}, Series: []web.Series{{Values: []float64{60, 0}}, {Values: []float64{20, 40}}}})
	var got []string
	for _, m := range regexp.MustCompile(`chart__part--\d" x="[^"]+" y="([^"]+)" width="[^"]+" height="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		got = append(got, m[1]+"+"+m[2])
	}
	if want := "40+120 0+40 80+80"; strings.Join(got, " ") != want {
		t.Errorf("drawn %q, want %q", got, want)
	}
}

// A moment without a value is a gap, not a zero.
func TestLinesHaveGaps(t *testing.T) {
	html := rendered(t, t.Context(), web.Lines{ID: "l", Moments: []string{"a", "b", "c"}, Series: []web.Series{{Values: []float64{5, math.NaN(), 5}}}})
	path := regexp.MustCompile(`chart__line--1" d="([^"]+)"`).FindStringSubmatch(html)
	if len(path) != 2 || strings.Count(path[1], "M") != 2 {
		t.Errorf("drawn %q", path)
	}
}

func TestSharesAreTheWhole(t *testing.T) {
	html := rendered(t, t.Context(), web.Shares{ID: "b", Parts: []string{"A", "B"}, Wholes: []web.Whole{{Label: "Data", Values: []float64{3, 1}}}})
	for _, want := range []string{`width="750"`, `x="750" width="250"`, "75,0%", "25,0%", "Terbesar: 1. A, 75%"} {
		if !strings.Contains(html, want) {
			t.Errorf("lacks %s: %s", want, html)
		}
	}
}
