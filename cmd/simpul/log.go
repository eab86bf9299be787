package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
)

type logCmd struct {
	Follow      bool   `short:"f" help:"Terus tampilkan yang baru, sampai dihentikan." en:"Go on showing what is new, until stopped."`
	Lid         string `placeholder:"ALAMAT" help:"Hanya LID ini, misalnya master/Kota." en:"Only this LID, such as master/Kota."`
	Application string `placeholder:"ID" help:"Hanya aplikasi ini." en:"Only this application."`
	Outcome     string `placeholder:"KODE" help:"Hanya yang berakhir begini: delivered, failed, atau sebuah kode." en:"Only what ended so: delivered, failed, or a code."`
	Since       string `default:"1h" placeholder:"LAMA|WAKTU" help:"Sejak: 15m, 2h, 7d, atau waktu RFC 3339." en:"Since: 15m, 2h, 7d, or a time in RFC 3339."`
	Until       string `placeholder:"LAMA|WAKTU" help:"Sampai sebelum waktu itu, ditulis seperti --since." en:"Before that time, written as --since is."`
	Most        int    `short:"n" default:"1000" placeholder:"N" help:"Paling banyak sekian baris terbaru pada awalnya; 0: semuanya." en:"At most so many newest lines to begin with; 0: all."`
	Output      string `short:"o" enum:"text,json,clf,combined" default:"text" placeholder:"text|json|clf|combined" help:"text, json (satu objek per baris), clf (Common Log Format), atau combined (Combined Log Format)." en:"text, json (one object a line), clf (Common Log Format), or combined (Combined Log Format)."`
	hubFlags    `embed:""`
}

// Help gives examples.
func (*logCmd) Help() string {
	return "simpul log --since 15m\nsimpul log --follow --lid master/Kota\nsimpul log --outcome failed --since 7d -o json\nsimpul log --since 2026-11-01T00:00:00+07:00 --until 2026-12-01T00:00:00+07:00 -n 0 -o combined > akses.log"
}

const (
	followEvery = 2 * time.Second
	followBack  = 2 * time.Minute // how long an exchange may be under way and still be shown in its turn
)

