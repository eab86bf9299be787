//go:build linux

package main

import (
	"os"
	"strings"
	"testing"
)

const simpulStatus = "Name:\tsimpul\nVmPeak:\t 1297024 kB\nVmHWM:\t   40120 kB\nVmRSS:\t   38000 kB\nRssAnon:\t 20000 kB\n"

func TestParseMemory(t *testing.T) {
	got, err := parseMemory(simpulStatus)
	if want := (memory{now: 38000 << 10, peak: 40120 << 10}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestParseMemoryRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a kernel thread": "Name:\tkthreadd\n",
		"one of two":      "VmRSS:\t 38000 kB\n",
		"another unit":    strings.ReplaceAll(simpulStatus, "kB", "MB"),
		"no number":       strings.Replace(simpulStatus, "38000", "many", 1),
	} {
		if got, err := parseMemory(text); err == nil {
			t.Errorf("%s: accepted as %+v", name, got)
		}
	}
}

func TestReadMemoryOfOurselves(t *testing.T) {
	got, err := readMemory(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if got.now <= 0 || got.peak < got.now/2 {
		t.Errorf("implausible memory: %+v", got)
	}
}
