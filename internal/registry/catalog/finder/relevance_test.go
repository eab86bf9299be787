package finder

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// nation reads the made-up catalogue to search in.
func nation(t testing.TB) []Document {
	t.Helper()
	var all []Document
	for _, line := range listing(t, "testdata/nation.txt") {
		cells := cut(line, "|")
		if len(cells) != 7 {
			t.Fatalf("%d cells: %s", len(cells), line)
		}
		all = append(all, Document{ID: cells[0], Address: cells[0], Title: cells[1], Agency: cells[2], Places: cut(cells[3], ","),
			Keywords: cut(cells[4], ","), About: cells[5], Fields: cut(cells[6], ",")})
	}
	return all
}

func listing(t testing.TB, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return lines(string(text))
}

func cut(text, separator string) []string {
	parts := strings.Split(text, separator)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func filled(t testing.TB, docs []Document) *Index {
	t.Helper()
	x, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if err := x.Apply(docs, nil); err != nil {
		t.Fatal(err)
	}
	return x
}

// What people type leads to what they need: of at least 100 questions, in nine
// of ten an expected LID is among the first three.
func TestRelevance(t *testing.T) {
	const wanted = 0.9
	x := filled(t, nation(t))
	questions := listing(t, "testdata/queries.txt")
	if len(questions) < 100 {
		t.Fatalf("only %d questions", len(questions))
	}
	met, first := 0, 0
	for _, line := range questions {
		cells := cut(line, "|")
		answer, err := x.Search(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		top := ids(answer, 3)
		expected := strings.Fields(cells[1])
		if !slices.ContainsFunc(top, func(id string) bool { return slices.Contains(expected, id) }) {
			t.Logf("missed: %q finds %v, expected %v", cells[0], top, expected)
			continue
		}
		if met++; slices.Contains(expected, top[0]) {
			first++
		}
	}
	rate := float64(met) / float64(len(questions))
	t.Logf("of %d questions, %.1f %% have an expected LID among the first three, %.1f %% as the first", len(questions), 100*rate, 100*float64(first)/float64(len(questions)))
	if rate < wanted {
		t.Errorf("the rate is %.3f, wanted %.2f", rate, wanted)
	}
}

func ids(a Answer, most int) []string {
	var all []string
	for _, h := range a.Hits[:min(most, len(a.Hits))] {
		all = append(all, h.ID)
	}
	return all
}