// Run prints one line for each exchange that has ended, the oldest first.
func (c *logCmd) Run(ctx context.Context, con *console) error {
	since, until, err := c.span(time.Now())
	if err != nil {
		return usage(err)
	}
	hub, err := c.open(con)
	if err != nil {
		return err
	}
	if !c.Follow {
		return c.export(ctx, con, hub, since, until)
	}
	seen, told := map[string]time.Time{}, false
	for {
		entries, _, err := c.read(ctx, hub, since, until, c.first())
		if err != nil {
			return c.stopped(ctx, err)
		}
		if !told {
			con.tellLag(hub.lag, time.Now())
		}
		told = hub.lag.Behind > 0
		for _, e := range entries {
			if _, shown := seen[e.Metadata.ID]; shown {
				continue
			}
			seen[e.Metadata.ID] = e.Spec.OpenedAt
			if err := c.print(con, e); err != nil {
				return err
			}
		}
		since = c.onward(since, entries, seen)
		select {
		case <-time.After(followEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

// stopped is no failure where somebody ended a log that would go on for ever.
func (c *logCmd) stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// onward is from when to read next, so that what took long is not missed, and
// forgets what cannot come again.
func (c *logCmd) onward(since time.Time, entries []logEntry, seen map[string]time.Time) time.Time {
	if len(entries) > 0 {
		if back := entries[len(entries)-1].Spec.OpenedAt.Add(-followBack); back.After(since) {
			since = back
		}
	}
	for id, at := range seen {
		if at.Before(since) {
			delete(seen, id)
		}
	}
	return since
}

// logEntry is what a line tells of an exchange.
type logEntry struct {
	raw      json.RawMessage
	Metadata struct{ ID string }
	Spec     struct {
		OpenedAt                                                    time.Time
		Application, Consumer, Provider, LID, Version, Method, Path string
		Grant                                                       string
	}
	Status struct {
		State, Outcome              string
		HTTPStatus                  int
		RequestBytes, ResponseBytes int64
		LatencyMS, UpstreamMS       float64
	}
}

// read returns the newest exchanges of the span that have ended, the oldest first, and
// whether these are all. A zero until is no end.
func (c *logCmd) read(ctx context.Context, hub *hub, since, until time.Time, most int) (entries []logEntry, all bool, err error) {
	query := url.Values{"since": {since.UTC().Format(time.RFC3339Nano)}, "limit": {strconv.Itoa(min(most+1, 500))}}
	if !until.IsZero() {
		query.Set("until", until.UTC().Format(time.RFC3339Nano))
	}
	for name, value := range map[string]string{"lid": c.Lid, "application": c.Application, "outcome": c.Outcome} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for item, err := range hub.listWhere(ctx, query, "exchanges") {
		if err != nil {
			return nil, false, err
		}
		e := logEntry{raw: item}
		if err := json.Unmarshal(item, &e); err != nil {
			return nil, false, puzzling(err)
		}
		if e.Status.State != "sealed" {
			continue
		}
		if len(entries) == most {
			slices.Reverse(entries)
			return entries, false, nil
		}
		entries = append(entries, e)
	}
	slices.Reverse(entries)
	return entries, true, nil
}

func (c *logCmd) print(con *console, e logEntry) error {
	line := e.text()
	switch c.Output {
	case "json":
		line = string(e.raw)
	case "clf":
		line = e.clf("")
	case "combined":
		line = e.clf(` "-" "-"`)
	}
	_, err := fmt.Fprintln(con.stdout, printable(strings.ReplaceAll(line, "\n", " ")))
	return err
}

// text is for people: when, who, what, how it ended, how long it took.
func (e logEntry) text() string {
	s := e.Status
	return strings.Join([]string{
		e.Spec.OpenedAt.Local().Format("2006-01-02T15:04:05.000Z07:00"), cmp.Or(e.Spec.Application, "-"), e.operation(),
		strconv.Itoa(s.HTTPStatus), cmp.Or(s.Outcome, "-"), strconv.FormatInt(s.ResponseBytes, 10) + "B",
		strconv.FormatFloat(s.LatencyMS, 'f', 1, 64) + "ms", e.Metadata.ID}, " ")
}

// clf is the Common Log Format of NCSA httpd and Apache, whose host is the
// application and whose user is the grant; the exchange and the time that it took
// follow, as fields of their own. There is no query, since none is recorded, nor what
// the Combined Log Format adds, a referrer and a user agent.
func (e logEntry) clf(added string) string {
	bytes := "-"
	if e.Status.ResponseBytes > 0 {
		bytes = strconv.FormatInt(e.Status.ResponseBytes, 10)
	}
	return fmt.Sprintf(`%s - %s [%s] "%s HTTP/1.1" %d %s%s %s %.0f`, cmp.Or(e.Spec.Application, "-"), cmp.Or(e.Spec.Grant, "-"),
		e.Spec.OpenedAt.Local().Format("02/Jan/2006:15:04:05 -0700"), e.operation(), e.Status.HTTPStatus, bytes, added, e.Metadata.ID, e.Status.LatencyMS*1000)
}

// operation is what was called, as the contract writes it. Whoever calls chooses
// its words where nothing was found, so quotes and spaces in it are escaped.
func (e logEntry) operation() string {
	path := "/" + e.Spec.LID + strings.TrimSuffix(e.Spec.Path, "/")
	return cmp.Or(e.Spec.Method, "-") + " " + strings.NewReplacer(`"`, "%22", " ", "%20", "\n", "%0A", `\`, "%5C").Replace(path)
}

// longestSince bounds how far back somebody looks by a number of days.
const longestSince = 3660

// parseSince reads a span before now (90s, 15m, 2h, 7d) or a time (RFC 3339).
func parseSince(s string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.Year() >= 1970 && t.Year() < 10_000 {
		return t, nil
	}
	if number, days := strings.CutSuffix(s, "d"); days {
		if n, err := strconv.ParseUint(number, 10, 16); err == nil && n <= longestSince {
			return now.AddDate(0, 0, -int(n)), nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d >= 0 && d <= longestSince*24*time.Hour {
		return now.Add(-d), nil
	}
	return time.Time{}, simpul.Invalid("",
		text("%q bukan lama atau waktu.", "%q is no span and no time.", s),
		text("Tulis seperti 15m, 2h, 7d, atau 2026-11-01T08:00:00+07:00.", "Write it like 15m, 2h, 7d or 2026-11-01T08:00:00+07:00."))
}
