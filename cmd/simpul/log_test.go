package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var logNow = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

func TestParseSince(t *testing.T) {
	for in, want := range map[string]time.Time{
		"15m": logNow.Add(-15 * time.Minute), "2h": logNow.Add(-2 * time.Hour), "0s": logNow, "7d": logNow.AddDate(0, 0, -7), "1h30m": logNow.Add(-90 * time.Minute),
		"2026-11-01T08:00:00+07:00": time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC),
	} {
		if got, err := parseSince(in, logNow); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "d", "-1h", "-7d", "+7d", "7", "1.5d", "99999d", "999999h", "kemarin", "2026-11-01"} {
		if got, err := parseSince(in, logNow); err == nil {
			t.Errorf("%q is %v", in, got)
		}
	}
}

// FuzzParseSince finds what crashes, and times that no query can carry.
func FuzzParseSince(f *testing.F) {
	for _, s := range []string{"15m", "7d", "2026-11-01T08:00:00+07:00", "-1h", "9999-12-31T23:59:59-23:59", "3660d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := parseSince(s, logNow)
		if err != nil {
			return
		}
		if at.UTC().Year() < 1969 || at.UTC().Year() > 10_000 {
			t.Errorf("%q is %v", s, at)
		}
		if _, err := time.Parse(time.RFC3339Nano, at.Format(time.RFC3339Nano)); err != nil {
			t.Errorf("%q is %v, which cannot be written: %v", s, at, err)
		}
	})
}

const logged = `{"metadata":{"id":"01a"},"spec":{"openedAt":"2026-11-23T05:00:00Z","application":"layanan@bandungkota.go.id","lid":"master/Kota","method":"GET","path":"/{kode}","grant":"bandung-kota"},
	"status":{"state":"sealed","outcome":"delivered","httpStatus":200,"responseBytes":512,"latencyMs":12.345}}`

func TestLinesOfALog(t *testing.T) {
	e := logEntry{raw: json.RawMessage(logged)}
	if err := json.Unmarshal(e.raw, &e); err != nil {
		t.Fatal(err)
	}
	at := e.Spec.OpenedAt.Local()
	if got, want := e.text(), at.Format("2006-01-02T15:04:05.000Z07:00")+" layanan@bandungkota.go.id GET /master/Kota/{kode} 200 delivered 512B 12.3ms 01a"; got != want {
		t.Errorf("text\n%s\n%s", got, want)
	}
	if got, want := e.clf(""), `layanan@bandungkota.go.id - bandung-kota [`+at.Format("02/Jan/2006:15:04:05 -0700")+`] "GET /master/Kota/{kode} HTTP/1.1" 200 512 01a 12345`; got != want {
		t.Errorf("clf\n%s\n%s", got, want)
	}
}

// Nothing that somebody called imitates another line or another field.
func TestALineStaysOneLine(t *testing.T) {
	var e logEntry
	e.Spec.LID, e.Spec.Path = "a\" 200 -\n1.2.3.4", "/x y\x1b[31m\\"
	for _, line := range []string{printable(e.clf("")), printable(e.text())} {
		if strings.Contains(line, "\x1b") || strings.Count(line, `"`) > 2 || strings.Contains(line, `" 200 -`) {
			t.Errorf("%q", line)
		}
	}
}

func TestAFollowedLogForgetsWhatIsOver(t *testing.T) {
	old, fresh := logNow.Add(-time.Hour), logNow
	var last logEntry
	last.Spec.OpenedAt = fresh
	seen := map[string]time.Time{"old": old, "fresh": fresh}
	next := new(logCmd).onward(old, []logEntry{last}, seen)
	if !next.Equal(fresh.Add(-followBack)) || len(seen) != 1 {
		t.Errorf("from %v on, remembering %v", next, seen)
	}
	if again := new(logCmd).onward(next, nil, seen); !again.Equal(next) {
		t.Errorf("without news it goes on from %v", again)
	}
}
