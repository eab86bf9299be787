package main

import (
	"context"
	"time"

	"simpul"
)

// heldLines is how many lines are in hand at one time: a span with more is read in
// halves.
const heldLines = 20_000

// first is how many lines are shown before those to come.
func (c *logCmd) first() int {
	if c.Most < 1 {
		return heldLines
	}
	return c.Most
}

// span reads from when to when; a zero until is now.
func (c *logCmd) span(now time.Time) (since, until time.Time, err error) {
	if since, err = parseSince(c.Since, now); err != nil || c.Until == "" {
		return since, until, err
	}
	if until, err = parseSince(c.Until, now); err == nil && (!until.After(since) || c.Follow) {
		err = noSpan()
	}
	return since, until, err
}

// export prints the newest lines of a span, or all of them.
func (c *logCmd) export(ctx context.Context, con *console, hub *hub, since, until time.Time) error {
	if c.Most < 1 {
		if until.IsZero() {
			until = time.Now()
		}
		defer func() { con.tellLag(hub.lag, time.Now()) }()
		return c.exportAll(ctx, con, hub, since, until)
	}
	entries, all, err := c.read(ctx, hub, since, until, c.Most)
	if err != nil {
		return err
	}
	con.tellLag(hub.lag, time.Now())
	if !all {
		con.say(text("Ini hanya %d baris terbaru dari rentang itu. Semuanya: -n 0.", "These are only the %d newest lines of that span. All of them: -n 0.", len(entries)))
	}
	return c.printAll(con, entries)
}

// exportAll prints every line of a span, the oldest first, and holds no more than
// heldLines of them. The index tells times to the millisecond.
func (c *logCmd) exportAll(ctx context.Context, con *console, hub *hub, since, until time.Time) error {
	most := heldLines
	half := since.Add(until.Sub(since) / 2).Truncate(time.Millisecond)
	whole := !half.After(since)
	if whole {
		most = int(^uint(0) >> 2) // of one moment
	}
	entries, all, err := c.read(ctx, hub, since, until, most)
	if err != nil {
		return err
	}
	if all {
		return c.printAll(con, entries)
	}
	if err := c.exportAll(ctx, con, hub, since, half); err != nil {
		return err
	}
	return c.exportAll(ctx, con, hub, half, until)
}

func (c *logCmd) printAll(con *console, entries []logEntry) error {
	for _, e := range entries {
		if err := c.print(con, e); err != nil {
			return err
		}
	}
	return nil
}

func noSpan() error {
	return simpul.Invalid("",
		text("--until harus sesudah --since, dan tidak dipakai bersama --follow.", "--until comes after --since, and does not go with --follow."),
		text("Misalnya: --since 2d --until 1d.", "For example: --since 2d --until 1d."))
}
