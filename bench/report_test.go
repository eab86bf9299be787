//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFigureLine(t *testing.T) {
	for _, c := range []struct {
		f    figure
		want string
	}{
		{figure{Name: "proxy_plain_nginx", Value: 47.94, Unit: "µs"}, "bench proxy_plain_nginx 47.9 µs"},
		{figure{Name: "gateway_governed_key", Value: 123.4, Unit: "µs", Ratios: []ratio{{2.576, "nginx"}, {0.5, "caddy"}}},
			"bench gateway_governed_key 123 µs 2.58 vs nginx 0.50 vs caddy"},
		{figure{Name: "gateway_p99_added", Value: 0.4567, Unit: "ms"}, "bench gateway_p99_added 0.457 ms"},
	} {
		if got := c.f.line(); got != c.want {
			t.Errorf("line = %q, want %q", got, c.want)
		}
	}
}

func testReport(t *testing.T, name string) (*report, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return &report{Time: time.Date(2026, 11, 23, 16, 5, 6, 0, time.UTC), Settings: settings{Name: name, Out: t.TempDir()}, stdout: &out, stderr: io.Discard}, &out
}

func TestReportPrintsEachFigureOnce(t *testing.T) {
	r, out := testReport(t, "")
	r.add(figure{Name: "proxy_plain_nginx", Value: 10, Unit: "µs", Rounds: []float64{9, 10, 12}, Samples: []sample{{PerSecond: 5000, OtherUsers: 40}}})
	r.lose("proxy_plain_haproxy", errors.New("run with failures"))
	r.lose("proxy_plain_caddy", fmt.Errorf("%w: apt-get install caddy", errNotInstalled))
	if code := r.finish(); code != exitFailed {
		t.Errorf("exit code %d with a failed figure", code)
	}
	if n := strings.Count("\n"+out.String(), "\nbench "); n != 1 {
		t.Errorf("%d bench lines, want 1:\n%s", n, out)
	}
	for _, want := range []string{"9.00 … 12.0", "5000", "warning: proxy_plain_nginx: other processes used 40 %", "proxy_plain_haproxy  failed", "proxy_plain_caddy    skipped"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
}

func TestReportRecord(t *testing.T) {
	r, _ := testReport(t, "")
	r.add(figure{Name: "proxy_plain_nginx", Value: 10, Unit: "µs", Samples: []sample{{OtherUsers: 2}}})
	r.lose("gateway_governed_key", errNotBuilt)
	if code := r.finish(); code != exitOK {
		t.Errorf("exit code %d with a figure skipped", code)
	}
	text, err := os.ReadFile(filepath.Join(r.Settings.Out, "20261123T160506Z.json"))
	if err != nil {
		t.Fatal(err)
	}
	var record report
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	if len(record.Figures) != 1 || len(record.Skipped) != 1 || record.Skipped[0].Reason != "not built: run make build" || len(record.Failed)+len(record.Warnings) != 0 {
		t.Errorf("record: %s", text)
	}
}

func TestReportOfOneName(t *testing.T) {
	r, out := testReport(t, "gateway_governed_key")
	r.add(figure{Name: "proxy_plain_nginx", Value: 10, Unit: "µs"})
	r.lose("gateway_field_selection", errors.New("broken"))
	r.lose("gateway_governed_key", errNotBuilt)
	if code := r.finish(); code != exitFailed {
		t.Errorf("exit code %d without the figure that was asked for", code)
	}
	if strings.Contains(out.String(), "nginx") || len(r.Failed) != 0 {
		t.Errorf("other figures are reported: %s %v", out, r.Failed)
	}
}
