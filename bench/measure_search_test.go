//go:build linux

package main

import "testing"

func TestSearchResult(t *testing.T) {
	p95, longest, err := searchResult([]byte("x\n    size_test.go:256: evidence_search_p95 42.5 ms, longest 101.0 ms\n--- PASS"))
	if err != nil || p95 != 42.5 || longest != 101 {
		t.Errorf("%v, %v, %v", p95, longest, err)
	}
	if _, _, err := searchResult([]byte("PASS")); err == nil {
		t.Error("an answer without a figure has one")
	}
}
