//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// journalFigure is how many records a second are on disk, with 64 writers that
// each wait for theirs. Its peer is PostgreSQL, which inserts the same bytes on
// the same disk and syncs every commit, as it does by default.
const (
	journalFigure = "journal_durable"
	diskWriters   = 64
)

func measureJournal(ctx context.Context, l *lab) error {
	server, err := startPostgres(ctx, l.dir)
	if err != nil {
		l.report.lose(journalFigure, err)
		return nil
	}
	l.running = append(l.running, server.process)
	if err := server.await(ctx); err != nil {
		return err
	}
	ours, theirs := turns{}, turns{}
	for round := range l.Rounds {
		l.report.progress("journal and PostgreSQL, round %d of %d", round+1, l.Rounds)
		if err := ours.take(ctx, l, "journal", writersPlan{Dir: filepath.Join(l.dir, "journal"+strconv.Itoa(round))}); err != nil {
			return err
		}
		if err := theirs.take(ctx, l, "inserts", writersPlan{DSN: server.dsn}); err != nil {
			return err
		}
	}
	l.report.add(figure{Name: journalFigure, Unit: "records/s", Value: median(ours.rates), Rounds: ours.rates, Ratios: []ratio{{pairedRatio(ours.rates, theirs.rates), "postgres"}}})
	l.report.aside(figure{Name: "PostgreSQL, synchronous commit", Unit: "records/s", Value: median(theirs.rates), Rounds: theirs.rates})
	l.report.aside(figure{Name: "journal, p99 of one record", Unit: "ms", Value: median(ours.slowest), Rounds: ours.slowest})
	l.report.aside(figure{Name: "PostgreSQL, p99 of one insert", Unit: "ms", Value: median(theirs.slowest), Rounds: theirs.slowest})
	return nil
}

// turns is what one store did, round by round.
type turns struct{ rates, slowest []float64 }

func (t *turns) take(ctx context.Context, l *lab, role string, p writersPlan) error {
	p.Writers, p.WarmUp, p.Slot = diskWriters, l.WarmUp, l.Slot
	if p.Dir != "" {
		if err := os.MkdirAll(p.Dir, 0o700); err != nil {
			return err
		}
	}
	var r writersResult
	if err := ask(ctx, role, p, &r); err != nil {
		return err
	}
	t.rates, t.slowest = append(t.rates, r.perSecond()), append(t.slowest, milliseconds(r.P99))
	return nil
}

// ask has a child of the role carry out a plan and waits for its answer and its end.
func ask(ctx context.Context, role string, plan, answer any) error {
	c, err := self(role)
	if err != nil {
		return err
	}
	told, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(told), &said
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", role, err, said.String())
	}
	return json.Unmarshal(out, answer)
}

// await returns once the server takes connections.
func (p *postgres) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, p.dsn)
		if err == nil {
			return c.Close(ctx)
		}
		if perr := pause(ctx, 100*time.Millisecond); perr != nil {
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		}
	}
}
