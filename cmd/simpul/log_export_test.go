package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// newLogged lists exchanges as a hub does: the newest first, by pages.
func newLogged(t *testing.T, opened []time.Time) (url string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		since, _ := time.Parse(time.RFC3339Nano, q.Get("since"))
		until, err := time.Parse(time.RFC3339Nano, q.Get("until"))
		if err != nil {
			until = logNow.AddDate(1, 0, 0)
		}
		limit, _ := strconv.Atoi(q.Get("limit"))
		last := len(opened)
		if c := q.Get("cursor"); c != "" {
			last, _ = strconv.Atoi(c)
		}
		var items []json.RawMessage
		i := last - 1
		for ; i >= 0 && len(items) < limit; i-- {
			if at := opened[i]; !at.Before(since) && at.Before(until) {
				items = append(items, fmt.Appendf(nil, `{"metadata":{"id":"x%d"},"spec":{"openedAt":%q},"status":{"state":"sealed"}}`, i, at.Format(time.RFC3339Nano)))
			}
		}
		next := ""
		if i >= 0 && !opened[i].Before(since) {
			next = strconv.Itoa(i + 1)
		}
		reply(w, http.StatusOK, map[string]any{"items": items, "next": next})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// lines runs the command and returns the IDs that it printed.
func lines(t *testing.T, c logCmd, server string) (ids []string, told string) {
	t.Helper()
	var out, said bytes.Buffer
	c.Server, c.Token, c.Output = server, "spt_a", "text"
	if err := c.Run(t.Context(), &console{stdout: &out, stderr: &said, lang: "en"}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		ids = append(ids, line[strings.LastIndex(line, " ")+1:len(line)-1])
	}
	return ids, said.String()
}

// A whole span comes out complete, each line once and in order, however many share
// a moment.
func TestAnExportOfTheLogIsWhole(t *testing.T) {
	var opened []time.Time
	for i := range 2*heldLines + 100 {
		opened = append(opened, logNow.Add(time.Duration(i/9000)*time.Hour+time.Duration(i/100)*time.Millisecond))
	}
	for range heldLines + 7 { // in one millisecond
		opened = append(opened, logNow.Add(9*time.Hour))
	}
	server := newLogged(t, opened)
	var want []string
	for i := range opened {
		want = append(want, "x"+strconv.Itoa(i))
	}
	whole := logCmd{Since: logNow.Format(time.RFC3339), Until: logNow.Add(10 * time.Hour).Format(time.RFC3339)}
	if got, told := lines(t, whole, server); !slices.Equal(got, want) || told != "" {
		t.Errorf("%d lines of %d, %q", len(got), len(want), told)
	}
	some := whole
	some.Most = 10
	if got, told := lines(t, some, server); !slices.Equal(got, want[len(want)-10:]) || !strings.Contains(told, "-n 0") {
		t.Errorf("the newest 10: %v, %q", got, told)
	}
	part := logCmd{Since: whole.Since, Until: logNow.Add(time.Millisecond).Format(time.RFC3339Nano), Most: 100}
	if got, told := lines(t, part, server); !slices.Equal(got, want[:100]) || told != "" {
		t.Errorf("the first millisecond: %d lines, %q", len(got), told)
	}
}

func TestASpanOfTheLogHasAnEndAfterItsBeginning(t *testing.T) {
	for _, c := range []logCmd{{Since: "1d", Until: "2d"}, {Since: "1d", Until: "1d"}, {Since: "1d", Until: "x"}, {Since: "2d", Until: "1d", Follow: true}} {
		if _, _, err := c.span(logNow); err == nil {
			t.Errorf("%+v is a span", c)
		}
	}
}
