//go:build linux

package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestParseSettings(t *testing.T) {
	s, err := parseSettings([]string{"-name", "gateway_p99_added", "-rounds", "3"}, io.Discard)
	if err != nil || s.Name != "gateway_p99_added" || s.Rounds != 3 || s.Connections != 64 {
		t.Errorf("%+v, %v", s, err)
	}
	for _, args := range []string{"-name nothing", "-rounds 0", "-connections 100000", "-slot -1s", "-slot 1h", "-warmup 0s", "-rate 0", "-max 0", "-colour", "extra"} {
		if _, err := parseSettings(strings.Fields(args), io.Discard); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
}

func TestUsageErrorsExitWithTwo(t *testing.T) {
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"-name", "nothing"}, io.Discard, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "proxy_plain_nginx") {
		t.Errorf("code %d, %q should list the names", code, stderr.String())
	}
}

func TestFigureNamesAreUnique(t *testing.T) {
	names := figureNames()
	slices.Sort(names)
	if got := len(slices.Compact(names)); got != 19 {
		t.Errorf("%d different names, want 19", got)
	}
}
