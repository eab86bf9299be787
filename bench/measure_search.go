//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// searchFigure is the 95th percentile of all kinds of questions to an index of
// exchanges, in ms.
const searchFigure = "evidence_search_p95"

// searchedExchanges is how many the index holds.
const searchedExchanges = 10_000_000

// measureSearch has the room of evidence fill an index in its own form and ask it,
// since writing ten million exchanges through a gateway takes hours. It is in the
// process: what HTTP and JSON add to a page of fifty is not in it.
func measureSearch(ctx context.Context, l *lab) error {
	l.report.progress("search: filling an index with %d exchanges", searchedExchanges)
	test := exec.CommandContext(ctx, "go", "test", "-run", "SearchAtSize/sqlite", "-v", "-timeout", "3h", "simpul/internal/exchange/evidence")
	test.Env = append(os.Environ(), "SIMPUL_SEARCH_RECORDS="+strconv.Itoa(searchedExchanges))
	out, err := test.CombinedOutput()
	if err != nil {
		return fmt.Errorf("search: %w\n%s", err, out)
	}
	p95, longest, err := searchResult(out)
	if err != nil {
		return err
	}
	l.report.add(figure{Name: searchFigure, Unit: "ms", Value: p95})
	l.report.aside(figure{Name: "longest of all questions to the index", Unit: "ms", Value: longest})
	return nil
}

// searched is the last line of the test.
var searched = regexp.MustCompile(searchFigure + ` ([0-9.]+) ms, longest ([0-9.]+) ms`)

func searchResult(out []byte) (p95, longest float64, err error) {
	m := searched.FindSubmatch(out)
	if m == nil {
		return 0, 0, fmt.Errorf("search: no figure in the answer of the test\n%s", out)
	}
	if p95, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
		return 0, 0, err
	}
	longest, err = strconv.ParseFloat(string(m[2]), 64)
	return p95, longest, err
}
